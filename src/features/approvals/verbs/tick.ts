import type { Tx } from '../../../platform/db.ts'
import type { VerbDeps } from '../deps.ts'
import type { Act } from '../rules/acts.ts'
import { after, type Due, dueOf, minutesLeft } from '../rules/clock.ts'
import type { Entry, Seated } from '../rules/history.ts'
import { isLive } from '../rules/run.ts'
import type { Node } from '../rules/state.ts'
import { stepsOf } from '../rules/tree.ts'
import type { ApprovalStep } from '../schema.ts'
import { peopleBy, peopleOf } from './answer.ts'
import { remark } from './remark.ts'
import { remindedTold } from './tell.ts'
import { play, takeTurn, type Turn } from './turn.ts'

/** So little is lost in rounding to milliseconds. */
const NEARLY = 0.001

/**
 * Does what time asks of an open node: ends a delay, reminds, or what the limit says. Returns when to look again (epoch ms), null for never.
 * It counts from the history, so it may run late, early or twice; of what is suspended nothing is due until it goes on.
 */
export async function tickNode(deps: VerbDeps, tx: Tx, { instance_id, node: number }: { instance_id: string; node: number }): Promise<number | null> {
  const turn = await takeTurn(tx, null, instance_id)
  const node = turn.state.nodes[number - 1]
  const step = node && stepsOf(turn.instance.flow).get(node.step)
  const due = node && isLive(node) && turn.state.status === 'running' && !turn.state.suspended ? dueOf(step, node, turn.state) : null
  if (!node || !due) return null
  const now = deps.clock.now()
  const left = minutesLeft(deps.workingTime, due, node, turn.history, now)
  if (left > NEARLY) return after(deps.workingTime, due.counted, now, left)
  const state = await happen(deps, turn, node, due)
  const next = dueOf(step, node, state)
  const still = state.nodes[number - 1]
  return next && still && isLive(still) ? after(deps.workingTime, next.counted, now, Math.max(0, next.minutes - due.minutes + left)) : null
}

async function happen(deps: VerbDeps, turn: Turn, node: Node, { does }: Due) {
  const at = deps.clock.now()
  const { number } = node
  if (does === 'elapse') return await play(deps, turn, { kind: 'elapsed', at, node: number })
  if (does === 'remind') {
    await remark(deps, turn, { act: 'remind', person_name: null, node: number })
    await deps.messages.tellAll(turn.tx, turn.state.tasks.filter(task => task.node === number && task.status === 'open').map(task => remindedTold(turn, task)))
    return await play(deps, turn, { kind: 'reminded', at, node: number })
  }
  const { act, entry, whom } = await overdue(deps, turn, node, at)
  await remark(deps, turn, { act, person_name: null, node: number, whom })
  return await play(deps, turn, entry)
}

async function overdue(deps: VerbDeps, turn: Turn, { number, step: id }: Node, at: number): Promise<{ act: Act; entry: Entry; whom: string }> {
  const step = stepsOf(turn.instance.flow).get(id)
  const over = step?.kind === 'approval' ? step.limit?.over : undefined
  const entry = { kind: 'overdue' as const, at, node: number }
  if (step?.kind !== 'approval' || typeof over !== 'object') {
    const as = over === 'reject' ? 'reject' : 'approve'
    return { act: `overdue-${as}`, entry: { ...entry, as }, whom: '' }
  }
  const people = await successors(deps, turn, number, step, over.to)
  return { act: 'overdue-transfer', entry: { ...entry, as: 'transfer', people }, whom: people.map(person => person.person_name).join('、') }
}

/** Whom the limit's rule finds, but the applicant and those who have had their say; else the administrators. */
async function successors(deps: VerbDeps, turn: Turn, node: number, step: ApprovalStep, use: ApprovalStep['approver']): Promise<Seated[]> {
  const { people, directory, applicant } = await peopleBy(deps, turn, turn.state, step.id, use)
  const said = new Set(turn.state.seats.filter(seat => seat.node === node && seat.verdict !== null).map(seat => seat.person_id))
  const fresh = people.filter(person => person.id !== applicant.id && !said.has(person.id))
  const chosen = fresh.length > 0 ? fresh : await peopleOf(directory, await directory.admins())
  return [...new Map(chosen.map(person => [person.id, person])).values()].map(({ id, name }): Seated => ({ person_id: id, person_name: name, rule: use.rule, reason: 'overdue' }))
}
