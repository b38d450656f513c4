import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueueAll } from '../../../platform/jobs.ts'
import type { Service } from '../catalogue.ts'
import { choiceFields } from '../choices.ts'
import type { Context, Person } from '../deps.ts'
import type { AttachmentType } from '../fields/files.ts'
import { scanAttachment } from '../jobs/define.ts'
import { canApply, canEdit } from '../rules/application.ts'
import { lockedKeys } from '../rules/corrections.ts'
import { applicantsPart, type Faults, type Form, type Input, typedForm } from '../rules/form.ts'
import { isUseless } from '../rules/scan.ts'
import { openSecrets, sealTyped } from '../secrets.ts'
import { type Attachment, attachmentsOf, deleteAttachments, insertAttachments, markRemoved } from '../store/attachments.ts'
import { correctionsOf } from '../store/corrections.ts'
import { deleteSecrets, TYPING } from '../store/secrets.ts'
import { type Application, deleteDraft, findDraft, getApplication, insertApplication, keepDraft, lockApplication } from '../store/applications.ts'
import type { Version } from '../versions.ts'

/** A file that is already in the store. */
export type Kept = { field: string; sha256: string; name: string; type: AttachmentType; size: number }

/** What a page sent of a form: typed values by field, files, and which kept files it takes off. */
export type Sent = { id: string; input: Input; uploads?: readonly Kept[]; remove?: readonly string[] }

export function draftVerbs(context: Context) {
  /** The person's draft of the service, begun now where there is none. */
  async function open(tx: Tx, person: Person, service_key: string): Promise<Application> {
    const service = context.catalogue.get(service_key)
    if (!canApply(service.definition.audience, person.standing)) throw new AppError('forbidden', AUDIENCE[service.definition.audience[0] ?? 'enrolled'])
    return await findDraft(tx, keyOf(person, service)) ?? await begin(context, tx, person, service)
  }

  return {
    open,

    /** Keeps what was typed so far, unchecked. Does nothing where the application has been sent meanwhile. */
    async save(tx: Tx, person: Person, sent: Sent): Promise<{ saved_at: number | null }> {
      const row = await lockApplication(tx, sent.id)
      if (row.person_id !== person.person_id) throw new AppError('forbidden', '只有本人可以改这份草稿')
      if (!canEdit(row, person)) return { saved_at: null }
      await keep(context, tx, row, await partOf(context, tx, row, await formOf(context, tx, row), sent.input), sent)
      return { saved_at: tx.bus.clock.now() }
    },

    /** Forgets a draft and its list of files. */
    async discard(tx: Tx, person: Person, id: string): Promise<void> {
      const row = await getApplication(tx, id)
      if (row.person_id !== person.person_id) throw new AppError('forbidden', '只有本人可以改这份草稿')
      if (!await deleteDraft(tx, id)) throw new AppError('conflict', '这份申请已经提交，不能当作草稿删除')
      await deleteAttachments(tx, id)
      await deleteSecrets(tx, { application_id: id, revision: TYPING })
    },

    /** A new draft with the answers and files of an earlier application, as far as the service still asks for them. */
    async copyAsNew(tx: Tx, person: Person, id: string): Promise<Application> {
      const earlier = await getApplication(tx, id)
      if (earlier.person_id !== person.person_id) throw new AppError('forbidden', '只有申请人可以复制这份申请')
      if (earlier.forgotten_at !== null) throw new AppError('conflict', '这份申请的内容已按保存期限删除，不能复制')
      const service = context.catalogue.get(earlier.service_key)
      const draft = await open(tx, person, service.key)
      if (draft.saved_at !== null) throw new AppError('conflict', '“{title}”已有一份没有提交的草稿。请先提交或删除它，再复制', { params: { title: service.definition.title } })
      await copyInto(context, tx, draft, earlier, service)
      return draft
    },
  }
}

const AUDIENCE = {
  enrolled: '这项服务只对在读学生开放', suspended: '这项服务只对休学的学生开放', graduated: '这项服务只对毕业生开放', employed: '这项服务只对教职工开放',
}

/**
 * What the applicant may type now: of the form not an approver's fields, and in a correction what the service leaves open; and whom the flow lets
 * them choose. `input`: what is typed, where it is newer than the draft.
 */
export async function partOf(context: Context, db: Db, row: Application, version: Pick<Version, 'form' | 'definition'>, input?: Input): Promise<Form> {
  const own = applicantsPart(version.form)
  const choices = await choiceFields(context, db, row, version, own, input)
  if (row.status !== 'returned') return { fields: [...own.fields, ...choices] }
  const locked = lockedKeys(own, await correctionsOf(db, row.id, row.revision), version.definition.form.on_correction)
  return { fields: [...own.fields.filter(field => !locked.has(field.definition.key)), ...choices] }
}

