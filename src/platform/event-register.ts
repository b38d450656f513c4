import { createHash } from 'node:crypto'
import type { Db, Tx } from './db.ts'
import type { EventRow, EventsTable } from './events.ts'

type Filter = { name?: string | undefined; names?: readonly string[] | undefined; since?: number | undefined; subject?: string | undefined; actor?: string | undefined; before?: string | undefined; limit: number }

/** The trail, newest first. `name` is the beginning of a name, as `approvals.`, `names` whole ones; `since` epoch ms; `actor` a 学工号. */
export async function listEvents(db: Db, { name, names, since, subject, actor, before, limit }: Filter): Promise<(EventRow & { chain: number | null })[]> {
  const rows = await db.selectFrom('events').select(['id', 'name', 'subject', 'actor_id', 'actor_number', 'at', 'data', 'chain'])
    .$if(name !== undefined, query => query.where('name', '>=', name ?? '').where('name', '<', `${name}\u{ffff}`))
    .$if(names !== undefined, query => query.where('name', 'in', names ?? []))
    .$if(since !== undefined, query => query.where('at', '>=', since ?? 0))
    .$if(subject !== undefined, query => query.where('subject', '=', subject ?? ''))
    .$if(actor !== undefined, query => query.where('actor_number', '=', actor ?? ''))
    .$if(before !== undefined, query => query.where('id', '<', before ?? ''))
    .orderBy('id', 'desc').limit(limit).execute()
  return rows.map(row => ({ ...row, data: JSON.parse(row.data) }))
}

/** Events younger than this are not chained yet: their neighbours may still be uncommitted, ms. */
const SETTLED = 10_000

/**
 * Gives the next events, in order, their place in the chain: each hash covers the event and the hash before it, so that a changed,
 * missing or inserted row shows. Returns how many were chained.
 */
export async function chainEvents(tx: Tx, limit: number): Promise<number> {
  const last = await lastLink(tx)
  const rows = await tx.selectFrom('events').selectAll().where('chain', 'is', null).where('at', '<', tx.bus.clock.now() - SETTLED)
    .orderBy('id').limit(limit).execute()
  let { chain, hash } = { chain: last?.chain ?? 0, hash: last?.hash ?? '' }
  for (const row of rows) {
    chain += 1
    hash = link(hash, row)
    await tx.updateTable('events').set({ chain, hash }).where('id', '=', row.id).where('chain', 'is', null).execute()
  }
  return rows.length
}

/** The end of the chain; null before anything is chained. Kept outside, it shows that the newest records were cut off, which the chain itself cannot. */
export async function lastLink(db: Db): Promise<{ chain: number; hash: string } | null> {
  const last = await db.selectFrom('events').select(['chain', 'hash']).where('chain', 'is not', null).orderBy('chain', 'desc').limit(1).executeTakeFirst()
  return last ? { chain: last.chain ?? 0, hash: last.hash ?? '' } : null
}

/** Walks the chain; null where it is whole, else the first id at which it breaks. */
export async function brokenLink(db: Db): Promise<string | null> {
  let [place, hash] = [0, '']
  for (;;) {
    const rows = await db.selectFrom('events').selectAll().where('chain', '>', place).orderBy('chain').limit(1000).execute()
    for (const row of rows) {
      hash = link(hash, row)
      if (row.chain !== place + 1 || row.hash !== hash) return row.id
      place = row.chain
    }
    if (rows.length < 1000) return null
  }
}

function link(before: string, row: EventsTable): string {
  const { id, name, subject, actor_id, actor_number, at, data } = row
  return createHash('sha256').update(JSON.stringify([before, id, name, subject, actor_id, actor_number, at, data])).digest('hex')
}
