import type { T } from '../../../platform/text.ts'
import type { Known } from '../fields/field.ts'
import { LONGEST_NOTE, REASONS } from '../rules/corrections.ts'
import { type Faults, type Form, isAsked, type Values } from '../rules/form.ts'
import { errorsOf } from './form.ts'

type Facts = { body: unknown; faults: Faults; known: Known }

/** Each answer with the two inputs that mark it, and the faults as the summary lists them. */
export function correctionsPage(t: T, form: Form, values: Values, { body, faults, known }: Facts) {
  const sent = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}))
  const errors = errorsOf(t, faults)
  const reasons = Object.entries(REASONS).map(([value, text]) => ({ value, text: t(text) }))
  return {
    errors,
    items: form.fields.filter(field => field.schema !== null && !field.compute && isAsked(field, values)).map(({ definition: { key, label }, summary }) => ({
      label: t(label), text: values[key] === undefined ? '' : summary(values[key], t, known), isMarked: Boolean(sent.get(`${key}.reason`) || sent.get(`${key}.note`)),
      reason: { name: `${key}.reason`, type: 'select', label: t('要修改的原因'), options: reasons, value: sent.get(`${key}.reason`), blank: t('不用修改'), error: errors[`${key}.reason`] },
      note: { name: `${key}.note`, label: t('说明'), value: sent.get(`${key}.note`), maxlength: LONGEST_NOTE, error: errors[`${key}.note`] },
    })),
  }
}
