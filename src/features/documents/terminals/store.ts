import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Print, Terminal } from './tables.ts'

export async function insertTerminal(tx: Tx, terminal: Terminal): Promise<void> {
  await tx.insertInto('documents_terminals').values(terminal).execute()
}

export async function setTerminal(tx: Tx, id: string, columns: Partial<Omit<Terminal, 'id' | 'status'>>): Promise<void> {
  await tx.updateTable('documents_terminals').set(columns).where('id', '=', id).execute()
}

/** Those at work first, then by name. */
export async function listTerminals(db: Db): Promise<Terminal[]> {
  return await db.selectFrom('documents_terminals').selectAll().orderBy('status', 'desc').orderBy('name').execute()
}

export async function getTerminal(db: Db, id: string): Promise<Terminal> {
  const found = await db.selectFrom('documents_terminals').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw new AppError('not-found', '没有找到这台终端')
  return found
}

/** At work, by the hash of its token. */
export async function findByToken(db: Db, token_hash: string): Promise<Terminal | undefined> {
  return await db.selectFrom('documents_terminals').selectAll().where('token_hash', '=', token_hash).where('status', '=', 'on').executeTakeFirst()
}

/** Throws `conflict` where the terminal shows something else already. */
export async function insertPrint(tx: Tx, print: Print): Promise<void> {
  try {
    await tx.insertInto('documents_prints').values(print).execute()
  } catch (error) {
    throw isDuplicate(error) ? new AppError('conflict', '终端正在给别人打印，请稍等一会儿再扫') : error
  }
}

/** What a terminal shows. */
export async function findOpen(db: Db, terminal_id: string): Promise<Print | undefined> {
  return await db.selectFrom('documents_prints').selectAll().where('open_key', '=', terminal_id).executeTakeFirst()
}

export async function getPrint(db: Db, id: string): Promise<Print> {
  const found = await db.selectFrom('documents_prints').selectAll().where('id', '=', id).executeTakeFirst()
  if (!found) throw new AppError('not-found', '没有找到这次打印')
  return found
}

/** The terminal is free again. */
export async function clear(tx: Tx, id: string): Promise<void> {
  await tx.updateTable('documents_prints').set({ open_key: null }).where('id', '=', id).execute()
}

/** Copies of a person at a terminal since then; what did not come out is not counted. */
export async function copiesSince(db: Db, { terminal_id, person_id }: Pick<Print, 'terminal_id' | 'person_id'>, since: number): Promise<number> {
  const { copies } = await db.selectFrom('documents_prints').select(({ fn }) => fn.countAll<number>().as('copies'))
    .where('person_id', '=', person_id).where('terminal_id', '=', terminal_id).where('status', '=', 'printed').where('printed_at', '>=', since).executeTakeFirstOrThrow()
  return Number(copies)
}

/** Copies since then, by terminal. */
export async function copiesByTerminal(db: Db, since: number): Promise<Map<string, number>> {
  const rows = await db.selectFrom('documents_prints').select(['terminal_id', ({ fn }) => fn.countAll<number>().as('copies')]).where('status', '=', 'printed').where('printed_at', '>=', since).groupBy('terminal_id').execute()
  return new Map(rows.map(({ terminal_id, copies }) => [terminal_id, Number(copies)]))
}

export type ListedPrint = Print & { terminal: string; place: string; title: string; number: string }

/** Newest first; `before`: id of the last one seen. */
export async function listPrints(db: Db, whose: Partial<Pick<Print, 'person_id' | 'document_id' | 'terminal_id'>>, { before, limit }: { before?: string | undefined; limit: number }): Promise<ListedPrint[]> {
  const { person_id, document_id, terminal_id } = whose
  return await db.selectFrom('documents_prints as print').innerJoin('documents_terminals as terminal', 'terminal.id', 'print.terminal_id').innerJoin('documents_documents as document', 'document.id', 'print.document_id')
    .selectAll('print').select(['terminal.name as terminal', 'terminal.place', 'document.title', 'document.number'])
    .$if(person_id !== undefined, query => query.where('print.person_id', '=', person_id ?? '')).$if(document_id !== undefined, query => query.where('print.document_id', '=', document_id ?? ''))
    .$if(terminal_id !== undefined, query => query.where('print.terminal_id', '=', terminal_id ?? ''))
    .$if(before !== undefined, query => query.where('print.id', '<', before ?? '')).orderBy('print.id', 'desc').limit(limit).execute()
}
