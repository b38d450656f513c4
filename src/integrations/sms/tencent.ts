import { sms as services } from 'tencentcloud-sdk-nodejs-sms'
import { type Failure, lostOf, smsError, TIMEOUT, templateOf, within } from './errors.ts'
import type { SmsSettings } from './index.ts'
import type { Sms, SmsSender } from './port.ts'
import { valuesOf } from './texts.ts'

// https://cloud.tencent.com/document/product/382/59177, 短信 API 3.0 发送错误码. What is not named here is judged by the beginning of its code.
const CODES: Readonly<Record<string, Failure>> = {
  'InvalidParameterValue.IncorrectPhoneNumber': 'number',
  'FailedOperation.PhoneNumberInBlacklist': 'number',
  'UnsupportedOperation.UnsupportedRegion': 'number',
  'FailedOperation.SignatureIncorrectOrUnapproved': 'template',
  'FailedOperation.TemplateIncorrectOrUnapproved': 'template',
  'FailedOperation.MissingSignature': 'template',
  'FailedOperation.MissingTemplateToModify': 'template',
  'FailedOperation.ContainSensitiveWord': 'refused',
  'FailedOperation.InsufficientBalanceInSmsPackage': 'settings',
  'InvalidParameterValue.SdkAppIdNotExist': 'settings',
  'InvalidParameterValue.TemplateParameterFormatError': 'template',
  'InvalidParameterValue.TemplateParameterLengthLimit': 'template',
  'UnauthorizedOperation.SmsSdkAppIdVerifyFail': 'settings',
}
const BEGINNINGS: readonly (readonly [string, Failure])[] = [
  ['LimitExceeded', 'limited'], ['RequestLimitExceeded', 'limited'], ['AuthFailure', 'settings'], ['UnauthorizedOperation', 'settings'],
  ['InternalError', 'away'], ['ServiceUnavailable', 'away'], ['ResourceUnavailable', 'away'], ['InvalidParameter', 'refused'], ['FailedOperation', 'refused'], ['UnsupportedOperation', 'refused'],
]

/** SMS through Tencent Cloud (SendSms of 2021-01-11), by its own SDK. */
export function createTencentSms({ keyId, keySecret, appId, region, sign, templates, endpoint, timeout = TIMEOUT }: SmsSettings): SmsSender {
  const server = endpoint === undefined ? {} : { protocol: `${new URL(endpoint).protocol}//`, endpoint: new URL(endpoint).host }
  const client = new services.v20210111.Client({
    credential: { secretId: keyId, secretKey: keySecret }, region: region || 'ap-guangzhou',
    profile: { httpProfile: { reqTimeout: timeout / 1000, ...server } },
  })
  return {
    async send(sms) {
      const request = { PhoneNumberSet: [internationally(sms)], SmsSdkAppId: appId, SignName: sign, TemplateId: templateOf(templates, sms.text), TemplateParamSet: valuesOf(sms) }
      const { SendStatusSet: [status] = [] } = await within(client.SendSms(request), timeout).catch((error: unknown) => { throw meaningOf(error) })
      if (status?.Code === 'Ok') return { id: status.SerialNo ?? '' }
      throw smsError(failureOf(status?.Code, 'unknown'), `${status?.Code} ${status?.Message}`)
    },
  }
}

function internationally({ to }: Sms): string {
  return to.startsWith('+') ? to : `+86${to}`
}

// The SDK's exception has a code where Tencent answered; without one nobody did.
function meaningOf(error: unknown) {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
  return smsError(failureOf(code, lostOf(error)), `${code ?? ''} ${error instanceof Error ? error.message : ''}`)
}

function failureOf(code: string | undefined, otherwise: Failure): Failure {
  if (code === undefined) return otherwise
  return CODES[code] ?? BEGINNINGS.find(([beginning]) => code.startsWith(beginning))?.[1] ?? otherwise
}
