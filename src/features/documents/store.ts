import { schoolTime } from '../../platform/dates.ts'
import { type Db, isDuplicate, type Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { newCode, newId } from '../../platform/ids.ts'
import { prepared, type Value } from '../../platform/prepared.ts'
import type { DocumentRow, DocumentsTables } from './tables.ts'
import type { Template } from './templates.ts'

type Stored = DocumentsTables['documents_documents']

function read(row: Stored): DocumentRow {
  return { ...row, facts: JSON.parse(row.facts) }
}

async function findBy(db: Db, column: 'code' | 'sha256', value: string): Promise<DocumentRow | undefined> {
  const row = await db.selectFrom('documents_documents').selectAll().where(column, '=', value).executeTakeFirst()
  return row && read(row)
}

export const findByCode = (db: Db, code: string) => findBy(db, 'code', code)

/** By its file as it is now, or one that it was before its seal was raised. */
export async function findBySha(db: Db, sha256: string): Promise<DocumentRow | undefined> {
  const now = await findBy(db, 'sha256', sha256)
  if (now) return now
  const earlier = await db.selectFrom('documents_revisions').select('document_id').where('sha256', '=', sha256).executeTakeFirst()
  return earlier && getDocument(db, earlier.document_id)
}

export async function getDocument(db: Db, id: string): Promise<DocumentRow> {
  const [found] = await withId(db, { id })
  if (!found) throw new AppError('not-found', '没有找到这份文件')
  return read(found)
}

export async function documentsByIds(db: Db, ids: readonly string[]): Promise<DocumentRow[]> {
  if (ids.length === 0) return []
  return (await db.selectFrom('documents_documents').selectAll().where('id', 'in', ids).orderBy('id').execute()).map(read)
}

/** A paper of this kind that this number has, or is about to have. */
export async function holdsPaper(db: Db, { person_number, kind }: Pick<DocumentRow, 'person_number' | 'kind'>): Promise<{ number: string } | undefined> {
  return await db.selectFrom('documents_documents').select('number').where('person_number', '=', person_number).where('kind', '=', kind)
    .where('status', 'in', ['reserved', 'issued']).limit(1).executeTakeFirst()
}

const withId = prepared((db: Db, value: Value<{ id: string }>) => db.selectFrom('documents_documents').selectAll().where('id', '=', value('id')))

type Beginning = Pick<DocumentRow, 'person_id' | 'person_number' | 'facts'> & Partial<Pick<DocumentRow, 'application_id' | 'record_of' | 'record_key' | 'mail_to'>>

/** A reserved document with a number and a code of its own, not yet in the table. */
export async function newDocument(tx: Tx, { kind, title, hash }: Pick<Template, 'kind' | 'title' | 'hash'>, beginning: Beginning): Promise<DocumentRow> {
  const now = tx.bus.clock.now()
  return {
    id: newId(), kind, title, number: await nextSerial(tx, schoolTime(now).date.replaceAll('-', '')), code: newCode(), template_hash: hash,
    application_id: null, record_of: null, record_key: null, mail_to: null, ...beginning,
    status: 'reserved', reason: null, sha256: null, sealed_by: null, level: null, archived_until: null, created_at: now, issued_at: null, ended_at: null,
  }
}

export async function insertDocument(tx: Tx, row: DocumentRow): Promise<void> {
  await tx.insertInto('documents_documents').values({ ...row, facts: JSON.stringify(row.facts) }).execute()
}

export async function findOfApplication(db: Db, application_id: string): Promise<DocumentRow | undefined> {
  const row = await db.selectFrom('documents_documents').selectAll().where('application_id', '=', application_id).executeTakeFirst()
  return row && read(row)
}

/** The record that holds under this key. */
export async function findRecord(db: Db, record_key: string): Promise<DocumentRow | undefined> {
  const row = await db.selectFrom('documents_documents').selectAll().where('record_key', '=', record_key).executeTakeFirst()
  return row && read(row)
}

/** All records of an application, newest first. */
export async function recordsOf(db: Db, application_id: string): Promise<DocumentRow[]> {
  return (await db.selectFrom('documents_documents').selectAll().where('record_of', '=', application_id).orderBy('id', 'desc').limit(20).execute()).map(read)
}

/** Which of these files are documents, or were until they were revoked or their seal was raised. */
export async function documentFilesAmong(db: Db, shas: readonly string[]): Promise<string[]> {
  const now = await db.selectFrom('documents_documents').select('sha256').where('sha256', 'in', shas).execute()
  const earlier = await db.selectFrom('documents_revisions').select('sha256').where('sha256', 'in', shas).execute()
  return [...now, ...earlier].flatMap(row => row.sha256 ?? [])
}

type Page = { before?: string | undefined; limit: number }

type Own = Page & { status?: Stored['status'] | undefined; /** of these kinds, or the one with this number */ found?: { kinds: readonly string[]; number: string } | undefined }

/** Newest first; `before` is the last id of the page before. */
export async function listOfPerson(db: Db, person_id: string, { before, limit, status, found }: Own): Promise<DocumentRow[]> {
  const rows = await db.selectFrom('documents_documents').selectAll().where('person_id', '=', person_id)
    .$if(status !== undefined, query => query.where('status', '=', status ?? 'issued'))
    .$if(found !== undefined, query => query.where(where => where.or([where('kind', 'in', found?.kinds.length ? found.kinds : ['']), where('number', '=', found?.number ?? '')])))
    .$if(before !== undefined, query => query.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit).execute()
  return rows.map(read)
}

/** What the register is narrowed to; `number` is the beginning of one, of the paper or of its owner. */
export type Narrowed = { status?: Stored['status'] | undefined; kind?: string | undefined; batch_id?: string | undefined; code?: string | undefined; number?: string | undefined; person_ids?: readonly string[] | undefined }

export async function listAll(db: Db, { before, limit, status, kind, batch_id, code, number, person_ids }: Page & Narrowed): Promise<DocumentRow[]> {
  const rows = await db.selectFrom('documents_documents').selectAll()
    .$if(status !== undefined, query => query.where('status', '=', status ?? 'issued'))
    .$if(kind !== undefined, query => query.where('kind', '=', kind ?? ''))
    .$if(code !== undefined, query => query.where('code', '=', code ?? ''))
    .$if(person_ids !== undefined, query => query.where('person_id', 'in', person_ids?.length ? person_ids : ['']))
    // A range, not a pattern: SQLite takes no index for that.
    .$if(number !== undefined, query => query.where(({ or, and, eb }) => or([and([eb('number', '>=', number ?? ''), eb('number', '<=', `${number}~`)]), eb('person_number', '=', number ?? '')])))
    .$if(batch_id !== undefined, query => query.where('id', 'in', db.selectFrom('documents_batch_items').select('document_id').where('batch_id', '=', batch_id ?? '').where('document_id', 'is not', null).$castTo<{ document_id: string }>()))
    .$if(before !== undefined, query => query.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit).execute()
  return rows.map(read)
}

export async function keepTemplate(tx: Tx, { hash, kind, source }: { hash: string; kind: string; source: string }): Promise<void> {
  const known = await tx.selectFrom('documents_templates').select('hash').where('hash', '=', hash).executeTakeFirst()
  if (known) return
  await ignoringDuplicate(tx.insertInto('documents_templates').values({ hash, kind, source, kept_at: tx.bus.clock.now() }).execute())
}

export async function getTemplate(db: Db, hash: string): Promise<{ kind: string; source: string }> {
  return db.selectFrom('documents_templates').select(['kind', 'source']).where('hash', '=', hash).executeTakeFirstOrThrow()
}

/** The next number of a day, as 20261121000001: no two transactions get the same, and a row that is taken back leaves no gap. */
export async function nextSerial(tx: Tx, day: string): Promise<string> {
  const { numUpdatedRows } = await tx.updateTable('documents_serials').set(({ eb }) => ({ last: eb('last', '+', 1) })).where('day', '=', day).executeTakeFirst()
  if (numUpdatedRows === 0n) {
    await ignoringDuplicate(tx.insertInto('documents_serials').values({ day, last: 0 }).execute())
    return nextSerial(tx, day)
  }
  const { last } = await tx.selectFrom('documents_serials').select('last').where('day', '=', day).executeTakeFirstOrThrow()
  return `${day}${String(last).padStart(6, '0')}`
}

/** Who looks at the same page twice in a minute has verified once; it also keeps a flood out of the table. */
const ONCE_WITHIN = 60_000
// Whoever has seen a paper has its code: they are not to bury what its owner reads.
const MOST_LATELY = 3
const MOST_A_DAY = 100
const DAY = 24 * 3_600_000

type Asked = { how: Verified['how']; organisation: string | null }

export async function insertVerification(tx: Tx, document_id: string, { how, organisation }: Asked): Promise<void> {
  const at = tx.bus.clock.now()
  const newest = tx.selectFrom('documents_verifications').where('document_id', '=', document_id).orderBy('id', 'desc')
  // The last few, and not all that were ever asked: a paper that goes round with an application is asked for thousands of times.
  const last = await newest.select(['id', 'at', 'how', 'organisation']).limit(10).execute()
  const lately = last.filter(row => row.how === how && row.at > at - ONCE_WITHIN)
  const [latest] = lately
  if (latest && (organisation === null || lately.some(row => row.organisation === organisation))) return
  // Who looks first and says for whom afterwards is the same asker.
  if (latest?.organisation === null) return void await tx.updateTable('documents_verifications').set({ organisation }).where('id', '=', latest.id).execute()
  if (lately.length >= MOST_LATELY) return
  const hundredth = await newest.select('at').offset(MOST_A_DAY - 1).limit(1).executeTakeFirst()
  if (!hundredth || hundredth.at <= at - DAY) await tx.insertInto('documents_verifications').values({ id: newId(), document_id, how, organisation, at }).execute()
}

export type Verified = Pick<DocumentsTables['documents_verifications'], 'at' | 'how' | 'organisation'>

/** Newest first. */
export async function listVerifications(db: Db, document_id: string, limit = 20): Promise<Verified[]> {
  return db.selectFrom('documents_verifications').select(['at', 'how', 'organisation']).where('document_id', '=', document_id).orderBy('id', 'desc').limit(limit).execute()
}

/** Number of the document that took its place, undefined where none did or it is not sealed yet. */
export async function replacementOf(db: Db, document_id: string): Promise<string | undefined> {
  const row = await db.selectFrom('documents_replacements as replacement').innerJoin('documents_documents as document', 'document.id', 'replacement.replaced_by')
    .select('document.number').where('replacement.document_id', '=', document_id).where('document.status', '=', 'issued').executeTakeFirst()
  return row?.number
}

export async function ignoringDuplicate(insert: Promise<unknown>): Promise<void> {
  try {
    await insert
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}
