import type { T } from '../../../../platform/text.ts'
import type { Service } from '../../catalogue.ts'
import type { Pass } from '../../store/passes.ts'
import { LONGEST_NOTE } from '../../verbs/offering.ts'
import { limitRows } from '../limits.ts'

export type TypedPass = { number: string; reason: string }
/** `people`: by id, as the list names them; `units`: names of departments by code. */
type Facts = { passes: readonly Pass[]; people: ReadonlyMap<string, { name: string; number: string }>; units: ReadonlyMap<string, string>; taken: number; typed: TypedPass; errors: Record<string, string> }

/** The limits of a service, and who was let through. */
export function passesPage(t: T, { key, definition }: Service, { passes, people, units, taken, typed, errors }: Facts) {
  const title = t(definition.title)
  return {
    title: t('{title}：放行', { title }), back: { label: title, href: `/admin/services/${key}` }, path: `/admin/services/${key}/passes`, errors, rows: limitRows(t, definition.limits, { units, taken }),
    fields: [
      { name: 'number', label: t('学工号'), required: true, value: typed.number, error: errors['number'], maxlength: 40, autocomplete: 'off', help: t('对方可以提交一份申请，不受上面的限制') },
      { name: 'reason', type: 'textarea', rows: 2, label: t('理由'), required: true, value: typed.reason, error: errors['reason'], maxlength: LONGEST_NOTE, help: t('写进事件记录，其他管理员能看到') },
    ],
    passes: passes.map(({ id, person_id, reason, by_name, created_at, application_id }) => {
      const person = people.get(person_id)
      return { id, name: person?.name ?? '', number: person?.number ?? '', reason, by_name, created_at, application_id }
    }),
  }
}
