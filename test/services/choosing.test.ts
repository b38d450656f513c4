import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Client, Fields, Page } from '../support/client.ts'
import { actionOf, type Campus, PNG, startCampus } from './campus.ts'

const APPLY = '/services/grant/apply'
const SIGNED = `data:image/png;base64,${PNG.content.toString('base64')}`

const startGrants = (t: TestContext) => startCampus(t, { serviceFiles: join(import.meta.dirname, 'choosing') })

/** Whom a search in the field finds, or who stands there to choose from: value of the choice with this name. */
function choiceOf(page: Page, field: string, name: string): string {
  const label = page.root.querySelectorAll('label.choice').find(one => one.text.includes(name) && one.querySelector('input')?.getAttribute('name') === `${field}.id`)
  return label?.querySelector('input')?.getAttribute('value') ?? assert.fail(`${name} cannot be chosen for ${field}: ${page.text.slice(0, 400)}`)
}

async function find(client: Client, page: Page, action: string, field: string, name: string, fields: Fields = {}): Promise<string> {
  const found = await client.submit(page, action, { ...fields, [`${field}.q`]: name, act: `${field}.find` })
  return choiceOf(found, field, name)
}

async function taskOf(client: Client, name: string): Promise<Page> {
  return client.get((await client.get('/received')).link(`${name}的经费申请`))
}

/** A small grant sent to this teacher. */
async function send(campus: Campus, guide: string, fields: Fields = {}) {
  const { client, name } = await campus.student()
  const form = await client.get(APPLY)
  const chosen = await find(client, form, APPLY, 'chosen__guide', guide, { topic: '会议', size: 'small' })
  const page = await client.submit(form, APPLY, { topic: '会议', size: 'small', 'chosen__guide.id': chosen, ...fields, intent: 'submit' })
  return { client, name, page }
}

