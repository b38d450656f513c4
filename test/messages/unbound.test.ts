import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp, type TestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import { cast, type Someone } from '../support/people.ts'

/** A tutor who has a card, and what stands on their phone. */
async function withCard(t: Parameters<typeof startTestApp>[0]) {
  const hall = await startTestApp(t)
  const { student, classmate, tutor } = await cast(hall.app)
  await applyForCertificate(await hall.phone(student.userid))
  await hall.drain()
  const shown = () => hall.simulator.state.messagesTo(tutor.userid)
  const [card] = shown().filter(message => message.card)
  assert.ok(card?.task_id)
  return { hall, student, classmate, tutor, shown, task_id: card.task_id }
}

const unbind = async ({ app, drain }: TestApp, { person_id, number }: Someone) => {
  await app.database.write(tx => app.identity.unbind(tx, { person_id, number }, number))
  await drain()
}
const bind = async ({ app, drain }: TestApp, { person_id, number, userid }: Someone) => {
  await app.database.write(tx => app.identity.bind(tx, { person_id, number }, { number, userid }))
  await drain()
}

test('unbinding ends the cards on the phone; what they asked and what comes later waits, and goes out once when bound again', async t => {
  const { hall, classmate, tutor, shown } = await withCard(t)
  await unbind(hall, tutor)
  assert.deepEqual(shown().map(message => message.replaceText ?? message.card?.sub_title_text), ['已解除绑定'])
  await applyForCertificate(await hall.phone(classmate.userid))
  await hall.drain()
  assert.equal(shown().length, 1, 'nothing more comes to this phone')
  assert.equal(await hall.app.approvals.openCountOf(hall.app.database.db, tutor.person_id), 2, 'the tasks stay')
  await bind(hall, tutor)
  await bind(hall, tutor)
  assert.deepEqual(shown().slice(1).map(message => message.msgtype).toSorted(), ['template_card', 'textcard'])
  const page = await (await hall.phone(tutor.userid)).get('/received')
  assert.ok(page.has('待办') && page.has('在读证明'), page.text)
})

test('a click that comes after the unbinding decides nothing and reads 已解除绑定', async t => {
  const { hall, tutor, student, shown, task_id } = await withCard(t)
  // The platform holds the click back until the binding is over.
  await hall.app.database.write(tx => hall.app.identity.unbind(tx, { person_id: tutor.person_id, number: tutor.number }, tutor.number))
  await hall.simulator.click(tutor.userid, task_id, 'approve')
  await hall.drain()
  const [card] = shown()
  assert.ok([card?.replaceText, card?.card?.sub_title_text].includes('已解除绑定'), JSON.stringify(card))
  assert.equal(await hall.app.approvals.openCountOf(hall.app.database.db, tutor.person_id), 1)
  assert.ok((await (await hall.phone(student.userid)).get('/sent')).has('审批中'))
})

test('bound under another account of WeCom, the person finds there what the old one can no longer do', async t => {
  const { hall, tutor, classmate, shown } = await withCard(t)
  await unbind(hall, tutor)
  await unbind(hall, classmate)
  const { userid } = classmate
  await bind(hall, { ...tutor, userid })
  assert.deepEqual(hall.simulator.state.messagesTo(userid).map(message => message.msgtype), ['textcard'])
  assert.equal(shown().length, 1)
})
