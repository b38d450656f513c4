import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { EnvironmentReader } from './environment.ts'

/** WeChat Pay; null where nothing of it is set. All is looked at at the start: a wrong key would show only when somebody pays. */
export function readPay(read: EnvironmentReader) {
  const apiBase = read.origin('WECHAT_PAY_API_BASE', 'https://api.mch.weixin.qq.com')
  const appId = read.optional('WECHAT_PAY_APP_ID', /^w[wx][0-9A-Za-z]+$/, 'the app id (or corp id) that is bound to the merchant, wx… or ww…')
  const mchId = read.optional('WECHAT_PAY_MCH_ID', /^\d{8,10}$/, 'the merchant number (商户号), 8 to 10 digits')
  const mchSerial = read.optional('WECHAT_PAY_MCH_SERIAL', /^[0-9A-Fa-f]{40}$/, "the serial number of the merchant's API certificate, 40 hexadecimal digits")
  const mchKey = pem(read, 'WECHAT_PAY_MCH_KEY', "the merchant's API private key (apiclient_key.pem)", text => createPrivateKey(text).asymmetricKeyType === 'rsa')
  const apiV3Key = read.optional('WECHAT_PAY_API_V3_KEY', /^[\x21-\x7e]{32}$/, 'the APIv3 key (APIv3 密钥), 32 characters')
  const platformCert = pem(read, 'WECHAT_PAY_PLATFORM_CERT', "WeChat Pay's platform certificate", text => new X509Certificate(text).publicKey.asymmetricKeyType === 'rsa')
  const publicKey = pem(read, 'WECHAT_PAY_PUBLIC_KEY', "WeChat Pay's public key (pub_key.pem)", text => createPublicKey(text).asymmetricKeyType === 'rsa')
  const publicKeyId = read.optional('WECHAT_PAY_PUBLIC_KEY_ID', /^PUB_KEY_ID_\w+$/, 'the id of that public key, PUB_KEY_ID_…')

  const needed = { WECHAT_PAY_APP_ID: appId, WECHAT_PAY_MCH_ID: mchId, WECHAT_PAY_MCH_SERIAL: mchSerial, WECHAT_PAY_MCH_KEY: mchKey, WECHAT_PAY_API_V3_KEY: apiV3Key }
  if ([...Object.values(needed), platformCert, publicKey, publicKeyId].every(value => value === undefined)) return null
  for (const [name, value] of Object.entries(needed)) if (value === undefined) read.fault(name, 'is missing: paying by WeChat needs it')
  if (publicKey !== undefined && publicKeyId === undefined) read.fault('WECHAT_PAY_PUBLIC_KEY_ID', 'is missing: WECHAT_PAY_PUBLIC_KEY goes by it')
  if (publicKeyId !== undefined && publicKey === undefined) read.fault('WECHAT_PAY_PUBLIC_KEY', 'is missing: WECHAT_PAY_PUBLIC_KEY_ID is the id of one')
  if (publicKey === undefined && publicKeyId === undefined && platformCert === undefined) read.fault('WECHAT_PAY_PLATFORM_CERT', 'is missing: WeChat Pay is known by it, or by WECHAT_PAY_PUBLIC_KEY with its id')
  return { apiBase, appId: appId ?? '', mchId: mchId ?? '', mchSerial: mchSerial?.toUpperCase() ?? '', mchKey: mchKey ?? '', apiV3Key: apiV3Key ?? '', platformCert, publicKey, publicKeyId }
}

/** The text of the file that the setting names; '' where it is not what it should be, so that it is told as wrong and not as missing. */
function pem(read: EnvironmentReader, name: string, is: string, fits: (text: string) => boolean): string | undefined {
  const path = read.optional(name, /./, `path of a PEM file with ${is}`)
  if (path === undefined) return undefined
  try {
    const text = readFileSync(path, 'utf8')
    if (fits(text)) return text
  } catch { /* told below, without what stands in the file */ }
  read.fault(name, `should be the path of a PEM file with ${is}`)
  return ''
}
