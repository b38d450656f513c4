import { $OpenApiUtil } from '@alicloud/openapi-core'
import dysms, { SendSmsRequest } from '@alicloud/dysmsapi20170525'
import { type Failure, lostOf, smsError, TIMEOUT, templateOf, within } from './errors.ts'
import type { SmsSettings } from './index.ts'
import type { Sms, SmsSender } from './port.ts'

// https://help.aliyun.com/document_detail/101346.html (API错误码). What is not named here cannot be mended by sending again.
const CODES: Readonly<Record<string, Failure>> = {
  'isv.MOBILE_NUMBER_ILLEGAL': 'number',
  'isv.DOMESTIC_NUMBER_NOT_SUPPORTED': 'number',
  'isv.SMS_TEMPLATE_ILLEGAL': 'template',
  'isv.SMS_SIGNATURE_ILLEGAL': 'template',
  'isv.SMS_SIGNATURE_SCENE_ILLEGAL': 'template',
  'isv.SMS_SIGN_ILLEGAL': 'template',
  'isv.SIGN_STATE_ILLEGAL': 'template',
  'isv.TEMPLATE_MISSING_PARAMETERS': 'template',
  'isv.TEMPLATE_PARAMS_ILLEGAL': 'template',
  'isv.BUSINESS_LIMIT_CONTROL': 'limited',
  'isv.DAY_LIMIT_CONTROL': 'limited',
  'isv.MONTH_LIMIT_CONTROL': 'limited',
  'isv.AMOUNT_NOT_ENOUGH': 'settings',
  'isv.OUT_OF_SERVICE': 'settings',
  'isv.ACCOUNT_NOT_EXISTS': 'settings',
  'isv.ACCOUNT_ABNORMAL': 'settings',
  'isv.PRODUCT_UN_SUBSCRIPT': 'settings',
  'isv.PRODUCT_UNSUBSCRIBE': 'settings',
  'isv.DENY_IP_RANGE': 'settings',
  'isp.RAM_PERMISSION_DENY': 'settings',
  'isp.SYSTEM_ERROR': 'away',
  'isp.GATEWAY_ERROR': 'away',
}
const BEGINNINGS: readonly (readonly [string, Failure])[] = [
  ['Throttling', 'limited'], ['InvalidAccessKeyId', 'settings'], ['SignatureDoesNotMatch', 'settings'], ['Forbidden', 'settings'], ['NoPermission', 'settings'],
  ['ServiceUnavailable', 'away'], ['InternalError', 'away'], ['isv.', 'refused'],
]

/** SMS through Aliyun (SendSms of 2017-05-25), by its own SDK. */
export function createAliyunSms({ keyId, keySecret, region, sign, templates, endpoint, timeout = TIMEOUT }: SmsSettings): SmsSender {
  const server = endpoint === undefined ? {} : { protocol: new URL(endpoint).protocol.replace(':', ''), endpoint: new URL(endpoint).host }
  const client = new dysms.default(new $OpenApiUtil.Config({
    accessKeyId: keyId, accessKeySecret: keySecret, regionId: region || 'cn-hangzhou', connectTimeout: timeout, readTimeout: timeout, ...server,
  }))
  return {
    async send(sms) {
      const request = new SendSmsRequest({ phoneNumbers: digitsOf(sms), signName: sign, templateCode: templateOf(templates, sms.text), templateParam: JSON.stringify(sms.params) })
      const { body } = await within(client.sendSms(request), timeout).catch((error: unknown) => { throw meaningOf(error) })
      if (body?.code === 'OK') return { id: body.bizId ?? '' }
      throw smsError(failureOf(body?.code, 'unknown'), `${body?.code} ${body?.message}`)
    },
  }
}

/** Without the plus; a mainland number without its country. */
function digitsOf({ to }: Sms): string {
  return to.replace('+', '')
}

function meaningOf(error: unknown) {
  const code = error instanceof Error && 'statusCode' in error && 'code' in error ? String(error.code) : undefined
  return smsError(failureOf(code, lostOf(error)), `${code ?? ''} ${error instanceof Error ? error.message : ''}`)
}

function failureOf(code: string | undefined, otherwise: Failure): Failure {
  if (code === undefined) return otherwise
  return CODES[code] ?? BEGINNINGS.find(([beginning]) => code.startsWith(beginning))?.[1] ?? otherwise
}
