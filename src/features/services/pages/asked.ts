import type { Db } from '../../../platform/db.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { TaskView } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { foundFor, knownIn } from '../known.ts'
import type { Faults, Input } from '../rules/form.ts'
import { attachmentsOf } from '../store/attachments.ts'
import { askedPart } from '../verbs/decide.ts'
import { formPage } from './form.ts'

/** What was typed into what the step asks of its approver, and what is wrong with it. */
export type Asked = { input: Input; faults: Faults }

/** What the step asks of who approves besides an opinion, as fields; null where it asks nothing. */
export async function askedPage(context: Context, db: Db, t: T, task: TaskView, viewer: SignedIn, { input, faults }: Asked = { input: {}, faults: {} }) {
  const part = await askedPart(context, db, task, viewer)
  if (part.fields.length === 0) return null
  const drawn = { input, faults, values: {}, viewer_id: viewer.person_id, attachments: await attachmentsOf(db, task.subject), known: await knownIn(context, db, part, input), found: await foundFor(context, db, part, input) }
  return formPage(t, part, drawn)
}
