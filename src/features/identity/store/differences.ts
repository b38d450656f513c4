import type { Insertable } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import { newId } from '../../../platform/ids.ts'
import type { DifferencesTable } from '../contact-tables.ts'
import type { DifferenceField, Found } from '../rules/differences.ts'
import { chunksOf } from './members.ts'

export type DifferenceRow = DifferencesTable

export async function differencesOf(db: Db, subjects: readonly string[]): Promise<DifferenceRow[]> {
  const found = await Promise.all(chunksOf(subjects).map(chunk => db.selectFrom('identity_differences').selectAll().where('subject', 'in', chunk).execute()))
  return found.flat()
}

export async function differencesByIds(db: Db, ids: readonly string[]): Promise<DifferenceRow[]> {
  const found = await Promise.all(chunksOf(ids).map(chunk => db.selectFrom('identity_differences').selectAll().where('id', 'in', chunk).orderBy('id').execute()))
  return found.flat()
}

/** The fields of a member that are to be left as they are there. */
export async function ignoredFields(db: Db, subjects: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await Promise.all(chunksOf(subjects).map(chunk => db.selectFrom('identity_differences').select(['subject', 'field'])
    .where('subject', 'in', chunk).where('decision', '=', 'ignore').execute()))
  return new Map([...Map.groupBy(rows.flat(), row => row.subject)].map(([subject, fields]) => [subject, new Set(fields.map(row => row.field))]))
}

/** Those of a field, by what was decided. */
export async function differencesOfField(db: Db, fields: readonly DifferenceField[]): Promise<DifferenceRow[]> {
  return await db.selectFrom('identity_differences').selectAll().where('field', 'in', fields).execute()
}

export async function insertDifferences(tx: Tx, found: readonly Found[]): Promise<void> {
  const now = tx.bus.clock.now()
  const rows = found.map((each): Insertable<DifferencesTable> => ({
    id: newId(), subject: each.subject, field: each.field, number: each.number, name: cut(each.name, 100), ours: each.ours === null ? null : cut(each.ours, 400), theirs: each.theirs === null ? null : cut(each.theirs, 400),
    problem: each.problem ?? null, decision: 'open', decided_by: null, decided_at: null, first_seen: now, seen_at: now,
  }))
  for (const chunk of chunksOf(rows)) await tx.insertInto('identity_differences').values(chunk).execute()
}

const cut = (text: string, length: number): string => [...text].slice(0, length).join('')

export async function updateDifference(tx: Tx, id: string, change: Partial<Omit<DifferenceRow, 'id'>>): Promise<void> {
  await tx.updateTable('identity_differences').set(change).where('id', '=', id).execute()
}

/** They were found again, unchanged. */
export async function touchDifferences(tx: Tx, ids: readonly string[]): Promise<void> {
  const seen_at = tx.bus.clock.now()
  for (const chunk of chunksOf(ids)) await tx.updateTable('identity_differences').set({ seen_at }).where('id', 'in', chunk).execute()
}

export async function deleteDifferences(tx: Tx, ids: readonly string[]): Promise<void> {
  for (const chunk of chunksOf(ids)) await tx.deleteFrom('identity_differences').where('id', 'in', chunk).execute()
}

/** Those that were written, or are so no more, of one subject. */
export async function settleDifferences(tx: Tx, subject: string, fields: readonly string[]): Promise<void> {
  if (fields.length === 0) return
  await tx.deleteFrom('identity_differences').where('subject', '=', subject).where('field', 'in', fields).where('decision', '!=', 'ignore').execute()
}

/** Not ignored, and not found since `before` (epoch ms): they have settled themselves. At most `limit`. */
export async function staleDifferences(db: Db, before: number, limit: number): Promise<string[]> {
  const rows = await db.selectFrom('identity_differences').select('id').where('seen_at', '<', before).where('decision', '!=', 'ignore').where('field', '!=', 'refused').orderBy('id').limit(limit).execute()
  return rows.map(row => row.id)
}

export type DifferenceFilter = { decision: 'open' | 'ours' | 'ignore'; fields?: readonly DifferenceField[] | undefined; q?: string | undefined }

function filtered(db: Db, { decision, fields, q }: DifferenceFilter) {
  const typed = (q ?? '').normalize('NFKC').trim().replace(/[%_\\]/g, '').slice(0, 60)
  return db.selectFrom('identity_differences').where('decision', '=', decision)
    .$if(fields !== undefined, query => query.where('field', 'in', fields?.length ? fields : ['missing']))
    .$if(typed !== '', query => query.where(({ or, eb }) => or([eb('number', 'like', `${typed}%`), eb('name', 'like', `%${typed}%`), eb('subject', 'like', `m:${typed.toLowerCase()}%`)])))
}

/** A page in the order in which they were found; `after` is the last id of the page before. */
export async function listDifferences(db: Db, filter: DifferenceFilter, { after, limit }: { after?: string | undefined; limit: number }): Promise<DifferenceRow[]> {
  return await filtered(db, filter).selectAll().$if(after !== undefined, query => query.where('id', '>', after ?? '')).orderBy('id').limit(limit).execute()
}

/** How many there are of each field and decision. */
export async function countDifferences(db: Db): Promise<{ field: string; decision: string; count: number }[]> {
  const rows = await db.selectFrom('identity_differences').select(({ fn }) => ['field', 'decision', fn.countAll<number | string>().as('count')]).groupBy(['field', 'decision']).execute()
  return rows.map(({ count, ...row }) => ({ ...row, count: Number(count) }))
}

export async function countFiltered(db: Db, filter: DifferenceFilter): Promise<number> {
  const row = await filtered(db, filter).select(({ fn }) => fn.countAll<number | string>().as('count')).executeTakeFirst()
  return Number(row?.count ?? 0)
}
