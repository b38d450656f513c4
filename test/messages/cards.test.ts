import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppError } from '../../src/platform/errors.ts'
import { card, type Office, openOffice } from './office.ts'

const HOUR = 3_600_000

async function close(office: Office, text: string, task_id = 'T1') {
  await office.database.write(tx => office.messages.closeCard(tx, { task_id, text }))
  await office.drain()
}

const updates = (office: Office) => office.simulator.state.calls.filter(call => call.path === 'message/update_template_card' && call.errcode === 0).length

test('a task comes as a card with its buttons, and the card says who decided', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.drain()
  const [open] = office.phone('LiMin')
  assert.deepEqual([open?.task_id, open?.card?.button_list?.map(button => button.text), open?.replaceText], ['T1', ['同意'], null])
  await close(office, '李敏 已同意，11 月 16 日 10:00')
  const [closed, ...more] = office.phone('LiMin')
  assert.equal(closed?.card?.sub_title_text, '李敏 已同意，11 月 16 日 10:00')
  assert.equal(closed?.replaceText, '已结束')
  assert.deepEqual(more, [])
  await close(office, '李敏 已同意，11 月 16 日 10:00')
  assert.equal(updates(office), 1)
})

test('when a task ends, everybody’s card says so, each by one update', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.tell({ to: 'P2', card: card('T1') })
  await office.drain()
  await office.tell({ to: 'P2', card: card('T2') })
  await office.drain()
  await close(office, '已撤回')
  assert.deepEqual([office.phone('LiMin'), office.phone('ZhangSan')].map(phone => phone.map(message => message.replaceText)), [['已撤回'], ['已撤回', null]])
  assert.equal(updates(office), 2)
})

test('a task told twice to the same person is one card', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.drain()
  await office.tell({ card: card('T1') })
  await office.drain()
  assert.deepEqual(office.phone('LiMin').map(message => message.msgtype), ['template_card', 'textcard'])
})

test('a task that ended before its card went out sends nothing', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.database.write(tx => office.messages.closeCard(tx, { task_id: 'T1', text: '已撤回' }))
  await office.drain()
  assert.deepEqual(office.phone('LiMin'), [])
  assert.deepEqual(await office.states(), ['card dropped'])
})

test('a click brings the code with which the card is closed', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.drain()
  office.clock.advance(80 * HOUR) // the code of the sending is dead by now
  await office.database.write(async tx => {
    await office.messages.cardClicked(tx, { task_id: 'T1', person_id: 'P1', response_code: codeOf(await clicked(office)), at: office.clock.now() })
    await office.messages.closeCard(tx, { task_id: 'T1', text: '李敏 已同意' })
  })
  await office.drain()
  assert.deepEqual(office.phone('LiMin').map(message => message.replaceText), ['李敏 已同意'])
})

test('a click on a card that should be closed closes it again with what is true', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.drain()
  const code = codeOf(await clicked(office))
  await close(office, '李敏 已同意')
  await office.database.write(tx => office.messages.cardClicked(tx, { task_id: 'T1', person_id: 'P1', response_code: code, at: office.clock.now() }))
  await office.drain()
  assert.equal(updates(office), 2)
  assert.deepEqual(office.phone('LiMin').map(message => message.replaceText), ['李敏 已同意'])
})

test('a card whose task is over no longer has a heading that waits, nor has the message that says it instead', async t => {
  const office = await openOffice(t)
  const waits = (task_id: string) => ({ title: '张三的在读证明等待审批', card: { ...card(task_id), over: '张三的在读证明' } })
  await office.tell(waits('T1'))
  await office.drain()
  assert.equal(office.phone('LiMin')[0]?.card?.main_title?.title, '张三的在读证明等待审批')
  await close(office, '李敏 已同意')
  await office.tell(waits('T2'))
  await office.drain()
  office.clock.advance(72 * HOUR)
  await close(office, '李敏 已同意', 'T2')
  const [over, , news] = office.phone('LiMin')
  assert.deepEqual([over?.card?.main_title?.title, news?.content['title']], ['张三的在读证明', '张三的在读证明'])
})

test('past the validity of its code a card is followed by a message that says what it cannot', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.drain()
  office.clock.advance(72 * HOUR)
  await close(office, '李敏 已同意')
  const [old, news, ...more] = office.phone('LiMin')
  assert.deepEqual([old?.replaceText, news?.msgtype, more.length], [null, 'textcard', 0])
  assert.match(String(news?.content['description']), /李敏 已同意/)
})

test('a card whose answer was lost has no code, so a message says the end', async t => {
  const office = await openOffice(t)
  Object.assign(office.simulator.trouble, { dropAnswer: 1, onlyApi: 'message/send' })
  await office.tell({ card: card('T1') })
  await office.drain()
  await office.pass(60_000)
  assert.deepEqual(await office.states(), ['card sent'])
  await close(office, '已撤回')
  assert.deepEqual(office.phone('LiMin').map(message => message.msgtype), ['template_card', 'textcard'])
})

test('our own task_id, taken by our own lost try, means that the card arrived', async t => {
  let sends = 0
  const office = await openOffice(t, { wecom: real => ({ ...real, async send(body) {
    if (++sends > 1) throw new AppError('invalid', '卡片编号重复或者不对', { code: 'wecom:42014' })
    await real.send(body)
    throw new AppError('upstream', '没有得到企业微信的回答', { code: 'wecom:timeout' })
  } }) })
  await office.tell({ card: card('T1') })
  await office.drain()
  await office.pass(60_000)
  assert.deepEqual(await office.states(), ['card sent'])
})

