import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { createApp } from '../../src/app.ts'
import { outline } from '../../src/integrations/browser/index.ts'
import { makeDemoSeal } from '../../src/integrations/seal/index.ts'
import { importPeople, sampleCorp } from '../../src/main/sample.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { type Database, openDatabase } from '../../src/platform/db.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { corp, saveCallback } from '../support/app.ts'
import { type Client, createClient } from '../support/client.ts'
import { filledDatabaseUrl, quietLog, store } from '../support/database.ts'
import { type Someone } from '../support/people.ts'
import { freePort } from '../support/ports.ts'
import { scratch } from '../support/scratch.ts'
import { type Mariadb, type RedisServer, startMariadb, startRedis } from '../support/servers.ts'
import { createMoments, type Moments } from './moments.ts'
import { type HallProcess, hallProcess } from './process.ts'
import { tapHttp, tapSmtp } from './wire.ts'

export type Role = 'web' | 'worker'

type Servers = { mariadb?: Mariadb; redis?: RedisServer }

/** The hall as it runs at a school: processes of their own, real time, and lines to the outside that a test can cut. */
export type Hall = {
  origin: string
  /** where browsers and files of the processes' lie */
  folder: string
  env: Record<string, string>
  /** one process for both roles on SQLite, one for each on MariaDB */
  processes: Record<Role, HallProcess>
  /** what a test may empty, kill and restart when it asked for servers of its `own` */
  servers: Servers
  moments: Moments
  simulator: Simulator
  /** a look from outside, on a connection of its own */
  database: Database
  /** A phone inside WeCom, signed in by silent OAuth. */
  phone(userid: string): Promise<Client>
  stranger(): Client
}

/** Brings up database, sample university, simulator and processes, on this run's kind of store. */
export async function startHall(t: TestContext, { own = false, env: more = {} }: { own?: boolean; env?: Record<string, string> } = {}): Promise<Hall> {
  const folder = mkdtempSync(join(tmpdir(), 'hall-kill-'))
  mkdirSync(join(folder, 'tmp'))
  t.after(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }))
  const port = await freePort()
  const origin = `http://localhost:${port}`
  const servers = await serversFor(t, own)
  const { redis } = servers
  const sealFolder = join(scratch, 'seal-today')
  const seal = await makeDemoSeal(sealFolder, { school: '明湖大学', letters: outline })
  const [simulatorPort, smtpPort] = [await freePort(), await freePort()]
  const moments = createMoments()
  const [wecom, smtp] = [await tapHttp(simulatorPort, moments), await tapSmtp(smtpPort, moments)]
  const outside = `http://127.0.0.1:${wecom.port}`
  const settings: Record<string, string> = {
    PORT: String(port), PUBLIC_URL: origin, HALL_SECRET: Buffer.alloc(32, 5).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University',
    FILES_URL: `file:${join(folder, 'files')}`, ...(redis && { REDIS_URL: redis.url }),
    WECOM_API_BASE: outside, WECOM_OAUTH_BASE: outside, WECOM_LOGIN_BASE: outside, WECOM_CORP_ID: corp.corpId, WECOM_AGENT_ID: String(corp.agentId),
    WECOM_SECRET: corp.secret, WECOM_CONTACTS_SECRET: corp.contactsSecret, WECOM_TOKEN: corp.token, WECOM_ENCODING_AES_KEY: corp.encodingAesKey,
    SMTP_URL: `smtp://127.0.0.1:${smtp.port}`, MAIL_FROM: '明湖大学办事大厅 <hall@minghu.example>',
    SEAL_P12: join(sealFolder, 'seal.p12'), SEAL_P12_PASSWORD: seal.password, SEAL_IMAGE: join(sealFolder, 'seal.svg'), SEAL_ROOTS: join(sealFolder, 'root.pem'),
    // Browsers and what they leave are found by this place.
    TMPDIR: join(folder, 'tmp'), NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? join(tmpdir(), 'hall-compiled'), ...more,
  }
  const url = await databaseFor(t, servers, settings)
  const env = { ...settings, DATABASE_URL: url }
  const people = await corporationIn(env)
  // What is killed leaves nothing behind that it has compiled; this process has compiled the same. With it a start takes two thirds of the time.
  flushCompileCache()
  const simulator = await startSimulator({ ...corp, port: simulatorPort, smtpPort, hallOrigin: origin, appName: '办事大厅', ...people })
  const processes = processesFor(env)
  // A minute ahead: what just happened is old enough to be chained when the test counts.
  const clock = { now: () => systemClock.now() + 60_000 }
  const database = openDatabase({ url, clock, listeners: { reactions: new Map(), jobs: new Map() } })
  t.after(async () => {
    await Promise.all(Object.values(processes).map(each => each.kill()))
    await Promise.all([wecom.close(), smtp.close(), simulator.close(), database.close()])
  })
  await Promise.all([...new Set(Object.values(processes))].map(each => each.start().ready))
  await saveCallback(simulator, `${origin}/wecom/callback`)
  return { origin, folder, env, processes, servers, moments, simulator, database, stranger: () => createClient(origin), phone: userid => signIn(origin, simulator, userid) }
}

