import type { Db, Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/events.ts'
import type { Feature } from '../../platform/feature.ts'
import type { T } from '../../platform/text.ts'
import type { Flow, RuleUse, Step } from './define.ts'
import type { Deps, VerbDeps } from './deps.ts'
import { checkFlow } from './check.ts'
import { acted, decided, delegationBegun, delegationEnded, handoverBegun, holderUnreachable } from './events.ts'
import { type Forecast, foresee, foreseeRest, type ForeseenStep, type Prospect } from './foresee.ts'
import type { Choosing, Offer } from './choosing.ts'
import { foreseeMove, type MoveForecast } from './foresee-move.ts'
import { actPhrase } from './rules/acts.ts'
import { callWork, cardClickWork, handOverWork, onCallback, tickWork } from './jobs.ts'
import { asksApplicant, asksOfTask, interventionsOf, offersAtStart, optionsOf, pictureOf, recallsOf, refusalsOf } from './reads.ts'
import type { Refusal } from './rules/can.ts'
import { type Fault, faultsOf } from './rules/check-flow.ts'
import { instanceMachine, nodeMachine, taskMachine } from './rules/machines.ts'
import { stepsBy } from './rules/review-flow.ts'
import { readWhy, whyText } from './rules/why.ts'
import { decisionsOf, historyOf, instanceOf, nodesOf } from './store.ts'
import { forget } from './store-forget.ts'
import { delegationsOf, handoverById, handoverItems, handovers } from './store-absence.ts'
import { callsOf } from './store-calls.ts'
import { stepsEnded, tasksDecided } from './store-figures.ts'
import { loads, placesOf, subjectsHeldBy, subjectsOverdue } from './store-console.ts'
import { findForsakenWork, strandedReactions } from './stranded.ts'
import { copiesOf, copiesTo, remarksOf } from './store-remarks.ts'
import { countsOf, doneTasksOf, openCountOf, openTasksOf, taskById, type TaskView, todoOf } from './store-tasks.ts'
import { endStandIn, standIn } from './verbs/absence.ts'
import { amend } from './verbs/amend.ts'
import { cancel } from './verbs/cancel.ts'
import { changeFlow } from './verbs/change-flow.ts'
import { decide } from './verbs/decide.ts'
import { foreseeHandOver, handOver } from './verbs/hand-over.ts'
import { end, jump, reassign, resume, suspend } from './verbs/intervene.ts'
import { addSigners, consult, delegate, transfer } from './verbs/pass-on.ts'
import { claim, giveBack } from './verbs/pool.ts'
import { removeSigner, revoke, takeBack } from './verbs/recall.ts'
import { resubmit } from './verbs/resubmit.ts'
import { comment, saveDraft, sendCopy } from './verbs/say.ts'
import { start } from './verbs/start.ts'
import { urge } from './verbs/urge.ts'
import { withdraw } from './verbs/withdraw.ts'

export type { Offer } from './choosing.ts'
export type { Approver, ApprovalStep, Directory, DirectoryPerson, Flow, Found, Step, Why } from './define.ts'
export type { Deps as ApprovalsDeps } from './deps.ts'
export {
  acted, decided, delegationBegun, delegationEnded, formFilled, handoverBegun, instanceApproved, instanceEnded, instanceRejected, instanceReturned, instanceRevoked,
  instanceWithdrawn, taskClosed, taskOpened, urged,
} from './events.ts'
export { type Act, actText } from './rules/acts.ts'
export { canDecide, type Refusal, whyNotDecide } from './rules/can.ts'
export type { Forecast, ForeseenStep, Prospect } from './foresee.ts'
export type { Held, MoveForecast } from './foresee-move.ts'
export type { Fault } from './rules/check-flow.ts'
export { endingText } from './rules/ending.ts'
export type { Place, SideMode } from './rules/history.ts'
export type { Decision, EndedAs, Ending, InstanceStatus, NodeStatus, TaskStatus, Wants } from './rules/state.ts'
export { allSteps, branchesOf } from './rules/tree.ts'
export type { Chosen } from './rules/history.ts'
export type { Interventions, Picture } from './reads.ts'
export type { Instance, Line, PictureNode } from './store.ts'
export type { Call } from './store-calls.ts'
export type { Copy, Remark } from './store-remarks.ts'
export { MOST_COUNTED, type Narrowing, type TaskView } from './store-tasks.ts'
export { LONGEST_COMMENT } from './verbs/remark.ts'

/** What can be done; what each takes and throws its file in verbs/ says. `start`: its owner's row must already say so. */
const verbs = {
  start, decide, withdraw, resubmit, urge, revoke, takeBack, claim, giveBack, transfer, delegate, consult, addSigners, removeSigner, comment, sendCopy,
  reassign, jump, end, suspend, resume, cancel, changeFlow, handOver, standIn, endStandIn,
}
type Verbs = { [Name in keyof typeof verbs]: Bound<typeof verbs[Name]> }
type Bound<Verb> = Verb extends (deps: VerbDeps, tx: Tx, actor: Actor, input: infer Input) => infer Result ? (tx: Tx, actor: Actor, input: Input) => Result : never

const reads = {
  todoOf, openTasksOf, doneTasksOf, countsOf, openCountOf, taskById, instanceOf, historyOf, nodesOf, decisionsOf, remarksOf, copiesOf, copiesTo, pictureOf, refusalsOf,
  optionsOf, recallsOf, interventionsOf, callsOf, loads, stepsEnded, tasksDecided, placesOf, subjectsHeldBy, subjectsOverdue, delegationsOf, handoverById, handoverItems, handovers, saveDraft, amend, forget,
}

export type Approvals = Feature & Verbs & typeof reads & {
  /** What is wrong with a flow; empty when an instance may start on it. */
  faultsOf(flow: unknown): Fault[]
  /** What should be mended before the flow is published for this audience (standings): its faults, else what is hardly meant and for whom nobody is found today. */
  checkFlow(db: Db, published: { flow: unknown; audience: readonly string[]; fields?: readonly string[] }): Promise<Fault[]>
  /** The steps that name people by this rule with these params, within other rules too. */
  stepsBy(flow: Flow, use: RuleUse): Step[]
  /** Whom each step would fall to and why, if it were sent now and everyone approved; writes nothing. */
  foresee(db: Db, t: T, prospect: Prospect): Promise<Forecast>
  /** What comes after where an instance stands, in the same way: the steps that have not begun. */
  foreseeRest(db: Db, t: T, instance_id: string): Promise<ForeseenStep[]>
  /** Does the flow ask its applicant to choose anybody? */
  asksApplicant(flow: Flow): boolean
  /** Whom the applicant is to choose when sending, with what the form says so far; `instance_id`: of what came back. */
  offersAtStart(db: Db, about: Omit<Choosing, 'chosen'> & { instance_id: string | null }): Promise<Offer[]>
  /** What approving the task asks besides an opinion: whom to choose for later steps, and whether to sign by hand. */
  asksOfTask(db: Db, task: { instance_id: string; id: string }): Promise<{ offers: Offer[]; signs: boolean }>
  /** What moving an instance to another flow would do to it; writes nothing. */
  foreseeMove(db: Db, to: { instance_id: string; flow: Flow; form: Record<string, unknown> }): Promise<MoveForecast>
  /** Why each of these tasks could not go to the person; null where it could. */
  foreseeHandOver(db: Db, tasks: readonly string[], to: string): Promise<Map<string, Refusal | null>>
  /** Why a task came to its person. */
  whyText(t: T, task: Pick<TaskView, 'rule' | 'reason' | 'why'> & { for_name?: string | null }): string
}

/** Instances, nodes, tasks and decisions; what is being approved is its owner's business. */
export function createApprovals(deps: Deps): Approvals {
  const approvers = new Map(deps.approvers.map(approver => [approver.name, approver]))
  const bound: VerbDeps = { clock: deps.clock, directory: deps.directory, messages: deps.messages, workingTime: deps.workingTime, approvers }
  return {
    name: 'approvals',
    machines: [instanceMachine, nodeMachine, taskMachine],
    reactions: [onCallback, ...strandedReactions(deps, bound)],
    jobs: [cardClickWork(deps, bound), tickWork(deps, bound), callWork(deps, bound), handOverWork(deps, bound), findForsakenWork(deps, bound)],
    labels: {
      [decided.name]: { text: '{actor} 给出了审批意见', tone: 'quiet' },
      [acted.name]: { text: '{actor}：{act}', tone: 'quiet', words: ({ act }) => ({ act: actPhrase(act) }) },
      [holderUnreachable.name]: { text: '有待办的人收不到企业微信通知（{reason}），已告诉管理员', tone: 'wait', words: ({ reason }) => ({ reason: String(reason) }) },
      [delegationBegun.name]: { text: '设置了代理人', tone: 'quiet' },
      [delegationEnded.name]: { text: '结束了代理', tone: 'quiet' },
      [handoverBegun.name]: { text: '{actor} 交接了待办', tone: 'quiet' },
    },
    ...reads,
    ...boundTo(bound),
    faultsOf: flow => faultsOf(flow, approvers),
    checkFlow: (db, published) => checkFlow({ ...bound, connections: deps.connections }, db, published),
    stepsBy: (flow, use) => stepsBy(flow, approvers, use),
    foresee: (db, t, prospect) => foresee(bound, db, t, prospect),
    foreseeRest: (db, t, instance_id) => foreseeRest(bound, db, t, instance_id),
    asksApplicant: flow => asksApplicant(bound, flow),
    offersAtStart: (db, about) => offersAtStart(bound, db, about),
    asksOfTask: (db, task) => asksOfTask(bound, db, task),
    foreseeMove: (db, to) => foreseeMove(bound, db, to),
    foreseeHandOver: (db, tasks, to) => foreseeHandOver(bound, db, tasks, to),
    whyText: (t, task) => whyText(t, approvers, { ...task, why: readWhy(task.why) }),
  }
}

function boundTo(deps: VerbDeps): Verbs {
  return {
    start: (tx, actor, input) => start(deps, tx, actor, input),
    decide: (tx, actor, input) => decide(deps, tx, actor, input),
    withdraw: (tx, actor, input) => withdraw(deps, tx, actor, input),
    resubmit: (tx, actor, input) => resubmit(deps, tx, actor, input),
    urge: (tx, actor, input) => urge(deps, tx, actor, input),
    revoke: (tx, actor, input) => revoke(deps, tx, actor, input),
    takeBack: (tx, actor, input) => takeBack(deps, tx, actor, input),
    claim: (tx, actor, input) => claim(deps, tx, actor, input),
    giveBack: (tx, actor, input) => giveBack(deps, tx, actor, input),
    transfer: (tx, actor, input) => transfer(deps, tx, actor, input),
    delegate: (tx, actor, input) => delegate(deps, tx, actor, input),
    consult: (tx, actor, input) => consult(deps, tx, actor, input),
    addSigners: (tx, actor, input) => addSigners(deps, tx, actor, input),
    removeSigner: (tx, actor, input) => removeSigner(deps, tx, actor, input),
    comment: (tx, actor, input) => comment(deps, tx, actor, input),
    sendCopy: (tx, actor, input) => sendCopy(deps, tx, actor, input),
    reassign: (tx, actor, input) => reassign(deps, tx, actor, input),
    jump: (tx, actor, input) => jump(deps, tx, actor, input),
    end: (tx, actor, input) => end(deps, tx, actor, input),
    suspend: (tx, actor, input) => suspend(deps, tx, actor, input),
    resume: (tx, actor, input) => resume(deps, tx, actor, input),
    cancel: (tx, actor, input) => cancel(deps, tx, actor, input),
    changeFlow: (tx, actor, input) => changeFlow(deps, tx, actor, input),
    handOver: (tx, actor, input) => handOver(deps, tx, actor, input),
    standIn: (tx, actor, input) => standIn(deps, tx, actor, input),
    endStandIn: (tx, actor, input) => endStandIn(deps, tx, actor, input),
  }
}