test('an applicant chooses who approves', async t => {
  const campus = await startGrants(t)
  const teacher = await campus.as('周静')

  await t.test('nobody chosen, and somebody foreign: a sentence at the field, and what was typed stays', async () => {
    const { client } = await campus.student()
    const form = await client.get(APPLY)
    assert.ok(form.has('导师审批') && form.has('这一环节由你选定的人办理'))
    const none = await client.submit(form, APPLY, { topic: '会议', size: 'small', intent: 'submit' })
    assert.deepEqual([none.status, none.has('请选择“导师审批”'), none.has('请选择“教务审核”'), none.value('topic')], [422, true, false, '会议'])
    const large = await client.submit(form, APPLY, { topic: '会议', size: 'large', intent: 'submit' })
    assert.ok(large.has('请选择“教务审核”'), 'asked where its branch will be walked')
    const foreign = (await find(client, form, APPLY, 'chosen__guide', '李敏'))
    const wrong = await client.submit(form, APPLY, { topic: '会议', size: 'large', 'chosen__guide.id': foreign, 'chosen__office.id': foreign, intent: 'submit' })
    assert.deepEqual([wrong.status, wrong.has('“教务审核”选的人不能选')], [422, true])
    assert.equal((await client.submit(form, APPLY, { topic: '会议', size: 'small', 'chosen__guide.id': '01ARZ3NDEKTSV4RRFFQ69G5FAV', intent: 'submit' })).status, 422)
    const two = await client.submit(form, APPLY, { topic: '会议', size: 'small', 'chosen__guide.id': [foreign, choiceOf(wrong, 'chosen__office', '周静')], intent: 'submit' })
    assert.ok(two.has('“导师审批”最多选 1 人，现在选了 2 人'))
  })

  await t.test('by name or pinyin; the choice is kept with the draft, shown in 谁来审批, and the task goes there', async () => {
    const { client, name } = await campus.student()
    const form = await client.get(APPLY)
    const guide = await find(client, form, APPLY, 'chosen__guide', '周静')
    const pinyin = await client.submit(form, APPLY, { topic: '会议', size: 'small', 'chosen__guide.q': 'zhoujing', act: 'chosen__guide.find' })
    assert.equal(choiceOf(pinyin, 'chosen__guide', '周静'), guide)
    await client.submit(form, APPLY, { topic: '会议', size: 'small', 'chosen__guide.id': guide, intent: 'save' })
    const again = await client.get(APPLY)
    assert.equal(again.value('chosen__guide.id'), guide)
    assert.ok((await client.get(again.root.querySelector('[data-enhance=foresee]')?.getAttribute('data-url') ?? '')).has('周静'))
    const sent = await client.submit(again, APPLY, { topic: '会议', size: 'small', 'chosen__guide.id': guide, intent: 'submit' })
    assert.ok(sent.has('等导师 周静 审批'), sent.text)
    assert.ok((await taskOf(teacher, name)).has('会议'))
    const row = await campus.app.database.db.selectFrom('services_applications').select('form').where('id', '=', sent.path.slice('/applications/'.length)).executeTakeFirstOrThrow()
    assert.deepEqual(JSON.parse(row.form ?? ''), { topic: '会议', size: 'small' }, 'who was chosen is not part of the form')
  })

  await t.test('after a return the earlier choice stands there and may be changed', async () => {
    const { client, name, page } = await send(campus, '周静')
    const task = await taskOf(teacher, name)
    await teacher.submit(task, actionOf(task), { decision: 'return', comment: '换一位老师' })
    const form = await client.get(`${page.path}/correction`)
    const before = form.value('chosen__guide.id')
    assert.equal(before, choiceOf(form, 'chosen__guide', '周静'))
    const other = await find(client, form, form.path, 'chosen__guide', '李敏')
    const sent = await client.submit(form, form.path, { topic: '会议', size: 'small', 'chosen__guide.id': other, intent: 'submit' })
    assert.ok(sent.has('等导师 李敏 审批'), sent.text)
  })

  await t.test('a field takes several people and departments, and no more than it says', async () => {
    const { client } = await campus.student()
    const form = await client.get(APPLY)
    const guide = await find(client, form, APPLY, 'chosen__guide', '周静')
    const first = await client.submit(form, APPLY, { 'team.q': '周静', act: 'team.find' })
    const zhou = choiceOf(first, 'team', '周静')
    const both = await client.submit(first, APPLY, { 'team.id': zhou, 'team.q': '李敏', act: 'team.find' })
    assert.equal(choiceOf(both, 'team', '周静'), zhou, 'who is chosen stays while one looks for another')
    const li = choiceOf(both, 'team', '李敏')
    const units = form.root.querySelectorAll('input[name=hosts]').slice(0, 2).map(input => input.getAttribute('value') ?? '')
    const sent = await client.submit(both, APPLY, { topic: '会议', size: 'small', 'chosen__guide.id': guide, 'team.id': [zhou, li], hosts: units, intent: 'submit' })
    assert.match(sent.text, /参与教师 ?周静（[^）]+）、李敏（/)
    const copy = await client.submit(sent, `${sent.path}/copy`, {})
    assert.equal(copy.root.querySelectorAll('input[name=hosts][checked]').length, 2)
    const many = await client.submit(copy, APPLY, { topic: '会议', size: 'small', 'chosen__guide.id': guide, 'team.id': [zhou, li, guide, '01ARZ3NDEKTSV4RRFFQ69G5FAV', '01ARZ3NDEKTSV4RRFFQ69G5FAX'], hosts: ['nowhere'], intent: 'submit' })
    assert.ok(many.has('“参与教师”最多选 3 人，现在选了 4 人') && many.has('“协办部门”请从给出的选项里选择'), many.text)
  })
})

