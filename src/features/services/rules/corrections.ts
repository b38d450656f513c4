import { questionsOf } from '../../../platform/condition.ts'
import type { Fault } from '../fields/field.ts'
import type { Faults, Form } from './form.ts'

/** What may be wrong with an answer. */
export const REASONS = { incorrect: '不正确', incomplete: '不完整', outdated: '已过期' } as const
export type Reason = keyof typeof REASONS

/** One field that an approver wants corrected. `note`: in their own words; may be empty. */
export type Mark = { field: string; reason: Reason; note: string }

export const LONGEST_NOTE = 200

/** What an approver marked on the page: `field.reason` and `field.note` of each; faults by the same names. */
export function readMarks(form: Form, body: unknown): { marks: Mark[]; faults: Faults } {
  const sent = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}))
  const faults: Record<string, Fault> = {}
  const marks = form.fields.filter(field => field.schema !== null && !field.compute).flatMap(({ definition: { key, label } }): Mark[] => {
    const [reason, note] = [textOf(sent.get(`${key}.reason`)), textOf(sent.get(`${key}.note`)).trim()]
    if ([...note].length > LONGEST_NOTE) faults[`${key}.note`] = { sentence: '“{label}”的说明最多 {most} 字', params: { label, most: LONGEST_NOTE } }
    if (isReason(reason)) return [{ field: key, reason, note }]
    if (reason !== '' || note !== '') faults[`${key}.reason`] = { sentence: '请选择“{label}”要修改的原因', params: { label } }
    return []
  })
  return { marks, faults }
}

/**
 * Keys of the fields that cannot be changed in a correction: where the service says so and something was marked, everything
 * but that. What is asked or not by an answer that may change stays open with it.
 */
export function lockedKeys(form: Form, marks: readonly Pick<Mark, 'field'>[], setting: 'open' | 'locked' = 'open'): ReadonlySet<string> {
  if (setting === 'open' || marks.length === 0) return new Set()
  const open = new Set(marks.map(mark => mark.field))
  for (const { definition: { key, when } } of form.fields) if (when && questionsOf(when).some(question => open.has(question.field))) open.add(key)
  return new Set(form.fields.filter(field => field.schema !== null && !field.compute && !open.has(field.definition.key)).map(field => field.definition.key))
}

function isReason(text: string): text is Reason {
  return Object.hasOwn(REASONS, text)
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
