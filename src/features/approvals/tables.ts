import type { Act } from './rules/acts.ts'
import type { Reason } from './rules/history.ts'
import type { Decision, Ending, InstanceStatus, NodeStatus, Note, TaskStatus, Wants } from './rules/state.ts'

export interface ApprovalsTables {
  approvals_instances: InstancesTable
  approvals_nodes: NodesTable
  approvals_tasks: TasksTable
  approvals_decisions: DecisionsTable
  approvals_history: HistoryTable
  approvals_remarks: RemarksTable
  approvals_copies: CopiesTable
  approvals_delegations: DelegationsTable
  approvals_handovers: HandoversTable
  approvals_handover_items: HandoverItemsTable
  approvals_calls: CallsTable
}

export interface InstancesTable {
  id: string
  /** the owner's word for what is being approved, as `services.application` */
  kind: string
  /** the owner's id of it */
  subject: string
  /** what its owner calls it by, as 20261121-0001 */
  reference: string | null
  /** the owner's word for what it is one of, as a service's key */
  topic: string | null
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
  /** by when its owner promised an end; null: nothing was promised */
  due_at: number | null
  /** what its owner tells the applicant besides, at the end */
  ending_note: string | null
  /** by an administrator; null while it goes its way */
  suspended_at: number | null
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
  note: Note | null
  started_at: number
  ended_at: number | null
  /** of a step with a limit, and of a delay: when its time will be up as things stood when it began */
  due_at: number | null
}

export interface TasksTable {
  id: string
  instance_id: string
  node_id: string
  /** as its node has it: a list of tasks reads no nodes, of which a full table has one for each line, far apart */
  label: string
  /** likewise */
  due_at: number | null
  person_id: string
  /** as the person was called then; a record keeps its names */
  person_name: string
  /** name of the approver rule that chose the person */
  rule: string
  reason: Reason
  /** JSON: the rule's words for this person, as history.ts has them; null where its label says it */
  why: string | null
  status: TaskStatus
  created_at: number
  ended_at: number | null
  /** who ended it, which is another person where it was closed; null where the applicant withdrew or no one acted */
  ended_by: string | null
  ended_by_name: string | null
  ended_as: Ending['as'] | null
  wants: Wants
  /** for whom the person stands in, by a standing delegation */
  for_id: string | null
  for_name: string | null
  /** 暂存: an opinion typed and not given yet */
  draft: string | null
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
  /** what the owner knows the handwritten signature by */
  signature: string | null
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

/** What was said and done beside decisions: 转交, 加签, 沟通, what an administrator did, what time did. */
export interface RemarksTable {
  id: string
  instance_id: string
  node_id: string | null
  /** null where nobody did it */
  person_id: string | null
  person_name: string | null
  act: Act
  /** to whom or what, as the timeline names it */
  whom: string
  text: string
  created_at: number
}

/** 抄送. One row per instance and person: nobody is sent the same thing twice. */
export interface CopiesTable {
  id: string
  instance_id: string
  /** the 抄送 node; null where a person sent it */
  node_id: string | null
  person_id: string
  person_name: string
  by_name: string | null
  created_at: number
}

/** 代理: from one time to another all that would fall to a person falls to another. Ended early, it is given an earlier end. */
export interface DelegationsTable {
  id: string
  person_id: string
  person_name: string
  delegate_id: string
  delegate_name: string
  starts_at: number
  ends_at: number
  created_at: number
}

/** 离职交接: all open tasks of one person go to another, by a job. */
export interface HandoversTable {
  id: string
  from_id: string
  from_name: string
  to_id: string
  to_name: string
  by_id: string
  by_number: string | null
  reason: string
  moved: number
  /** those that could not go to this person */
  kept: number
  created_at: number
  ended_at: number | null
}

/** What became of each task of a hand-over; written with its move. */
export interface HandoverItemsTable {
  handover_id: string
  task_id: string
  instance_id: string
  outcome: 'moved' | 'kept'
  /** JSON: why it was kept, a phrase with its params */
  sentence: string | null
  created_at: number
}

/** One try of a trigger's call, and what came of it. */
export interface CallsTable {
  id: string
  instance_id: string
  node_id: string
  /** of the connection */
  name: string
  /** from 1 */
  attempt: number
  at: number
  ms: number
  /** null where no answer came */
  status: number | null
  /** JSON: why it does not count, a phrase with its params */
  error: string | null
  /** how the answer begins */
  answer: string
}
