import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createApp } from '../../src/app.ts'
import { corp, startTestApp, type TestApp } from '../support/app.ts'
import { type Cleaner, quietLog, store } from '../support/database.ts'
import { isWork, openByHand, type Statement } from './support/by-hand.ts'
import { compare } from './support/compare.ts'
import { copyDatabase } from './support/copy-database.ts'
import { type Figure, rowOf } from './support/figure.ts'

const AT_ONCE = 10
const A_ROUND = 100
const TO = '/received'

/**
 * Sign-ins through WeCom a second: the whole request that comes back from WeCom with a fresh code and the browser's state, until it is sent on signed in,
 * ten at once, put in without a socket. How it came to its state is not measured. In it is the one call that asks WeCom whose code it is; WeCom is a
 * process of its own, so that only the call is ours. The limits: the statements that each sign-in ran, sent by hand to the driver with the same values
 * in one transaction, on ten connections (one on SQLite, which answers at once); and the same after a bare call to WeCom.
 */
export const signIn: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds, share }) {
    const hall = await startTestApp(t)
    const wecom = await wecomApart(t)
    const round = Math.max(AT_ONCE, Math.round(A_ROUND * share))
    const begun = await begin(hall, 2 * (rounds + 1) * round)
    const [learnt, entered, again] = [await copyDatabase(t, hall.app), await copyDatabase(t, hall.app), await copyDatabase(t, hall.app)]
    const open = (databaseUrl: string, onQuery?: (statement: Statement) => void) => openAgainst(t, wecom, hall, databaseUrl, onQuery)
    const statements = await learn(open, learnt, await coming(begun, wecom))
    const [http, people, known] = [await open(entered), (await coming(begun, wecom)).values(), statements.values()]
    const connections = await Promise.all(Array.from({ length: store === 'sqlite' ? 1 : AT_ONCE }, () => openByHand(again)))
    t.after(() => Promise.all(connections.map(each => each.close())))
    const byHand = async (each: Statement[], lane: number) => { await connections[lane % connections.length]?.transaction(each) }
    const ours = () => rate(round, people, person => enter(http, person))
    const bare = await compare(rounds, { ours, limit: () => rate(round, known, byHand) })
    const askedFor = await bareCalls(wecom, begun)
    const called = await compare(rounds, { ours, limit: () => rate(round, known, async (each, lane) => {
      await askedFor()
      await byHand(each, lane)
    }) })
    const count = statements.at(-1)?.length
    return [
      rowOf(bare, { name: `sign-in through WeCom (limit: its ${count} statements)`, unit: 'requests/s' }),
      rowOf(called, { name: `sign-in through WeCom (limit: they, and the call to WeCom)`, unit: 'requests/s' }),
    ]
  },
}

/** A WeCom that counts nobody's calls; its codes of web OAuth work once. */
type Wecom = { origin: string; codes(userids: readonly string[]): Promise<string[]> }

