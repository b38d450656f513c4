import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { encrypt } from '@wecom/crypto'
import { aesKey, agentId, buttonCard, cardMessage, corpId, field, hear, listen, signatureOf, world, type Heard, type World } from './support.ts'

type Receiver = World & { heard: Heard[]; answer: { status: number; body: string; silent: boolean } }

async function receiver(t: TestContext): Promise<Receiver> {
  const heard: Heard[] = []
  const answer = { status: 200, body: '', silent: false }
  const callbackUrl = await listen(t, (request, response, body) => {
    heard.push(hear(request.url ?? '', body))
    if (answer.silent) return
    response.statusCode = answer.status
    response.end(answer.body)
  })
  return { ...await world(t, { callbackUrl }), heard, answer }
}

function passive(xml: string): string {
  const encrypted = encrypt(aesKey, xml, corpId)
  return `<xml><Encrypt><![CDATA[${encrypted}]]></Encrypt><MsgSignature><![CDATA[${signatureOf('1409659813', '77', encrypted)}]]></MsgSignature><TimeStamp>1409659813</TimeStamp><Nonce><![CDATA[77]]></Nonce></xml>`
}

test('a click arrives signed and encrypted, with the card’s facts and a code to change it', async (t) => {
  const { sim, call, heard } = await receiver(t)
  await call('message/send', cardMessage(buttonCard('t-1', { button_selection: { question_key: 'to', option_list: [{ id: 'a', text: '甲' }, { id: 'b', text: '乙' }] } })))
  const delivery = await sim.click('zhangsan', 't-1', 'agree', { selected: { to: ['b'] } })
  assert.equal(delivery.state, 'delivered')
  const [got] = heard
  assert.ok(got)
  assert.deepEqual([got.signed, got.receiver, field(got.body, 'AgentID')], [true, corpId, String(agentId)])
  const facts = ['ToUserName', 'FromUserName', 'CreateTime', 'MsgType', 'Event', 'EventKey', 'TaskId', 'CardType', 'AgentID', 'QuestionKey', 'OptionId'].map((name) => field(got.xml, name))
  assert.deepEqual(facts, [corpId, 'ZhangSan', '1795140000', 'event', 'template_card_event', 'agree', 't-1', 'button_interaction', String(agentId), 'to', 'b'])
  const update = await call('message/update_template_card', { agentid: agentId, userids: ['zhangsan'], response_code: field(got.xml, 'ResponseCode'), button: { replace_name: '已同意' } })
  assert.equal(update.errcode, 0)
  assert.equal(sim.state.messagesTo('zhangsan')[0]?.replaceText, '已同意')
})

