import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { Context } from '../deps.ts'
import { applicationAmended } from '../events.ts'
import { knownToday } from '../known.ts'
import { type Faults, type Form, isAsked, readForm } from '../rules/form.ts'
import { writableBy } from '../rules/sight.ts'
import { rightsAt, stepsIn } from '../rules/steps.ts'
import { amendForm, type Application, getApplication, lockApplication, versionIdOf } from '../store/applications.ts'
import type { Version } from '../versions.ts'
import { fileIds, keepFiles, type Sent, uselessFiles } from './draft.ts'
import { toldOf } from './submit.ts'

type Approver = Pick<SignedIn, 'person_id' | 'number'>

/** What of the form a step of the viewer's may fill in now, calculations with it. Empty where there is nothing. */
export async function writablePart(context: Context, db: Parameters<Context['approvals']['nodesOf']>[0], instance_id: string, { form, definition }: Version, viewer: Approver): Promise<Form> {
  const writable = writableBy({ flow: definition.flow, form, nodes: await context.approvals.nodesOf(db, instance_id) }, viewer)
  return writable.size === 0 ? { fields: [] } : { fields: form.fields.filter(field => field.compute || writable.has(field.definition.key)) }
}

/** An approver fills in what the step gives into their hands; nothing else of what was sent counts. */
export async function amend(context: Context, tx: Tx, viewer: Approver, sent: Sent & { faults?: Faults }): Promise<{ faults: Faults }> {
  const { row, version, part } = await openFilling(context, tx, viewer, sent.id)
  await keepFiles(context, tx, row.id, part, { uploads: sent.uploads ?? [], remove: sent.remove ?? [], by: viewer.person_id })
  const input = { ...sent.input, ...await fileIds(tx, row.id, part) }
  const { values, faults } = readForm(part, input, { known: await knownToday(context, tx, part, input), given: row.form ?? {} })
  const all = { ...faults, ...await uselessFiles(tx, row.id, part), ...sent.faults }
  if (Object.keys(all).length > 0) return { faults: all }
  await amendForm(tx, row.id, values)
  await context.approvals.amend(tx, { instance_id: row.instance_id ?? '', ...await toldOf(context, tx, version, values) })
  await emit(tx, applicationAmended, { application_id: row.id }, { subject: row.id, actor: viewer })
  return { faults: {} }
}

/** Takes in or off the files of what is being filled in, before the rest of it is sent. */
export async function attach(context: Context, tx: Tx, viewer: Approver, { id, uploads = [], remove = [] }: Sent): Promise<void> {
  const { row, part } = await openFilling(context, tx, viewer, id)
  await keepFiles(context, tx, row.id, part, { uploads, remove, by: viewer.person_id })
}

const FILL_FIRST = '请先填写{labels}，再同意'

/** Throws `invalid` where the step of this task asks its approver for something that is still missing. */
export async function demandFilled({ approvals, versions }: Context, tx: Tx, { application_id, instance_id, task_id }: { application_id: string; instance_id: string; task_id: string }): Promise<void> {
  // Every decision passes here.
  const version_id = await versionIdOf(tx, application_id)
  if (!version_id) return // somebody else's approval
  const { definition, form } = await versions.get(tx, version_id)
  if (!form.fields.some(field => field.definition.by === 'approver')) return
  const node = (await approvals.nodesOf(tx, instance_id)).find(one => one.tasks.some(task => task.id === task_id))
  const rights = rightsAt(stepsIn(definition.flow).find(step => step.id === node?.step), form.fields.map(field => field.definition))
  const values = (await getApplication(tx, application_id)).form ?? {}
  const open = form.fields.filter(field => field.definition.by === 'approver' && field.definition.required && rights.get(field.definition.key) === 'write' && values[field.definition.key] === undefined && isAsked(field, values))
  if (open.length > 0) throw new AppError('invalid', FILL_FIRST, { fields: { comment: FILL_FIRST }, params: { labels: open.map(field => `“${field.definition.label}”`).join('、') } })
}

async function openFilling(context: Context, tx: Tx, viewer: Approver, id: string): Promise<{ row: Application; version: Version; part: Form }> {
  const row = await lockApplication(tx, id)
  const version = await context.versions.get(tx, row.version_id)
  const part = row.instance_id ? await writablePart(context, tx, row.instance_id, version, viewer) : { fields: [] }
  if (part.fields.length === 0) throw new AppError('forbidden', '这一环节没有要填写的内容，或者已经由别人办理')
  return { row, version, part }
}
