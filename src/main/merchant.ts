import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { PayOptions } from '../simulator/index.ts'

type Kept = { apiV3Key: string; mchSerial: string; mchKey: string; mchPublicKey: string; platformKey: string; publicKey: string }

/** The demo's own merchant at the simulator's WeChat Pay: keys on both sides, made once. The corporation is its app, so that people pay inside WeCom. */
export async function demoMerchant(folder: string, appId: string): Promise<{ settings: Record<string, string>; simulator: PayOptions }> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const kept = join(folder, 'keys.json')
  const keys: Kept = JSON.parse(await readFile(kept, 'utf8').catch(() => JSON.stringify(makeKeys())))
  const [mchId, id] = ['1900000109', 'PUB_KEY_ID_0119000001092024']
  const files = { WECHAT_PAY_MCH_KEY: ['apiclient_key.pem', keys.mchKey], WECHAT_PAY_PUBLIC_KEY: ['pub_key.pem', keys.publicKey] } as const
  await writeFile(kept, JSON.stringify(keys), { mode: 0o600 })
  for (const [name, text] of Object.values(files)) await writeFile(join(folder, name), text, { mode: 0o600 })
  return {
    settings: {
      WECHAT_PAY_APP_ID: appId, WECHAT_PAY_MCH_ID: mchId, WECHAT_PAY_MCH_SERIAL: keys.mchSerial, WECHAT_PAY_API_V3_KEY: keys.apiV3Key, WECHAT_PAY_PUBLIC_KEY_ID: id,
      ...Object.fromEntries(Object.entries(files).map(([setting, [name]]) => [setting, join(folder, name)])),
    },
    simulator: { appId, mchId, mchSerial: keys.mchSerial, mchPublicKey: keys.mchPublicKey, apiV3Key: keys.apiV3Key, platformKeys: [{ serial: id, privateKey: keys.platformKey }] },
  }
}

function makeKeys(): Kept {
  const pair = () => generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs8', format: 'pem' } })
  const [ours, theirs] = [pair(), pair()]
  return { apiV3Key: randomBytes(16).toString('hex'), mchSerial: randomBytes(20).toString('hex').toUpperCase(), mchKey: ours.privateKey, mchPublicKey: ours.publicKey, platformKey: theirs.privateKey, publicKey: theirs.publicKey }
}
