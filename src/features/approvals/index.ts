import type { Db, Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/events.ts'
import type { Feature } from '../../platform/feature.ts'
import type { T } from '../../platform/text.ts'
import type { Deps, VerbDeps } from './deps.ts'
import { decided } from './events.ts'
import { checkFlow } from './check.ts'
import { type Forecast, foresee, type Prospect } from './foresee.ts'
import { cardClickWork, onCallback } from './jobs.ts'
import { pictureOf, refusalsOf } from './reads.ts'
import { type Fault, faultsOf } from './rules/check-flow.ts'
import { instanceMachine, nodeMachine, taskMachine } from './rules/machines.ts'
import { readWhy, whyText } from './rules/why.ts'
import { decisionsOf, historyOf, instanceOf, nodesOf } from './store.ts'
import { countsOf, doneTasksOf, openCountOf, openTasksOf, taskById, type TaskView, todoOf } from './store-tasks.ts'
import { amend } from './verbs/amend.ts'
import { decide, type Deciding } from './verbs/decide.ts'
import { resubmit, type Resubmission } from './verbs/resubmit.ts'
import { start, type Start } from './verbs/start.ts'
import type { Standing } from './verbs/turn.ts'
import { urge } from './verbs/urge.ts'
import { withdraw } from './verbs/withdraw.ts'

export type { Approver, Directory, DirectoryPerson, Flow, Found, Step, Why } from './define.ts'
export type { Deps as ApprovalsDeps } from './deps.ts'
export { decided, instanceApproved, instanceRejected, instanceReturned, instanceWithdrawn, taskClosed, taskOpened, urged } from './events.ts'
export { canDecide, type Refusal, whyNotDecide } from './rules/can.ts'
export type { Forecast, ForeseenStep, Prospect } from './foresee.ts'
export { endingText } from './rules/ending.ts'
export type { Decision, Ending, InstanceStatus, NodeStatus, TaskStatus } from './rules/history.ts'
export type { Instance, Line, PictureNode } from './store.ts'
export { MOST_COUNTED, type TaskView } from './store-tasks.ts'
export { LONGEST_COMMENT } from './verbs/decide.ts'

export type Approvals = Feature & Reads & {
  /** Begins an instance; its owner's row must already say so (see verbs/start.ts). */
  start(tx: Tx, actor: Actor, input: Start): Promise<Standing>
  decide(tx: Tx, actor: Actor, input: Deciding): Promise<Standing>
  withdraw(tx: Tx, actor: Actor, input: { instance_id: string }): Promise<void>
  resubmit(tx: Tx, actor: Actor, input: Resubmission): Promise<Standing>
  urge(tx: Tx, actor: Actor, input: { instance_id: string }): Promise<void>
  /** What somebody at a node filled in: later conditions and rules see it. Who may is the owner's business. */
  amend: typeof amend
  /** What is wrong with a flow; empty when an instance may start on it. */
  faultsOf(flow: unknown): Fault[]
  /** What should be mended before the flow is published for this audience (standings): its faults, else what is hardly meant and for whom nobody is found today. */
  checkFlow(db: Db, published: { flow: unknown; audience: readonly string[]; fields?: readonly string[] }): Promise<Fault[]>
  /** Whom each step would fall to and why, if it were sent now and everyone approved; writes nothing. */
  foresee(db: Db, t: T, prospect: Prospect): Promise<Forecast>
  /** Why a task came to its person. */
  whyText(t: T, task: Pick<TaskView, 'rule' | 'reason' | 'why'>): string
}

const reads = { todoOf, openTasksOf, doneTasksOf, countsOf, openCountOf, taskById, instanceOf, historyOf, nodesOf, decisionsOf, pictureOf, refusalsOf }
type Reads = typeof reads

/** Instances, nodes, tasks and decisions; what is being approved is its owner's business. */
export function createApprovals(deps: Deps): Approvals {
  const approvers = new Map(deps.approvers.map(approver => [approver.name, approver]))
  const verbs: VerbDeps = { clock: deps.clock, directory: deps.directory, messages: deps.messages, approvers }
  return {
    name: 'approvals',
    machines: [instanceMachine, nodeMachine, taskMachine],
    reactions: [onCallback],
    jobs: [cardClickWork(deps, verbs)],
    labels: { [decided.name]: { text: '{actor} 给出了审批意见', tone: 'quiet' } },
    ...reads,
    start: (tx, actor, input) => start(verbs, tx, actor, input),
    decide: (tx, actor, input) => decide(verbs, tx, actor, input),
    withdraw: (tx, actor, input) => withdraw(verbs, tx, actor, input),
    resubmit: (tx, actor, input) => resubmit(verbs, tx, actor, input),
    urge: (tx, actor, input) => urge(verbs, tx, actor, input),
    amend,
    faultsOf: flow => faultsOf(flow, approvers),
    checkFlow: (db, published) => checkFlow(verbs, db, published),
    foresee: (db, t, prospect) => foresee(verbs, db, t, prospect),
    whyText: (t, task) => whyText(t, approvers, { ...task, why: readWhy(task.why) }),
  }
}
