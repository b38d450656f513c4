import type { Condition, Question } from '../../../platform/condition.ts'
import type { BoundField } from '../fields/field.ts'
import type { Form } from '../rules/form.ts'

/** A question as the browser can answer it from the form itself: `as` says how to understand what is typed. */
type Asked = Question & { as: 'text' | 'list' | 'number' | 'money' }
export type BrowserCondition = Asked | { all: BrowserCondition[] } | { any: BrowserCondition[] } | { not: BrowserCondition }

/** The condition for js/show-when.js; null where only the server can tell, and tells after each save. */
export function browserCondition(form: Form, condition: Condition): BrowserCondition | null {
  if ('all' in condition) {
    const all = each(form, condition.all)
    return all && { all }
  }
  if ('any' in condition) {
    const any = each(form, condition.any)
    return any && { any }
  }
  if ('not' in condition) {
    const not = browserCondition(form, condition.not)
    return not && { not }
  }
  const as = readAs(form.fields.find(field => field.definition.key === condition.field))
  return as && { ...condition, as }
}

function each(form: Form, conditions: readonly Condition[]): BrowserCondition[] | null {
  const found = conditions.map(one => browserCondition(form, one))
  return found.every(one => one !== null) ? found : null
}

function readAs(field: BoundField | undefined): Asked['as'] | null {
  if (!field || field.mask) return null
  const { control: { kind }, control, definition: { type } } = field
  if (kind === 'rating' || type === 'number') return 'number'
  if (type === 'money') return 'money'
  if (control.kind === 'choice') return control.as === 'check' ? 'list' : 'text'
  return kind === 'line' || kind === 'area' || (control.kind === 'unit' && !control.many) ? 'text' : null
}
