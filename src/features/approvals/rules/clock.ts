import { schoolInstant } from '../../../platform/dates.ts'
import type { Step } from '../schema.ts'
import type { Entry } from './history.ts'
import type { Node, State } from './state.ts'

/** Counts working time; see platform/working-time.ts. Minutes and epoch ms. */
export type WorkingTime = { add(from: number, minutes: number): number; between(from: number, to: number): number }
export type Counted = 'working' | 'clock' | undefined

const MINUTE = 60_000

/** So many minutes after the instant. A limit is in working time unless it says otherwise. */
export function after(time: WorkingTime, counted: Counted, from: number, minutes: number): number {
  return counted === 'clock' ? from + minutes * MINUTE : time.add(from, minutes)
}

/** How many minutes the node has been open, as its step counts them; those in which the instance was suspended do not count. */
function minutesOpen(time: WorkingTime, counted: Counted, node: Node, history: readonly Entry[], now: number): number {
  let [sum, from]: [number, number | null] = [0, node.started_at]
  const count = (until: number) => { if (from !== null) sum += counted === 'clock' ? (until - from) / MINUTE : time.between(from, until) }
  for (const entry of history) {
    if (entry.at < node.started_at) continue
    if (entry.kind === 'suspended') { count(entry.at); from = null }
    if (entry.kind === 'resumed') from = entry.at
  }
  count(now)
  return sum
}

/** When a delay ends that waits for a day of the form (epoch ms); null where the form names none. */
export function untilOf({ until }: Extract<Step, { kind: 'delay' }>, form: Readonly<Record<string, unknown>>): number | null {
  const value = until && Object.hasOwn(form, until.field) ? form[until.field] : undefined
  const day: unknown = typeof value === 'object' && value !== null && 'to' in value ? value.to : value
  return typeof day === 'string' ? schoolInstant(day, until?.time) : null
}

/** What is to happen to an open node next because time goes by, and at which of its minutes, or at which instant (epoch ms); null for nothing. */
export type Due = { does: 'elapse' | 'remind' | 'over'; minutes: number; counted: Counted; until?: number }

/** How many minutes are left, as they are counted. What waits for an instant does not wait longer for having been suspended. */
export function minutesLeft(time: WorkingTime, { minutes, counted, until }: Due, node: Node, history: readonly Entry[], now: number): number {
  return until === undefined ? minutes - minutesOpen(time, counted, node, history, now) : (until - now) / MINUTE
}

export function dueOf(step: Step | undefined, node: Node, { reminded, overdue }: Pick<State, 'reminded' | 'overdue'>): Due | null {
  if (node.until !== undefined) return { does: 'elapse', minutes: 0, counted: 'clock', until: node.until }
  if (step?.kind === 'delay') return { does: 'elapse', minutes: step.minutes ?? 0, counted: step.clock }
  if (step?.kind !== 'approval' || !step.limit || overdue.includes(node.number)) return null
  const { minutes, remind, over, clock: counted } = step.limit
  const times = reminded.get(node.number) ?? 0
  const soonest = minutes + times * (remind?.every ?? 0)
  if (remind && times < remind.times) return { does: 'remind', minutes: soonest, counted }
  return over ? { does: 'over', minutes: soonest, counted } : null
}

/** Epoch ms of the node's end as the flow sets it, for who reads it; null where nothing is set. */
export function dueAt(time: WorkingTime, step: Step | undefined, node: Node): number | null {
  if (node.until !== undefined) return node.until
  if (step?.kind === 'delay') return after(time, step.clock, node.started_at, step.minutes ?? 0)
  return step?.kind === 'approval' && step.limit ? after(time, step.limit.clock, node.started_at, step.limit.minutes) : null
}
