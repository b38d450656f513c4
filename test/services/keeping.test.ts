import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { forgetExpired } from '../../src/features/services/jobs/keeping.ts'
import { expiryOf } from '../../src/features/services/rules/keeping.ts'
import { schoolTime } from '../../src/platform/dates.ts'
import { createFiles } from '../../src/integrations/files/index.ts'
import { idIn } from '../support/certificate.ts'
import { holderOf } from '../support/desks.ts'
import { APPLY, apply, type Campus, decide, GOOD, PDF, SERVICE, startCampus } from './campus.ts'

const DAY = 86_400_000
const WORDS = '这句话只在表单里'
const OPINION = '这句话只在意见里'

/** One night: what is due by the timetable runs. */
async function night(campus: Campus): Promise<void> {
  campus.clock.advance(DAY)
  await campus.app.runner.tick()
  await campus.drain()
}

/** An application that was decided upon, with a file of its own. */
async function decided(campus: Campus, mark: string) {
  const { client, name } = await campus.student()
  const attachment = { ...PDF, content: Buffer.concat([PDF.content, Buffer.from(`% ${mark}`)]) }
  const { path } = await apply(client, { ...GOOD, remark: WORDS, attachment })
  await decide(await campus.as('李敏'), name, 'reject', OPINION)
  await campus.drain()
  const { sha256 } = await campus.app.database.db.selectFrom('services_attachments').select('sha256').where('application_id', '=', idIn(path)).executeTakeFirstOrThrow()
  return { client, name, path, id: idIn(path), sha256 }
}

/** Every row of the whole database, but of the trail, in which the words stand. */
async function tablesWith(campus: Campus, words: string): Promise<string[]> {
  const { db } = campus.app.database
  const found: string[] = []
  for (const { name } of await db.introspection.getTables()) {
    if (name === 'events') continue
    const { rows } = await sql`select * from ${sql.table(name)}`.execute(db)
    if (rows.some(row => JSON.stringify(row).includes(words))) found.push(name)
  }
  return found
}

