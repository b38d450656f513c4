import type { T } from '../../../platform/text.ts'
import type { BoundField } from '../fields/field.ts'
import type { Faults, Form, Input } from '../rules/form.ts'
import type { Attachment } from '../store/attachments.ts'

type Facts = { input: Input; faults: Faults; attachments: readonly Attachment[]; application_id: string }

/** Each field as its template draws it, and the faults as the summary lists them. */
export function formPage(t: T, form: Form, facts: Facts) {
  const errors = Object.fromEntries(Object.entries(facts.faults).map(([key, { sentence, params }]) => [key, t(sentence, translated(t, params))]))
  return { errors, fields: form.fields.map(field => fieldPage(t, field, facts, errors[field.definition.key])) }
}

function fieldPage(t: T, { definition, control }: BoundField, { input, attachments, application_id }: Facts, error: string | undefined) {
  const { key, label, help, required, when } = definition
  const common = { name: key, label: t(label), required, ...(help && { help: t(help) }), ...(error && { error }) }
  const shared = { when }
  switch (control.kind) {
    case 'words': return { ...shared, note: { title: t(label), ...(help && { text: t(help) }) } }
    case 'files': return { ...shared, dropZone: { ...common, accept: control.accept, multiple: control.most > 1, help: fileHelp(t, control, help) }, kept: keptFiles(t, attachments, key, application_id) }
    case 'choice': return { ...shared, field: { ...common, type: control.as === 'radio' ? 'radio' : 'select', value: lineOf(input[key]), options: control.options.map(option => ({ value: option.value, text: t(option.label) })) } }
    case 'area': return { ...shared, field: { ...common, type: 'textarea', value: lineOf(input[key]), maxlength: control.maxlength, rows: control.rows } }
    case 'line': return { ...shared, field: { ...common, ...control, value: lineOf(input[key]) } }
  }
}

function fileHelp(t: T, { types, max_mb, most }: { types: readonly string[]; max_mb: number; most: number }, help: string | undefined): string {
  const rule = t('{types}，每个不超过 {mb} MB，最多 {most} 个', { types: types.map(type => type.toUpperCase()).join(' / '), mb: max_mb, most })
  return help ? t('{help}。{rule}', { help: t(help), rule }) : rule
}

function keptFiles(t: T, attachments: readonly Attachment[], field: string, application_id: string) {
  return attachments.filter(file => file.field === field && file.removed === 0)
    .map(file => ({ id: file.id, label: file.name, href: attachmentPath(application_id, file.id), note: sizeText(file.size), remove: t('移除 {name}', { name: file.name }) }))
}

export function attachmentPath(application_id: string, id: string): string {
  return `/applications/${application_id}/attachments/${id}`
}

/** 820 KB, 2.4 MB */
export function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

function lineOf(typed: Input[string] | undefined): string {
  return typeof typed === 'string' ? typed : ''
}

/** Labels among the parameters are phrases too. */
function translated(t: T, params: Record<string, string | number> = {}): Record<string, string | number> {
  return 'label' in params ? { ...params, label: t(String(params.label)) } : params
}
