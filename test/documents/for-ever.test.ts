import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { drawDocument } from '../../src/features/documents/jobs.ts'
import { enqueue } from '../../src/platform/jobs.ts'
import { startTestApp } from '../support/app.ts'
import { quietLog } from '../support/database.ts'
import { asked, phoneOf, wordsOf } from './transcript.ts'

const STUDENT = '20241060101'
const catalogue = join(import.meta.dirname, '../../src/catalogue')

/** The catalogue as a later release may have it: other words on the transcript, another way to reckon. */
function later(t: { after(clean: () => unknown): void }): { documentFiles: string; schemeFiles: string } {
  const folder = mkdtempSync(join(tmpdir(), 'hall-later-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const [documentFiles, schemeFiles] = [join(folder, 'documents'), join(folder, 'gpa')]
  cpSync(join(catalogue, 'documents'), documentFiles, { recursive: true })
  cpSync(join(catalogue, 'gpa'), schemeFiles, { recursive: true })
  const change = (path: string, from: RegExp, to: string) => {
    const text = readFileSync(path, 'utf8')
    assert.match(text, from)
    writeFileSync(path, text.replaceAll(new RegExp(from, 'g'), to))
  }
  change(join(documentFiles, '_transcript-zh.eta'), /修读学分/, '所修学分')
  change(join(schemeFiles, '_cohorts.json'), /continuous-4/, 'linear-5')
  return { documentFiles, schemeFiles }
}

test('a paper is drawn again to the same content once scheme, grades, roster and template are others', async t => {
  const hall = await startTestApp(t, { grades: true })
  const { db } = hall.app.database
  const phone = await phoneOf(hall, STUDENT)
  const id = await asked(hall, phone, 'transcript-zh-gpa')
  const paper = () => db.selectFrom('documents_documents').select(['facts', 'template_hash', 'number', 'code', 'created_at', 'status', 'sha256']).where('id', '=', id).executeTakeFirstOrThrow()
  const [first, words] = [await paper(), await wordsOf(t, phone, id)]
  assert.ok(words.includes('修读学分56') && words.includes('1.95/4.0'), words)

  await db.updateTable('documents_grades').set({ mark: '100', course: '改过的课程' }).where('number', '=', STUDENT).execute()
  await db.updateTable('identity_numbers').set({ major: '改过的专业' }).where('number', '=', STUDENT).execute()
  hall.clock.advance(40 * 86_400_000)
  // The next release takes over.
  await hall.app.dispatcher.stop()
  const next = await createApp(hall.app.config, { clock: hall.clock, log: quietLog, ...later(t) })
  t.after(() => next.close())
  await next.dispatcher.start()
  const { write } = next.database
  await write(async tx => {
    await tx.updateTable('documents_documents').set({ status: 'reserved', sha256: null }).where('id', '=', id).execute()
    await enqueue(tx, drawDocument, { document_id: id })
  })
  await next.dispatcher.drain()
  const again = await paper()
  assert.equal(again.status, 'issued')
  assert.deepEqual({ ...again, sha256: '' }, { ...first, sha256: '' })
  const reader = await phoneOf(hall, STUDENT) // forty days are longer than a session
  assert.equal(await wordsOf(t, reader, id), words)

  // And it is the changes that did nothing: what is asked for now says them all.
  const { person_id, name } = await db.selectFrom('identity_numbers as number').innerJoin('identity_people as person', 'person.id', 'number.person_id').select(['person.id as person_id', 'person.name']).where('number.number', '=', STUDENT).executeTakeFirstOrThrow()
  const actor = { person_id, number: STUDENT }
  const batch = await write(tx => next.documents.bulk.prepare(tx, actor, { name: '', kind: 'transcript-zh-gpa', purpose: '', again: true, deliver: 'none', by_name: name, people: [{ person_id, number: STUDENT, name }], strangers: [] }))
  await next.dispatcher.drain()
  await write(tx => next.documents.bulk.begin(tx, actor, batch))
  await next.dispatcher.drain()
  const fresh = await db.selectFrom('documents_documents').select(['id', 'status', 'template_hash']).where('person_number', '=', STUDENT).orderBy('id', 'desc').executeTakeFirstOrThrow()
  const changed = await wordsOf(t, reader, fresh.id)
  assert.deepEqual([fresh.status, fresh.template_hash === first.template_hash], ['issued', false])
  for (const said of ['所修学分', '改过的课程', '改过的专业', '/5.0']) assert.ok(changed.includes(said) && !words.includes(said), `${said}: ${changed}`)
})