test('an approver chooses who is next, and a step wants a handwritten signature', async t => {
  const campus = await startGrants(t)
  const [tutor, registrar] = [await campus.as('李敏'), await campus.as('周静')]

  /** A grant that waits for 李敏 as tutor. */
  async function atTutor() {
    const { client, name, page } = await send(campus, '周静')
    const first = await taskOf(registrar, name)
    await registrar.submit(first, actionOf(first), { decision: 'approve' })
    return { client, name, path: page.path, task: await taskOf(tutor, name) }
  }

  await t.test('without a choice nothing is decided and the opinion stays; rejecting asks for none', async () => {
    const { client, task, path } = await atTutor()
    const action = actionOf(task)
    const none = await tutor.submit(task, action, { decision: 'approve', comment: '同意资助' })
    assert.deepEqual([none.status, none.has('请选择“终审”'), none.value('comment').trim()], [422, true, '同意资助'])
    const foreign = await tutor.submit(task, action, { decision: 'approve', 'chosen__final.id': '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
    assert.deepEqual([foreign.status, foreign.has('“终审”选的人不能选')], [422, true])
    assert.ok((await tutor.submit(task, action, { decision: 'reject', comment: '超出预算' })).has('申请已被驳回'))
    assert.ok((await client.get(path)).has('超出预算'))
  })

  await t.test('the chosen one gets it, signs with the finger, and the signature stands in the timeline', async () => {
    const { client, name, path, task } = await atTutor()
    await tutor.submit(task, actionOf(task), { decision: 'approve', 'chosen__final.id': choiceOf(task, 'chosen__final', '周静') })
    assert.ok((await client.get(path)).has('等终审（周静）'))
    const final = await taskOf(registrar, name)
    const action = actionOf(final)
    const key = final.root.querySelector('input[name^="sign__"]')?.getAttribute('name')?.replace(/\..*/, '') ?? assert.fail('there is no pad')
    const unsigned = await registrar.submit(final, action, { decision: 'approve', comment: '可以' })
    assert.deepEqual([unsigned.status, unsigned.has('请在“手写签名”处签名'), unsigned.value('comment').trim()], [422, true, '可以'])
    const batch = await registrar.post('/received/batch', { _csrf: final.value('_csrf'), decision: 'approve', comment: '', task: action.split('/')[2] ?? '' })
    assert.ok(batch.has('这一环节要手写签名，请签名后再同意'))
    const drawn = await registrar.submit(final, action, { comment: '可以', [`${key}.drawn`]: SIGNED, act: `${key}.put` })
    assert.ok(drawn.root.querySelector('.signature-kept img') && drawn.value('comment').trim() === '可以')
    const done = await registrar.submit(drawn, action, { decision: 'approve', comment: '可以' })
    assert.ok(done.has('已同意'))
    const picture = (await client.get(path)).root.querySelector('.event-signature')?.getAttribute('src') ?? assert.fail('no signature in the timeline')
    assert.equal((await client.get(picture)).status, 200)
    assert.equal((await (await campus.student()).client.get(picture)).status, 403)
    const records = `/documents/records/${path.slice('/applications/'.length)}`
    const record = await client.submit(await client.get(records), records, { history: '1' })
    await campus.drain()
    assert.ok((await client.get(record.path)).has('已签章'))
    const { facts } = await campus.app.database.db.selectFrom('documents_documents').select('facts').where('id', '=', record.path.slice('/documents/'.length)).executeTakeFirstOrThrow()
    const { sha256 } = await campus.app.database.db.selectFrom('services_attachments').select('sha256').where('id', '=', picture.split('/').at(-1) ?? '').executeTakeFirstOrThrow()
    assert.deepEqual(JSON.parse(JSON.parse(facts).history).flatMap((line: { signature?: string }) => line.signature ?? []), [sha256])
  })

  await t.test('drawn and approved in one go, and by who cannot draw the typed name', async () => {
    for (const signing of ['drawn', 'name']) {
      const { client, name, path, task } = await atTutor()
      await tutor.submit(task, actionOf(task), { decision: 'approve', 'chosen__final.id': choiceOf(task, 'chosen__final', '周静') })
      const final = await taskOf(registrar, name)
      const key = final.root.querySelector('input[name^="sign__"]')?.getAttribute('name')?.replace(/\..*/, '') ?? ''
      await registrar.submit(final, actionOf(final), { decision: 'approve', [`${key}.${signing}`]: signing === 'drawn' ? SIGNED : '周静' })
      const page = await client.get(path)
      assert.ok(page.has('审批已通过'))
      assert.ok(signing === 'drawn' ? page.root.querySelector('.event-signature') : page.has('周静（输入的签名）'))
    }
  })

  await t.test('in a batch one choice serves all that offer the same people; until it is made nothing of them is decided, and what wants a signature says so', async () => {
    const three = [await atTutor(), await atTutor(), await atTutor()]
    const ids = three.map(({ task }) => actionOf(task).split('/')[2] ?? '')
    const page = await tutor.get('/received/batch')
    const first = await tutor.submit(page, '/received/batch', { task: ids, decision: 'approve', comment: '同意资助' })
    assert.ok(first.has('0 项已办理，3 项没有办理') && first.has('有 3 项要先选办理人') && three.every(({ name }) => first.has(`${name}的经费申请`)), first.text)
    const none = await tutor.submit(first, '/received/batch', { decision: 'approve' })
    assert.ok(none.has('请选择“终审”') && none.has('有 3 项要先选办理人'), 'a form without the choice comes back')
    const foreign = await tutor.submit(first, '/received/batch', { decision: 'approve', 'chosen__final.id': '01ARZ3NDEKTSV4RRFFQ69G5FAV' })
    assert.ok(foreign.has('0 项已办理，3 项没有办理') && foreign.has('“终审”选的人不能选'), foreign.text)
    const done = await tutor.submit(foreign, '/received/batch', { decision: 'approve', 'chosen__final.id': choiceOf(foreign, 'chosen__final', '周静') })
    assert.ok(done.has('3 项已办理，0 项没有办理') && !done.has('要先选办理人'), done.text)
    for (const { client, path } of three) assert.ok((await client.get(path)).has('等终审（周静）') && (await client.get(path)).has('同意资助'))
    const signing = await registrar.submit(await registrar.get('/received/batch'), '/received/batch', { task: actionOf(await taskOf(registrar, three[0]?.name ?? '')).split('/')[2] ?? '', decision: 'approve', comment: '' })
    assert.ok(signing.has('这一环节要手写签名，请签名后再同意') && !signing.has('要先选办理人'))
  })

  await t.test('in a batch those who offer other people are asked one group after the other', async () => {
    const [one, other] = [await atTutor(), await atTutor()]
    const { client, name } = await campus.student()
    const form = await client.get('/services/panel/apply')
    await client.submit(form, '/services/panel/apply', { topic: '校史', abroad: 'no', intent: 'submit' })
    const panel = await tutor.get((await tutor.get('/received')).link(`${name}的课题立项`))
    const ids = [one.task, panel, other.task].map(task => actionOf(task).split('/')[2] ?? '')
    const first = await tutor.submit(await tutor.get('/received/batch'), '/received/batch', { task: ids, decision: 'approve', comment: '' })
    assert.ok(first.has('有 2 项要先选办理人') && first.has('可选的人不同的还有 1 项'), first.text)
    const second = await tutor.submit(first, '/received/batch', { decision: 'approve', 'chosen__final.id': choiceOf(first, 'chosen__final', '周静') })
    assert.ok(second.has('2 项已办理，1 项没有办理') && second.has('有 1 项要先选办理人') && second.has('复审'), second.text)
    const third = await tutor.submit(second, '/received/batch', { decision: 'approve', 'chosen__first.id': choiceOf(second, 'chosen__first', '崔语涵'), 'chosen__second.id': choiceOf(second, 'chosen__second', '武佳婷') })
    assert.ok(third.has('1 项已办理，0 项没有办理'), third.text)
  })

  await t.test("nobody signs or chooses at another's task", async () => {
    const { name, task } = await atTutor()
    const key = 'chosen__final'
    const answer = await registrar.post(actionOf(task), { _csrf: (await registrar.get('/received')).value('_csrf'), decision: 'approve', [`${key}.id`]: choiceOf(task, key, '周静') })
    assert.equal(answer.status, 403)
    assert.ok((await taskOf(tutor, name)).has('审批意见'))
  })
})

test('on the phone: a card for what a card can carry, else one that opens the page, and each says in the end who decided', async t => {
  const campus = await startGrants(t)
  const { drain, simulator, app: { database: { db } } } = campus
  const [tutor, registrar] = [await campus.as('李敏'), await campus.as('周静')]
  const userid = async (name: string) => (await db.selectFrom('identity_bindings as binding').innerJoin('identity_people as person', 'person.id', 'binding.person_id').select('binding.userid').where('person.name', '=', name).executeTakeFirstOrThrow()).userid
  const [tutors, registrars] = [await userid('李敏'), await userid('周静')]
  const cardsOf = (who: string) => simulator.state.messagesTo(who).filter(message => message.card)
  const newest = (who: string) => cardsOf(who).at(-1) ?? assert.fail('there is no card')

  const { client, name, page } = await send(campus, '周静')
  await drain()
  assert.deepEqual(newest(registrars).card?.button_list?.map(button => button.text), ['同意'])
  await simulator.click(registrars, newest(registrars).task_id ?? '', 'approve')
  await drain()

  await t.test('whom to choose stands on the card; without a choice the clicker reads what is missing', async () => {
    const { card, task_id } = newest(tutors)
    assert.equal(card?.card_type, 'vote_interaction')
    assert.ok(card.main_title?.desc?.includes('请选择“终审”的办理人') && card.main_title.desc.includes('用途：会议'), card.main_title?.desc)
    const options = card.checkbox?.option_list ?? []
    assert.ok(options.length >= 2 && options.every(option => !option.is_checked))
    await simulator.click(tutors, task_id ?? '', 'approve')
    await drain()
    assert.ok((await client.get(page.path)).has('等辅导员 李敏 审批'))
    assert.ok(simulator.state.messagesTo(tutors).some(message => JSON.stringify(message.content).includes('请选择“终审”的办理人')))
    const chosen = options.find(option => option.text?.startsWith('周静'))?.id ?? ''
    await simulator.click(tutors, task_id ?? '', 'approve', { selected: { final: [chosen] } })
    await drain()
    assert.ok((await client.get(page.path)).has('等终审（周静）'))
    const closed = cardsOf(tutors).find(message => message.task_id === task_id)
    assert.match(closed?.card?.main_title?.desc ?? '', /李敏 已同意 · 11月16日/)
    assert.equal(closed?.replaceText, '已结束')
    assert.equal(closed?.card?.checkbox?.disable, true)
  })

  await t.test('a signature is put on the page: the card opens it, and changes when it is done', async () => {
    const { card, task_id } = newest(registrars)
    assert.deepEqual(card?.button_list?.map(({ type, text, key }) => ({ type, text, key })), [{ type: 1, text: '去办理', key: undefined }])
    const final = await registrar.get(new URL(card?.button_list?.[0]?.url ?? '').pathname)
    const key = final.root.querySelector('input[name^="sign__"]')?.getAttribute('name')?.replace(/\..*/, '') ?? ''
    await registrar.submit(final, actionOf(final), { decision: 'approve', [`${key}.drawn`]: SIGNED })
    await drain()
    assert.match(cardsOf(registrars).find(message => message.task_id === task_id)?.card?.sub_title_text ?? '', /周静 已同意/)
    assert.match(JSON.stringify(simulator.state.messagesTo((await db.selectFrom('identity_bindings as binding').innerJoin('identity_people as person', 'person.id', 'binding.person_id').select('binding.userid').where('person.name', '=', name).executeTakeFirstOrThrow()).userid).at(-1)?.content), /经费申请已审批通过/)
  })

  await t.test('who is asked, and whose delegate has answered, is told with the words and led to the page', async () => {
    const other = await send(campus, '李敏')
    const task = await taskOf(tutor, other.name)
    const zhou = (await db.selectFrom('identity_people').select('id').where('name', '=', '周静').executeTakeFirstOrThrow()).id
    const passing = async (how: string, comment: string) => {
      const form = await tutor.get(`${actionOf(task).replace('/decision', '')}/passing?how=${how}`)
      await tutor.submit(form, form.path.split('?')[0] ?? '', { how, to: zhou, comment, intent: 'send' })
      await drain()
    }
    await passing('consult', '经费够吗')
    const asked = newest(registrars)
    assert.deepEqual(asked.card?.button_list?.map(button => button.text), ['去回复'])
    assert.ok(asked.card?.horizontal_content_list?.some(row => row.value === '经费够吗'))
    const reply = await registrar.get(new URL(asked.card?.card_action?.url ?? '').pathname)
    await registrar.submit(reply, actionOf(reply), { decision: 'reply', comment: '够' })
    await drain()
    assert.match(cardsOf(registrars).find(message => message.task_id === asked.task_id)?.card?.sub_title_text ?? '', /周静 已回复/)
    await passing('delegate', '请先看看')
    const look = await taskOf(registrar, other.name)
    await registrar.submit(look, actionOf(look), { decision: 'reply', comment: '内容属实' })
    await drain()
    const back = newest(tutors)
    assert.equal(back.card?.main_title?.title, `${other.name}的经费申请：委派的意见已交回，请决定`)
    assert.ok(back.card?.horizontal_content_list?.some(row => row.keyname === '周静' && row.value === '内容属实'))
  })
})
