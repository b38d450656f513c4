import type { Tx } from '../../../platform/db.ts'
import { schoolTime } from '../../../platform/dates.ts'
import { AppError } from '../../../platform/errors.ts'
import { eventsOf } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { move } from '../../../platform/machine.ts'
import { textIn } from '../../../platform/text.ts'
import type { Chosen } from '../../approvals/index.ts'
import { splitChosen } from '../choices.ts'
import type { Context, Person } from '../deps.ts'
import { applicationReturned } from '../events.ts'
import { applicationMachine, canEdit } from '../rules/application.ts'
import { knownIn, knownToday } from '../known.ts'
import { prefillOf, type Sources, sourcesOf, unmasked } from '../prefill.ts'
import { answers, type Faults, type Form, readForm, type Values } from '../rules/form.ts'
import { dueAt, resumedAt } from '../rules/standing.ts'
import { isHiddenSomewhere } from '../rules/steps.ts'
import { sealValues } from '../secrets.ts'
import { type Application, getApplication, insertRevision, lockApplication, setInstance } from '../store/applications.ts'
import { nextNumber } from '../store/counters.ts'
import type { Version } from '../versions.ts'
import { formOf, keep, partOf, type Sent, uselessFiles } from './draft.ts'
import { stopSending, takeThrough } from './limits.ts'
import { reserve } from './reserve.ts'

/**
 * sent: it is on its way. already: it had been sent before, by an impatient thumb or a retry. refused: something is wrong
 * with it; what was typed and uploaded is kept with the draft.
 */
export type Submission = { outcome: 'sent' | 'already' } | { outcome: 'refused'; faults: Faults }

/**
 * Sends a draft for the first time, or what was returned again. `faults`: what is already known to be wrong, as a file
 * that could not be taken.
 */
export async function submit(context: Context, tx: Tx, person: Person, sent: Sent & { faults?: Faults }): Promise<Submission> {
  const row = await lockApplication(tx, sent.id)
  if (row.person_id !== person.person_id) throw new AppError('forbidden', '只有申请人可以提交')
  if (!canEdit(row, person)) return { outcome: 'already' }
  const version = await formOf(context, tx, row)
  const part = await partOf(context, tx, row, version, sent.input)
  const prefilled = await prefillOf(context, tx, part, person)
  const input = unmasked(await keep(context, tx, row, part, sent), prefilled)
  const { values, faults } = readForm(part, input, { known: await knownToday(context, tx, part, input), given: standing(row, part) })
  const all = { ...faults, ...await uselessFiles(tx, row.id, part), ...sent.faults }
  if (Object.keys(all).length > 0) return { outcome: 'refused', faults: all }
  const { form, chosen } = splitChosen(values, part.fields)
  const stopped = await stopSending(context, tx, person, row, version)
  if (Object.keys(stopped).length > 0) return { outcome: 'refused', faults: stopped }
  const taken = await reserve(tx, row, version, form)
  if (Object.keys(taken).length > 0) return { outcome: 'refused', faults: taken }
  await takeThrough(tx, row, version)
  await record(context, tx, person, row, version, { values: form, sources: { ...row.sources, ...sourcesOf(part, form, prefilled) } })
  await hand(context, tx, person, await getApplication(tx, row.id), version, chosen)
  return { outcome: 'sent' }
}

/** What stays as it was sent: fields that the correction leaves alone, and what approvers filled in. */
function standing({ form }: Application, part: Form): Values {
  const typed = new Set(part.fields.map(field => field.definition.key))
  return Object.fromEntries(Object.entries(form ?? {}).filter(([key]) => !typed.has(key)))
}

/** Makes the row say that it is under way, before the approval can end. */
async function record(context: Context, tx: Tx, person: Person, row: Application, version: Version, { values, sources }: { values: Values; sources: Sources }): Promise<void> {
  const now = tx.bus.clock.now()
  const revision = row.revision + 1
  const first = row.status === 'draft' && {
    number: await nextNumber(tx, schoolTime(now).date), submitted_at: now, version_id: version.id, title: version.definition.title, draft_key: null,
    // A draft may have been begun under another of the person's numbers; the one who sends signs.
    person_number: person.number, person_name: person.name,
  }
  const form = await sealValues(context, tx, version.form, values, { application_id: row.id, revision })
  await insertRevision(tx, { id: newId(), application_id: row.id, revision, form, submitted_at: now })
  await move(tx, applicationMachine, row, first ? 'submit' : 'resubmit', {
    actor: actorOf(person), data: { application_id: row.id }, set: { ...first, due_at: await dueOf(context, tx, row, version), form: JSON.stringify(form), sources: JSON.stringify(sources), draft: null, revision, expires_at: null, warned_at: null },
  })
}

/** By when an end is promised: the clock stands still while a return waits for the applicant. Null where nothing was promised then. */
async function dueOf({ workingTime, clock }: Context, tx: Tx, { id, status, due_at }: Application, { definition }: Version): Promise<number | null> {
  if (status === 'draft') return dueAt(workingTime, definition.guide.promise, clock.now())
  const returned = (await eventsOf(tx, id)).findLast(event => event.name === applicationReturned.name)
  return due_at === null || !returned ? due_at : resumedAt(workingTime, { due_at, stopped_at: returned.at, now: clock.now() })
}

/** Hands the application to those who approve. */
async function hand(context: Context, tx: Tx, person: Person, row: Application, version: Version, chosen: Chosen): Promise<void> {
  const { approvals } = context
  const about = { title: row.title, due_at: row.due_at, chosen, ...await toldOf(context, tx, version, row.form ?? {}) }
  const actor = actorOf(person)
  if (row.instance_id) {
    await approvals.resubmit(tx, actor, { instance_id: row.instance_id, ...about })
    return
  }
  const { instance_id } = await approvals.start(tx, actor, { ...about, kind: KIND, subject: row.id, reference: row.number, topic: row.service_key, ending_note: '打开可以看到结果，也可以评价这次办理', url: `/applications/${row.id}`, flow: version.definition.flow })
  await setInstance(tx, row.id, instance_id)
}

/** The form as those who decide are told of it. Cards go to all of them, so what one step must not see is in none. */
export async function toldOf(context: Context, tx: Tx, { definition, form }: Version, values: Values): Promise<{ form: Record<string, unknown>; summary: { label: string; value: string }[] }> {
  const told = answers(form, values, textIn('zh'), await knownIn(context, tx, form, values)).filter(({ key }) => !isHiddenSomewhere(definition.flow, key))
  return { form: { ...values }, summary: told.map(({ label, text }) => ({ label, value: text })) }
}

/** Our word for what approvals approves. */
export const KIND = 'services.application'

function actorOf({ person_id, number }: Person) {
  return { person_id, number }
}
