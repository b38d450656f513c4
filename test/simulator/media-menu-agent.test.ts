import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ticketSignature } from '../../src/simulator/tickets.ts'
import { agentId, getJson, onPhone, world, type World } from './support.ts'

const png = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.alloc(40, 7)])

async function upload(w: World, type: string, data: Buffer, part = 'media', name = '证明 1.pdf') {
  const form = new FormData()
  form.set(part, new File([new Uint8Array(data)], name, { type: 'application/pdf' }))
  return getJson(`${w.sim.origin}/cgi-bin/media/upload?type=${type}&access_token=${await w.tokenOf()}`, { method: 'POST', body: form })
}

test('an upload is checked by name, size and content', async (t) => {
  const w = await world(t)
  const file = Buffer.from('%PDF-1.7 something')
  const cases: [string, Buffer, string, number][] = [
    ['file', file, 'media', 0], ['file', file, 'file', 44001], ['file', Buffer.alloc(5), 'media', 40006], ['file', Buffer.alloc(0), 'media', 44001],
    ['book', file, 'media', 40005], ['image', png, 'media', 0], ['image', file, 'media', 40123], ['voice', file, 'media', 40004],
    ['file', Buffer.alloc(20 * 1024 * 1024 + 1), 'media', 45001], ['voice', Buffer.alloc(2 * 1024 * 1024 + 1), 'media', 45001],
  ]
  for (const [type, data, part, errcode] of cases) assert.equal((await upload(w, type, data, part)).errcode, errcode, `${type} ${part} ${data.length}`)
  assert.equal(typeof (await upload(w, 'file', file))['created_at'], 'string')
})

test('a file is read whole or by range for three days, then 40007', async (t) => {
  const w = await world(t)
  const data = Buffer.from('0123456789abcdef0123456789')
  const { media_id } = await upload(w, 'file', data)
  const get = async (range?: string) => fetch(`${w.sim.origin}/cgi-bin/media/get?media_id=${media_id}&access_token=${await w.tokenOf()}`, range === undefined ? {} : { headers: { range } })
  const whole = await get()
  assert.deepEqual([await whole.text(), whole.headers.get('content-type')], [data.toString(), 'application/pdf'])
  assert.match(decodeURIComponent(whole.headers.get('content-disposition') ?? ''), /证明 1\.pdf/)
  const part = await get('bytes=0-15')
  assert.deepEqual([part.status, await part.text(), part.headers.get('content-range')], [206, '0123456789abcdef', 'bytes 0-15/26'])
  assert.match(await (await get('bytes=0-9')).text(), /40146/)
  w.pass(3 * 24 * 3600_000)
  assert.match(await (await get()).text(), /40007/)
  const send = await w.call('message/send', { touser: 'lisi', msgtype: 'file', agentid: agentId, file: { media_id } })
  assert.equal(send.errcode, 40007)
})

test('a file that was sent opens on the phone with its name', async (t) => {
  const w = await world(t)
  const { media_id } = await upload(w, 'file', Buffer.from('%PDF-1.7 something'))
  assert.equal((await w.call('message/send', { touser: 'lisi', msgtype: 'image', agentid: agentId, image: { media_id } })).errcode, 40007, 'wrong type')
  await w.call('message/send', { touser: 'lisi', msgtype: 'file', agentid: agentId, file: { media_id } })
  assert.equal(w.sim.state.messagesTo('lisi')[0]?.content['filename'], '证明 1.pdf')
  const opened = await onPhone(w.sim, 'lisi', `/__phone/media/${String(media_id)}/x.pdf`)
  assert.deepEqual([opened.text, opened.headers['content-type']], ['%PDF-1.7 something', 'application/pdf'])
})

test('a menu keeps to its limits', async (t) => {
  const { call } = await world(t)
  const view = (name: string, url = 'https://a.b/') => ({ type: 'view', name, url })
  const create = async (...button: unknown[]) => (await call(`menu/create?agentid=${agentId}`, { button })).errcode
  const cases: [unknown[], number][] = [
    [[], 40016], [[view('a'), view('b'), view('c'), view('d')], 40016], [[view('办事大厅')], 0], [[view('一站式办事大厅')], 40018],
    [[{ type: 'view', name: 'a' }], 40020], [[view('a', 'a.b')], 45034], [[{ type: 'click', name: 'a' }], 40019], [[{ type: 'fly', name: 'a', key: 'k' }], 40017],
    [[{ name: 'a', sub_button: [] }], 40023], [[{ name: 'a', sub_button: Array.from({ length: 6 }, () => view('x')) }], 40023],
    [[{ name: 'a', sub_button: [view('一二三四五六七八九十一二三')] }], 0], [[{ name: 'a', sub_button: [view('一二三四五六七八九十一二三四')] }], 40025],
    [[{ name: 'a', sub_button: [{ name: 'b', sub_button: [view('x')] }] }], 40022], [[{ type: 'view', url: 'https://a.b/' }], 41102],
  ]
  for (const [button, errcode] of cases) assert.equal(await create(...button), errcode, JSON.stringify(button).slice(0, 80))
})

test('a menu is created, read, deleted', async (t) => {
  const { call, sim } = await world(t)
  const button = [{ type: 'view', name: '办事大厅', url: 'http://localhost:3000/' }]
  assert.equal((await call(`menu/get?agentid=${agentId}`)).errcode, 46003)
  await call(`menu/create?agentid=${agentId}`, { button })
  assert.deepEqual((await call(`menu/get?agentid=${agentId}`))['button'], button)
  assert.deepEqual(sim.state.menu(), { button })
  await call(`menu/delete?agentid=${agentId}`)
  assert.equal((await call(`menu/get?agentid=${agentId}`)).errcode, 46003)
  assert.equal((await call('menu/get?agentid=1000001')).errcode, 301002)
})

test('the app can be read and set within its limits', async (t) => {
  const { call } = await world(t)
  const set = async (more: Record<string, unknown>) => (await call('agent/set', { agentid: agentId, ...more })).errcode
  assert.deepEqual([await set({ name: '长'.repeat(33) }), await set({ description: '短' }), await set({ home_url: 'a.b' }), await set({ isreportenter: 2 }), await set({ redirect_domain: 'x.y' })], [45022, 45004, 45034, 40058, 85005])
  assert.equal(await set({ name: '大厅', isreportenter: 0, home_url: 'http://localhost:3000/?from=workbench' }), 0)
  const agent = await call(`agent/get?agentid=${agentId}`)
  assert.deepEqual([agent['name'], agent['isreportenter'], agent['redirect_domain']], ['大厅', 0, 'localhost:3000'])
  assert.match(JSON.stringify(agent['allow_userinfos']), /lisi/)
  assert.doesNotMatch(JSON.stringify(agent['allow_userinfos']), /hidden/)
})

test('tickets are two, last two hours and are limited', async (t) => {
  const { call, pass } = await world(t)
  const first = await call('get_jsapi_ticket')
  assert.equal((await call('get_jsapi_ticket'))['ticket'], first['ticket'])
  assert.notEqual((await call('ticket/get?type=agent_config'))['ticket'], first['ticket'])
  assert.equal((await call('ticket/get?type=x')).errcode, 91040)
  pass(7200_000)
  assert.notEqual((await call('get_jsapi_ticket'))['ticket'], first['ticket'])
  for (let n = 0; n < 99; n += 1) await call('get_jsapi_ticket')
  assert.equal((await call('get_jsapi_ticket')).errcode, 45009)
  assert.match(ticketSignature('t', { noncestr: 'n', timestamp: '1', url: 'https://a.b/' }), /^[0-9a-f]{40}$/)
})
