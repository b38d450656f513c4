import type { T } from '../../../platform/text.ts'
import type { Known } from '../problems.ts'

type Schema = { type?: string | string[]; description?: string; enum?: unknown[]; const?: unknown; anyOf?: Schema[]; properties?: Record<string, Schema>; required?: string[]; items?: Schema; maxLength?: number; minLength?: number }
type Content = Record<string, { schema?: Schema }>
type Parameter = { name: string; in: string; required?: boolean; description?: string; schema?: Schema }
type Operation = {
  operationId?: string; summary?: string; description?: string; tags?: string[]; 'x-scope'?: string
  parameters?: Parameter[]; requestBody?: { content: Content }; responses?: Record<string, { description?: string; content?: Content }>
}
type Document = { info: { title: string; description?: string }; servers?: { url: string }[]; paths: Record<string, Record<string, Operation>> }

/** The description with its phrases in a reader's language; a phrase of several lines line by line. */
export function inWords(part: object, t: T): object {
  const said = (key: string, value: unknown): unknown => {
    if (typeof value === 'object' && value !== null) return Array.isArray(value) ? value.map(each => said('', each)) : inWords(value, t)
    return typeof value === 'string' && ['description', 'summary'].includes(key) ? value.split('\n\n').map(line => t(line)).join('\n\n') : value
  }
  return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, said(key, value)]))
}

/** The description as a page: each call with what it takes and answers, and the codes of problems. */
export function docsPage(description: object, problems: Readonly<Record<string, Known>>, t: T) {
  // The plug-in made it from our own routes.
  const document: Document = Object.assign({ info: { title: '' }, paths: {} }, description)
  return {
    title: t('接口说明'), wide: true, address: document.servers?.[0]?.url ?? '', notes: (document.info.description ?? '').split('\n\n'),
    calls: Object.entries(document.paths).flatMap(([path, operations]) => Object.entries(operations).map(([method, operation]) => callOf(path, method, operation, t))),
    problems: Object.entries(problems).map(([code, { status, title }]) => ({ code, status, title: t(title) })),
  }
}

function callOf(path: string, method: string, operation: Operation, t: T) {
  const [[type = '', body] = []] = Object.entries(operation.requestBody?.content ?? {})
  const [status = '', answer] = Object.entries(operation.responses ?? {}).find(([code]) => code.startsWith('2')) ?? []
  const [[answerType = '', answered] = []] = Object.entries(answer?.content ?? {})
  return {
    id: operation.operationId ?? `${method} ${path}`, method: method.toUpperCase(), path, summary: operation.summary ?? '', text: operation.description ?? '', scope: operation['x-scope'],
    takes: [
      ...(operation.parameters ?? []).map(({ name, in: where, required, description, schema }) => ({ name, where, required: required === true, type: typeOf(schema), text: description ?? schema?.description ?? '' })),
      ...fieldsOf(body?.schema, '').map(field => ({ ...field, where: type })),
    ],
    gives: fieldsOf(answered?.schema, ''), status, answerType, titles: { takes: t('参数'), gives: t('回答') },
  }
}

type Field = { name: string; required: boolean; type: string; text: string }

/** Fields of fields as `one.two`, of lists as `list[]`. */
function fieldsOf(schema: Schema | undefined, before: string): Field[] {
  return Object.entries(schema?.properties ?? {}).flatMap(([key, property]) => {
    const name = `${before}${key}`
    const below = property.items?.properties ? fieldsOf(property.items, `${name}[].`) : fieldsOf(property, `${name}.`)
    return [{ name, required: schema?.required?.includes(key) === true, type: typeOf(property), text: property.description ?? '' }, ...below]
  })
}

function typeOf(schema: Schema | undefined): string {
  if (!schema) return ''
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' | ')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  return [schema.type ?? ''].flat().join(' | ')
}
