import assert from 'node:assert/strict'
import { test } from 'node:test'
import { agentId, buttonCard, cardMessage, textMessage, world } from './support.ts'

const HOUR = 3600_000

test('some recipients invalid: the rest get it, the others are named in lower case', async (t) => {
  const { sim, call } = await world(t)
  const answer = await call('message/send', textMessage('你好', { touser: 'ZHANGSAN|Nobody|hidden' }))
  assert.deepEqual([answer.errcode, answer['invaliduser']], [0, 'nobody|hidden'])
  assert.equal(sim.state.messagesTo('zhangsan')[0]?.content['content'], '你好')
})

test('recipients are refused as the platform refuses them', async (t) => {
  const { call } = await world(t)
  const many = (n: number) => Array.from({ length: n }, (_, i) => String(i)).join('|')
  const cases: [Record<string, unknown>, number][] = [
    [{ touser: 'Nobody' }, 81013], [{ touser: '' }, 82001], [{ touser: many(1001) }, 40032],
    [{ touser: '', toparty: many(101) }, 82002], [{ touser: '', totag: many(101) }, 82003], [{ touser: '', toparty: '2' }, 0],
    [{ touser: '', toparty: '77' }, 81013], [{ touser: '@all' }, 0], [{ agentid: 9999999 }, 40056], [{ agentid: 1000001 }, 301002],
    [{ agentid: undefined }, 41011], [{ agentid: '1000002' }, 40058], [{ msgtype: 'fax' }, 40008], [{ msgtype: 'toString' }, 40008], [{ text: undefined }, 40063],
  ]
  for (const [more, errcode] of cases) assert.equal((await call('message/send', textMessage('x', more))).errcode, errcode, JSON.stringify(more).slice(0, 60))
  const all = await call('message/send', textMessage('x', { touser: 'Nobody' }))
  assert.equal(all['invaliduser'], 'nobody', 'an error body carries the lists too')
})

test('a department reaches everybody below it', async (t) => {
  const { sim, call } = await world(t)
  await call('message/send', textMessage('x', { touser: '', toparty: '2' }))
  assert.deepEqual(['zhangsan', 'lisi', 'hidden'].map((id) => sim.state.messagesTo(id).length), [1, 1, 0])
})

test('members without a licence are named and get nothing', async (t) => {
  const { sim, call } = await world(t, { members: [{ userid: 'a', name: 'A', department: [1] }, { userid: 'B', name: 'B', department: [1], licensed: false }] })
  assert.equal((await call('message/send', textMessage('x', { touser: 'a|B' })))['unlicenseduser'], 'b')
  assert.equal(sim.state.messagesTo('B').length, 0)
})

test('each type has its own limits', async (t) => {
  const { sim, call } = await world(t)
  const send = async (msgtype: string, content: unknown, more: Record<string, unknown> = {}) =>
    (await call('message/send', { touser: 'lisi', msgtype, agentid: agentId, [msgtype]: content, ...more })).errcode
  const url = 'https://a.b/'
  const card = { title: 't', description: 'd', url }
  assert.equal(await send('text', { content: '' }), 44004)
  assert.equal(await send('text', { content: '汉'.repeat(1000) }), 0)
  assert.equal(Buffer.byteLength(String(sim.state.messagesTo('lisi')[0]?.content['content'])), 2046, 'cut at 2048 bytes, no half character')
  assert.equal(await send('markdown', { content: 'x'.repeat(2049) }), 40058)
  assert.equal(await send('textcard', card), 0)
  assert.equal(await send('textcard', { ...card, title: '' }), 41016)
  assert.equal(await send('textcard', { ...card, description: '' }), 41033)
  assert.equal(await send('textcard', { ...card, url: 'a.b/c' }), 45034)
  assert.equal(await send('textcard', { ...card, url: `https://a/${'x'.repeat(2048)}` }), 40039)
  assert.equal(await send('news', { articles: [] }), 45008)
  assert.equal(await send('news', { articles: [{ title: 't', url }] }), 0)
  assert.equal(await send('news', { articles: [{ title: 't', url }] }, { safe: 1 }), 40074)
  assert.equal(await send('file', { media_id: 'x' }), 40007)
  assert.equal(await send('file', {}), 41006)
})

test('names in place of ids when the message asks for it', async (t) => {
  const { sim, call } = await world(t)
  await call('message/send', textMessage('$userName=lisi$ 在 $departmentName=2$，$userName=nobody$', { enable_id_trans: 1 }))
  assert.equal(sim.state.messagesTo('zhangsan')[0]?.content['content'], '李四 在 教务处，$userName=nobody$')
})

test('broken JSON is 40058 with the platform’s words', async (t) => {
  const { sim, tokenOf } = await world(t)
  const response = await fetch(`${sim.origin}/cgi-bin/message/send?access_token=${await tokenOf()}`, { method: 'POST', body: '{' })
  const answer = JSON.stringify(await response.json())
  assert.equal(response.status, 200)
  assert.match(answer, /40058.*Warning: wrong json format/)
  assert.equal(response.headers.get('error-code'), '40058')
})

