import { type Db, isDuplicate, type Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { EntriesTable, TicketsTable, TicketStatus } from './tables.ts'

export type Ticket = TicketsTable
export type Entry = EntriesTable

/** False where the very same ticket was sent before. */
export async function insertTicket(tx: Tx, ticket: Ticket): Promise<boolean> {
  try {
    await tx.insertInto('helpdesk_tickets').values(ticket).execute()
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function findTicket(db: Db, id: string): Promise<Ticket | undefined> {
  return await db.selectFrom('helpdesk_tickets').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function getTicket(db: Db, id: string): Promise<Ticket> {
  const found = await findTicket(db, id)
  if (!found) throw new AppError('not-found', '没有找到这条求助')
  return found
}

type Filter = { status: TicketStatus | undefined; q: string; before: string | undefined; limit: number }

/** Newest first; `q` is the beginning of a code, a number or a name. */
export async function listTickets(db: Db, { status, q, before, limit }: Filter): Promise<Ticket[]> {
  return await db.selectFrom('helpdesk_tickets').selectAll()
    .$if(status !== undefined, query => query.where('status', '=', status ?? 'open'))
    .$if(q !== '', query => query.where(where => where.or([where('code', 'like', `${q.toUpperCase()}%`), where('number', '=', q), where('name', '=', q)])))
    .$if(before !== undefined, query => query.where('id', '<', before ?? '')).orderBy('id', 'desc').limit(limit).execute()
}

/** Of who was signed in when asking, newest first. */
export async function ticketsOf(db: Db, person_id: string, limit: number): Promise<Ticket[]> {
  return await db.selectFrom('helpdesk_tickets').selectAll().where('person_id', '=', person_id).orderBy('id', 'desc').limit(limit).execute()
}

export async function insertEntry(tx: Tx, entry: Entry): Promise<void> {
  await tx.insertInto('helpdesk_entries').values(entry).execute()
}

export async function entriesOf(db: Db, ticket_id: string): Promise<Entry[]> {
  return await db.selectFrom('helpdesk_entries').selectAll().where('ticket_id', '=', ticket_id).orderBy('id').execute()
}
