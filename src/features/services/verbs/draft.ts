import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { Service } from '../catalogue.ts'
import type { Context, Person } from '../deps.ts'
import type { AttachmentType } from '../fields/attachment.ts'
import { canApply, canEdit } from '../rules/application.ts'
import { type Input, typedForm } from '../rules/form.ts'
import { attachmentsOf, deleteAttachments, insertAttachments, markRemoved } from '../store/attachments.ts'
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
      await keep(tx, row, await formOf(context, tx, row), sent)
      return { saved_at: tx.bus.clock.now() }
    },

    /** Forgets a draft and its list of files. */
    async discard(tx: Tx, person: Person, id: string): Promise<void> {
      const row = await getApplication(tx, id)
      if (row.person_id !== person.person_id) throw new AppError('forbidden', '只有本人可以改这份草稿')
      if (!await deleteDraft(tx, id)) throw new AppError('conflict', '这份申请已经提交，不能当作草稿删除')
      await deleteAttachments(tx, id)
    },

    /** A new draft with the answers and files of an earlier application, as far as the service still asks for them. */
    async copyAsNew(tx: Tx, person: Person, id: string): Promise<Application> {
      const earlier = await getApplication(tx, id)
      if (earlier.person_id !== person.person_id) throw new AppError('forbidden', '只有申请人可以复制这份申请')
      const service = context.catalogue.get(earlier.service_key)
      const draft = await open(tx, person, service.key)
      if (draft.saved_at !== null) throw new AppError('conflict', '“{title}”已有一份没有提交的草稿。请先提交或删除它，再复制', { params: { title: service.definition.title } })
      await copyInto(tx, draft, earlier, service)
      return draft
    },
  }
}

const AUDIENCE = {
  enrolled: '这项服务只对在读学生开放', suspended: '这项服务只对休学的学生开放', graduated: '这项服务只对毕业生开放', employed: '这项服务只对教职工开放',
}

/** Writes what was sent into the row; returns everything that is typed now, files by their ids. */
export async function keep(tx: Tx, row: Application, { form }: Pick<Version, 'form'>, { input, uploads = [], remove = [] }: Sent): Promise<Input> {
  const now = tx.bus.clock.now()
  await markRemoved(tx, row.id, remove)
  await insertAttachments(tx, uploads.map(upload => ({ ...upload, id: newId(), application_id: row.id, removed: 0, created_at: now })))
  const files = form.fields.filter(field => field.control.kind === 'files').map(field => field.definition.key)
  const typed = Object.fromEntries(form.fields.flatMap(({ definition: { key } }) => {
    const text = input[key]
    return text === undefined || files.includes(key) ? [] : [[key, text]]
  }))
  await keepDraft(tx, row.id, typed, now)
  return { ...typed, ...await fileIds(tx, row.id) }
}

/** The files that belong to what is being typed, by field. */
export async function fileIds(db: Db, application_id: string): Promise<Record<string, string[]>> {
  const rows = (await attachmentsOf(db, application_id)).filter(row => row.removed === 0)
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
    draft: {}, form: null, instance_id: null, revision: 0, created_at: tx.bus.clock.now(), saved_at: null, submitted_at: null, ended_at: null,
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

async function copyInto(tx: Tx, draft: Application, earlier: Application, { form }: Service): Promise<void> {
  await keepDraft(tx, draft.id, typedForm(form, earlier.form ?? {}), tx.bus.clock.now())
  const sent = new Set(Object.values(earlier.form ?? {}).flat())
  const fields = new Set(form.fields.filter(field => field.control.kind === 'files').map(field => field.definition.key))
  const files = (await attachmentsOf(tx, earlier.id)).filter(file => sent.has(file.id) && fields.has(file.field))
  await insertAttachments(tx, files.map(file => ({ ...file, id: newId(), application_id: draft.id, removed: 0, created_at: tx.bus.clock.now() })))
}

function keyOf(person: Person, { key }: Service): string {
  return `${person.person_id}:${key}`
}
