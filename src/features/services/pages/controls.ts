import type { T } from '../../../platform/text.ts'
import type { Line } from '../fields/control.ts'
import { leavesOf } from '../fields/cascade.ts'
import type { BoundField, FileRule, Known, Typed, TypedParts } from '../fields/field.ts'
import type { KnownPerson } from '../fields/known.ts'
import { idsIn } from '../known.ts'
import { rowsIn } from '../rules/acts.ts'
import type { Faults, Input } from '../rules/form.ts'
import { canOpen, SCAN_TAGS } from '../rules/scan.ts'
import type { Attachment } from '../store/attachments.ts'
import { attachmentPath } from './form.ts'

/** What controls are drawn from. `found`: whom a search found, by field; null where too little was typed to look for anybody. */
export type Drawn = {
  input: Input; faults: Faults; attachments: readonly Attachment[]; viewer_id: string; known: Known
  found: ReadonlyMap<string, readonly KnownPerson[] | null>
}
type Texts = Readonly<Record<string, string>>
type Common = { name: string; label: string; required: boolean | undefined; help?: string; error?: string }

/** What views/services/_field.eta draws for a field: one entry, named after its component. */
export function draw(t: T, field: BoundField, facts: Drawn, errors: Texts, live: Texts) {
  const { definition: { key }, control, files } = field
  const common = commonOf(t, field, key, errors)
  const typed = facts.input[key]
  switch (control.kind) {
    case 'words': return { note: { meaning: control.tone, title: common.label, ...(common.help && { text: common.help }) } }
    case 'files': return { files: filesPage(t, common, facts, { accept: control.accept, pictures: control.pictures, rule: files }) }
    case 'signature': return { signature: { ...common, value: partOf(typed, 'name'), picture: keptFiles(t, facts, key).at(-1), put: `${key}.put` } }
    case 'levels': return { field: { ...common, type: 'select', value: lineOf(typed), enhance: 'cascade', options: leavesOf(control.options).map(leaf => ({ value: leaf.path.join('/'), text: leaf.labels.map(label => t(label)).join(' / ') })) } }
    case 'unit': return { field: { ...common, type: control.many ? 'checkbox' : 'select', long: control.many, value: control.many ? listOf(typed) : lineOf(typed), options: [...facts.known.units.values()].map(unit => ({ value: unit.id, text: unit.name })) } }
    case 'pair': return { range: { ...common, ends: ['from', 'to'].map(end => ({ ...lineField(t, control.line), name: `${key}.${end}`, label: end === 'from' ? t('开始') : t('结束'), value: partOf(typed, end) })) } }
    case 'rating': return { rating: { ...common, value: lineOf(typed), options: control.options.map(option => ({ value: option.value, text: t(option.label) })) } }
    case 'person': return { person: personPage(common, facts, key, control) }
    case 'table': return { table: tablePage(t, field, control, facts, { common, errors, live }) }
    case 'location': return { location: { ...common, value: partOf(typed, 'text'), lat: partOf(typed, 'lat'), lng: partOf(typed, 'lng') } }
    case 'computed': return { computed: { ...common, value: live[key] ?? '' } }
    default: return { field: simpleField(t, field, common, typed) }
  }
}

/** What a cell of a table can be, too. */
function simpleField(t: T, { control }: BoundField, common: Common, typed: Typed | undefined) {
  if (control.kind === 'area') return { ...common, type: 'textarea', value: lineOf(typed), maxlength: control.maxlength, rows: control.rows }
  if (control.kind === 'rating') return { ...common, type: 'select', value: lineOf(typed), options: control.options.map(option => ({ value: option.value, text: t(option.label) })) }
  if (control.kind === 'choice') {
    const type = { radio: 'radio', list: 'select', check: 'checkbox' }[control.as]
    return { ...common, type, value: control.as === 'check' ? listOf(typed) : lineOf(typed), options: control.options.map(option => ({ value: option.value, text: t(option.label) })) }
  }
  return { ...common, ...(control.kind === 'line' && lineField(t, control)), value: lineOf(typed) }
}

function lineField(t: T, { kind: _kind, suffix, ...line }: Line) {
  return { ...line, ...(suffix && { suffix: t(suffix) }) }
}

type Table = Extract<BoundField['control'], { kind: 'table' }>

