import { sql } from 'kysely'
import type { Tables } from '../tables.ts'
import type { Tx } from './db.ts'
import { AppError } from './errors.ts'
import { type Actor, emit, type EventType } from './events.ts'
import { runNamed } from './prepared.ts'

type TableWithStatus = { [K in keyof Tables]: Tables[K] extends { id: string; status: string } ? K : never }[keyof Tables]

export type Edge<Status extends string> = {
  from: readonly Status[]
  to: Status
  /** announced with the row's id as subject */
  emits?: EventType<Record<string, unknown>>
}

export type Machine<Status extends string = string, Verb extends string = string> = {
  readonly name: string
  readonly table: TableWithStatus
  readonly edges: Readonly<Record<Verb, Edge<Status>>>
  /** what the loser of a race reads, by the status the row has by now */
  readonly sentences?: Partial<Record<Status, string>>
}

/** A table of statuses and what leads from one to the next; the only place a status is decided. */
export function defineMachine<const Status extends string, const Verb extends string>(machine: Machine<Status, Verb>): Machine<Status, Verb> {
  return machine
}

type Move = {
  actor: Actor | null
  /** other columns that change with the status */
  set?: Record<string, string | number | null>
  /** payload of the edge's event */
  data?: Record<string, unknown>
  /** id of what the event is told of, where that is not the row itself */
  subject?: string
}

/**
 * Moves a row along an edge, the only way a status changes. Throws `conflict` when somebody was faster.
 * Returns the new status.
 */
export async function move<Status extends string, Verb extends string>(
  tx: Tx, machine: Machine<Status, Verb>, row: { id: string }, verb: Verb, { actor, set = {}, data = {}, subject }: Move,
): Promise<Status> {
  const edge = machine.edges[verb]
  const columns = Object.keys(set)
  const updated = await runNamed(tx, `${machine.name} ${verb} ${columns.join()}`, () => {
    const changed = ['status', ...columns].map(column => sql`${sql.ref(column)} = ${null}`)
    return sql`update ${sql.table(machine.table)} set ${sql.join(changed)} where id = ${null} and status in (${sql.join(edge.from.map(() => null))})`
  }, [edge.to, ...Object.values(set), row.id, ...edge.from])
  if (updated.numAffectedRows !== 1n) throw await lost(tx, machine, row.id)
  if (edge.emits) await emit(tx, edge.emits, data, { subject: subject ?? row.id, actor })
  return edge.to
}

async function lost<Status extends string, Verb extends string>(tx: Tx, machine: Machine<Status, Verb>, id: string): Promise<AppError> {
  const found = await sql<{ status: Status }>`select status from ${sql.table(machine.table)} where id = ${id}`.execute(tx)
  const status = found.rows[0]?.status
  if (status === undefined) return new AppError('not-found', '没有找到这条记录')
  return new AppError('conflict', machine.sentences?.[status] ?? '状态已经变了，请看最新的情况', { code: `status:${status}` })
}
