import type { T } from '../../../platform/text.ts'
import type { BoundField } from '../fields/field.ts'
import type { Prefilled, Source } from '../prefill.ts'
import { REASONS } from '../rules/corrections.ts'
import { type Form, isAsked, type Values } from '../rules/form.ts'
import { liveTexts } from '../rules/live.ts'
import type { Correction } from '../store/corrections.ts'
import { type Drawn, draw } from './controls.ts'
import { browserCondition } from './when.ts'

export type Facts = Drawn & {
  /** what could be read of the input */
  values: Values
  prefilled?: Prefilled
  /** key of the field whose mask its owner asked to see through */
  shown?: string | undefined
  marks?: readonly Correction[]
  /** what is said beside a time that can be taken by others */
  taken?: { field: string; text: string } | null
  /** what cannot be changed now, with the answers as they stand */
  locked?: { keys: ReadonlySet<string>; answers: Values }
}

/** Each field as its template draws it, and the faults as the summary lists them. */
export function formPage(t: T, form: Form, facts: Facts) {
  const errors = errorsOf(t, facts.faults)
  const live = liveTexts(form, facts.values, facts.input, t)
  // What cannot be changed and was never filled in has nothing to say.
  const shown = form.fields.filter(({ definition: { key }, schema }) => schema === null || !facts.locked?.keys.has(key) || facts.locked.answers[key] !== undefined)
  return { errors, errorLabels: rowLabels(t, form, errors), fields: shown.map(field => fieldPage(t, form, field, facts, errors, live)) }
}

/** The sentence of each fault in the reader's language, by the name of its input. */
export function errorsOf(t: T, faults: Facts['faults']): Record<string, string> {
  return Object.fromEntries(Object.entries(faults).map(([key, { sentence, params }]) => [key, t(sentence, translated(t, params))]))
}

function fieldPage(t: T, form: Form, field: BoundField, facts: Facts, errors: Record<string, string>, live: Record<string, string>) {
  const { key, when } = field.definition
  // The browser cannot read an answer that is not open: the server tells what hangs on it.
  const inBrowser = when ? browserCondition({ fields: form.fields.filter(one => !facts.locked?.keys.has(one.definition.key)) }, when) : null
  const marks = facts.marks?.filter(mark => mark.field === key).map(({ reason, note, person_name }) => ({
    title: t('需要修改：{reason}', { reason: t(REASONS[reason]) }), text: t('{name}：{comment}', { name: person_name, comment: note || t('请核对后重新填写') }),
  }))
  const shared = {
    key, marks, source: sourceOf(t, key, facts), isHidden: !isAsked(field, facts.values),
    ...(inBrowser && { when: JSON.stringify(inBrowser) }), ...(facts.taken?.field === key && { taken: { name: takenName(key), text: facts.taken.text } }),
  }
  if (!facts.locked?.keys.has(key)) return { ...shared, ...draw(t, field, facts, errors, live) }
  const answer = facts.locked.answers[key]
  return { ...shared, locked: { label: t(field.definition.label), text: answer === undefined ? '' : field.summary(answer, t, facts.known), grid: answer === undefined ? null : field.grid(answer, t) } }
}

/** Where a page that was typed into finds the sentence. */
export function takenName(key: string): string {
  return `${key}.taken`
}

/** Registers, as a sentence names them. */
export const SOURCES: Record<Source, string> = { students: '学籍信息', staff: '人事信息', account: '账户资料' }

function sourceOf(t: T, key: string, { prefilled, input, shown }: Facts): { text: string; show?: string } | undefined {
  const known = prefilled?.get(key)
  if (!known) return undefined
  const source = t(SOURCES[known.source])
  if (input[key] !== known.typed && input[key] !== known.masked) return { text: t('{source}里是“{value}”', { source, value: known.masked ?? known.typed }) }
  const isMasked = known.masked !== null && input[key] === known.masked && shown !== key
  return { text: t('来自{source}', { source }), ...(isMasked && { show: `${key}.show` }) }
}

/** Of a cell in the summary on top: which table and row it is in. */
function rowLabels(t: T, form: Form, errors: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.keys(errors).flatMap((name): [string, string][] => {
    const [, key = '', row = ''] = /^([a-z0-9_]+)\.(\d+)\./.exec(name) ?? []
    const table = form.fields.find(field => field.definition.key === key)
    return table ? [[name, t('{label}第 {n} 行', { label: t(table.definition.label), n: Number(row) + 1 })]] : []
  }))
}

export function attachmentPath(application_id: string, id: string): string {
  return `/applications/${application_id}/attachments/${id}`
}

/** Labels among the parameters are phrases too. */
function translated(t: T, params: Record<string, string | number> = {}): Record<string, string | number> {
  return 'label' in params ? { ...params, label: t(String(params.label)) } : params
}
