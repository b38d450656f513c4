import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import type { Pay } from './port.ts'
import { createWechatPay } from './wechat.ts'

export type { BillLine, CallUp, NewOrder, NewRefund, Notification, Pay, Refund, RefundStatus, Resource, TradeState, Transaction } from './port.ts'

export type PaySettings = {
  apiBase: string
  appId: string
  mchId: string
  mchSerial: string
  /** PEM */
  mchKey: string
  apiV3Key: string
  /** PEM of one or several platform certificates (平台证书) */
  platformCert: string | undefined
  /** PEM of the platform's public key (微信支付公钥), and its id */
  publicKey: string | undefined
  publicKeyId: string | undefined
}

/** Null without settings: then nothing can be paid. */
export function createPay(settings: PaySettings | null, { clock }: { clock: Clock }): Pay | null {
  if (!settings) return null
  const { apiBase, mchKey, ...account } = settings
  const certificates = certificatesIn(settings.platformCert)
  const certificatesEnd = settings.publicKey ? null : Math.max(...certificates.map(({ validTo }) => Date.parse(validTo)))
  return createWechatPay({ ...account, base: apiBase, mchKey: createPrivateKey(mchKey), platformKeys: platformKeys(settings, certificates), certificatesEnd, clock })
}

function certificatesIn(pem = ''): X509Certificate[] {
  return (pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []).map(each => new X509Certificate(each))
}

/** Both kinds at once: while a merchant goes over from certificates to the public key, some notifications come signed with each. */
function platformKeys({ publicKey, publicKeyId }: PaySettings, certificates: readonly X509Certificate[]): ReadonlyMap<string, KeyObject> {
  return new Map([
    ...certificates.map(({ serialNumber, publicKey: key }) => [serialNumber, key] as const),
    ...publicKey && publicKeyId ? [[publicKeyId, createPublicKey(publicKey)] as const] : [],
  ])
}
