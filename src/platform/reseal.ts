import { sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Database, Tx } from './db.ts'
import { AppError } from './errors.ts'
import type { Keyring } from './keys.ts'

/** A column of sealed texts, and the indexes by which one is found without being opened. */
export type SealedColumn = {
  table: keyof Tables & string
  /** the table's key, one column of text */
  id: string
  column: string
  purpose: string
  /** set where they are set already */
  indexes?: { columns: readonly string[]; of(text: string): string }
}

const SLICE = 200

type Reseal = { database: Database; keyring: Keyring; columns: readonly SealedColumn[]; onSlice?(done: { table: string; column: string; rows: number }): void }

/**
 * Seals everything that rests under an older key with the writing one, slice by slice, each in a transaction of its own.
 * Ended at any moment and begun again it goes on; beside a running hall it loses nobody's write. Returns how many it sealed.
 */
export async function reseal({ database, keyring, columns, onSlice }: Reseal): Promise<number> {
  let total = 0
  for (const sealed of columns) {
    for (let after: string | null = ''; after !== null;) {
      const from: string = after
      const { rows, last } = await database.write(tx => resealSlice(tx, keyring, sealed, from))
      total += rows
      if (rows > 0) onSlice?.({ table: sealed.table, column: sealed.column, rows })
      after = last
    }
  }
  return total
}

/** Does anything of these columns rest under an older key? */
export async function restsUnderOldKey({ db }: Database, keyring: Keyring, columns: readonly SealedColumn[]): Promise<boolean> {
  for (const sealed of columns) if ((await oldOnes(db, keyring, sealed, '', 1)).length > 0) return true
  return false
}

type Old = { id: string; sealed: string }

async function oldOnes(db: Database['db'], { version }: Keyring, { table, id, column }: SealedColumn, after: string, limit: number): Promise<Old[]> {
  const { rows } = await sql<Old>`select ${sql.ref(id)} as id, ${sql.ref(column)} as sealed from ${sql.table(table)}
    where ${sql.ref(id)} > ${after} and ${sql.ref(column)} is not null and ${sql.ref(column)} <> '' and ${sql.ref(column)} not like ${`${version}%`} order by ${sql.ref(id)} limit ${sql.lit(limit)}`.execute(db)
  return rows
}

async function resealSlice(tx: Tx, keyring: Keyring, sealed: SealedColumn, after: string): Promise<{ rows: number; last: string | null }> {
  const old = await oldOnes(tx, keyring, sealed, after, SLICE)
  for (const row of old) await resealRow(tx, keyring, sealed, row)
  return { rows: old.length, last: old.length === SLICE ? old.at(-1)?.id ?? null : null }
}

/** Only where it is still what was read: who wrote meanwhile wrote with the writing key. */
async function resealRow(tx: Tx, keyring: Keyring, { table, id, column, purpose, indexes }: SealedColumn, row: Old): Promise<void> {
  const text = keyring.open(purpose, row.sealed)
  if (text === null) throw new AppError('invalid', `no key of HALL_SECRET opens ${column} of ${table} ${row.id}: put the secret that it was written under at the end of HALL_SECRET`)
  const also = indexes ? indexes.columns.map(index => sql`, ${sql.ref(index)} = case when ${sql.ref(index)} is null then null else ${indexes.of(text)} end`) : []
  await sql`update ${sql.table(table)} set ${sql.ref(column)} = ${keyring.seal(purpose, text)} ${also.length > 0 ? sql.join(also, sql` `) : sql``} where ${sql.ref(id)} = ${row.id} and ${sql.ref(column)} = ${row.sealed}`.execute(tx)
}
