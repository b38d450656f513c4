import type { ApprovalStep, Why } from '../define.ts'

/**
 * What has happened to an instance, as data. The history is the truth; rows of nodes and tasks are its shadow.
 * Entries are never changed or removed. A further capability is a further kind of entry.
 */
export type Entry =
  | { kind: 'started'; at: number }
  | { kind: 'assigned'; at: number; node: number; tasks: Assignment[] }
  | { kind: 'skipped'; at: number; node: number; why: Emptiness }
  | { kind: 'refused'; at: number; node: number; why: Emptiness }
  | { kind: 'decided'; at: number; task: string; by: string; decision: 'approve' | 'reject' }
  | { kind: 'returned'; at: number; task: string; by: string; to: 'applicant' }
  | { kind: 'resubmitted'; at: number }
  | { kind: 'withdrawn'; at: number }
  | { kind: 'urged'; at: number }

/** Why nobody is asked: the rule found nobody, or only the applicant. */
export type Emptiness = 'nobody' | 'self'

/** A task as it is handed out. `reason` says how it came to this person: the rule chose, or the rule found nobody and the administrators stand in. `why`: what the rule says of this person, where its label does not say it all. */
export type Assignment = { id: string; person_id: string; person_name: string; rule: string; reason: 'rule' | 'nobody'; why?: Why }

/** The answers to an ask; each closes the question 'who acts at node n?'. */
export type Answer = Extract<Entry, { kind: 'assigned' | 'skipped' | 'refused' }>

export type InstanceStatus = 'running' | 'returned' | 'approved' | 'rejected' | 'withdrawn'
export type NodeStatus = 'asked' | 'open' | 'passed' | 'skipped' | 'rejected' | 'returned' | 'cancelled'
export type TaskStatus = 'open' | 'done' | 'closed'
export type Decision = 'approve' | 'reject' | 'return'

/** How something ended: when, by whose act (null: nobody's, a rule found no one), and by what. */
export type Ending = { at: number; by: string | null; by_name: string | null; as: Decision | 'withdraw' }

/** One visit to a step. A step that is walked again gets a further node; nodes are numbered from 1 in the order entered. */
export type Node = { number: number; step: string; status: NodeStatus; note: Emptiness | null; started_at: number; ended_at: number | null }

/** done: its own person decided. closed: it ended without that person. */
export type Task = Assignment & { node: number; status: TaskStatus; created_at: number; ending: Ending | null }

/** The question that must be answered before anybody can act. */
export type Ask = { node: number; step: ApprovalStep }

/** What a history amounts to. */
export type State = {
  status: InstanceStatus
  nodes: Node[]
  tasks: Task[]
  /** step → number of the node that stands for it now; a step without one lies ahead */
  standing: Map<string, number>
  ask: Ask | null
  urged_at: number | null
  ended_at: number | null
}
