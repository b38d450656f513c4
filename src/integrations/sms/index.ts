import { smsError } from './errors.ts'
import type { SmsSender } from './port.ts'
import { createSimulatorSms } from './simulator.ts'

export type { Sms, SmsReceipt, SmsSender, SmsText } from './port.ts'
export { smsTexts } from './texts.ts'

export type SmsSettings = {
  provider: 'simulator'
  /** origin to call */
  endpoint: string | undefined
}

/** The sender that SMS_PROVIDER names; without one every SMS waits until there is one. */
export function createSms(settings: SmsSettings | null): SmsSender {
  if (settings === null) return { send: async () => { throw smsError('unconfigured', '') } }
  return createSimulatorSms({ endpoint: settings.endpoint ?? '' })
}
