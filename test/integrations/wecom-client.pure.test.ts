import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWecom } from '../../src/integrations/wecom/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import { AppError } from '../../src/platform/errors.ts'
import type { Leased, Leases } from '../../src/platform/lease.ts'
import { createLog } from '../../src/platform/log.ts'

type Answer = object | number | Error | 'html'

/** A platform that answers each path from a list, the last answer again and again; and leases in memory. */
function platform(answers: Record<string, Answer[]>) {
  const clock = testClock()
  const asked: { path: string; query: URLSearchParams; body: string }[] = []
  const pauses: number[] = []
  const logged: string[] = []
  const kept = new Map<string, Leased>()
  const leases: Leases = {
    async value(name, renew, { not } = {}) {
      const known = kept.get(name)
      if (known && known.value !== not && known.expires_at > clock.now()) return known.value
      const made = await renew()
      kept.set(name, made)
      return made.value
    },
  }
  let tokens = 0
  const request: typeof fetch = async (input, init) => {
    const url = new URL(String(input))
    asked.push({ path: url.pathname, query: url.searchParams, body: typeof init?.body === 'string' ? init.body : '' })
    const list = answers[url.pathname] ?? (url.pathname === '/cgi-bin/gettoken' ? [{ access_token: `token-${++tokens}`, expires_in: 7200 }] : [])
    const answer = list.length > 1 ? list.shift() : list[0]
    if (answer instanceof Error) throw answer
    if (answer === 'html') return new Response('<html>', { status: 502 })
    return Response.json(typeof answer === 'number' ? { errcode: answer, errmsg: `refused, from ip: 1.2.3.4` } : { errcode: 0, errmsg: 'ok', ...answer })
  }
  const wecom = createWecom({
    apiBase: 'http://wecom.test', oauthBase: 'https://open.weixin.qq.com', loginBase: 'https://login.work.weixin.qq.com',
    corpId: 'wwcorp', agentId: 1000002, secret: 'app-secret', contactsSecret: 'contacts-secret', leases, clock,
    log: createLog('trace', { write: line => void logged.push(line) }), fetch: request, pause: async ms => void pauses.push(ms),
  })
  const count = (path: string) => asked.filter(call => call.path === `/cgi-bin/${path}`).length
  return { wecom, clock, asked, pauses, logged, count }
}

async function failureOf(work: Promise<unknown>): Promise<AppError> {
  const failure = await work.then(() => null, (error: unknown) => error)
  assert.ok(failure instanceof AppError, String(failure))
  return failure
}

test('one token serves many calls until it ends', async () => {
  const { wecom, clock, count, asked } = platform({ '/cgi-bin/auth/getuserinfo': [{ userid: 'liMin' }] })
  await wecom.visitor('code-1')
  await wecom.visitor('code-2')
  assert.equal(count('gettoken'), 1)
  assert.deepEqual(asked.filter(call => call.path.endsWith('getuserinfo')).map(call => call.query.get('access_token')), ['token-1', 'token-1'])
  clock.advance(7200_000)
  await wecom.visitor('code-3')
  assert.equal(count('gettoken'), 2)
})

for (const refused of [40014, 42001]) {
  test(`a token refused with ${refused} is fetched again and the call made once more`, async () => {
    const { wecom, count, asked } = platform({ '/cgi-bin/auth/getuserinfo': [refused, { userid: 'liMin' }] })
    assert.deepEqual(await wecom.visitor('c'), { userid: 'liMin', user_ticket: null })
    assert.equal(count('gettoken'), 2)
    assert.equal(asked.at(-1)?.query.get('access_token'), 'token-2')
  })
}

test('a token that stays refused is not fetched in a loop', async () => {
  const { wecom, count } = platform({ '/cgi-bin/auth/getuserinfo': [42001] })
  assert.equal((await failureOf(wecom.visitor('c'))).code, 'wecom:42001')
  assert.deepEqual([count('gettoken'), count('auth/getuserinfo')], [2, 2])
})

test('a busy platform is asked again three times with growing pauses, then it is upstream’s fault', async () => {
  const { wecom, pauses, count } = platform({ '/cgi-bin/message/recall': [-1] })
  const failure = await failureOf(wecom.recall('m'))
  assert.deepEqual([failure.kind, failure.code, count('message/recall'), pauses.length], ['upstream', 'wecom:-1', 4, 3])
  assert.deepEqual(pauses, pauses.toSorted((a, b) => a - b))
  assert.equal(wecom.hadNoEffect(failure), false)
})

