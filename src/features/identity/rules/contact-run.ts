import { defineMachine } from '../../../platform/machine.ts'
import { addressBookRead } from '../events-contacts.ts'

/** A walk through the address book. */
export const contactRunMachine = defineMachine({
  name: 'identity.contact-run',
  table: 'identity_contact_runs',
  edges: {
    finish: { from: ['running'], to: 'done', emits: addressBookRead },
    fail: { from: ['running'], to: 'failed' },
  },
  sentences: { done: '这一次已经做完了', failed: '这一次已经中止了' },
})

/** In this order. `ids` needs the secret of contact sync: it alone sees members outside the app's range. */
export const pullPhases = ['departments', 'members', 'ids', 'gone', 'missing', 'closing'] as const
export const pushPhases = ['marking', 'departments', 'members'] as const
export type PullPhase = typeof pullPhases[number]
export type PushPhase = typeof pushPhases[number]

export const phaseLabels: Readonly<Record<string, string>> = {
  'pull departments': '读取部门', 'pull members': '逐个部门读取成员', 'pull ids': '读取可见范围以外的成员', 'pull gone': '核对已离开的成员', 'pull missing': '核对还没有加入的人',
  'pull closing': '整理差异', 'push marking': '核对名单里要写入的内容', 'push departments': '写入部门', 'push members': '写入成员',
}

/** Without a step for so long, a run has lost its process and its job: another may begin. */
export const RUN_SILENT = 2 * 3600_000

export type Totals = Readonly<Record<string, number>>

export function readTotals(text: string): Totals {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value).filter((pair): pair is [string, number] => typeof pair[1] === 'number'))
}

export function addTotals(a: Totals, b: Totals): Totals {
  const sum = new Map(Object.entries(a))
  for (const [name, count] of Object.entries(b)) sum.set(name, (sum.get(name) ?? 0) + count)
  return Object.fromEntries(sum)
}

const MINUTE = 60_000

/**
 * Keeps to so many calls in a minute: the totals carry the minute that is being counted. Returns them with `calls` more, and how long to
 * wait before the next slice, ms.
 */
export function paced(totals: Totals, calls: number, perMinute: number, now: number): { totals: Totals; wait: number } {
  const fresh = now - (totals['minute_began'] ?? 0) >= MINUTE
  const began = fresh ? now : totals['minute_began'] ?? now
  const made = (fresh ? 0 : totals['minute_calls'] ?? 0) + calls
  return { totals: { ...addTotals(totals, { calls }), minute_began: began, minute_calls: made }, wait: made >= perMinute ? began + MINUTE - now : 0 }
}