test('the first option is chosen when nobody chose', async (t) => {
  const { sim, call, heard } = await receiver(t)
  const card = { card_type: 'vote_interaction', task_id: 'v', main_title: { title: '选' }, submit_button: { text: '提交', key: 's' }, checkbox: { question_key: 'q', mode: 1, option_list: [{ id: 'a', text: '甲', is_checked: true }, { id: 'b', text: '乙' }] } }
  await call('message/send', cardMessage(card))
  await sim.click('zhangsan', 'v', 's')
  await sim.click('zhangsan', 'v', 's', { selected: { q: ['a', 'b'] } })
  assert.deepEqual(heard.map((one) => [...one.xml.matchAll(/<OptionId><!\[CDATA\[(.)\]/g)].map((match) => match[1]).join('')), ['a', 'ab'])
})

test('a key that the card does not have, or has no more, cannot be clicked; a phone that has not heard of it can', async (t) => {
  const { sim, call, heard } = await receiver(t)
  const { response_code } = await call('message/send', cardMessage(buttonCard('t-1')))
  await assert.rejects(sim.click('zhangsan', 't-1', 'other'))
  await assert.rejects(sim.click('lisi', 't-1', 'agree'), /no card/)
  await call('message/update_template_card', { agentid: agentId, atall: 1, response_code, button: { replace_name: '已同意' } })
  await assert.rejects(sim.click('zhangsan', 't-1', 'agree'))
  await sim.click('zhangsan', 't-1', 'reject', { stale: true })
  assert.deepEqual(heard.map((one) => field(one.xml, 'EventKey')), ['reject'])
})

test('no answer in time is tried three times, then kept for a redelivery', async (t) => {
  const { sim, heard, answer } = await receiver(t)
  sim.trouble.callbackTimeoutMs = 40
  answer.silent = true
  const delivery = await sim.event('lisi', 'enter_agent')
  assert.deepEqual([delivery.state, delivery.attempts.map((one) => one.error)], ['failed', ['超时', '超时', '超时']])
  assert.equal(new Set(heard.map((one) => one.body)).size, 1, 'the same envelope each time')
  answer.silent = false
  assert.equal((await sim.redeliver(delivery.id))?.state, 'delivered')
  assert.equal(heard.length, 4)
})

test('an answer other than 200 is tried again only while the switch says so', async (t) => {
  const { sim, heard, answer } = await receiver(t)
  answer.status = 500
  assert.equal((await sim.event('lisi', 'enter_agent')).state, 'failed')
  assert.equal(heard.length, 3)
  sim.trouble.retryNon200 = false
  assert.equal((await sim.event('lisi', 'enter_agent')).state, 'failed')
  assert.equal(heard.length, 4)
})

test('a broken line is an attempt too', async (t) => {
  const { sim } = await world(t, { callbackUrl: 'http://127.0.0.1:9/' })
  const delivery = await sim.event('lisi', 'enter_agent')
  assert.deepEqual([delivery.state, delivery.attempts.length], ['failed', 3])
})

test('switches: doubled, wrong signature, wrong receiver, lost', async (t) => {
  const { sim, heard } = await receiver(t)
  sim.trouble.doubleCallback = 1
  await sim.event('lisi', 'enter_agent')
  await sim.waitIdle()
  assert.equal(heard.length, 2)
  assert.equal(heard[0]?.xml, heard[1]?.xml)
  assert.notEqual(heard[0]?.body, heard[1]?.body, 'encrypted anew')
  sim.trouble.wrongSignature = 1
  await sim.event('lisi', 'enter_agent')
  assert.equal(heard[2]?.signed, false)
  sim.trouble.wrongReceiver = 1
  await sim.event('lisi', 'enter_agent')
  assert.deepEqual([heard[3]?.signed, heard[3]?.receiver], [true, 'ww0000000000000000'])
  sim.trouble.loseCallback = 1
  assert.equal((await sim.event('lisi', 'enter_agent')).state, 'failed')
  assert.equal(heard.length, 4)
  await sim.event('lisi', 'enter_agent')
  assert.equal(heard.length, 5)
})

test('out of order: what happened first arrives second', async (t) => {
  const { sim, heard } = await receiver(t)
  sim.trouble.outOfOrder = true
  const first = sim.event('lisi', 'click', { EventKey: '1' })
  await sim.event('lisi', 'click', { EventKey: '2' })
  await first
  assert.deepEqual(heard.map((one) => field(one.xml, 'EventKey')), ['2', '1'])
  void sim.event('lisi', 'click', { EventKey: '3' })
  await sim.waitIdle()
  assert.equal(field(heard[2]?.xml ?? '', 'EventKey'), '3', 'the last one is not held for ever')
})

test('a callback address is kept only when it answers the verification', async (t) => {
  const { sim } = await receiver(t)
  const before = sim.state.callbacks.length
  const result = await sim.setCallbackUrl('http://127.0.0.1:9/callback')
  assert.equal(result.ok, false)
  assert.equal((await sim.event('lisi', 'enter_agent')).state, 'delivered', 'the old address stays')
  assert.equal(sim.state.callbacks.length, before + 1)
})

test('a passive reply to a click is ignored unless the switch says otherwise', async (t) => {
  const { sim, call, answer } = await receiver(t)
  await call('message/send', cardMessage(buttonCard('t-1'), 'ZhangSan|lisi'))
  answer.body = passive('<xml><ToUserName><![CDATA[lisi]]></ToUserName><MsgType><![CDATA[update_button]]></MsgType><Button><ReplaceName><![CDATA[已点]]></ReplaceName></Button></xml>')
  await sim.click('lisi', 't-1', 'agree')
  assert.equal(sim.state.messagesTo('lisi')[0]?.replaceText, null)
  sim.trouble.ignorePassiveReply = false
  await sim.click('lisi', 't-1', 'agree')
  assert.deepEqual(['lisi', 'zhangsan'].map((id) => sim.state.messagesTo(id)[0]?.replaceText), ['已点', null], 'only for the one who clicked')
})

test('a passive reply may bring a whole card, lists as repeated elements', async (t) => {
  const { sim, call, answer } = await receiver(t)
  sim.trouble.ignorePassiveReply = false
  await call('message/send', cardMessage(buttonCard('t-1')))
  answer.body = passive('<xml><MsgType>update_template_card</MsgType><TemplateCard><CardType>button_interaction</CardType><MainTitle><Title>新</Title></MainTitle>'
    + '<HorizontalContentList><KeyName>人</KeyName><Value>张三</Value></HorizontalContentList><HorizontalContentList><Type>1</Type><KeyName>看</KeyName><Url>https://a.b/</Url></HorizontalContentList>'
    + '<CardAction><Type>1</Type><Url>https://a.b/</Url></CardAction><ReplaceText>已处理</ReplaceText></TemplateCard></xml>')
  const delivery = await sim.click('zhangsan', 't-1', 'agree')
  assert.equal(delivery.reply, '已更新卡片')
  const seen = sim.state.messagesTo('zhangsan')[0]
  assert.deepEqual([seen?.card?.main_title?.title, seen?.card?.horizontal_content_list?.length, seen?.replaceText], ['新', 2, '已处理'])
})

test('a text reply to a written message shows in the conversation; a badly signed one does not', async (t) => {
  const { sim, answer, heard } = await receiver(t)
  answer.body = passive('<xml><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[收到]]></Content></xml>')
  await sim.say('lisi', '你好')
  assert.deepEqual([field(heard[0]?.xml ?? '', 'MsgType'), field(heard[0]?.xml ?? '', 'Content')], ['text', '你好'])
  assert.match(field(heard[0]?.xml ?? '', 'MsgId'), /^\d+$/)
  assert.deepEqual(sim.state.messagesTo('lisi').map((one) => [one.from, one.content['content']]), [['member', '你好'], ['app', '收到']])
  answer.body = answer.body.replace(/<Nonce>.*<\/Nonce>/, '<Nonce>78</Nonce>')
  assert.equal((await sim.say('lisi', '再来')).reply, '回复的签名不对')
})

test('entering and leaving the range is told, and contacts changes go to the assistant’s own address', async (t) => {
  const heard: string[] = []
  const contactsCallbackUrl = await listen(t, (request, response, body) => {
    heard.push(hear(request.url ?? '', body).xml)
    response.end()
  })
  const callbackUrl = await listen(t, (_request, response) => response.end())
  const { sim } = await world(t, { callbackUrl, contactsCallbackUrl, contactsToken: 'QDG6eK', contactsEncodingAesKey: aesKey })
  await sim.admin.setVisible('lisi', false)
  await sim.admin.leave('zhangsan')
  await sim.admin.addMember({ userid: 'new', name: '新人', department: [2, 3] })
  assert.deepEqual(sim.state.callbacks.filter((one) => one.channel === 'app').map(({ event, userid }) => `${event} ${userid}`), ['unsubscribe lisi', 'unsubscribe ZhangSan', 'subscribe new'])
  assert.deepEqual(heard.map((xml) => ['ChangeType', 'UserID', 'Department'].map((name) => field(xml, name)).join(' ')), ['delete_user ZhangSan ', 'create_user new 2,3'])
  assert.doesNotMatch(heard.join(''), /AgentID/)
})