test('what has ended is kept as long as its service says', async t => {
  const campus = await startCampus(t)
  const { db } = campus.app.database
  const rowOf = (id: string) => db.selectFrom('services_applications').selectAll().where('id', '=', id).executeTakeFirst()
  const isKept = (sha: string) => existsSync(join(campus.app.config.filesUrl.slice('file:'.length), sha.slice(0, 2), sha.slice(2, 4), sha))
  const told = (id: string) => db.selectFrom('messages_messages').select('id').where('kind', '=', 'services.expiring').where('url', 'like', `%${id}%`).execute()
  const personOf = async (id: string) => {
    const { person_id } = await rowOf(id) ?? {}
    return { person_id: person_id ?? '', number: '', name: '', standing: 'enrolled', kind: 'student' as const }
  }
  // Nobody stays signed in for years.
  const administrator = async () => campus.phone((await holderOf(campus, 'admin')).userid)
  const applicant = async (id: string) => {
    const { userid } = await db.selectFrom('identity_bindings as binding').innerJoin('services_applications as application', 'application.person_id', 'binding.person_id').select('binding.userid').where('application.id', '=', id).executeTakeFirstOrThrow()
    return campus.phone(userid)
  }
  const one = await decided(campus, 'one')
  const held = await decided(campus, 'held')

  await t.test('the service says so before, and the application says until when', async () => {
    assert.ok((await one.client.get(SERVICE)).has('办结后保存 3 年，到期前两周告诉你，然后删除内容'))
    await night(campus)
    const [row, client] = [await rowOf(one.id), await applicant(one.id)]
    assert.equal(row?.expires_at, expiryOf({ ...row, created_at: 0, saved_at: null, status: 'rejected', ended_at: row?.ended_at ?? null }, {}))
    assert.ok((await client.get(one.path)).has('内容保存到'))
    assert.ok((await client.get('/account/data')).has('内容保存到'))
  })

  await t.test('an administrator sees what will be deleted when, and holds one back with a reason', async () => {
    const admin = await administrator()
    const list = await admin.get('/admin/keeping')
    assert.ok(list.has(schoolTime((await rowOf(held.id))?.expires_at ?? 0).date), 'the day, not how long ago')
    assert.ok(list.has((await rowOf(held.id))?.number ?? '-') && list.has('还没有'))
    const address = `/admin/keeping/${held.id}`
    const refused = await admin.submit(await admin.get(address), `${address}/hold`, { reason: ' ' })
    assert.deepEqual([refused.status, refused.has('请写明为什么要暂缓删除')], [422, true])
    assert.ok((await admin.submit(await admin.get(address), `${address}/hold`, { reason: '正在处理投诉' })).has('已暂缓删除'))
    assert.ok((await admin.get('/admin/keeping?held=1')).has('正在处理投诉'))
    assert.equal((await (await applicant(one.id)).get('/admin/keeping')).status, 403)
  })

  await t.test('two weeks before, its applicant is told once, with the way to a copy', async () => {
    const { expires_at } = await rowOf(one.id) ?? {}
    campus.clock.advance((expires_at ?? 0) - campus.clock.now() - 15.5 * DAY)
    await night(campus)
    assert.equal((await told(one.id)).length, 0, 'not sooner')
    await night(campus)
    await night(campus)
    assert.equal((await told(one.id)).length, 1)
    assert.equal((await told(held.id)).length, 0, 'of what is held back nobody is told')
    const { expires_at: day } = await rowOf(one.id) ?? {}
    assert.ok((day ?? 0) >= campus.clock.now() + 12 * DAY)
  })

  await t.test('then its content goes, in the middle of which the job may be killed, and a line stays with the proof in the trail', async () => {
    const [number, same] = [(await rowOf(one.id))?.number, (await rowOf(held.id))?.form]
    assert.deepEqual((await tablesWith(campus, OPINION)).length > 0, true)
    campus.clock.advance(15 * DAY)
    // A kill between two applications leaves the rest for the next run; within one nothing is written.
    await assert.rejects(campus.app.database.write(async tx => {
      await campus.app.services.forget(tx, one.id)
      throw new Error('killed')
    }), /killed/)
    assert.ok((await rowOf(one.id))?.form)
    await night(campus)
    await night(campus)
    const { form, draft, sources, instance_id, person_name, person_number, status, forgotten_at } = await rowOf(one.id) ?? {}
    assert.deepEqual({ form, draft, sources, instance_id, person_name, person_number, status }, { form: null, draft: null, sources: null, instance_id: null, person_name: '', person_number: '', status: 'rejected' })
    assert.ok(forgotten_at)
    const [client, auditor] = [await applicant(one.id), await campus.phone((await holderOf(campus, 'audit')).userid)]
    const page = await client.get(one.path)
    assert.ok(page.has('保存期限已到') && page.has(number ?? '-') && page.has('已驳回') && !page.has(WORDS) && !page.has(OPINION), page.text)
    assert.ok((await client.get('/sent')).has('在读证明'))
    assert.ok(!(await client.get('/account/data')).has(WORDS))
    const proofs = await db.selectFrom('events').select(['data', 'actor_id']).where('subject', '=', one.id).where('name', '=', 'services.application-forgotten').execute()
    assert.deepEqual(proofs.map(({ data, actor_id }) => [JSON.parse(data).deleted, actor_id]), [[{ revisions: 1, attachments: 1, secrets: 0, corrections: 0, reservations: 0, tasks: 1, decisions: 1, remarks: 0, messages: JSON.parse(proofs[0]?.data ?? '').deleted.messages }, null]])
    assert.ok(JSON.parse(proofs[0]?.data ?? '').deleted.messages >= 2)
    assert.equal((await rowOf(held.id))?.form, same)
    assert.ok(!isKept(one.sha256) && isKept(held.sha256))
    const inConsole = await (await administrator()).get(`/admin/applications/${one.id}`)
    assert.ok(inConsole.has('内容删除时间') && !inConsole.has(WORDS) && !inConsole.has('（）'), inConsole.text)
    const person = await personOf(one.id)
    await assert.rejects(campus.app.database.write(tx => campus.app.services.copyAsNew(tx, person, one.id)), { kind: 'conflict' })
    assert.equal((await client.get(`/documents/records/${one.id}`)).status, 409)
    assert.ok((await auditor.submit(await auditor.get('/admin/events'), '/admin/events/check', {})).has('没有改动过'), 'the chain of the trail is whole')
  })

  await t.test('what is let go again is told of and then deleted, and nothing of it is left anywhere', async () => {
    const [admin, address] = [await administrator(), `/admin/keeping/${held.id}`]
    assert.ok((await admin.submit(await admin.get(address), `${address}/release`, {})).has('已取消暂缓'))
    await night(campus)
    assert.equal((await told(held.id)).length, 1)
    assert.ok((await rowOf(held.id))?.form)
    campus.clock.advance(14 * DAY)
    await night(campus)
    assert.deepEqual([await tablesWith(campus, WORDS), await tablesWith(campus, OPINION)], [[], []])
    assert.equal((await db.selectFrom('jobs').select('id').where('name', '=', forgetExpired.name).where('status', '<>', 'done').execute()).length, 0)
  })

  await t.test('a draft that nobody touches is told of and deleted after ninety days; typed into, it stays', async () => {
    const [left, used] = [await campus.student(), await campus.student()]
    for (const { client } of [left, used]) await client.submit(await client.get(APPLY), APPLY, { ...GOOD, remark: WORDS, intent: 'save' })
    campus.clock.advance(76 * DAY)
    await night(campus)
    const [mine, theirs] = [await campus.as(left.name), await campus.as(used.name)]
    assert.ok((await mine.get('/messages')).has('你有 1 份申请或草稿的保存期限快到了'))
    await theirs.submit(await theirs.get(APPLY), APPLY, { ...GOOD, remark: WORDS, intent: 'save' })
    campus.clock.advance(15 * DAY)
    await night(campus)
    const drafts = await db.selectFrom('services_applications').select('person_name').where('status', '=', 'draft').where('saved_at', 'is not', null).execute()
    assert.deepEqual(drafts.map(row => row.person_name), [used.name])
  })
})

test('a file that a kill left without a row is swept after a day, and no other', async t => {
  const campus = await startCampus(t)
  const files = createFiles(campus.app.config.filesUrl)
  const { client } = await campus.student()
  const { path } = await apply(client, { ...GOOD, attachment: PDF })
  const { sha256 } = await campus.app.database.db.selectFrom('services_attachments').select('sha256').where('application_id', '=', idIn(path)).executeTakeFirstOrThrow()
  const orphan = await files.put(Buffer.from('put, and then the process was killed'))
  assert.equal(await files.sweep(Date.now() - DAY, async () => new Set()), 0, 'what is fresh may get its row yet')
  campus.clock.advance(Math.max(0, Date.now() - campus.clock.now()) + DAY)
  await night(campus)
  assert.deepEqual([await files.has(orphan), await files.has(sha256)], [false, true])
})