async function serversFor(t: TestContext, own: boolean): Promise<Servers> {
  if (store === 'sqlite') return {}
  const redis = await startRedis({ own })
  t.after(() => redis.stop())
  if (!own) return { redis }
  const mariadb = await startMariadb({ own })
  t.after(() => mariadb.stop())
  return { mariadb, redis }
}

/** The address of a database with the sample university. */
async function databaseFor(t: TestContext, { mariadb }: Servers, settings: Record<string, string>): Promise<string> {
  const fill = async (url: string) => {
    const app = await createApp(loadConfig({ ...settings, DATABASE_URL: url }), { log: quietLog })
    await migrate(app.database)
    await importPeople(app)
    await app.close()
  }
  if (!mariadb) return await filledDatabaseUrl(t, 'today', fill)
  const url = await mariadb.createDatabase()
  await fill(url)
  return url
}

function processesFor(env: Record<string, string>): Record<Role, HallProcess> {
  if (store === 'sqlite') {
    const all = hallProcess('hall', env)
    return { web: all, worker: all }
  }
  return { web: hallProcess('web', { ...env, HALL_ROLE: 'web' }), worker: hallProcess('worker', { ...env, HALL_ROLE: 'worker' }) }
}

async function corporationIn(env: Record<string, string>) {
  const app = await createApp(loadConfig(env), { log: quietLog })
  const people = await sampleCorp(app)
  await app.close()
  return people
}

/** a browser inside WeCom */
export const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh ColorScheme/Light'

async function signIn(origin: string, simulator: Simulator, userid: string): Promise<Client> {
  const client = createClient(origin, { 'user-agent': PHONE })
  const door = await client.get('/auth/wecom?to=%2F')
  const state = new URL(door.location ?? '', origin).searchParams.get('state') ?? ''
  const home = await client.get(`/auth/wecom/callback?code=${simulator.authorizeCode(userid)}&state=${state}`)
  // A sign-in that broke off in the middle is begun again.
  if (home.status !== 200) throw new TypeError(`sign-in of ${userid} answered ${home.status} at ${home.path} after ${door.status}: ${home.text.slice(0, 300)}`)
  return client
}

/** Students of the sample and who decides about each: the tutor, and the registrars of the student's unit. */
export async function castOf({ db }: Database, count: number): Promise<{ student: Someone; tutor: Someone; registrars: Someone[] }[]> {
  const people = db.selectFrom('identity_numbers as number').innerJoin('identity_people as person', 'person.id', 'number.person_id')
    .innerJoin('identity_bindings as binding', 'binding.current_number', 'number.number')
    .select(['person.id as person_id', 'number.number', 'person.name', 'binding.userid', 'number.tutor_id', 'number.unit_id']).orderBy('number.number')
  const students = await people.where('number.kind', '=', 'student').where('number.standing', '=', 'enrolled').where('number.tutor_id', 'is not', null).execute()
  // Neighbours share tutor and unit; taken from far apart, the cards go to many phones.
  const chosen = Array.from({ length: count }, (_, index) => students[(index * 37) % students.length]).filter(student => student !== undefined)
  return Promise.all(chosen.map(async student => ({
    student,
    tutor: await people.where('person.id', '=', student.tutor_id ?? '').executeTakeFirstOrThrow(),
    registrars: await people.innerJoin('identity_grants as role', 'role.person_id', 'person.id').where('role.role', '=', 'registrar')
      .where(where => where.or([where('role.scope_id', '=', ''), where('role.scope_id', '=', student.unit_id)])).execute(),
  })))
}
