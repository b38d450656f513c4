import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type App, createApp } from '../../src/app.ts'
import { outline } from '../../src/integrations/browser/index.ts'
import { makeDemoSeal } from '../../src/integrations/seal/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { importPeople, importSample, printedCodes, sampleCorp } from '../../src/main/sample.ts'
import { type Serving, start } from '../../src/main/serve.ts'
import { toSimulator } from '../../src/main/to-simulator.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import './cheap-passwords.ts'
import { createClient, type Client } from './client.ts'
import { type Cleaner, filledDatabaseUrl, quietLog, store } from './database.ts'
import { merchant } from './pay.ts'
import { freePort } from './ports.ts'
import { scratch } from './scratch.ts'
import { startRedis } from './servers.ts'

export const corp = {
  corpId: 'ww0123456789abcdef', agentId: 1000002, secret: 'app-secret', contactsSecret: 'contacts-secret', token: 'QDG6eK',
  encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', contactsToken: 'contactsToken', contactsEncodingAesKey: 'c'.repeat(43),
}

export type TestApp = {
  app: App
  simulator: Simulator
  clock: ReturnType<typeof testClock>
  origin: string
  /** A browser of nobody. */
  stranger(): Client
  /** A phone inside WeCom, signed in by silent OAuth as this member. */
  phone(userid: string): Promise<Client>
  /** Runs what is due until nothing is, callbacks of the simulator included. */
  drain(): Promise<void>
}

export type Settings = { env?: Record<string, string> | undefined; clock?: ReturnType<typeof testClock>; port?: number | undefined; grades?: boolean; serviceFiles?: string; documentFiles?: string; /** a merchant's account at WeChat Pay; 'elsewhere': of another app than the corporation's */ pay?: 'here' | 'elsewhere' }

// Two pairs of RSA keys take a second: one seal for all tests of a run.
const sealFolder = join(scratch, 'seal')

/** The whole product with the people of the sample university (their grades where asked for), on this run's database, against the simulator. */
export async function startTestApp(t: Cleaner, { env = {}, clock = testClock(), port: asked, grades = false, serviceFiles, documentFiles, pay: account }: Settings = {}): Promise<TestApp> {
  const folder = mkdtempSync(join(scratch, 'app-'))
  const port = asked ?? await freePort()
  const origin = `http://localhost:${port}`
  const seal = await makeDemoSeal(sealFolder, { school: '明湖大学', letters: outline, now: testClock().now() })
  const simulatorPort = await freePort()
  const smtpPort = await freePort()
  const redis = store === 'mariadb' ? await startRedis() : undefined
  const simulatorOrigin = `http://127.0.0.1:${simulatorPort}`
  const shop = account && merchant(account === 'here' ? corp.corpId : 'wx8888888888888888')
  const settings = {
    ...shop && { ...shop.settings, WECHAT_PAY_API_BASE: simulatorOrigin },
    PORT: String(port), PUBLIC_URL: origin, HALL_SECRET: Buffer.alloc(32, 5).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University',
    FILES_URL: `file:${join(folder, 'files')}`,
    WECOM_API_BASE: simulatorOrigin, WECOM_OAUTH_BASE: simulatorOrigin, WECOM_LOGIN_BASE: simulatorOrigin, WECOM_CORP_ID: corp.corpId,
    WECOM_AGENT_ID: String(corp.agentId), WECOM_SECRET: corp.secret, WECOM_CONTACTS_SECRET: corp.contactsSecret, WECOM_CONTACTS_TOKEN: corp.contactsToken, WECOM_CONTACTS_ENCODING_AES_KEY: corp.contactsEncodingAesKey, WECOM_TOKEN: corp.token, WECOM_ENCODING_AES_KEY: corp.encodingAesKey,
    SMS_PROVIDER: 'simulator', SMS_ENDPOINT: simulatorOrigin, SMTP_URL: `smtp://127.0.0.1:${smtpPort}`, MAIL_FROM: '明湖大学办事大厅 <hall@minghu.example>',
    // Most stories begin with somebody who is past the first sign-in.
    FIRST_USE_PROOF: 'off',
    SECOND_FACTOR: 'off', SEAL_P12: join(sealFolder, 'seal.p12'), SEAL_P12_PASSWORD: seal.password, SEAL_IMAGE: join(sealFolder, 'seal.svg'), SEAL_ROOTS: join(sealFolder, 'root.pem'), ...env,
  }
  // Those who go by the real time share what was filled at the last full hour: there a school's day begins and ends as well.
  const hour = clock.now() - clock.now() % 3_600_000
  const people = `${grades ? 'grades' : 'people'}_${hour}_${createHash('sha1').update(settings.HALL_SECRET).digest('hex').slice(0, 8)}`
  const url = await filledDatabaseUrl(t, people, async template => {
    const filling = await createApp(loadConfig({ ...settings, DATABASE_URL: template }), { clock: testClock(hour), log: quietLog })
    await migrate(filling.database)
    await (grades ? importSample(filling) : importPeople(filling))
    await filling.close()
  })
  const app = await createApp(loadConfig({ ...settings, DATABASE_URL: url, ...(redis && { REDIS_URL: redis.url }) }), { clock, log: quietLog, serviceFiles, documentFiles })
  const parts = { ...corp, ...shop && { pay: shop.simulator }, port: simulatorPort, smtpPort, now: clock.now, hallOrigin: origin, appName: '办事大厅', codes: printedCodes(origin), ...await sampleCorp(app) }
  const opened: { serving?: Serving; simulator?: Simulator } = {}
  t.after(async () => {
    // Also after a start that failed half-way: what is left open would keep the test's process alive.
    await opened.serving?.stop()
    await opened.simulator?.close()
    await app.close()
    await redis?.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  const simulator = opened.simulator = await startSimulator(parts)
  opened.serving = await start(app, toSimulator(simulator))
  await saveCallback(simulator, `${origin}/wecom/callback`)

  const stranger = () => createClient(origin)
  return {
    app, simulator, clock, origin, stranger,
    async phone(userid) {
      const client = createClient(origin, { 'user-agent': PHONE })
      const door = await client.get('/auth/wecom?to=%2F')
      const state = new URL(door.location ?? '').searchParams.get('state') ?? ''
      await client.get(`/auth/wecom/callback?code=${simulator.authorizeCode(userid)}&state=${state}`)
      return client
    },
    async drain() {
      do {
        await app.dispatcher.drain()
        await simulator.waitIdle()
      } while (await due(app, clock.now()))
    },
  }
}

/** Saves the address in WeCom's console, which gives it one second to answer: a busy machine is asked again. */
export async function saveCallback(simulator: Simulator, url: string, channel: 'app' | 'contacts' = 'app'): Promise<void> {
  let answer = await simulator.setCallbackUrl(url, channel)
  for (let more = 9; !answer.ok && more > 0; more--) answer = await simulator.setCallbackUrl(url, channel)
  if (!answer.ok) throw new Error(`${url}: ${answer.reason}`)
}

const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh ColorScheme/Light'

async function due(app: App, now: number): Promise<boolean> {
  const row = await app.database.db.selectFrom('jobs').select('id').where(({ or, and, eb }) => or([and([eb('status', '=', 'waiting'), eb('due_at', '<=', now)]), eb('status', '=', 'running')])).limit(1).executeTakeFirst()
  return row !== undefined
}
