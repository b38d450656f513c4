import { sql } from 'kysely'
import type { Db, Tx } from '../../../platform/db.ts'
import type { Period } from '../../../platform/periods.ts'
import { insertRows } from '../../../platform/prepared.ts'
import type { FiguresTable } from './tables.ts'

type Span = { from: number; until: number }
/** Of whose paper something happened, and how often. */
export type Happened = { kind: string; person_number: string; about: string; number: number; fen?: number }

/** Papers that were asked for; `about`: the hash of their template. */
export async function askedBetween(db: Db, { from, until }: Span): Promise<Happened[]> {
  return counted(await db.selectFrom('documents_documents').select(({ fn }) => ['kind', 'person_number', 'template_hash as about', fn.countAll<number | string>().as('number')])
    .where('created_at', '>=', from).where('created_at', '<', until).groupBy(['kind', 'person_number', 'template_hash']).execute())
}

export async function issuedBetween(db: Db, { from, until }: Span): Promise<Happened[]> {
  return counted(await db.selectFrom('documents_documents').select(({ fn, val }) => ['kind', 'person_number', val('').as('about'), fn.countAll<number | string>().as('number')])
    .where('issued_at', '>=', from).where('issued_at', '<', until).groupBy(['kind', 'person_number']).execute())
}

/** Papers that could not be made (`impossible`) or are void (`revoked`). */
export async function endedBetween(db: Db, { from, until }: Span): Promise<Happened[]> {
  return counted(await db.selectFrom('documents_documents').select(({ fn }) => ['kind', 'person_number', 'status as about', fn.countAll<number | string>().as('number')])
    .where('ended_at', '>=', from).where('ended_at', '<', until).groupBy(['kind', 'person_number', 'status']).execute())
}

export async function verifiedBetween(db: Db, { from, until }: Span): Promise<Happened[]> {
  return counted(await db.selectFrom('documents_verifications as verification').innerJoin('documents_documents as document', 'document.id', 'verification.document_id')
    .select(({ fn }) => ['document.kind', 'document.person_number', 'verification.how as about', fn.countAll<number | string>().as('number')])
    .where('verification.at', '>=', from).where('verification.at', '<', until).groupBy(['document.kind', 'document.person_number', 'verification.how']).execute())
}

export async function openedBetween(db: Db, { from, until }: Span): Promise<Happened[]> {
  return counted(await db.selectFrom('documents_share_openings as opening').innerJoin('documents_shares as share', 'share.id', 'opening.share_id').innerJoin('documents_documents as document', 'document.id', 'share.document_id')
    .select(({ fn }) => ['document.kind', 'document.person_number', 'opening.what as about', fn.countAll<number | string>().as('number')])
    .where('opening.at', '>=', from).where('opening.at', '<', until).groupBy(['document.kind', 'document.person_number', 'opening.what']).execute())
}

/** What was paid for papers asked for in this time, and what of it went back because one could not be made. */
export async function moneyBetween(db: Db, { from, until }: Span): Promise<{ paid: Happened[]; refunded: Happened[] }> {
  const priced = () => db.selectFrom('documents_documents as document').innerJoin('documents_requests as request', 'request.document_id', 'document.id')
    .select(({ fn, val }) => ['document.kind', 'document.person_number', val('').as('about'), fn.countAll<number | string>().as('number'), fn.sum<number | string>('request.price').as('fen')])
    .where('request.price', '>', 0).groupBy(['document.kind', 'document.person_number'])
  return {
    paid: counted(await priced().where('document.created_at', '>=', from).where('document.created_at', '<', until).execute()),
    refunded: counted(await priced().where('document.ended_at', '>=', from).where('document.ended_at', '<', until).where('request.status', '=', 'impossible').execute()),
  }
}

/** Kind and owner's number of papers. */
export async function ownersOf(db: Db, ids: readonly string[]): Promise<{ id: string; kind: string; person_number: string }[]> {
  return ids.length === 0 ? [] : await db.selectFrom('documents_documents').select(['id', 'kind', 'person_number']).where('id', 'in', ids).execute()
}

type Counted = Omit<Happened, 'number' | 'fen'> & { number: number | string; fen?: number | string }

function counted(rows: readonly Counted[]): Happened[] {
  return rows.map(({ kind, person_number, about, number, fen = 0 }) => ({ kind, person_number, about, number: Number(number), fen: Number(fen) }))
}

/** When the first paper was asked for; null where none was. */
export async function firstAskedAt(db: Db): Promise<number | null> {
  const row = await db.selectFrom('documents_documents').select('created_at').orderBy('created_at').limit(1).executeTakeFirst()
  return row ? Number(row.created_at) : null
}

/** The last day that is written; null where none is. */
export async function lastMeasured(db: Db): Promise<string | null> {
  const row = await db.selectFrom('documents_measured').select('day').orderBy('day', 'desc').limit(1).executeTakeFirst()
  return row?.day ?? null
}

/** Writes a day, whole; again, it takes the place of what was written. */
export async function keepDay(tx: Tx, day: string, rows: readonly FiguresTable[]): Promise<void> {
  await tx.deleteFrom('documents_figures').where('day', '=', day).execute()
  await tx.deleteFrom('documents_measured').where('day', '=', day).execute()
  await insertRows(tx, 'documents_figures', rows)
  await insertRows(tx, 'documents_measured', [{ day, measured_at: tx.bus.clock.now() }])
}

export type Wanted = Period & { kind?: string | undefined; unit_ids?: readonly string[] | undefined }

/** The days of the period added up by month (YYYY-MM). */
export async function figuresIn(db: Db, wanted: Wanted): Promise<(Omit<FiguresTable, 'day'> & { month: string })[]> {
  const month = sql<string>`substr(day, 1, 7)`
  const rows = await within(db, wanted).select(({ fn }) => [month.as('month'), 'kind', 'unit_id', 'figure', 'about', fn.sum<number | string>('number').as('number'), fn.sum<number | string>('fen').as('fen')])
    .where('figure', '<>', 'version').groupBy([month, 'kind', 'unit_id', 'figure', 'about']).execute()
  return rows.map(row => ({ ...row, number: Number(row.number), fen: Number(row.fen) }))
}

/** What was issued and verified, day by day. */
export async function courseIn(db: Db, wanted: Wanted): Promise<Pick<FiguresTable, 'day' | 'figure' | 'number'>[]> {
  const rows = await within(db, wanted).select(({ fn }) => ['day', 'figure', fn.sum<number | string>('number').as('number')]).where('figure', 'in', ['issued', 'verified']).groupBy(['day', 'figure']).execute()
  return rows.map(row => ({ ...row, number: Number(row.number) }))
}

function within(db: Db, { from, until, kind, unit_ids }: Wanted) {
  return db.selectFrom('documents_figures').where('day', '>=', from).where('day', '<=', until)
    .$if(kind !== undefined, query => query.where('kind', '=', kind ?? '')).$if(unit_ids !== undefined, query => query.where('unit_id', 'in', unit_ids?.length ? unit_ids : ['-']))
}
