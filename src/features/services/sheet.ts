import type { Db } from '../../platform/db.ts'
import type { T } from '../../platform/text.ts'
import type { Context } from './deps.ts'
import { knownIn } from './known.ts'
import { answers } from './rules/form.ts'
import { formsOf, versionsFor } from './store/cases.ts'

/** What a list of a service's applications can say besides who and when: every field that a version of it asked, those of the newest first. */
export async function formColumns({ versions }: Pick<Context, 'versions'>, db: Db, t: T, service_key: string): Promise<{ key: string; label: string }[]> {
  const columns = new Map<string, string>()
  for (const { id } of await versionsFor(db, service_key)) {
    const { form } = await versions.get(db, id)
    for (const { schema, definition: { key, label } } of form.fields) if (schema !== null && !columns.has(key)) columns.set(key, t(label))
  }
  return [...columns].map(([key, label]) => ({ key, label }))
}

/** What was answered, by application and field, as people read it on the screen: what is masked there is masked here. */
export async function answersById(context: Context, db: Db, t: T, ids: readonly string[]): Promise<Map<string, ReadonlyMap<string, string>>> {
  const all = new Map<string, ReadonlyMap<string, string>>()
  for (const { id, version_id, form } of await formsOf(db, ids)) {
    const version = await context.versions.get(db, version_id)
    all.set(id, new Map(answers(version.form, form, t, await knownIn(context, db, version.form, form)).map(({ key, text }) => [key, text])))
  }
  return all
}
