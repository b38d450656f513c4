import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { PayOptions } from '../../src/simulator/index.ts'

export type Merchant = { simulator: PayOptions; /** WECHAT_PAY_*, all but the address */ settings: Record<string, string> }

const made = new Map<string, Merchant>()

/** A merchant at WeChat Pay for this process, with keys on both sides: making them takes a second. `appId`: the corporation's, where people pay inside WeCom. */
export function merchant(appId: string): Merchant {
  const known = made.get(appId)
  if (known) return known
  const folder = mkdtempSync(join(tmpdir(), 'hall-pay-'))
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
  const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
  const [ours, theirs, other] = [pair(), pair(), pair()]
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text, { mode: 0o600 })
    return join(folder, name)
  }
  const [mchId, mchSerial, apiV3Key, id] = ['1900000109', '5157F09EFDC096DE15EBE81A47057A7232F1B8E1', 'k'.repeat(32), 'PUB_KEY_ID_0119000001092024']
  const whole: Merchant = {
    simulator: { appId, mchId, mchSerial, mchPublicKey: ours.publicKey, apiV3Key, platformKeys: [{ serial: id, privateKey: theirs.privateKey }, { serial: 'A'.repeat(40), privateKey: other.privateKey }] },
    settings: {
      WECHAT_PAY_APP_ID: appId, WECHAT_PAY_MCH_ID: mchId, WECHAT_PAY_MCH_SERIAL: mchSerial, WECHAT_PAY_API_V3_KEY: apiV3Key, WECHAT_PAY_PUBLIC_KEY_ID: id,
      WECHAT_PAY_MCH_KEY: file('apiclient_key.pem', ours.privateKey), WECHAT_PAY_PUBLIC_KEY: file('pub_key.pem', theirs.publicKey),
    },
  }
  made.set(appId, whole)
  return whole
}
