import type { Decision, Emptiness, Ending, InstanceStatus, NodeStatus, TaskStatus } from './rules/history.ts'

export interface ApprovalsTables {
  approvals_instances: InstancesTable
  approvals_nodes: NodesTable
  approvals_tasks: TasksTable
  approvals_decisions: DecisionsTable
  approvals_history: HistoryTable
}

export interface InstancesTable {
  id: string
  /** the owner's word for what is being approved, as `services.application` */
  kind: string
  /** the owner's id of it */
  subject: string
  title: string
  /** path of the owner's page of it */
  url: string
  /** JSON: rows [{ label, value }] that an approver reads first */
  summary: string
  /** JSON: what rules and conditions may ask about */
  form: string
  /** JSON: the flow as it was when the instance began; later versions do not reach it */
  flow: string
  /** raised first by every verb, which puts those that come at once in line */
  version: number
  status: InstanceStatus
  applicant_id: string
  applicant_number: string | null
  applicant_name: string
  started_at: number
  ended_at: number | null
}

export interface NodesTable {
  id: string
  instance_id: string
  /** from 1, in the order entered */
  number: number
  /** the step's id in the flow; a step walked again is a further node */
  step: string
  kind: string
  label: string
  status: Exclude<NodeStatus, 'asked'>
  /** why nobody acted here */
  note: Emptiness | null
  started_at: number
  ended_at: number | null
}

export interface TasksTable {
  id: string
  instance_id: string
  node_id: string
  person_id: string
  /** as the person was called then; a record keeps its names */
  person_name: string
  /** name of the approver rule that chose the person */
  rule: string
  reason: 'rule' | 'nobody'
  /** JSON: the rule's words for this person, as history.ts has them; null where its label says it */
  why: string | null
  status: TaskStatus
  created_at: number
  ended_at: number | null
  /** who ended it, which is another person where it was closed; null where the applicant withdrew or no one acted */
  ended_by: string | null
  ended_by_name: string | null
  ended_as: Ending['as'] | null
}

export interface DecisionsTable {
  id: string
  instance_id: string
  node_id: string
  /** unique: a task is decided once */
  task_id: string
  person_id: string
  person_name: string
  decision: Decision
  comment: string
  via: 'page' | 'card'
  created_at: number
}

/** The truth; the other tables but the decisions' comments follow from it. */
export interface HistoryTable {
  instance_id: string
  /** from 1 */
  seq: number
  /** JSON: an Entry of rules/history.ts */
  entry: string
}
