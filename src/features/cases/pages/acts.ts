import type { Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/events.ts'
import { can } from '../../../platform/rights.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { Interventions } from '../../approvals/index.ts'
import type { Deps } from '../deps.ts'

/** What was typed on an act's page; `task`, `to`, `step`: where the act wants one. */
export type Typed = { reason: string; task: string; to: string; step: string; q: string }

type ActRight = 'cases.manage' | 'cases.override'
type Act = {
  right: ActRight
  /** whose refusal it is, in approvals' words */
  rule: keyof Interventions['refusals']
  title: string
  sentence: string
  /** who hears of it, and what else follows */
  effects: readonly string[]
  done: string
  danger?: true
  wants?: 'person' | 'step'
  run(approvals: Deps['approvals'], tx: Tx, actor: Actor, about: { instance_id: string } & Typed): Promise<void>
}

/**
 * What an administrator does to one application, by the noun of its address. Who looks after a service keeps its applications going;
 * what goes against its flow, or undoes what is finished, is for whoever looks after the whole.
 */
export const ACTS = {
  reassignment: {
    right: 'cases.manage', rule: 'reassign', title: '改派', wants: 'person', done: '已改派',
    sentence: '这项待办会交给另一个人办理。', effects: ['原来的办理人不能再办理，会收到通知', '接手的人会收到待办和理由'],
    run: (approvals, tx, actor, { task, to, reason }) => approvals.reassign(tx, actor, { task_id: task, to, reason }),
  },
  suspension: {
    right: 'cases.manage', rule: 'suspend', title: '暂停', done: '已暂停',
    sentence: '暂停以后谁也不能办理，办理时限也停止计算，直到恢复。', effects: ['申请人和正在办理的人会收到通知和理由'],
    run: (approvals, tx, actor, { instance_id, reason }) => approvals.suspend(tx, actor, { instance_id, reason }),
  },
  resumption: {
    right: 'cases.manage', rule: 'resume', title: '恢复办理', done: '已恢复',
    sentence: '从暂停的地方接着办理，办理时限接着计算。', effects: ['申请人和正在办理的人会收到通知'],
    run: (approvals, tx, actor, { instance_id, reason }) => approvals.resume(tx, actor, { instance_id, reason }),
  },
  end: {
    right: 'cases.manage', rule: 'end', title: '终止', danger: true, done: '已终止',
    sentence: '审批到此结束，不能恢复。申请人需要时要重新申请。', effects: ['所有待办都会关闭', '申请人会收到通知和理由'],
    run: (approvals, tx, actor, { instance_id, reason }) => approvals.end(tx, actor, { instance_id, reason }),
  },
  jump: {
    right: 'cases.override', rule: 'jump', title: '跳转', wants: 'step', done: '已跳转',
    sentence: '流程会直接转到选中的环节。它之前没有办的环节会跳过，它之后办过的环节要重新办理。', effects: ['其他环节的待办会关闭', '选中环节的办理人会收到待办', '申请人会收到通知和理由'],
    run: (approvals, tx, actor, { instance_id, step, reason }) => approvals.jump(tx, actor, { instance_id, to: step, reason }),
  },
  cancellation: {
    right: 'cases.override', rule: 'cancel', title: '撤销', danger: true, done: '已撤销',
    sentence: '这份申请已经通过。撤销以后它不再有效，不能恢复。', effects: ['申请人会收到通知和理由'],
    run: (approvals, tx, actor, { instance_id, reason }) => approvals.cancel(tx, actor, { instance_id, reason }),
  },
} as const satisfies Record<string, Act>

export type ActName = keyof typeof ACTS

export function isActName(name: string): name is ActName {
  return Object.hasOwn(ACTS, name)
}

/** The one rule for the button and the page behind it; the verb asks its half again. */
export function isOffered(name: ActName, interventions: Interventions | null, viewer: SignedIn): boolean {
  const act: Act = ACTS[name]
  return can(viewer, act.right) && interventions?.refusals[act.rule] === null
}

export function actOf(name: ActName): Act {
  return ACTS[name]
}