test('a frequency block is respected without asking, and grows from a minute to an hour to the end of the day', async () => {
  const { wecom, clock, count } = platform({ '/cgi-bin/message/recall': [45009], '/cgi-bin/media/upload': [{ media_id: 'x' }] })
  assert.equal((await failureOf(wecom.recall('m'))).retryAfter, 60_000)
  clock.advance(20_000)
  assert.equal((await failureOf(wecom.recall('m'))).retryAfter, 40_000)
  assert.equal(count('message/recall'), 1)
  assert.equal(await wecom.upload({ type: 'file', filename: 'a.pdf', content: new Uint8Array(9) }), 'x', 'other interfaces stay open')
  clock.advance(40_000)
  assert.equal((await failureOf(wecom.recall('m'))).retryAfter, 3_600_000)
  clock.set(Date.UTC(2026, 10, 16, 15, 0)) // 23:00 in Shanghai
  assert.equal((await failureOf(wecom.recall('m'))).retryAfter, 3_600_000)
  assert.equal(count('message/recall'), 3)
})

test('a wrong secret is not tried again within a minute', async () => {
  const { wecom, count } = platform({ '/cgi-bin/gettoken': [40001] })
  for (const code of ['a', 'b', 'c']) assert.equal((await failureOf(wecom.visitor(code))).code, 'wecom:40001')
  assert.equal(count('gettoken'), 1)
})

const accidents: [string, Answer, string, boolean][] = [
  ['a gateway’s page', 'html', 'wecom:http-502', false],
  ['a time limit', new DOMException('too late', 'TimeoutError'), 'wecom:timeout', false],
  ['a lost connection', new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) }), 'wecom:network', false],
  ['a connection refused', new TypeError('fetch failed', { cause: Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }) }), 'wecom:unreachable', true],
]
for (const [what, answer, code, harmless] of accidents) {
  test(`${what} is upstream’s fault, and it is told whether something may have happened`, async () => {
    const { wecom } = platform({ '/cgi-bin/message/send': [answer] })
    const failure = await failureOf(wecom.send('{}'))
    assert.deepEqual([failure.kind, failure.code, wecom.hadNoEffect(failure)], ['upstream', code, harmless])
  })
}

test('an accident while fetching the token cannot have sent anything', async () => {
  const { wecom } = platform({ '/cgi-bin/gettoken': ['html'] })
  const failure = await failureOf(wecom.send('{}'))
  assert.deepEqual([failure.code, wecom.hadNoEffect(failure)], ['wecom:no-token', true])
})

test('an answer of an unknown shape is not taken for success', async () => {
  const { wecom } = platform({ '/cgi-bin/media/upload': [{}] })
  assert.equal((await failureOf(wecom.upload({ type: 'file', filename: 'a', content: new Uint8Array(9) }))).code, 'wecom:shape')
})

test('codes say what they mean and what to do', async () => {
  const cases: [number, string][] = [[81013, 'invalid'], [60111, 'not-found'], [60104, 'conflict'], [60011, 'forbidden'], [60020, 'upstream'], [99999, 'invalid']]
  for (const [errcode, kind] of cases) {
    const { wecom } = platform({ '/cgi-bin/user/get': [errcode] })
    const failure = await failureOf(wecom.members.get('x'))
    assert.deepEqual([failure.kind, failure.code], [kind, `wecom:${errcode}`])
    assert.match(failure.message, /[\u4e00-\u9fff]/)
    assert.match(wecom.adviceFor(failure.code ?? null), /。$/)
  }
})

test('no token, secret or code stands in the log or in an error', async () => {
  const { wecom, logged } = platform({ '/cgi-bin/auth/getuserinfo': [40029], '/cgi-bin/message/send': [new TypeError('fetch failed: http://wecom.test/?access_token=token-1')] })
  const failures = [await failureOf(wecom.visitor('the-oauth-code')), await failureOf(wecom.send('{}'))]
  assert.match(logged.join(''), /40029/)
  const told = logged.join('') + failures.map(failure => `${failure.stack} ${JSON.stringify(failure)} ${String(failure.cause)}`).join('')
  for (const secret of ['the-oauth-code', 'token-1', 'app-secret']) assert.ok(!told.includes(secret), secret)
})

