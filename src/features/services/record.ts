import type { Db } from '../../platform/db.ts'
import { eventsOf } from '../../platform/events.ts'
import { textIn } from '../../platform/text.ts'
import type { Context } from './deps.ts'
import { knownIn } from './known.ts'
import { sizeText } from './pages/controls.ts'
import { timelinePage } from './pages/timeline.ts'
import { isFileId } from './fields/files.ts'
import { type Answer, answers } from './rules/form.ts'
import { saidField } from './rules/said.ts'
import { canOpen } from './rules/scan.ts'
import { STATUS_TAGS } from './rules/standing.ts'
import { getApplication } from './store/applications.ts'
import { attachmentsOf } from './store/attachments.ts'

/** What a paper about an application says, in Chinese; what is masked on pages is masked here. */
export type ApplicationRecord = {
  outcome: string
  /** `grid`: of a table; `text` says it in a line */
  answers: { label: string; text: string; grid: Answer['lines'] }[]
  files: { name: string; size: string }[]
  /** `name`: '' where nobody did it */
  history: { name: string; act: string; comment: string; at: number | null; /** a handwritten signature: SHA-256 of its picture in the store */ signature?: string }[]
}

/** Whose words belong on a paper: what later features did with the application is told elsewhere. */
const OWN = /^(services|approvals)\./

const t = textIn('zh')

/** Throws `not-found`. */
export async function recordOf(context: Context, db: Db, id: string): Promise<ApplicationRecord> {
  const { version_id, form: values, status } = await getApplication(db, id)
  const { form } = await context.versions.get(db, version_id)
  const filled = values ?? {}
  const used = new Set(JSON.stringify(filled).match(/[0-9A-Z]{26}/g) ?? [])
  return {
    outcome: t(STATUS_TAGS[status].text),
    answers: answers(form, filled, t, await knownIn(context, db, form, filled)).map(({ label, text, lines: grid }) => ({ label, text, grid })),
    files: (await attachmentsOf(db, id)).filter(file => used.has(file.id) || file.field.startsWith(saidField(''))).map(({ name, size }) => ({ name, size: sizeText(size) })),
    history: await historyOf(context, db, id),
  }
}

async function historyOf(context: Context, db: Db, id: string): Promise<ApplicationRecord['history']> {
  const { approvals, identity } = context
  const { instance_id } = await getApplication(db, id)
  if (instance_id === null) return []
  const events = (await eventsOf(db, id)).filter(event => OWN.test(event.name))
  const names = new Map((await identity.peopleByIds(db, [...new Set(events.flatMap(event => event.actor_id ?? []))])).map(person => [person.id, person.name]))
  const decisions = await approvals.decisionsOf(db, instance_id)
  const pictures = new Map((await attachmentsOf(db, id)).filter(file => canOpen(file, '')).map(file => [file.id, file.sha256]))
  const drawn = new Map(decisions.flatMap(({ signature }) => signature && isFileId(signature) ? [[signature, { src: pictures.get(signature), text: t('已手写签名') }] as const] : []))
  const lines = timelinePage(t, {
    events, names, drawn, said: new Map(), labels: context.labels(), decisions, remarks: await approvals.remarksOf(db, instance_id),
    copies: await approvals.copiesOf(db, instance_id), nodes: await approvals.nodesOf(db, instance_id), now: context.clock.now(),
  })
  // What the system did has an icon in place of a person, and its words for a name.
  return lines.map(({ name, icon, role, decision, signature, comment = '', at = null }) => ({ name: icon ? '' : name, act: [icon ? name : '', role, decision?.text, signature?.text].filter(Boolean).join(' · '), comment, at, ...(signature?.src && { signature: signature.src }) }))
}