function tablePage(t: T, { definition: { key } }: BoundField, { columns, least, most, sums }: Table, { input }: Drawn, { common, errors, live }: { common: Common; errors: Texts; live: Texts }) {
  const rows = rowsIn(input[key], least)
  return {
    ...common,
    rows: rows.map((row, at) => ({
      title: t('第 {n} 行', { n: at + 1 }), cut: rows.length > least ? `${key}.cut.${at}` : null, cutLabel: t('删除第 {n} 行', { n: at + 1 }),
      cells: columns.map(column => cellPage(t, column, row, `${key}.${at}.${column.definition.key}`, errors, live)),
    })),
    add: rows.length < most ? `${key}.add` : null,
    most: t('最多 {n} 行', { n: most }),
    sums: columns.filter(column => sums.includes(column.definition.key)).map(column => {
      const name = `${key}.sum.${column.definition.key}`
      return { name, label: t('{label}合计', { label: t(column.definition.label) }), value: live[name] ?? '' }
    }),
  }
}

function cellPage(t: T, column: BoundField, row: TypedParts, name: string, errors: Texts, live: Texts) {
  const common = commonOf(t, column, name, errors)
  if (column.compute) return { computed: { ...common, value: live[name] ?? '' } }
  const drawn = simpleField(t, column, common, row[column.definition.key])
  // A row has no room for a column of buttons.
  return { field: drawn.type === 'radio' ? { ...drawn, type: 'select' } : drawn }
}

function commonOf(t: T, { definition: { label, help, required } }: BoundField, name: string, errors: Texts): Common {
  return { name, label: t(label), required, ...(help && { help: t(help) }), ...(errors[name] && { error: errors[name] }) }
}

/** So many stand there to choose from; among more one searches. */
const LISTED = 20

function personPage(common: Common, { input, known, found }: Drawn, key: string, { most, among, preset }: Extract<BoundField['control'], { kind: 'person' }>) {
  const listed = among !== null && among.length <= LISTED
  const ids = input[key] === undefined ? preset.map(person => person.id) : idsIn(input[key])
  const knownById = new Map([...known.people, ...[...preset, ...among ?? []].map((person): [string, KnownPerson] => [person.id, person])])
  const others = found.get(key)
  const shown = listed ? among : [...ids.flatMap(id => knownById.get(id) ?? []), ...(others ?? []).filter(person => !ids.includes(person.id))]
  return {
    ...common, q: partOf(input[key], 'q'), find: listed ? null : `${key}.find`, many: most > 1,
    people: shown.map(({ id, name, unit, number }) => ({ value: id, text: name, help: [unit, number].filter(Boolean).join(' · '), checked: ids.includes(id) })),
    none: others?.length === 0, short: others === null,
  }
}

function filesPage(t: T, { help, ...common }: Common, facts: Drawn, { accept, pictures, rule }: { accept: string; pictures: boolean; rule: FileRule | null }) {
  const kept = keptFiles(t, facts, common.name)
  const most = rule?.most ?? 1
  const words = t('{types}，每个不超过 {mb} MB，最多 {most} 个', { types: (rule?.types ?? []).map(type => type.toUpperCase()).join(' / '), mb: rule?.max_mb ?? 0, most })
  return {
    kept, pictures,
    dropZone: kept.length < most ? { ...common, accept, multiple: most > 1, help: help ? t('{help}。{rule}', { help, rule: words }) : words, required: common.required && kept.length === 0 } : null,
    full: { ...common, help: t('已经有 {n} 个，移除后可以换', { n: most }) },
  }
}

/** What was uploaded for a field and not taken off again. */
export function keptFiles(t: T, { attachments, viewer_id }: Pick<Drawn, 'attachments' | 'viewer_id'>, field: string) {
  return attachments.filter(file => file.field === field && file.removed === 0)
    .map(file => ({ id: file.id, ...filePage(t, file, viewer_id), remove: t('移除 {name}', { name: file.name }) }))
}

/** An uploaded file as this viewer sees it. */
export function filePage(t: T, file: Attachment, viewer_id: string) {
  const tag = SCAN_TAGS[file.status]
  return {
    label: file.name, href: canOpen(file, viewer_id) ? attachmentPath(file.application_id, file.id) : null, isPicture: file.type !== 'pdf', note: sizeText(file.size),
    isWaiting: file.status === 'waiting', ...(tag && { tag: { text: t(tag.text), meaning: tag.meaning } }),
  }
}

/** 820 KB, 2.4 MB */
export function sizeText(bytes: number): string {
  return bytes < 1024 * 1024 ? `${Math.max(1, Math.round(bytes / 1024))} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`
}

function lineOf(typed: Typed | undefined): string {
  return typeof typed === 'string' ? typed : ''
}

function listOf(typed: Typed | undefined): readonly unknown[] {
  return typeof typed === 'string' ? [typed] : Array.isArray(typed) ? typed : []
}

function partOf(typed: Typed | undefined, name: string): string {
  const part: unknown = typeof typed === 'object' && !Array.isArray(typed) ? new Map(Object.entries(typed)).get(name) : undefined
  return typeof part === 'string' ? part : ''
}