async function wecomApart(t: Cleaner): Promise<Wecom> {
  const child = fork(join(import.meta.dirname, 'support/wecom-server.ts'), { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  t.after(async () => {
    if (child.exitCode !== null) return
    child.disconnect()
    await once(child, 'exit')
  })
  const told = async (): Promise<object> => {
    const message: unknown = await Promise.race([once(child, 'message').then(([first]) => first), once(child, 'exit').then(([code]) => { throw new Error(`WeCom ended with ${code}`) })])
    return typeof message === 'object' && message !== null ? message : {}
  }
  const first = await told()
  return {
    origin: 'origin' in first ? String(first.origin) : '',
    async codes(userids) {
      child.send(userids)
      const answer = await told()
      if (!('codes' in answer) || !Array.isArray(answer.codes)) throw new Error('WeCom gave no codes')
      return answer.codes.map(String)
    },
  }
}

/** The hall on another database and against this WeCom, without its dispatcher: what follows a sign-in is not part of it. */
async function openAgainst(t: Cleaner, { origin: apiBase }: Wecom, { app: { config }, clock }: TestApp, databaseUrl: string, onQuery?: (statement: Statement) => void): Promise<FastifyInstance> {
  const app = await createApp({ ...config, databaseUrl, wecom: { ...config.wecom, apiBase } }, { clock, log: quietLog, ...(onQuery && { onQuery }) })
  t.after(() => app.close())
  return await app.http()
}

/** Asks WeCom whose the next code is, and nothing more. */
async function bareCalls({ origin, codes }: Wecom, begun: readonly Begun[]): Promise<() => Promise<void>> {
  const ask = async (path: string): Promise<{ errcode: number; access_token?: string; userid?: string }> => await (await fetch(`${origin}/cgi-bin/${path}`)).json()
  const { access_token } = await ask(`gettoken?corpid=${corp.corpId}&corpsecret=${corp.secret}`)
  const waiting = (await codes(begun.map(({ userid }) => userid))).values()
  return async () => {
    const { userid, errcode } = await ask(`auth/getuserinfo?access_token=${access_token}&code=${waiting.next().value}`)
    if (!userid) throw new Error(`WeCom answered a bare call with ${errcode}`)
  }
}

/** A browser inside WeCom that was sent to WeCom to say who holds it. Each has an address of its own, for strangers behind one share a limit. */
type Begun = { userid: string; state: string; cookie: string; remoteAddress: string }
type Coming = Begun & { code: string }

const INSIDE_WECOM = { accept: 'text/html', 'user-agent': 'Mozilla/5.0 (iPhone) wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh' }

async function begin({ app }: TestApp, count: number): Promise<Begun[]> {
  const members = await app.database.db.selectFrom('identity_bindings as binding').innerJoin('identity_numbers as number', 'number.number', 'binding.number')
    .select('binding.userid').where('number.standing', 'in', ['enrolled', 'employed']).orderBy('binding.userid').execute()
  const http = await app.http()
  const begun: Begun[] = []
  for (let number = 0; number < count; number++) {
    const remoteAddress = `10.0.${number >> 8}.${number & 255}`
    const { headers, cookies } = await http.inject({ url: `/auth/wecom?to=${encodeURIComponent(TO)}`, headers: INSIDE_WECOM, remoteAddress })
    const state = new URL(headers.location ?? '').searchParams.get('state') ?? ''
    begun.push({ userid: members[number % members.length]?.userid ?? '', state, cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; '), remoteAddress })
  }
  await http.close()
  return begun
}

/** Each with a code, which works once. */
async function coming(begun: readonly Begun[], wecom: Wecom): Promise<Coming[]> {
  const codes = await wecom.codes(begun.map(({ userid }) => userid))
  return begun.map((each, number) => ({ ...each, code: codes[number] ?? '' }))
}

async function enter(http: FastifyInstance, { code, state, cookie, remoteAddress }: Coming): Promise<void> {
  const { statusCode, headers, body } = await http.inject({ url: `/auth/wecom/callback?code=${code}&state=${state}`, headers: { ...INSIDE_WECOM, cookie }, remoteAddress })
  if (statusCode !== 303 || headers.location !== TO) throw new Error(`the sign-in was answered with ${statusCode} ${headers.location}: ${body}`)
}

/** Signs everybody in on the copy, one after the other; the statements of each. */
async function learn(open: (url: string, onQuery: (statement: Statement) => void) => Promise<FastifyInstance>, url: string, people: readonly Coming[]): Promise<Statement[][]> {
  let running: Statement[] = []
  const http = await open(url, ({ sql, parameters }) => running.push({ sql, parameters }))
  const learnt: Statement[][] = []
  for (const person of people) {
    running = []
    await enter(http, person)
    learnt.push(running.filter(isWork))
  }
  return learnt
}

/** The next `round` of those who wait, so many at once; how many of them in a second. */
async function rate<Each>(round: number, waiting: IteratorObject<Each>, work: (each: Each, lane: number) => Promise<unknown>): Promise<number> {
  const now = waiting.take(round)
  const began = performance.now()
  await Promise.all(Array.from({ length: AT_ONCE }, async (_, lane) => { for (const each of now) await work(each, lane) }))
  return round / (performance.now() - began) * 1000
}