test('a task_id refused at the first try is a refusal', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('not allowed!') })
  await office.drain()
  assert.deepEqual(await office.states(), ['card refused'])
})

test('an update whose answer was lost is known by its spent code and not told twice', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.drain()
  Object.assign(office.simulator.trouble, { dropAnswer: 1, onlyApi: 'update_template_card' })
  await close(office, '已撤回')
  await office.pass(60_000)
  assert.deepEqual(office.phone('LiMin').map(message => message.replaceText), ['已撤回'])
  assert.equal((await office.database.db.selectFrom('messages_cards').select('status').executeTakeFirst())?.status, 'closed')
})

test('a code that somebody else spent is followed by a message', async t => {
  const office = await openOffice(t)
  await office.tell({ card: card('T1') })
  await office.drain()
  const { response_code } = await office.database.db.selectFrom('messages_cards').select('response_code').executeTakeFirstOrThrow()
  await office.wecom.updateCard({ userids: ['LiMin'], response_code: response_code ?? '', to: { replace_name: '别处改的' } })
  await close(office, '李敏 已同意')
  assert.deepEqual(office.phone('LiMin').map(message => message.msgtype), ['template_card', 'textcard'])
})

test('a card never known here is nobody’s concern', async t => {
  const office = await openOffice(t)
  await office.database.write(tx => office.messages.cardClicked(tx, { task_id: 'unknown', person_id: 'P1', response_code: 'x', at: 0 }))
  await close(office, '已撤回', 'unknown')
  assert.deepEqual(office.phone('LiMin'), [])
})

test('a card that was unknown is proven by a click', async t => {
  let kill = true
  const office = await openOffice(t, { wecom: real => ({ ...real, async send(body) {
    const sent = await real.send(body)
    if (kill) throw new Error('killed')
    return sent
  } }) })
  await office.tell({ card: card('T1') })
  await office.drain()
  kill = false
  office.clock.advance(4 * HOUR)
  await office.drain()
  assert.deepEqual(await office.states(), ['card unknown'])
  const response_code = codeOf(await clicked(office))
  await office.database.write(tx => office.messages.cardClicked(tx, { task_id: 'T1', person_id: 'P1', response_code, at: office.clock.now() }))
  assert.deepEqual(await office.states(), ['card sent'])
  await close(office, '李敏 已同意')
  assert.deepEqual(office.phone('LiMin').map(message => message.replaceText), ['李敏 已同意'])
})

// The hall is not listening here: the event stands in the simulator's record of what it tried to deliver.
async function clicked(office: Office): Promise<string> {
  Object.assign(office.simulator.trouble, { loseCallback: true })
  return (await office.simulator.click('LiMin', 'T1', 'approve')).xml
}

function codeOf(xml: string): string {
  return /<ResponseCode><!\[CDATA\[(.*?)\]\]>/.exec(xml)?.[1] ?? ''
}

test('a task that ends while its card is about to go out leaves no card behind, whichever of the two writes first', async t => {
  for (const first of [0, 1] as const) {
    const waiting: (() => void)[] = []
    const both = Promise.withResolvers<void>()
    const office = await openOffice(t, { database: real => ({ ...real, async write(work) {
      // Both have looked before either writes.
      if (waiting.length === 2) return await real.write(work)
      const { promise, resolve } = Promise.withResolvers<void>()
      if (waiting.push(resolve) === 2) both.resolve()
      await promise
      return await real.write(work)
    } }) })
    await office.tell({ card: card('T1') })
    await office.database.write(tx => office.messages.closeCard(tx, { task_id: 'T1', text: '张老师已同意' }))
    const rushed = office.rush()
    await both.promise
    waiting[first]?.()
    await office.database.write(async () => {}) // in line behind the first
    waiting[1 - first]?.()
    await rushed
    await office.pass(60_000)
    assert.deepEqual(await office.states(), ['card dropped'])
    assert.deepEqual(await office.database.db.selectFrom('messages_cards').select('status').execute().then(rows => rows.map(row => row.status)), ['closed'])
    assert.deepEqual(office.phone('LiMin'), [])
  }
})

const choice = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `p${i}`, text: `王伟 计算机科学与技术学院${i}` }))

test('one question is asked with boxes, several with lists; when it is over the card says so and takes no more answers', async t => {
  const office = await openOffice(t)
  const question = (key: string, n: number) => ({ key, title: `请选择${key}`, many: false, options: choice(n), chosen: ['p1'] })
  await office.tell({ title: '很长的名字很长的名字很长的名字', card: { ...card('T1'), questions: [question('a', 20)], hint: '其他的在大厅里办' } })
  await office.tell({ card: { ...card('T2'), questions: [question('a', 10), question('b', 10)] } })
  await office.drain()
  const [vote, lists] = office.phone('LiMin')
  assert.deepEqual([vote?.card?.card_type, vote?.card?.checkbox?.option_list?.length, vote?.card?.checkbox?.option_list?.[1]?.is_checked, vote?.card?.submit_button?.key], ['vote_interaction', 20, true, 'approve'])
  assert.equal(vote?.card?.main_title?.desc, '请选择a\n其他的在大厅里办\n申请人：张三')
  assert.deepEqual([lists?.card?.card_type, lists?.card?.select_list?.map(list => list.selected_id)], ['multiple_interaction', ['p1', 'p1']])
  await close(office, '王伟 已同意')
  await close(office, '已撤回', 'T2')
  const [over, gone] = office.phone('LiMin')
  assert.deepEqual([over?.replaceText, over?.card?.checkbox?.disable], ['王伟 已同意', true])
  assert.deepEqual([gone?.replaceText, gone?.card?.select_list?.map(list => list.disable)], ['已撤回', [true, true]])
})
