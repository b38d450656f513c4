import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'

/*
 * Each is told of the owner's subject, so that the timeline of an application holds its approvals too.
 * `kind` and `subject` are the owner's own words and id: it reacts to its own kind and finds its row by the subject.
 */
const outcome = Type.Object({ instance_id: Type.String(), subject: Type.String(), kind: Type.String() })

export const instanceApproved = defineEvent('approvals.instance-approved', outcome)
export const instanceRejected = defineEvent('approvals.instance-rejected', outcome)
export const instanceReturned = defineEvent('approvals.instance-returned', outcome)
export const instanceWithdrawn = defineEvent('approvals.instance-withdrawn', outcome)
export const instanceRevoked = defineEvent('approvals.instance-revoked', outcome)
export const instanceEnded = defineEvent('approvals.instance-ended', outcome)
/** A step of the flow has filled in fields of the form; what they are now says the instance. */
export const formFilled = defineEvent('approvals.form-filled', outcome)

const task = Type.Object({ task_id: Type.String(), instance_id: Type.String(), person_id: Type.String() })

export const taskOpened = defineEvent('approvals.task-opened', task)
export const taskClosed = defineEvent('approvals.task-closed', task)

export const decided = defineEvent('approvals.decided', Type.Object({
  decision_id: Type.String(), task_id: Type.String(), instance_id: Type.String(),
  decision: Type.Union([Type.Literal('approve'), Type.Literal('reject'), Type.Literal('return'), Type.Literal('reply')]),
}))

/** Something done beside decisions; what, says its remark. */
export const acted = defineEvent('approvals.acted', Type.Object({ remark_id: Type.String(), instance_id: Type.String(), act: Type.String() }))

export const urged = defineEvent('approvals.urged', Type.Object({ instance_id: Type.String() }))

const delegation = Type.Object({ delegation_id: Type.String(), person_id: Type.String(), delegate_id: Type.String() })

/** Each is told with the person who is away as subject. */
export const delegationBegun = defineEvent('approvals.delegation-begun', delegation)
export const delegationEnded = defineEvent('approvals.delegation-ended', Type.Object({ delegation_id: Type.String(), person_id: Type.String() }))

/** Who holds tasks and cannot be told of them, as subject; `reason`: a phrase. */
export const holderUnreachable = defineEvent('approvals.holder-unreachable', Type.Object({ person_id: Type.String(), reason: Type.String() }))

/** With the person whose tasks they were as subject. */
export const handoverBegun = defineEvent('approvals.handover-begun', Type.Object({ handover_id: Type.String(), from_id: Type.String(), to_id: Type.String() }))
