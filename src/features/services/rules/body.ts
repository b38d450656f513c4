import type { Upload } from '../../../platform/web.ts'
import type { Fault, Typed } from '../fields/field.ts'
import type { Faults, Form } from './form.ts'

/** What a form's page sends besides its fields. */
const OWN = new Set(['_csrf', 'intent', 'remove', 'draft'])
const LISTED = 5

export type Body = { input: Record<string, Typed>; uploads: Map<string, Upload[]>; remove: string[]; faults: Faults }

/** Sorts what came with a form into typed values and files. What the form does not ask for is refused, not dropped: somebody believes it was sent. */
export function readBody(form: Form, body: unknown): Body {
  const sent = new Map(Object.entries(typeof body === 'object' && body !== null ? body : {}))
  const read: Body = { input: {}, uploads: new Map(), remove: texts(sent.get('remove')) ?? [], faults: {} }
  const faults: Record<string, Fault> = {}
  for (const { definition: { key, label }, control } of form.fields) {
    const value: unknown = sent.get(key)
    const uploads = [value].flat().filter(isUpload)
    const typed = typedOf(value)
    if (uploads.length > 0) read.uploads.set(key, uploads.filter(isChosen))
    else if (typed === undefined || (control.kind === 'files' && typed !== '')) faults[key] = { sentence: '“{label}”的内容格式不对，请重新填写', params: { label } }
    else if (value !== undefined && control.kind !== 'words') read.input[key] = typed
  }
  const strange = [...sent.keys()].filter(key => !OWN.has(key) && !form.fields.some(field => field.definition.key === key && field.control.kind !== 'words'))
  if (strange.length > 0) faults._form = { sentence: '收到了这项服务没有的内容，没有提交：{names}', params: { names: strange.slice(0, LISTED).map(name => name.slice(0, 40)).join(', ') } }
  return { ...read, faults }
}

function typedOf(value: unknown): Typed | undefined {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : Array.isArray(value) ? texts(value) : undefined
}

function texts(value: unknown): string[] | undefined {
  const all = value === undefined ? [] : [value].flat()
  return all.every(one => typeof one === 'string') ? all : undefined
}

function isUpload(value: unknown): value is Upload {
  return typeof value === 'object' && value !== null && 'data' in value && Buffer.isBuffer(value.data) && 'filename' in value
}

/** A file input that nothing was chosen in still sends an empty, nameless file. */
function isChosen({ filename, data }: Upload): boolean {
  return Boolean(filename) || data.length > 0
}
