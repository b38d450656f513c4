import type { Member } from '../../../integrations/wecom/index.ts'
import { isOutcome } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { composeMembers, withMobile } from '../compose-members.ts'
import { planPage, readNames } from '../plan-members.ts'
import { addTotals, paced, type PullPhase, pullPhases, readTotals, type Totals } from '../rules/contact-run.ts'
import { comparedFields, type Found, memberSubject } from '../rules/differences.ts'
import { currentStandings } from '../rules/standing.ts'
import type { RunRow } from '../store/contact-runs.ts'
import { listDepartments } from '../store/departments.ts'
import { differencesOf, staleDifferences } from '../store/differences.ts'
import { membersByKeys, numbersInOrder, unseenMembers } from '../store/members.ts'
import { numbersOfUserids } from '../store/member-numbers.ts'
import { recordDepartments } from '../verbs/departments.ts'
import { forgetStale, recordGone, recordMissing } from '../verbs/read-ends.ts'
import { recordHidden, recordPage } from '../verbs/read-members.ts'
import { endSlice, recordProgress } from '../verbs/contact-runs.ts'
import type { Recording } from './push-member.ts'

/** Departments in a slice, members in a transaction, ids in a page, rows of ours in a slice. */
const DEPARTMENTS = 50
const TOGETHER = 500
const IDS = 5000
const ROWS = 2000

/** One slice of reading the address book. What it read is written page by page with the place it came to, so that it may end anywhere. */
export async function pullSlice(context: Context, run: RunRow, record: Recording, signal: AbortSignal): Promise<void> {
  const phase = pullPhases.find(each => each === run.phase) ?? 'departments'
  await slices[phase](context, run, record, signal)
}

type Slice = (context: Context, run: RunRow, record: Recording, signal: AbortSignal) => Promise<void>

const slices: Readonly<Record<PullPhase, Slice>> = { departments, members, ids, gone, missing, closing }

async function departments({ contacts, contactSettings, clock }: Context, run: RunRow, record: Recording): Promise<void> {
  const there = (await contacts.departments.list()).map(({ id, name = '', parentid = 0 }) => ({ id, name, parentid }))
  const { totals } = paced(readTotals(run.totals), 1, contactSettings.perMinute, clock.now())
  await record(async tx => {
    const { differences } = await recordDepartments(tx, there, contactSettings.root)
    await endSlice(tx, run, { phase: 'members', cursor: '0', totals: addTotals(totals, { departments: there.length, differences }), wait: 0 })
  })
}

async function members(context: Context, run: RunRow, record: Recording, signal: AbortSignal): Promise<void> {
  const { database: { db }, contacts, contactSettings: settings, clock } = context
  const [names, all] = [await readNames(db), await listDepartments(db)]
  const next = all.filter(row => row.department_id > Number(run.cursor_at) && row.reserved_at === null).slice(0, DEPARTMENTS)
  let [totals, wait, done, page]: [Totals, number, number, Member[]] = [readTotals(run.totals), 0, Number(run.cursor_at), []]
  // Small departments go together; nothing is held beyond what one transaction writes, or one department where it is larger.
  const write = async (ends: boolean): Promise<void> => {
    const plan = await planPage(db, { ...context, root: settings.root }, settings, names, page)
    page = []
    let after = totals
    await record(async tx => {
      after = addTotals(totals, await recordPage(tx, plan, run.started_at))
      const over = next.length < DEPARTMENTS && done === (next.at(-1)?.department_id ?? done)
      if (!ends) await recordProgress(tx, run, { cursor: String(done), totals: after })
      else await endSlice(tx, run, { phase: over ? (contacts.writesContacts ? 'ids' : 'gone') : 'members', cursor: over ? '' : String(done), totals: after, wait })
    })
    totals = after
  }
  for (const { department_id } of next) {
    if (signal.aborted) return
    page.push(...await listed(contacts.members.list(department_id)))
    done = department_id
    const counted = paced(totals, 1, settings.perMinute, clock.now())
    ;({ totals, wait } = { totals: addTotals(counted.totals, { walked: 1 }), wait: counted.wait })
    if (page.length >= TOGETHER) await write(false)
    if (wait > 0) break
  }
  await write(true)
}

