import type { Db } from '../../../platform/db.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { TaskView } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { knownIn } from '../known.ts'
import { askedPart } from '../verbs/decide.ts'
import { formPage } from './form.ts'

type Fields = ReturnType<typeof formPage>['fields']

/** Of what was left out for want of a choice, those that offer the same people, with the choice as fields. `later`: what offers others. */
export type Asked = { tasks: readonly TaskView[]; later: readonly TaskView[]; fields: Fields }

/** One choice for several tasks. Null where there is none to make here: a signature, or a choice from the whole directory, is given on the task's own page. */
export async function choiceAsked(context: Context, db: Db, t: T, viewer: SignedIn, tasks: readonly TaskView[]): Promise<Asked | null> {
  const asked: { task: TaskView; fields: Fields }[] = []
  for (const task of tasks) asked.push({ task, fields: await fieldsOf(context, db, t, viewer, task) })
  const open = asked.filter(({ fields }) => fields.length > 0 && fields.every(field => 'person' in field && field.person?.find === null))
  const [first, ...rest] = Map.groupBy(open, ({ fields }) => JSON.stringify(fields)).values()
  return first?.[0] ? { tasks: first.map(one => one.task), later: rest.flat().map(one => one.task), fields: first[0].fields } : null
}

async function fieldsOf(context: Context, db: Db, t: T, viewer: SignedIn, task: TaskView): Promise<Fields> {
  const part = await askedPart(context, db, task, viewer)
  return formPage(t, part, { input: {}, faults: {}, values: {}, viewer_id: viewer.person_id, attachments: [], known: await knownIn(context, db, part, {}), found: new Map() }).fields
}