test('contacts are written with contact sync’s own token', async () => {
  const { wecom, asked } = platform({ '/cgi-bin/user/create': [{}], '/cgi-bin/user/get': [{ userid: 'a' }] })
  await wecom.members.create({ userid: 'a', name: '甲', department: [1] })
  await wecom.members.get('a')
  assert.deepEqual(asked.filter(call => call.path === '/cgi-bin/gettoken').map(call => call.query.get('corpsecret')), ['contacts-secret', 'app-secret'])
})

test('the addresses of sign-in are the platform’s', () => {
  const { wecom } = platform({})
  assert.equal(wecom.authorizeUrl({ redirectUri: 'https://hall.edu.cn/auth/wecom/callback?a=1', state: 'abc123' }),
    'https://open.weixin.qq.com/connect/oauth2/authorize?appid=wwcorp&redirect_uri=https%3A%2F%2Fhall.edu.cn%2Fauth%2Fwecom%2Fcallback%3Fa%3D1&response_type=code&scope=snsapi_base&state=abc123&agentid=1000002#wechat_redirect')
  const login = new URL(wecom.loginUrl({ redirectUri: 'https://hall.edu.cn/x', state: 'abc' }))
  assert.equal(login.origin + login.pathname, 'https://login.work.weixin.qq.com/wwlogin/sso/login')
  assert.deepEqual([login.searchParams.get('login_type'), login.searchParams.get('agentid')], ['CorpApp', '1000002'])
  assert.throws(() => wecom.authorizeUrl({ redirectUri: 'https://x', state: 'a-b' }), TypeError)
})

test('a page’s signature is made over its address without the part after #, and a ticket serves many pages', async () => {
  const ticket = 'sM4AOVdWfPE4DxkXGEs8VMCPGGVi4C3VM0P37wVUCFvkVAy_90u5h9nbSlYy3-Sl-HhTdfl2fzFy1AOcHKP7qg'
  const { wecom, count } = platform({ '/cgi-bin/get_jsapi_ticket': [{ ticket, expires_in: 7200 }], '/cgi-bin/ticket/get': [{ ticket: 'agent', expires_in: 7200 }] })
  const { createHash } = await import('node:crypto')
  const { timestamp, nonceStr, signature } = await wecom.jsSignature('https://hall.edu.cn/a?b=1#c', 'corp')
  const expected = createHash('sha1').update(`jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=https://hall.edu.cn/a?b=1`).digest('hex')
  assert.equal(signature, expected)
  await wecom.jsSignature('https://hall.edu.cn/other', 'corp')
  await wecom.jsSignature('https://hall.edu.cn/other', 'agent')
  assert.deepEqual([count('get_jsapi_ticket'), count('ticket/get')], [1, 1])
})

test('texts are cut between characters to what the platform takes, and markup from people does nothing', () => {
  const { wecom } = platform({})
  const text = JSON.parse(wecom.message(['a', 'b'], { msgtype: 'text', content: '👨‍👩‍👧字'.repeat(200) }))
  assert.equal(text.touser, 'a|b')
  assert.ok(Buffer.byteLength(text.text.content) <= 2048)
  assert.match(text.text.content, /^(👨‍👩‍👧字)*(👨‍👩‍👧)?…$/u)
  const lines = Array.from({ length: 30 }, (_, i) => ({ label: `第${i}项`, value: '<div class="x">值'.repeat(4) }))
  const card = JSON.parse(wecom.message(['a'], { msgtype: 'textcard', title: '题'.repeat(200), lines, url: 'https://hall.edu.cn/' }))
  assert.ok(card.textcard.title.length <= 128 && card.textcard.description.length <= 512)
  assert.match(card.textcard.description, /^(<div class="normal">[^<>]*<\/div>)+$/)
  const buttons = JSON.parse(wecom.message(['a'], { msgtype: 'template_card', card: {
    card_type: 'button_interaction', task_id: 't', main_title: { title: '题'.repeat(50) }, button_list: [{ text: '一二三四五六七八九十十一', key: 'k' }],
    horizontal_content_list: Array.from({ length: 9 }, () => ({ keyname: '一二三四五六七', value: '值'.repeat(40) })),
  } }))
  assert.equal(buttons.template_card.main_title.title.length, 36)
  assert.deepEqual([buttons.template_card.horizontal_content_list.length, buttons.template_card.horizontal_content_list[0].keyname.length, buttons.template_card.button_list[0].text.length], [6, 5, 10])
  assert.deepEqual([buttons.enable_duplicate_check, buttons.duplicate_check_interval], [1, 14400])
})
