import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'
import { titles } from './notices.ts'

const data = Type.Object({ name: Type.String(), hash: Type.String() })

export const consentGiven = defineEvent('privacy.consent-given', data)
export const consentWithdrawn = defineEvent('privacy.consent-withdrawn', data)
/** Somebody took a copy of what is kept about them. */
export const dataExported = defineEvent('privacy.data-exported', Type.Object({}))
/** Somebody with the right looked at a whole document number, telephone number or mailbox. */
export const personalShown = defineEvent('privacy.personal-shown', Type.Object({ what: Type.String(), reason: Type.String() }))

const words = ({ name }: Record<string, unknown>) => ({ title: titles.get(String(name))?.title ?? String(name) })

export const labels: Record<string, EventLabel> = {
  [consentGiven.name]: { text: '同意了“{title}”', tone: 'quiet', words },
  [consentWithdrawn.name]: { text: '撤回了对“{title}”的同意', tone: 'wait', words },
  [dataExported.name]: { text: '导出了自己的信息', tone: 'quiet' },
  [personalShown.name]: { text: '查看了完整的{what}：{reason}', tone: 'wait' },
}
