import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import { cast } from '../support/people.ts'

const DAY = 86_400_000

async function openHall(t: TestContext) {
  const hall = await startTestApp(t)
  const people = await cast(hall.app)
  const { db } = hall.app.database
  return {
    hall, ...people, db,
    /** What administrators were told of people who cannot be told. */
    async heard() {
      return (await db.selectFrom('messages_messages').select(['title', 'facts', 'url']).where('kind', '=', 'approvals.unreachable').where('person_id', '=', people.admin.person_id).orderBy('id').execute())
        .map(({ title, facts, url }) => ({ title, url, reason: JSON.parse(facts)[0].value }))
    },
    async pass(ms: number) {
      hall.clock.advance(ms)
      await hall.app.runner.tick()
      await hall.drain()
    },
    apply: async (userid: string) => applyForCertificate(await hall.phone(userid)),
  }
}

test('out of the range of the app: the task stays in the hall, the administrators hear of it once a day, and the applicant reads who holds it', async t => {
  const { hall, student, classmate, tutor, admin, heard, apply, pass } = await openHall(t)
  const phone = await hall.phone(tutor.userid)
  await hall.simulator.admin.setVisible(tutor.userid, false)
  const sent = await apply(student.userid)
  await hall.drain()
  assert.deepEqual(await heard(), [{ title: `${tutor.name}有 1 项待办，但收不到企业微信通知`, url: `/admin/people/${tutor.person_id}`, reason: '接收人全部无效或者没有权限' }])
  await apply(classmate.userid)
  await hall.drain()
  assert.equal((await heard()).length, 1)
  assert.ok((await phone.get('/received')).has(`${student.name}的在读证明`))
  assert.ok((await (await hall.phone(student.userid)).get(sent.path)).has(`等辅导员 ${tutor.name} 审批`))
  assert.equal((await (await hall.phone(admin.userid)).get(`/admin/people/${tutor.person_id}`)).status, 200)
  await pass(DAY)
  const again = await hall.phone(student.userid)
  await again.submit(await again.get(sent.path), `${sent.path}/urging`)
  await hall.drain()
  assert.deepEqual((await heard()).map(each => each.title), [`${tutor.name}有 1 项待办，但收不到企业微信通知`, `${tutor.name}有 2 项待办，但收不到企业微信通知`])
})

test('not bound in WeCom: what was sent waits, and the administrators hear of it; who holds nothing is nobody’s worry', async t => {
  const { hall, student, tutor, registrars, heard, apply, pass } = await openHall(t)
  for (const { person_id, number } of [tutor, ...registrars.slice(0, 1)]) await hall.app.database.write(tx => hall.app.identity.unbind(tx, { person_id, number }, number))
  await apply(student.userid)
  await hall.drain()
  await pass(61_000)
  assert.deepEqual((await heard()).map(each => `${each.title} ${each.reason}`), [`${tutor.name}有 1 项待办，但收不到企业微信通知 没有绑定企业微信`])
})

test('who leaves keeps the tasks until somebody takes them, and every morning the administrators read of it', async t => {
  const { hall, db, student, tutor, heard, apply, pass } = await openHall(t)
  const sent = await apply(student.userid)
  await hall.drain()
  await db.updateTable('identity_numbers').set({ standing: 'left' }).where('number', '=', tutor.number).execute()
  assert.deepEqual(await heard(), [])
  await pass(DAY)
  await pass(60_000)
  assert.deepEqual((await heard()).map(each => `${each.title} ${each.reason}`), [`${tutor.name}有 1 项待办，但收不到企业微信通知 已经离开学校`])
  assert.ok((await (await hall.phone(student.userid)).get(sent.path)).has(`等辅导员 ${tutor.name} 审批`))
  await pass(DAY + 60_000)
  assert.equal((await heard()).length, 2)
})
