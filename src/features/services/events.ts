import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

const ids = Type.Object({ application_id: Type.String() })

/** Each is told with the application's id as subject. */
export const applicationSubmitted = defineEvent('services.application-submitted', ids)
export const applicationResubmitted = defineEvent('services.application-resubmitted', ids)
export const applicationReturned = defineEvent('services.application-returned', ids)
export const applicationWithdrawn = defineEvent('services.application-withdrawn', ids)
export const applicationApproved = defineEvent('services.application-approved', ids)
export const applicationRejected = defineEvent('services.application-rejected', ids)
export const applicationAmended = defineEvent('services.application-amended', ids)
/** Somebody read what a mask stands for. */
export const wholeSeen = defineEvent('services.whole-seen', Type.Object({ application_id: Type.String(), field: Type.String() }))
/** `virus` is the scanner's name for it. */
export const attachmentInfected = defineEvent('services.attachment-infected', Type.Object({ application_id: Type.String(), field: Type.String(), virus: Type.String() }))
export const applicationRevoked = defineEvent('services.application-revoked', ids)
export const applicationEnded = defineEvent('services.application-ended', ids)

const count = Type.Optional(Type.Integer())
/** Proof that the content was deleted: how many rows of each kind. Nothing of the content is in it. */
export const applicationForgotten = defineEvent('services.application-forgotten', Type.Object({
  application_id: Type.String(),
  deleted: Type.Object({ revisions: count, attachments: count, secrets: count, corrections: count, reservations: count, tasks: count, decisions: count, remarks: count, messages: count }),
}))
/** The reason stays with the application: it may name people. */
export const applicationHeld = defineEvent('services.application-held', ids)
export const applicationReleased = defineEvent('services.application-released', ids)

/** What was done with a service itself, told with its key as subject. `title`: as it was called then; `note`: what was changed, or why. */
const Done = Type.Object({ service_key: Type.String(), title: Type.String(), version_id: Type.String(), note: Type.String() })
export const servicePublished = defineEvent('services.service-published', Done)
export const serviceWithdrawn = defineEvent('services.service-withdrawn', Done)
export const serviceRestored = defineEvent('services.service-restored', Done)
const Proposed = Type.Object({ service_key: Type.String(), title: Type.String() })
export const serviceProposed = defineEvent('services.service-proposed', Proposed)
export const proposalDiscarded = defineEvent('services.proposal-discarded', Proposed)

/** 放行: one person may send one application past the limits; `number`: their 学工号, `note`: why. */
export const letThrough = defineEvent('services.let-through', Type.Object({ service_key: Type.String(), title: Type.String(), number: Type.String(), note: Type.String() }))
export const passTakenBack = defineEvent('services.pass-taken-back', Type.Object({ service_key: Type.String(), title: Type.String(), number: Type.String() }))

export const serviceActs = { published: servicePublished, withdrawn: serviceWithdrawn, restored: serviceRestored }

const about = { words: ({ title }: Record<string, unknown>) => ({ title: String(title) }), href: ({ service_key }: Record<string, unknown>) => `/admin/services/${String(service_key)}` }

/** How these read in the trail. */
export const serviceActLabels: Readonly<Record<string, EventLabel>> = {
  [servicePublished.name]: { ...about, text: '发布了事项“{title}”', tone: 'good' },
  [serviceWithdrawn.name]: { ...about, text: '暂停办理事项“{title}”：{note}', tone: 'wait' },
  [serviceRestored.name]: { ...about, text: '恢复办理事项“{title}”', tone: 'good' },
  [serviceProposed.name]: { ...about, text: '导入了事项“{title}”的草稿', tone: 'quiet' },
  [letThrough.name]: { ...about, text: '放行 {number} 办理事项“{title}”：{note}', tone: 'wait' },
  [passTakenBack.name]: { ...about, text: '收回了 {number} 办理事项“{title}”的放行', tone: 'quiet' },
  [proposalDiscarded.name]: { ...about, text: '丢弃了事项“{title}”的草稿', tone: 'quiet' },
}
