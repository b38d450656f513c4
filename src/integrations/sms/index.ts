import { smsError } from './errors.ts'
import type { SmsSender, SmsText } from './port.ts'
import { createSimulatorSms } from './simulator.ts'

export type { Sms, SmsReceipt, SmsSender, SmsText } from './port.ts'
export { smsTexts } from './texts.ts'

export type SmsSettings = {
  provider: 'tencent' | 'aliyun' | 'simulator'
  keyId: string
  keySecret: string
  /** 短信应用 SdkAppId; Tencent Cloud alone has it */
  appId: string
  /** '' is the provider's usual one */
  region: string
  /** 短信签名, as approved */
  sign: string
  /** the approved template of each text; a text without one is not sent */
  templates: Readonly<Partial<Record<SmsText, string>>>
  /** origin to call; for a provider, instead of its own */
  endpoint: string | undefined
  /** ms until a call is given up */
  timeout?: number
}

/** The sender that SMS_PROVIDER names; without one every SMS waits until there is one. A provider's SDK is loaded with the first SMS. */
export function createSms(settings: SmsSettings | null): SmsSender {
  if (settings === null) return { send: async () => { throw smsError('unconfigured', '') } }
  if (settings.provider === 'simulator') return createSimulatorSms({ ...settings, endpoint: settings.endpoint ?? '' })
  return whenAsked(async () => (settings.provider === 'tencent'
    ? (await import('./tencent.ts')).createTencentSms(settings)
    : (await import('./aliyun.ts')).createAliyunSms(settings)))
}

function whenAsked(load: () => Promise<SmsSender>): SmsSender {
  let loaded: Promise<SmsSender> | undefined
  return { send: async sms => (await (loaded ??= load())).send(sms) }
}
