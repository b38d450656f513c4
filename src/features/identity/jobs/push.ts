import { AppError } from '../../../platform/errors.ts'
import { composeMembers, marksOf, mobileMark, readTree, sayable } from '../compose-members.ts'
import type { Context } from '../deps.ts'
import { addTotals, paced, type PushPhase, pushPhases, readTotals } from '../rules/contact-run.ts'
import { memberSubject } from '../rules/differences.ts'
import { fieldsToWrite, isPresent, readContent, wantedState } from '../rules/member-content.ts'
import type { RunRow } from '../store/contact-runs.ts'
import { ignoredFields } from '../store/differences.ts'
import { dueMembers, type MemberRow, membersByKeys, numbersInOrder } from '../store/members.ts'
import { askAgain, endSlice } from '../verbs/contact-runs.ts'
import { markMembers } from '../verbs/mark-members.ts'
import { writeDepartments } from './push-departments.ts'
import { type Recording, writeMember } from './push-member.ts'

const TOGETHER = 500
/** Members written in a slice, and how many of them at a time. */
const MEMBERS = 40
const AT_ONCE = 4
/** Calls that a member may take: one to look, one to write, one more where something was in the way. */
const CALLS = 2

/** One slice of writing the address book. */
export async function pushSlice(context: Context, run: RunRow, record: Recording, signal: AbortSignal): Promise<void> {
  const phase = pushPhases.find(each => each === run.phase) ?? 'departments'
  await slices[phase](context, run, record, signal)
}

type Slice = (context: Context, run: RunRow, record: Recording, signal: AbortSignal) => Promise<void>

const slices: Readonly<Record<PushPhase, Slice>> = { marking, departments, members }

/** Looks through the roster for members whose words changed, and for people who are to have one. */
async function marking(context: Context, run: RunRow, record: Recording): Promise<void> {
  const { database: { db }, contactSettings: settings, vault, keyring } = context
  const numbers = await numbersInOrder(db, { after: run.cursor_at, limit: TOGETHER })
  const rows = new Map((await membersByKeys(db, numbers.flatMap(each => each.userid_key ?? []))).map(row => [row.number ?? '', row]))
  const composed = await composeMembers(db, { root: settings.root, consents: context.consents }, await readTree(db), numbers.map(each => each.number))
  const ignored = await ignoredFields(db, [...rows.values()].map(row => memberSubject(row.userid_key)))
  const due: string[] = []
  const fresh: { userid: string; number: string }[] = []
  const remarked = new Map<string, string>()
  for (const { number, standing } of numbers) {
    const row = rows.get(number)
    const ours = composed.get(number)
    if (!ours) continue
    const state = wantedState({ standing, wish: row?.wish ?? null, present: isPresent(row?.wecom_status ?? null) }, settings)
    if (!row && state === 'present' && (ours.facts.phone_sealed !== null || ours.content.email !== null)) fresh.push({ userid: number, number })
    if (!row || row.due_at !== null) continue
    const before = readContent(row.content)
    const phone = ours.facts.phone_sealed === null ? null : vault.open('phone', ours.facts.phone_sealed)
    const marks = phone === null ? [] : marksOf(keyring, phone)
    const { mark, stale } = mobileMark(before?.mobile, marks)
    const differs = (): boolean => fieldsToWrite(before, { ...sayable(ours), mobile: mark }).some(field => !ignored.get(memberSubject(row.userid_key))?.has(field))
    if (isDue(row, state, differs)) due.push(row.userid_key)
    else if (stale) remarked.set(row.userid_key, JSON.stringify({ ...before, mobile: marks[0] ?? null }))
  }
  await record(async tx => {
    await markMembers(tx, { due, fresh, remarked })
    const over = numbers.length < TOGETHER
    await endSlice(tx, run, { phase: over ? 'departments' : 'marking', cursor: over ? '' : numbers.at(-1)?.number ?? '', totals: addTotals(readTotals(run.totals), { due: due.length + fresh.length }), wait: 0 })
  })
}

/** Who was deleted there by somebody is not made anew by itself: that is a difference to decide. */
function isDue(row: MemberRow, state: ReturnType<typeof wantedState>, differs: () => boolean): boolean {
  if (state === 'gone') return isPresent(row.wecom_status)
  if (state === 'disabled') return isPresent(row.wecom_status) && row.wecom_status !== 2
  if (state !== 'present') return false
  if (!isPresent(row.wecom_status)) return row.wecom_status === null && row.problem === null
  return row.content !== null && differs()
}

async function departments(context: Context, run: RunRow, record: Recording, signal: AbortSignal): Promise<void> {
  const { contactSettings: { perMinute }, clock } = context
  const { calls, more, made } = await writeDepartments(context, record, signal)
  const { totals, wait } = paced(readTotals(run.totals), calls, perMinute, clock.now())
  await record(async tx => {
    // Members of a unit that has a department only now stand in the one above: the roster is looked through again.
    if (made > 0) await askAgain(tx, 2)
    await endSlice(tx, run, { phase: more ? 'departments' : 'members', cursor: '', totals: addTotals(totals, { departments: calls - 1 }), wait })
  })
}

async function members(context: Context, run: RunRow, record: Recording, signal: AbortSignal): Promise<void> {
  const { database: { db }, contactSettings: { perMinute }, clock } = context
  const due = await dueMembers(db, clock.now(), MEMBERS)
  const tree = await readTree(db)
  const line = [...due]
  const failures: unknown[] = []
  let written = 0
  const worker = async (): Promise<void> => {
    for (let row = line.shift(); row && !signal.aborted && !failures.some(isLimit); row = line.shift()) {
      try {
        await writeMember(context, row, tree, record)
        written += 1
      } catch (error) {
        failures.push(error)
        // One member may be unlucky; when none gets through, the whole waits.
        if (isLimit(error) || (failures.length >= 5 && written === 0)) line.length = 0
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  const stop = failures.find(isLimit) ?? (written === 0 ? failures[0] : undefined)
  if (stop !== undefined) throw stop
  const { totals, wait } = paced(readTotals(run.totals), written * CALLS, perMinute, clock.now())
  await record(tx => endSlice(tx, run, { phase: due.length < MEMBERS ? null : 'members', cursor: '', totals: addTotals(totals, { written }), wait }))
}

function isLimit(error: unknown): error is AppError {
  return error instanceof AppError && error.retryAfter !== undefined
}
