import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'

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