/** Writes what was sent into the row; returns everything that is typed now, files by their ids. */
export async function keep(context: Context, tx: Tx, row: Application, part: Form, { input, uploads = [], remove = [] }: Sent): Promise<Input> {
  const now = tx.bus.clock.now()
  await keepFiles(context, tx, row.id, part, { uploads, remove, by: row.person_id })
  const typed = Object.fromEntries(part.fields.flatMap(({ definition: { key }, shape, files }) => {
    const text = input[key]
    return text === undefined || (files && shape.kind === 'one') ? [] : [[key, text]]
  }))
  await keepDraft(tx, row.id, await sealTyped(context, tx, row.id, part, typed), now)
  return { ...typed, ...await fileIds(tx, row.id, part) }
}

/** Files of these fields alone are taken off: the others are not in these hands. */
export async function keepFiles(context: Context, tx: Tx, application_id: string, part: Form, { uploads, remove, by }: { uploads: readonly Kept[]; remove: readonly string[]; by: string }): Promise<void> {
  await markRemoved(tx, application_id, remove, part.fields.filter(field => field.files).map(field => field.definition.key))
  const status = context.scanner ? 'waiting' : 'unscanned'
  await takeIn(tx, uploads.map(upload => ({ ...upload, id: newId(), application_id, removed: 0, status, uploaded_by: by, created_at: tx.bus.clock.now() })))
}

async function takeIn(tx: Tx, rows: Attachment[]): Promise<void> {
  await insertAttachments(tx, rows)
  await enqueueAll(tx, scanAttachment, rows.filter(row => row.status === 'waiting').map(row => ({ attachment_id: row.id })))
}

/** What is wrong with files of these fields that can never be read, by field. */
export async function uselessFiles(db: Db, application_id: string, part: Form): Promise<Faults> {
  const kept = (await attachmentsOf(db, application_id)).filter(row => row.removed === 0 && isUseless(row))
  return Object.fromEntries(part.fields.flatMap(({ definition: { key } }) => {
    const file = kept.find(row => row.field === key)
    return file ? [[key, { sentence: file.status === 'infected' ? '“{name}”里查出病毒，已经删除。请移除它，再换一个文件' : '“{name}”无法检查病毒。请移除它，再换一个文件', params: { name: file.name } }]] : []
  }))
}

/** The files that belong to what is being typed, by field. */
export async function fileIds(db: Db, application_id: string, part: Form): Promise<Record<string, string[]>> {
  const fields = new Set(part.fields.filter(field => field.files).map(field => field.definition.key))
  if (fields.size === 0) return {}
  const rows = (await attachmentsOf(db, application_id)).filter(row => row.removed === 0 && fields.has(row.field))
  return Object.fromEntries([...Map.groupBy(rows, row => row.field)].map(([field, members]) => [field, members.map(row => row.id)]))
}

/** A draft follows the service as it is today; what was sent stays with the version it was sent with. */
export async function formOf({ catalogue, versions }: Context, tx: Tx, row: Application): Promise<Version> {
  return versions.get(tx, row.status === 'draft' ? await versions.publish(tx, catalogue.get(row.service_key)) : row.version_id)
}

async function begin({ versions }: Context, tx: Tx, person: Person, service: Service): Promise<Application> {
  const row: Application = {
    id: newId(), number: null, service_key: service.key, version_id: await versions.publish(tx, service), title: service.definition.title,
    person_id: person.person_id, person_number: person.number, person_name: person.name, status: 'draft', draft_key: keyOf(person, service),
    draft: {}, form: null, sources: null, instance_id: null, revision: 0, created_at: tx.bus.clock.now(), saved_at: null, submitted_at: null, due_at: null, ended_at: null,
    expires_at: null, warned_at: null, forgotten_at: null, hold_reason: null,
  }
  try {
    await insertApplication(tx, row)
    return row
  } catch (error) {
    const other = isDuplicate(error) && await findDraft(tx, keyOf(person, service))
    if (other) return other // opened on two devices at once
    throw error
  }
}

async function copyInto(context: Context, tx: Tx, draft: Application, earlier: Application, service: Service): Promise<void> {
  // A signature is for what it was put under.
  const form = { fields: applicantsPart(service.form).fields.filter(field => field.control.kind !== 'signature') }
  const files = form.fields.filter(field => field.files).map(field => field.definition.key)
  const texts = { fields: form.fields.filter(field => !field.files) }
  const typed = { ...typedForm(texts, earlier.form ?? {}), ...await openSecrets(context, tx, texts, { application_id: earlier.id, revision: earlier.revision }) }
  await keepDraft(tx, draft.id, await sealTyped(context, tx, draft.id, texts, typed), tx.bus.clock.now())
  const sent = new Set(Object.values(earlier.form ?? {}).flat())
  const copied = (await attachmentsOf(tx, earlier.id)).filter(file => sent.has(file.id) && files.includes(file.field) && !isUseless(file))
  await takeIn(tx, copied.map(file => ({ ...file, id: newId(), application_id: draft.id, removed: 0, created_at: tx.bus.clock.now() })))
}

/** One draft of a service for each person: what names it. */
export function keyOf(person: Pick<Person, 'person_id'>, { key }: Pick<Service, 'key'>): string {
  return `${person.person_id}:${key}`
}