test('beyond thirty a minute to one member messages vanish while the call says ok', async (t) => {
  const { sim, call, pass } = await world(t)
  for (let n = 0; n < 32; n += 1) assert.equal((await call('message/send', textMessage(`第 ${n} 条`))).errcode, 0)
  assert.equal(sim.state.messagesTo('zhangsan').length, 30)
  assert.deepEqual(sim.state.dropped.map(({ userid, limit }) => [userid, limit]), [['zhangsan', 'minute'], ['zhangsan', 'minute']])
  pass(61_000)
  await call('message/send', textMessage('又可以了'))
  assert.equal(sim.state.messagesTo('zhangsan').length, 31)
})

test('an identical request inside the interval is not delivered twice', async (t) => {
  const { sim, call, pass } = await world(t)
  const message = textMessage('x', { enable_duplicate_check: 1, duplicate_check_interval: 600 })
  const first = await call('message/send', message)
  const second = await call('message/send', message)
  assert.equal(second.errcode, 0)
  assert.notEqual(second['msgid'], first['msgid'])
  assert.equal(sim.state.messagesTo('zhangsan').length, 1)
  await call('message/send', { ...message, text: { content: 'y' } })
  pass(601_000)
  await call('message/send', message)
  assert.equal(sim.state.messagesTo('zhangsan').length, 3)
  assert.equal((await call('message/send', { ...message, duplicate_check_interval: 14_401 })).errcode, 40058)
})

test('a task_id is used once, also when the card went to others', async (t) => {
  const { call } = await world(t)
  assert.equal((await call('message/send', cardMessage(buttonCard('t-1')))).errcode, 0)
  assert.equal((await call('message/send', cardMessage(buttonCard('t-1'), 'lisi'))).errcode, 42014)
})

test('without a callback address no card that calls back is sent', async (t) => {
  const { sim, call } = await world(t)
  await sim.setCallbackUrl(null)
  assert.equal((await call('message/send', cardMessage(buttonCard('t-1')))).errcode, 43012)
  const notice = { card_type: 'text_notice', main_title: { title: 'x' }, card_action: { type: 1, url: 'https://a.b/' } }
  const sent = await call('message/send', cardMessage(notice))
  assert.deepEqual([sent.errcode, 'response_code' in sent], [0, false])
})

test('a response_code changes the card once, within 72 hours, for those who are named', async (t) => {
  const { sim, call, pass } = await world(t)
  const update = (response_code: unknown, more: Record<string, unknown> = {}) =>
    call('message/update_template_card', { agentid: agentId, userids: ['ZhangSan', 'nobody'], response_code, button: { replace_name: '已同意' }, ...more })
  const { response_code } = await call('message/send', cardMessage(buttonCard('t-1'), 'ZhangSan|lisi'))
  assert.equal((await update(response_code, { button: {} })).errcode, 40058, 'a refused update does not use the code up')
  const done = await update(response_code)
  assert.deepEqual([done.errcode, done['invaliduser']], [0, ['nobody']])
  assert.deepEqual(['zhangsan', 'lisi'].map((id) => sim.state.messagesTo(id)[0]?.replaceText), ['已同意', null])
  assert.equal((await update(response_code)).errcode, 60140)
  assert.equal((await update('made-up')).errcode, 60140)
  const late = (await call('message/send', cardMessage(buttonCard('t-2'))))['response_code']
  pass(72 * HOUR)
  assert.equal((await update(late)).errcode, 60140)
})

test('an update for all brings a whole new card, and says 42015 and 42016 where it must', async (t) => {
  const { sim, call } = await world(t)
  const sent = await call('message/send', cardMessage(buttonCard('t-1'), 'ZhangSan|lisi'))
  const template_card = { card_type: 'text_notice', main_title: { title: '张三 已同意' }, card_action: { type: 1, url: 'https://a.b/' } }
  const body = { agentid: agentId, atall: 1, response_code: sent['response_code'], template_card }
  assert.equal((await call('message/update_template_card', { ...body, agentid: 7 })).errcode, 42015)
  assert.equal((await call('message/update_template_card', { ...body, atall: 0 })).errcode, 82001)
  assert.equal((await call('message/update_template_card', body)).errcode, 0)
  for (const id of ['zhangsan', 'lisi']) assert.equal(sim.state.messagesTo(id)[0]?.card?.main_title?.title, '张三 已同意')
  const other = await call('message/send', cardMessage(buttonCard('t-2')))
  await call('message/recall', { msgid: other['msgid'] })
  assert.equal((await call('message/update_template_card', { ...body, response_code: other['response_code'] })).errcode, 42016)
})

test('a message is recalled within a day and only when it is ours', async (t) => {
  const { sim, call, pass } = await world(t)
  const first = await call('message/send', textMessage('错了'))
  assert.equal((await call('message/recall', { msgid: first['msgid'] })).errcode, 0)
  assert.equal(sim.state.messagesTo('zhangsan')[0]?.recalled, true)
  assert.equal((await call('message/recall', { msgid: 'x' })).errcode, 40058)
  const second = await call('message/send', textMessage('旧了'))
  pass(24 * HOUR + 1)
  assert.equal((await call('message/recall', { msgid: second['msgid'] })).errcode, 42052)
})
