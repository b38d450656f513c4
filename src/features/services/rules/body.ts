import type { Upload } from '../../../platform/web.ts'
import { type BoundField, type Fault, isTexts, type Typed, type TypedParts } from '../fields/field.ts'
import { drawnPicture } from './drawing.ts'
import type { Faults, Form } from './form.ts'

/** What a form's page sends besides its fields. */
const OWN = new Set(['_csrf', 'intent', 'remove', 'draft', 'act'])
const LISTED = 5

export type Body = { input: Record<string, Typed>; uploads: Map<string, Upload[]>; remove: string[]; faults: Faults }
type Sent = ReadonlyMap<string, unknown>

/** Sorts what came with a form into typed values and files. What the form does not ask for is refused, not dropped: somebody believes it was sent. */
export function readBody(form: Form, body: unknown): Body {
  const sent = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}))
  const read: Body = { input: {}, uploads: new Map(), remove: texts(sent.get('remove')) ?? [], faults: {} }
  const faults: Record<string, Fault> = {}
  const taken = new Set<string>(OWN)
  for (const field of form.fields) {
    const { key, label } = field.definition
    if (field.schema === null || field.compute) continue
    for (const name of namesOf(field, sent)) taken.add(name)
    const uploads = uploadsOf(field, sent)
    if (uploads.length > 0) read.uploads.set(key, uploads.filter(isChosen))
    const typed = typedOf(field, sent)
    if (typed === undefined) faults[key] = { sentence: '“{label}”的内容格式不对，请重新填写', params: { label } }
    else if (typed !== null) read.input[key] = typed
  }
  const strange = [...sent.keys()].filter(name => !taken.has(name))
  if (strange.length > 0) faults._form = { sentence: '收到了这项服务没有的内容，没有提交：{names}', params: { names: strange.slice(0, LISTED).map(name => name.slice(0, 40)).join(', ') } }
  return { ...read, faults }
}

/** Every name under which something of the field was sent, or would be. */
function namesOf({ definition: { key }, shape, control }: BoundField, sent: Sent): string[] {
  if (shape.kind === 'one') return [key]
  const names = shape.kind === 'parts' ? shape.names.map(name => `${key}.${name}`) : [...sent.keys()].filter(name => cellOf(key, shape.columns, name) !== null)
  return control.kind === 'signature' ? [key, `${key}.drawn`, ...names] : names
}

/** As typed; null where nothing was sent, undefined where it cannot have come from the field's own control. */
function typedOf(field: BoundField, sent: Sent): Typed | null | undefined {
  const { definition: { key }, shape, files } = field
  if (shape.kind === 'rows') return typedRows(key, shape, sent)
  if (shape.kind === 'parts') return typedParts(key, shape.names, sent)
  const value = sent.get(key)
  if (value === undefined || [value].flat().some(isUpload)) return null
  // The ids of files come from the database alone.
  if (files) return value === '' ? null : undefined
  return typeof value === 'string' ? value : texts(value)
}

function typedParts(key: string, names: readonly string[], sent: Sent): TypedParts | null | undefined {
  const came = names.flatMap((name): [string, unknown][] => sent.has(`${key}.${name}`) ? [[name, sent.get(`${key}.${name}`)]] : [])
  if (came.length === 0) return null
  return came.every((entry): entry is [string, string | readonly string[]] => typeof entry[1] === 'string' || isTexts(entry[1])) ? Object.fromEntries(came) : undefined
}

/** Rows in the order of their numbers, which are only names: after one is taken out they are numbered anew. */
function typedRows(key: string, { columns, most }: { columns: readonly BoundField[]; most: number }, sent: Sent): TypedParts[] | null | undefined {
  const cells = [...sent].flatMap(([name, value]) => {
    const cell = cellOf(key, columns, name)
    return cell ? [{ ...cell, value }] : []
  })
  if (cells.length === 0) return null
  if (!cells.every((cell): cell is typeof cell & { value: string } => typeof cell.value === 'string')) return undefined
  const rows = [...Map.groupBy(cells, cell => cell.row)].toSorted(([one], [other]) => one - other)
  // One more than allowed is kept, so that the form comes back with the sentence instead of without the row.
  return rows.slice(0, most + 1).map(([, members]) => Object.fromEntries(members.map(({ column, value }) => [column, value])))
}

function cellOf(key: string, columns: readonly BoundField[], name: string): { row: number; column: string } | null {
  if (!name.startsWith(`${key}.`)) return null
  const [, row = '', column = ''] = /^(\d{1,4})\.([a-z][a-z0-9_]*)$/.exec(name.slice(key.length + 1)) ?? []
  return columns.some(({ definition, compute }) => definition.key === column && !compute) ? { row: Number(row), column } : null
}

function uploadsOf({ definition: { key }, control, files }: BoundField, sent: Sent): Upload[] {
  const uploads = [sent.get(key)].flat().filter(isUpload)
  const drawn = files && control.kind === 'signature' ? drawnPicture(sent.get(`${key}.drawn`)) : null
  return drawn ? [...uploads, drawn] : uploads
}

function texts(value: unknown): string[] | undefined {
  const all = value === undefined ? [] : [value].flat()
  return isTexts(all) ? [...all] : undefined
}

function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'data' in value && Buffer.isBuffer(value.data) && 'filename' in value
}

/** A file input that nothing was chosen in still sends an empty, nameless file. */
function isChosen({ filename, data }: Upload): boolean {
  return Boolean(filename) || data.length > 0
}
