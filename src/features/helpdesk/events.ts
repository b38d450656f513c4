import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

const data = Type.Object({ code: Type.String() })

export const ticketOpened = defineEvent('helpdesk.ticket-opened', data)
export const ticketAnswered = defineEvent('helpdesk.ticket-answered', data)
export const ticketClosed = defineEvent('helpdesk.ticket-closed', data)
export const ticketReopened = defineEvent('helpdesk.ticket-reopened', data)
/** Somebody at the desk looked at the whole phone number or mailbox. */
export const contactShown = defineEvent('helpdesk.contact-shown', data)

export const labels: Record<string, EventLabel> = {
  [ticketOpened.name]: { text: '收到求助 {code}', tone: 'wait' },
  [ticketAnswered.name]: { text: '答复了求助 {code}', tone: 'good' },
  [ticketClosed.name]: { text: '关闭了求助 {code}', tone: 'quiet' },
  [ticketReopened.name]: { text: '重新打开求助 {code}', tone: 'wait' },
  [contactShown.name]: { text: '查看了求助 {code} 的联系方式', tone: 'quiet' },
}
