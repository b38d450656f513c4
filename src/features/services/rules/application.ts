import { defineMachine } from '../../../platform/machine.ts'
import { can } from '../../../platform/rights.ts'
import type { SignedIn } from '../../../platform/web.ts'
import {
  applicationApproved, applicationEnded, applicationRejected, applicationResubmitted, applicationReturned, applicationRevoked, applicationSubmitted, applicationWithdrawn,
} from '../events.ts'

export type Status = 'draft' | 'running' | 'returned' | 'approved' | 'rejected' | 'withdrawn' | 'revoked' | 'ended'

/** The life of an application. What the approval decides is decided there; this row follows it in the same transaction. */
export const applicationMachine = defineMachine({
  name: 'services.application',
  table: 'services_applications',
  edges: {
    submit: { from: ['draft'], to: 'running', emits: applicationSubmitted },
    return: { from: ['running'], to: 'returned', emits: applicationReturned },
    resubmit: { from: ['returned'], to: 'running', emits: applicationResubmitted },
    withdraw: { from: ['running', 'returned'], to: 'withdrawn', emits: applicationWithdrawn },
    approve: { from: ['running'], to: 'approved', emits: applicationApproved },
    reject: { from: ['running'], to: 'rejected', emits: applicationRejected },
    revoke: { from: ['approved'], to: 'revoked', emits: applicationRevoked },
    end: { from: ['running', 'returned'], to: 'ended', emits: applicationEnded },
  },
  sentences: {
    draft: '这份申请还没有提交',
    running: '这份申请正在审批中',
    returned: '这份申请已退回申请人修改',
    approved: '这份申请已经通过',
    rejected: '这份申请已被驳回',
    withdrawn: '申请人已经撤回这份申请',
    revoked: '这份申请通过后已经撤销',
    ended: '管理员已经终止这份申请',
  },
})

/** Statuses of what has been sent, as lists offer them. */
export type Sent = Exclude<Status, 'draft'>
export const SENT: readonly Sent[] = ['running', 'returned', 'approved', 'rejected', 'withdrawn', 'revoked', 'ended']

/** Statuses in which nothing more will happen. */
export const ENDED: readonly Status[] = ['approved', 'rejected', 'withdrawn', 'revoked', 'ended']

type Standing = { status: Status; person_id: string }
type Viewer = Pick<SignedIn, 'person_id' | 'rights'>

/** The applicant types; drafts and what came back. */
export function canEdit({ status, person_id }: Standing, viewer: Pick<Viewer, 'person_id'>): boolean {
  return person_id === viewer.person_id && (status === 'draft' || status === 'returned')
}

export function canCopy({ status, person_id }: Standing, viewer: Pick<Viewer, 'person_id'>): boolean {
  return person_id === viewer.person_id && status !== 'draft'
}

/** The applicant; whoever has or had a task of it or was sent a copy; who may read all applications. A draft is nobody's but the applicant's. */
export function canSee({ status, person_id }: Standing, viewer: Viewer, holders: readonly string[]): boolean {
  if (person_id === viewer.person_id) return true
  return status !== 'draft' && (can(viewer, 'applications.read') || holders.includes(viewer.person_id))
}

/** Is the service for people of this standing? */
export function canApply(audience: readonly string[], standing: string): boolean {
  return audience.includes(standing)
}
