import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { type App, createApp } from '../../src/app.ts'
import { createVault } from '../../src/features/identity/vault.ts'
import { beginPull } from '../../src/features/identity/verbs/contact-runs.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { newId } from '../../src/platform/ids.ts'
import { migrate } from '../../src/platform/migrate.ts'
import { corp } from '../support/app.ts'
import { type Cleaner, databaseUrl, quietLog, store } from '../support/database.ts'
import { startRedis } from '../support/servers.ts'
import { type Book, bookOf } from './support/address-book.ts'
import { compare } from './support/compare.ts'
import { type Figure, type Row, rowOf } from './support/figure.ts'

const MEMBERS = 40_000

/**
 * WeCom's address book compared with the roster, as it is every night: each department's members read, matched, compared in every field,
 * marked as seen, and those outside looked for. The limit: the same pages asked for one after the other and parsed, by bare fetch, without
 * a database. And what the memory grows by meanwhile: nothing larger than a page is held.
 */
export const contacts: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds, share }) {
    const count = Math.round(MEMBERS * share)
    const book = bookOf(count)
    const origin = await addressBook(t, count)
    const app = await hall(t, origin)
    await fill(app, book)
    const first = await reconcile(app, count)
    const peaks: number[] = []
    const ours = async () => {
      const done = await reconcile(app, count)
      peaks.push(done.growth)
      return done.rate
    }
    const comparison = await compare(Math.min(rounds, 3), { ours, limit: () => bare(origin, book, count) })
    const name = `reconcile of ${count.toLocaleString('en')} members`
    return [
      rowOf(comparison, { name: `${name} (limit: bare reading)`, unit: 'members/s', atLeast: 0.15 }),
      told(`${name}, the first time`, `${first.rate.toFixed(0)} members/s`),
      told(`${name}, memory grows by`, `${(Math.max(...peaks.slice(1)) / 1024 / 1024).toFixed(0)} MB`),
    ]
  },
}

function told(name: string, ours: string): Row {
  return { name, ours, limit: '', ratio: null, spread: '', reach: 'told', reached: null }
}

async function addressBook(t: Cleaner, count: number): Promise<string> {
  const child = fork(join(import.meta.dirname, 'support/address-book-server.ts'), [String(count)])
  t.after(() => child.kill())
  const said: { origin: string }[] = await once(child, 'message')
  return said[0]?.origin ?? ''
}

async function hall(t: Cleaner, origin: string): Promise<App> {
  const redis = store === 'mariadb' ? await startRedis() : undefined
  const app = await createApp(loadConfig({
    HALL_SECRET: Buffer.alloc(32, 5).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University', DATABASE_URL: await databaseUrl(t), ...(redis && { REDIS_URL: redis.url }),
    WECOM_API_BASE: origin, WECOM_CORP_ID: corp.corpId, WECOM_AGENT_ID: String(corp.agentId), WECOM_SECRET: corp.secret, WECOM_CONTACTS_SECRET: corp.contactsSecret,
    WECOM_TOKEN: corp.token, WECOM_ENCODING_AES_KEY: corp.encodingAesKey, WECOM_CONTACTS_PER_MINUTE: '10000',
  }), { log: quietLog })
  await migrate(app.database)
  await app.dispatcher.start()
  t.after(async () => {
    await app.close()
    await redis?.stop()
  })
  return app
}

/** The roster of the same people, put straight into the tables; every one has a phone, sealed as it is. */
async function fill({ database: { write }, keyring }: App, { units, people }: Book): Promise<void> {
  const vault = createVault(keyring)
  const now = Date.now()
  const unitIds = new Map(units.map(unit => [unit.id, newId()]))
  const personIds = new Map(people.map(person => [person.number, newId()]))
  const stamps = { created_at: now, updated_at: now }
  await write(async tx => {
    for (const { id, name, parent } of units) {
      await tx.insertInto('identity_units').values({ id: unitIds.get(id) ?? '', code: String(id).padStart(6, '0'), name, name_en: null, kind: 'school', parent_id: unitIds.get(parent) ?? null, head_number: null, ...stamps }).execute()
    }
    for (let from = 0; from < people.length; from += 500) {
      const some = people.slice(from, from + 500)
      await tx.insertInto('identity_people').values(some.map(({ number, name }) => ({
        id: personIds.get(number) ?? '', number, name, name_en: name, name_pinyin: name, initials: name, gender: 'male' as const, birth_on: null, document_type: 'id-card' as const,
        document_sealed: '', document_index: number, phone_sealed: vault.seal('phone', `1${number.slice(1)}`), phone_index: null, phone_proven_at: null, proven_phone_index: null, email: null, email_proven_at: null, language: null, ...stamps,
      }))).execute()
      await tx.insertInto('identity_numbers').values(some.map(({ number, unit, position, tutor }) => ({
        number, person_id: personIds.get(number) ?? '', kind: position === null ? 'student' as const : 'staff' as const, standing: position === null ? 'enrolled' as const : 'employed' as const, unit_id: unitIds.get(unit) ?? '',
        title: position, level: null, major: null, major_en: null, class_name: null, years: null, entered_on: '2021-09-01', ends_on: null, tutor_id: tutor === null ? null : personIds.get(tutor) ?? null, session_epoch: 0, ...stamps,
      }))).execute()
      await tx.insertInto('identity_bindings').values(some.map(({ number }) => ({
        id: newId(), person_id: personIds.get(number) ?? '', number, userid: number, current_userid: number, current_number: number, began_at: now, ended_at: null,
      }))).execute()
    }
  })
}

/** One run to its end: members per second, and bytes by which the memory grew at its highest. */
async function reconcile({ database: { db, write } }: App, count: number): Promise<{ rate: number; growth: number }> {
  const before = process.memoryUsage().rss
  const began = performance.now()
  let highest = before
  const id = await write(tx => beginPull(tx, null))
  for (;;) {
    const run = await db.selectFrom('identity_contact_runs').select(['status', 'totals', 'problem']).where('id', '=', id).executeTakeFirstOrThrow()
    highest = Math.max(highest, process.memoryUsage().rss)
    if (run.status === 'done') {
      const { members, differences = 0, missing = 0 }: { members: number; differences?: number; missing?: number } = JSON.parse(run.totals)
      if (members !== count || differences + missing > 0) throw new Error(`not the book that was meant: ${run.totals}`)
      return { rate: count / (performance.now() - began) * 1000, growth: highest - before }
    }
    if (run.status === 'failed' || run.problem) throw new Error(`the reading did not end: ${run.problem}`)
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

/** The same pages, read and parsed. */
async function bare(origin: string, { units }: Book, count: number): Promise<number> {
  const began = performance.now()
  const ask = async (path: string, init: RequestInit = {}) => await (await fetch(`${origin}/cgi-bin/${path}`, init)).json()
  const [app, assistant] = await Promise.all([corp.secret, corp.contactsSecret].map(secret => ask(`gettoken?corpid=${corp.corpId}&corpsecret=${secret}`)))
  await ask(`department/list?access_token=${app.access_token}`)
  let members = 0
  for (const { id } of [{ id: 1 }, ...units]) members += (await ask(`user/list?department_id=${id}&access_token=${app.access_token}`)).userlist.length
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { next_cursor: string } = await ask(`user/list_id?access_token=${assistant.access_token}`, { method: 'POST', body: JSON.stringify({ cursor, limit: 5000 }) })
    cursor = page.next_cursor || null
  }
  if (members !== count) throw new Error(`${members} members were read`)
  return count / (performance.now() - began) * 1000
}
