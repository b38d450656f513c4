import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

/** Told with the rating as subject, not the application: who decided about it does not read the rating there. */
export const rated = defineEvent('ratings.rated', Type.Object({ rating_id: Type.String(), application_id: Type.String(), step: Type.Integer() }))

const followUp = Type.Object({ follow_up_id: Type.String() })

export const followUpOpened = defineEvent('ratings.follow-up-opened', followUp)
export const followUpAnswered = defineEvent('ratings.follow-up-answered', followUp)
export const followUpClosed = defineEvent('ratings.follow-up-closed', followUp)
export const followUpReopened = defineEvent('ratings.follow-up-reopened', followUp)

export const labels: Record<string, EventLabel> = {
  [rated.name]: { text: '评价了办理', tone: 'quiet' },
  [followUpOpened.name]: { text: '差评等待跟进', tone: 'wait' },
  [followUpAnswered.name]: { text: '答复了差评', tone: 'good' },
  [followUpClosed.name]: { text: '办结了差评的跟进', tone: 'quiet' },
  [followUpReopened.name]: { text: '评价又有不满意，重新跟进', tone: 'wait' },
}
