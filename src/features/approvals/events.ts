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

const task = Type.Object({ task_id: Type.String(), instance_id: Type.String(), person_id: Type.String() })

export const taskOpened = defineEvent('approvals.task-opened', task)
export const taskClosed = defineEvent('approvals.task-closed', task)

export const decided = defineEvent('approvals.decided', Type.Object({
  decision_id: Type.String(), task_id: Type.String(), instance_id: Type.String(),
  decision: Type.Union([Type.Literal('approve'), Type.Literal('reject'), Type.Literal('return')]),
}))

export const urged = defineEvent('approvals.urged', Type.Object({ instance_id: Type.String() }))
