import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

const about = Type.Object({ client_id: Type.String() })
const token = Type.Object({ client_id: Type.String(), token_id: Type.String() })

/** Each with the client's id as subject. */
export const clientMade = defineEvent('api.client-made', about)
export const clientChanged = defineEvent('api.client-changed', about)
export const clientEnded = defineEvent('api.client-ended', about)
export const clientEnding = defineEvent('api.client-ending', about)
export const tokenMade = defineEvent('api.token-made', token)
export const tokenEnded = defineEvent('api.token-ended', token)
/** A call that was let in, with the client as who did it. `of`: the id in its address, '' where there is none. */
export const called = defineEvent('api.called', Type.Object({ client_id: Type.String(), operation: Type.String(), of: Type.String() }))

export const labels: Record<string, EventLabel> = {
  [clientMade.name]: { text: '{actor} 开通了接口', tone: 'quiet' },
  [clientChanged.name]: { text: '{actor} 修改了接口', tone: 'quiet' },
  [clientEnded.name]: { text: '{actor} 停用了接口', tone: 'bad' },
  [clientEnding.name]: { text: '接口快要到期', tone: 'wait' },
  [tokenMade.name]: { text: '{actor} 生成了接口的令牌', tone: 'quiet' },
  [tokenEnded.name]: { text: '{actor} 作废了接口的令牌', tone: 'quiet' },
  [called.name]: { text: '{actor} 调用了接口 {operation}', tone: 'quiet' },
}
