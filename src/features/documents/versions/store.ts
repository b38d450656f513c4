import type { Db } from '../../../platform/db.ts'
import { spanOf } from '../../../platform/periods.ts'
import { firstToMeasure } from '../statistics/measure.ts'

export type KeptVersion = { kind: string; hash: string; kept_at: number }

/** Texts that were ever in use, of one kind or of all, in the order in which they came. */
export async function keptVersions(db: Db, kind?: string): Promise<KeptVersion[]> {
  const rows = await db.selectFrom('documents_templates').select(['kind', 'hash', 'kept_at']).$if(kind !== undefined, query => query.where('kind', '=', kind ?? '')).orderBy('kept_at').orderBy('hash').execute()
  return rows.map(row => ({ ...row, kept_at: Number(row.kept_at) }))
}

/** How many papers each text has given, by hash: as counted at night, and since then. */
export async function papersOf(db: Db, hashes: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (hashes.length === 0) return new Map()
  const open = await firstToMeasure(db)
  const counted = await db.selectFrom('documents_figures').select(({ fn }) => ['about as hash', fn.sum<number | string>('number').as('number')]).where('figure', '=', 'version').where('about', 'in', hashes).groupBy('about').execute()
  const since = open === null ? [] : await db.selectFrom('documents_documents').select(({ fn }) => ['template_hash as hash', fn.countAll<number | string>().as('number')])
    .where('created_at', '>=', spanOf(open).from).where('template_hash', 'in', hashes).groupBy('template_hash').execute()
  const sums = new Map<string, number>()
  for (const { hash, number } of [...counted, ...since]) sums.set(hash, (sums.get(hash) ?? 0) + Number(number))
  return sums
}

/** When the first and the last paper was asked for that a text gave; null where none was. */
export async function usedAt(db: Db, hash: string): Promise<{ first: number; last: number } | null> {
  const ends = (order: 'asc' | 'desc') => db.selectFrom('documents_documents').select('created_at').where('template_hash', '=', hash).orderBy('created_at', order).limit(1).executeTakeFirst()
  const [first, last] = [await ends('asc'), await ends('desc')]
  return first && last ? { first: Number(first.created_at), last: Number(last.created_at) } : null
}
