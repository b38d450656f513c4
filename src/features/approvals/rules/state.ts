import type { ApprovalStep, Step } from '../schema.ts'
import type { Assignment, Chosen, Emptiness, Person, Place, Seated } from './history.ts'

export type InstanceStatus = 'running' | 'returned' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'ended'
export type NodeStatus = 'asked' | 'open' | 'passed' | 'skipped' | 'rejected' | 'returned' | 'cancelled'
export type TaskStatus = 'open' | 'done' | 'closed'
export type Decision = 'approve' | 'reject' | 'return' | 'reply'

/** What ends a task, its own person's act or another's. */
export type EndedAs = Decision | 'send-back' | 'transfer' | 'delegate' | 'add' | 'remove' | 'claim' | 'give-back' | 'take-back'
  | 'withdraw' | 'reassign' | 'jump' | 'end' | 'move' | 'overdue' | 'failed' | 'finish'

/** How something ended: when, by whose act (null: nobody's), and by what. */
export type Ending = { at: number; by: string | null; by_name: string | null; as: EndedAs }

/** Why a node is as it is, where nobody's act says so. */
export type Note = Emptiness | 'jumped' | 'overdue' | 'failed'

/** One visit to a step. A step that is walked again gets a further node; nodes are numbered from 1 in the order entered. `until`: of a delay that the form ends, epoch ms. */
export type Node = { number: number; step: string; status: NodeStatus; note: Note | null; started_at: number; ended_at: number | null; until?: number }

/** What is asked of who holds a task: to decide, to claim it first, or to answer a question. */
export type Wants = 'decide' | 'claim' | 'reply'

/** done: its own person acted. closed: it ended without that person. */
export type Task = Assignment & { seat: number; node: number; wants: Wants; status: TaskStatus; created_at: number; ending: Ending | null }

/**
 * One say in a node; numbered from 1. Its task may change hands and come again; the say remains. `group`: of which it is a part.
 * `gone`: taken away, counts no more.
 */
export type Seat = Seated & { number: number; node: number; group: number; verdict: 'approve' | 'reject' | null; task: string | null; gone: boolean }

/**
 * Seats that are counted together. The node's own has `seat` 0; the others belong to the seat whose person called them in, and stand before,
 * beside or after its own say. delegate: it waits for their answer, whatever that is. consult: it waits for nothing.
 */
export type Group = {
  number: number
  node: number
  seat: number
  place: 'node' | Place | 'delegate' | 'consult'
  mode: ApprovalStep['mode']
  /** of a vote: percent that must be exceeded */
  over: number
  /** of a pool: the seat that has claimed it */
  claimed: number | null
}

/** The question that must be answered before anything else can happen: what the step's kind asks, or where there are seats, their tasks. */
export type Ask = { node: number; step: Step; seats?: readonly Seat[] }

/** What a history amounts to. */
export type State = {
  status: InstanceStatus
  nodes: Node[]
  tasks: Task[]
  seats: Seat[]
  groups: Group[]
  /** step → number of the node that stands for it now; a step without one lies ahead */
  standing: Map<string, number>
  /** step → the branches that hold */
  choices: Map<string, readonly number[]>
  /** who has been sent a copy, by a node or by hand */
  copied: (Person & { node: number | null; by_name: string | null })[]
  chosen: Chosen
  /** node → how often its holders were reminded */
  reminded: Map<number, number>
  /** nodes that were handed over because their time was up */
  overdue: number[]
  ask: Ask | null
  /** of what was returned: whether it goes straight back to who returned it */
  straight: boolean
  suspended: boolean
  urged_at: number | null
  ended_at: number | null
}
