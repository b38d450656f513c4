import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encrypt, getSignature } from '@wecom/crypto'
import { corp, startTestApp } from '../support/app.ts'
import { type Answer, ask } from './attack.ts'

const PATH = '/wecom/callback'
const envelope = (text: string) => `<xml><ToUserName><![CDATA[${corp.corpId}]]></ToUserName><Encrypt><![CDATA[${text}]]></Encrypt></xml>`

test('the address that WeCom calls', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const kept = async () => (await db.selectFrom('callbacks_received').select('id').execute()).length
  const before = await kept()

  const at = () => Math.floor(hall.clock.now() / 1000)
  function signed(text: string, { token = corp.token, time = at() }: { token?: string; time?: number | string } = {}): string {
    return `${PATH}?${new URLSearchParams({ msg_signature: getSignature(token, String(time), 'n', text), timestamp: String(time), nonce: 'n' })}`
  }
  const sealed = (xml: string, receiver = corp.corpId) => encrypt(corp.encodingAesKey, xml, receiver)
  const event = (n: number) => `<xml><ToUserName><![CDATA[${corp.corpId}]]></ToUserName><FromUserName><![CDATA[nobody]]></FromUserName><CreateTime>${at()}</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[enter_agent]]></Event><AgentID>${n}</AgentID></xml>`
  const post = (path: string, body: string | Buffer, headers: Record<string, string> = {}): Promise<Answer> => ask(hall.origin, path, { method: 'POST', body, headers: { 'content-type': 'text/xml', ...headers } })

  const good = sealed(event(1))
  const bodies: [string, () => [string, string | Buffer]][] = [
    ['a wrong token', () => [signed(good, { token: 'other' }), envelope(good)]],
    ['a signature of another body', () => [signed(good), envelope(sealed(event(2)))]],
    ['a foreign receiver', () => { const text = sealed(event(1), 'wwotherotherother'); return [signed(text), envelope(text)] }],
    ['an old time', () => [signed(good, { time: at() - 86_400 }), envelope(good)]],
    ['no time', () => [signed(good, { time: 'NaN' }), envelope(good)]],
    ['an infinite time', () => [signed(good, { time: 'Infinity' }), envelope(good)]],
    ['no parameters', () => [PATH, envelope(good)]],
    ['parameters said twice', () => [`${signed(good, { token: 'x' })}&msg_signature=${getSignature(corp.token, String(at()), 'n', good)}`, envelope(good)]],
    ['no body', () => [signed(''), '']],
    ['broken XML', () => [signed(good), '<xml><Encrypt>']],
    ['an entity bomb', () => [signed(good), `<!DOCTYPE x [<!ENTITY a "${'a'.repeat(1000)}">${Array.from({ length: 9 }, (_, n) => `<!ENTITY a${n} "${`&a${n - 1};`.repeat(10)}">`).join('')}]>${envelope('&a8;')}`]],
    ['a file from our disk', () => [signed(good), `<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>${envelope('&f;')}`]],
    ['a foreign file of rules', () => [signed(good), `<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">${envelope(good)}`]],
    ['an entity bomb inside what is sealed', () => { const text = sealed('<!DOCTYPE x [<!ENTITY a "a">]><xml><MsgType>&a;</MsgType></xml>'); return [signed(text), envelope(text)] }],
    ['fifteen thousand tags in each other', () => [signed(good), `<xml>${'<a>'.repeat(15_000)}${'</a>'.repeat(15_000)}</xml>`]],
    ['sealed rubbish', () => { const text = Buffer.alloc(64, 7).toString('base64'); return [signed(text), envelope(text)] }],
    ['names of prototypes', () => [signed(good), '<xml><__proto__><Encrypt>x</Encrypt></__proto__></xml>']],
    ['bytes that are no text', () => [signed(good), Buffer.alloc(2000, 0xff)]],
  ]
  for (const [what, make] of bodies) await t.test(`with ${what} keeps nothing, and says nothing of the reason`, async () => {
    const [path, body] = make()
    const answer = await post(path, body)
    assert.ok([400, 401].includes(answer.status), String(answer.status))
    assert.equal(answer.body, '')
    assert.ok(answer.spent < 1000, `${answer.spent} ms`)
    assert.equal(await kept(), before)
  })

  await t.test('takes no more than it needs', async () => {
    for (const size of [200_000, 10 * 1024 * 1024]) assert.equal((await post(signed(good), Buffer.alloc(size, 0x20))).status, 413)
  })

  await t.test('keeps one of twenty equal ones that come at once, and answers all of them', async () => {
    const text = sealed(event(77))
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(signed(text), envelope(text))))
    assert.deepEqual(new Set(answers.map(answer => `${answer.status} ${answer.body}`)), new Set(['200 ']))
    assert.equal(await kept(), before + 1)
    const again = sealed(event(77))
    assert.equal((await post(signed(again), envelope(again))).status, 200)
    assert.equal(await kept(), before + 1, 'sealed anew, it is the same')
  })

  await t.test('takes it by whatever type it is called', async () => {
    for (const [n, type] of ['text/xml', 'application/xml', 'text/plain', 'application/octet-stream', 'application/json'].entries()) {
      const text = sealed(event(100 + n))
      assert.equal((await post(signed(text), envelope(text), { 'content-type': type })).status, 200, type)
    }
    const untyped = sealed(event(200))
    assert.equal((await ask(hall.origin, signed(untyped), { method: 'POST', body: envelope(untyped) })).status, 200)
  })

  await t.test('answers as soon as a database that is busy with something long lets it', async () => {
    const text = sealed(event(300))
    let done = (): void => {}
    const busy = hall.app.database.write(async tx => {
      await tx.updateTable('identity_units').set({ name_en: 'x' }).execute()
      await new Promise<void>(resolve => { done = resolve; setTimeout(resolve, 400) })
    })
    const answer = await post(signed(text), envelope(text))
    done()
    await busy
    assert.equal(answer.status, 200)
    assert.ok(answer.spent < 1000, `${answer.spent} ms`)
  })

  await t.test('proves itself by the plain bytes, also where + became a space', async () => {
    let text = sealed('1234567890')
    for (let tries = 0; tries < 50 && !text.includes('+'); tries++) text = sealed('1234567890')
    assert.ok(text.includes('+'))
    for (const echostr of [encodeURIComponent(text), text.replaceAll('/', '%2F').replaceAll('=', '%3D')]) {
      const answer = await ask(hall.origin, `${signed(text)}&echostr=${echostr}`)
      assert.deepEqual([answer.status, answer.body], [200, '1234567890'])
    }
    assert.equal((await ask(hall.origin, `${signed(text, { token: 'x' })}&echostr=${encodeURIComponent(text)}`)).status, 401)
    assert.equal((await ask(hall.origin, PATH)).status, 400)
  })

  await t.test('begins no session and needs none', async () => {
    const text = sealed(event(400))
    const answer = await post(signed(text), envelope(text), { cookie: 'hall=x.y' })
    assert.deepEqual([answer.status, answer.headers['set-cookie']], [200, undefined])
    assert.deepEqual(await db.selectFrom('identity_sessions').select('id').execute(), [])
  })
})