/** A department that went away while we walked has no members. */
async function listed(asked: Promise<Member[]>): Promise<Member[]> {
  try {
    return await asked
  } catch (error) {
    if (isOutcome(error) && ['wecom:60003', 'wecom:60123', 'wecom:60011'].includes(error.code ?? '')) return []
    throw error
  }
}

async function ids(context: Context, run: RunRow, record: Recording): Promise<void> {
  const { database: { db }, contacts, contactSettings, clock } = context
  const page = await contacts.members.listIds(run.cursor_at, IDS)
  const userids = [...new Map(page.members.map(({ userid }) => [userid.toLowerCase(), userid])).values()]
  const rows = await membersByKeys(db, userids.map(userid => userid.toLowerCase()))
  const known = new Map(rows.map(row => [row.userid_key, row]))
  const unseen = userids.filter(userid => (known.get(userid.toLowerCase())?.seen_at ?? 0) < run.started_at)
  const numbers = await numbersOfUserids(db, unseen.filter(userid => !known.get(userid.toLowerCase())?.number))
  const numberOf = (userid: string) => known.get(userid.toLowerCase())?.number ?? numbers.get(userid.toLowerCase()) ?? null
  const { tree } = await readNames(db)
  const composed = await composeMembers(db, { root: contactSettings.root, consents: context.consents }, tree, unseen.flatMap(userid => numberOf(userid) ?? []))
  const found = unseen.map((userid): Found => ({
    subject: memberSubject(userid.toLowerCase()), field: 'hidden', number: numberOf(userid), name: composed.get(numberOf(userid) ?? '')?.content.name ?? userid, ours: null, theirs: null,
  }))
  const kept = (await differencesOf(db, found.map(each => each.subject))).filter(row => comparedFields.some(field => field === row.field))
  const fresh = unseen.filter(userid => !known.has(userid.toLowerCase())).map(userid => {
    const ours = composed.get(numberOf(userid) ?? '')
    return { userid, number: ours ? numberOf(userid) : null, content: ours ? JSON.stringify(withMobile(ours, context)) : null }
  })
  const { totals, wait } = paced(readTotals(run.totals), 1, contactSettings.perMinute, clock.now())
  await record(async tx => {
    const more = await recordHidden(tx, { rows: unseen.flatMap(userid => known.get(userid.toLowerCase()) ?? []), fresh, found, known: kept })
    await endSlice(tx, run, { phase: page.next === null ? 'gone' : 'ids', cursor: page.next ?? '', totals: addTotals(totals, more), wait })
  })
}

async function gone({ database: { db } }: Context, run: RunRow, record: Recording): Promise<void> {
  const rows = await unseenMembers(db, { before: run.started_at, after: run.cursor_at, limit: ROWS })
  await record(async tx => {
    await recordGone(tx, rows)
    const over = rows.length < ROWS
    await endSlice(tx, run, { phase: over ? 'missing' : 'gone', cursor: over ? '' : rows.at(-1)?.userid_key ?? '', totals: addTotals(readTotals(run.totals), { left: rows.length }), wait: 0 })
  })
}

async function missing({ database: { db } }: Context, run: RunRow, record: Recording): Promise<void> {
  const rows = await numbersInOrder(db, { after: run.cursor_at, limit: ROWS, standings: currentStandings })
  await record(async tx => {
    const counts = await recordMissing(tx, rows)
    const over = rows.length < ROWS
    await endSlice(tx, run, { phase: over ? 'closing' : 'missing', cursor: over ? '' : rows.at(-1)?.number ?? '', totals: addTotals(readTotals(run.totals), counts), wait: 0 })
  })
}

async function closing({ database: { db } }: Context, run: RunRow, record: Recording): Promise<void> {
  const stale = await staleDifferences(db, run.started_at, ROWS)
  await record(async tx => {
    await forgetStale(tx, stale)
    await endSlice(tx, run, { phase: stale.length < ROWS ? null : 'closing', cursor: '', totals: readTotals(run.totals), wait: 0 })
  })
}
