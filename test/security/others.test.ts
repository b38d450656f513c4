import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import type { Client } from '../support/client.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import { cast } from '../support/people.ts'
import { ask, send, tokenOf } from './attack.ts'

test('what is somebody else’s stays theirs', async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { student, classmate, tutor, registrars: [registrar], admin } = await cast(hall.app)
  assert.ok(registrar)
  const [phone, other, tutorPhone, desk] = [await hall.phone(student.userid), await hall.phone(classmate.userid), await hall.phone(tutor.userid), await hall.phone(registrar.userid)]
  const application = idIn((await applyForCertificate(phone)).path)
  await hall.drain()
  const taskOf = async (person_id: string) => (await db.selectFrom('approvals_tasks').select('id').where('person_id', '=', person_id).orderBy('id', 'desc').executeTakeFirst())?.id ?? ''
  const task = await taskOf(tutor.person_id)
  const post = async (client: Client, path: string, fields: Record<string, string> = {}) => send(hall.origin, path, { _csrf: await tokenOf(client), ...fields }, { client })
  const hints = (body: string) => [student.name, tutor.name, student.number].filter(word => body.includes(word))

  // A tutor of others: holds an office, and no task of this application.
  const stranger = await db.selectFrom('identity_numbers as n').innerJoin('identity_bindings as b', 'b.current_number', 'n.number').select(['b.userid', 'n.person_id'])
    .where('n.kind', '=', 'staff').where('n.person_id', 'not in', [tutor.person_id, registrar.person_id, admin.person_id])
    .where(where => where.not(where.exists(where.selectFrom('identity_grants as r').select('r.role').whereRef('r.person_id', '=', 'n.person_id')))).executeTakeFirstOrThrow()
  const colleague = await hall.phone(stranger.userid)

  for (const [who, client] of [['a classmate', other], ['a tutor of other students', colleague]] as const) {
    await t.test(`${who} sees nothing of an application, and cannot act on it`, async () => {
      for (const path of [`/applications/${application}`, `/applications/${application}/withdrawal`, `/applications/${application}/deletion`, `/applications/${application}/attachments/${application}`]) {
        const page = await ask(hall.origin, path, { client })
        assert.ok([403, 404].includes(page.status), `${path} ${page.status}`)
        assert.deepEqual(hints(page.body), [], path)
      }
      for (const act of ['withdrawal', 'urging', 'copy', 'deletion', 'draft', 'correction']) {
        const answer = await post(client, `/applications/${application}/${act}`, { intent: 'submit' })
        assert.ok([403, 404].includes(answer.status), `${act} ${answer.status}`)
        assert.deepEqual(hints(answer.body), [], act)
      }
      assert.equal((await db.selectFrom('services_applications').select('status').where('id', '=', application).executeTakeFirstOrThrow()).status, 'running')
    })

    await t.test(`${who} who learns a task’s number neither sees whose it is nor decides it`, async () => {
      for (const answer of [await ask(hall.origin, `/tasks/${task}`, { client }), await post(client, `/tasks/${task}/decision`, { decision: 'approve' }), await post(client, `/tasks/${task}/decision`, { decision: 'nonsense' })]) {
        assert.ok([403, 404].includes(answer.status), String(answer.status))
        assert.deepEqual(hints(answer.body), [])
        assert.equal(answer.headers.location, undefined)
      }
    })
  }

  await t.test('a task’s number in a form, an odd one, or nobody’s changes nothing', async () => {
    for (const id of ['x', '01HZZZZZZZZZZZZZZZZZZZZZZZ', `${task}x`, task.toLowerCase(), `${task}%00`, '%27%20or%201%3D1'])
      assert.ok([403, 404].includes((await post(other, `/tasks/${id}/decision`, { decision: 'approve', task_id: task })).status), id)
    assert.equal((await db.selectFrom('approvals_decisions').select('id').execute()).length, 0)
  })

  await t.test('the applicant approves nothing: not on the page, not by a card that is another’s', async () => {
    assert.equal((await post(phone, `/tasks/${task}/decision`, { decision: 'approve' })).status, 403)
    const [card] = hall.simulator.state.messagesTo(tutor.userid).filter(message => message.card)
    await assert.rejects(async () => {
      await hall.simulator.click(student.userid, card?.task_id ?? '', 'approve')
      await hall.drain()
      if ((await db.selectFrom('approvals_decisions').select('id').execute()).length === 0) throw new Error('refused')
    })
  })

  await t.test('a decision carries no more than the decision: other fields of the form are not taken', async () => {
    await post(tutorPhone, `/tasks/${task}/decision`, { decision: 'approve', comment: '好', person_id: registrar.person_id, person_name: '校长', node_id: 'x', status: 'approved', via: 'card', created_at: '0' })
    const [decision] = await db.selectFrom('approvals_decisions').selectAll().execute()
    assert.deepEqual([decision?.person_id, decision?.person_name, decision?.via], [tutor.person_id, tutor.name, 'page'])
    assert.equal((await db.selectFrom('services_applications').select('status').where('id', '=', application).executeTakeFirstOrThrow()).status, 'running', 'the registrar is still to decide')
    await hall.drain()
  })

  await t.test('two press at once: one decides, the other reads it', async () => {
    const last = await taskOf(registrar.person_id)
    const token = await tokenOf(desk)
    const answers = await Promise.all(['approve', 'reject', 'approve', 'return'].map(decision => send(hall.origin, `/tasks/${last}/decision`, { _csrf: token, decision, comment: 'x' }, { client: desk })))
    assert.deepEqual(answers.map(answer => answer.status).toSorted(), [303, 409, 409, 409])
    assert.equal((await db.selectFrom('approvals_decisions').select('id').where('task_id', '=', last).execute()).length, 1)
  })

  await t.test('a document, its file and its deliveries are its owner’s', async () => {
    const second = idIn((await applyForCertificate(other)).path)
    const now = hall.clock.now()
    const documents = await db.selectFrom('documents_documents').select('id').execute()
    for (const { id } of documents) for (const path of [`/documents/${id}`, `/documents/${id}/file`]) assert.equal((await ask(hall.origin, path, { client: other })).status, 404)
    const deliveries = await db.selectFrom('messages_deliveries').select(['id', 'subject', 'person_id']).execute()
    assert.ok(deliveries.length > 0 && second && now)
    for (const delivery of deliveries.slice(0, 5)) assert.equal((await post(other, `/documents/${delivery.subject}/deliveries/${delivery.id}/resending`)).status, 404)
    assert.ok(!(await other.get('/messages')).has(student.name))
    assert.ok(!(await other.get('/documents')).has(student.name))
  })

  await t.test('who lost the office is asked no more in new applications, and who left cannot enter at all', async () => {
    await db.deleteFrom('identity_grants').where('person_id', '=', registrar.person_id).execute()
    await db.updateTable('identity_numbers').set({ standing: 'left' }).where('number', '=', tutor.number).execute()
    assert.equal((await tutorPhone.get('/received')).status === 200 && (await tutorPhone.get('/received')).heading === '我收到的', false, 'the session ends with the office')
    const again = await hall.phone(tutor.userid)
    assert.ok(!(await again.get('/received')).has('待办'))
    const third = await applyForCertificate(phone)
    await hall.drain()
    const tasks = await db.selectFrom('approvals_tasks as task').innerJoin('approvals_instances as instance', 'instance.id', 'task.instance_id').select('task.person_id').where('instance.subject', '=', idIn(third.path)).execute()
    assert.ok(tasks.length > 0 && tasks.every(each => each.person_id !== tutor.person_id && each.person_id !== registrar.person_id))
  })

  await t.test('a person’s page, roles and password are the console’s', async () => {
    for (const act of ['roles', 'roles/removal', 'unbinding', 'password']) {
      const answer = await post(other, `/admin/people/${other ? classmate.person_id : ''}/${act}`, { role: 'admin', unit_id: '', number: classmate.number })
      assert.ok([403, 404].includes(answer.status), act)
    }
    assert.deepEqual(await db.selectFrom('identity_grants').select('role').where('person_id', '=', classmate.person_id).execute(), [])
  })
})
