import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, type TSchema, Type } from 'typebox'
import { Errors } from 'typebox/value'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { Flow } from '../approvals/index.ts'
import { CommonField } from './fields/field.ts'
import { fieldTypes } from './fields/index.ts'
import { type Form, openForm } from './rules/form.ts'

const closed = { additionalProperties: false }
const words = (maxLength: number) => Type.String({ minLength: 1, maxLength })

const Guide = Type.Object({
  /** who may apply */
  who: words(300),
  materials: Type.Array(words(200), { maxItems: 20 }),
  /** 承诺时限, counted in working days (工作日) or hours of them */
  promise: Type.Union([
    Type.Object({ working_days: Type.Integer({ minimum: 1, maximum: 365 }) }, closed),
    Type.Object({ working_hours: Type.Integer({ minimum: 1, maximum: 200 }) }, closed),
  ]),
  steps: Type.Array(words(200), { minItems: 1, maxItems: 20 }),
  contact: Type.Object({ office: words(60), phone: Type.Optional(words(40)), place: Type.Optional(words(100)), hours: Type.Optional(words(100)) }, closed),
}, closed)

/** What follows an approval. A document: its kind, or the field that chooses it, and the field with the mailbox it goes to. */
const Outcome = Type.Object({
  document: Type.Optional(Type.Object({
    kind: Type.Union([words(60), Type.Object({ by: words(40), of: Type.Record(Type.String(), words(60)) }, closed)]),
    /** of the words it takes from the form */
    language: Type.Union([Type.Enum(['zh', 'en']), Type.Object({ by: words(40) }, closed)]),
    mail_to: Type.Optional(words(40)),
    /** what it says besides the person's own facts: the first of the fields that is answered */
    facts: Type.Optional(Type.Record(Type.String(), Type.Array(words(40), { minItems: 1 }))),
  }, closed)),
}, closed)

/** A file of `catalogue/services/`; its name is the service's key. */
export const ServiceDefinition = Type.Object({
  title: words(40),
  summary: words(100),
  category: words(20),
  icon: Type.String({ pattern: '^[a-z-]{1,30}$' }),
  /** by what the roster says of the applicant */
  audience: Type.Array(Type.Enum(['enrolled', 'suspended', 'graduated', 'employed']), { minItems: 1, uniqueItems: true }),
  /** other words that people look for it by */
  keywords: Type.Array(words(40), { maxItems: 50 }),
  guide: Guide,
  form: Type.Object({ fields: Type.Array(CommonField, { minItems: 1, maxItems: 200 }) }, closed),
  /** what is in it approvals knows, and is asked at the start */
  flow: Type.Unsafe<Flow>(Type.Object({ nodes: Type.Array(Type.Object({ id: Type.String() }), { minItems: 1 }) }, closed)),
  outcome: Type.Optional(Outcome),
  /** a form that is accepted: shown in the console, and proof that the service works */
  sample: Type.Record(Type.String(), Type.Union([Type.String(), Type.Array(Type.String())])),
}, closed)
export type ServiceDefinition = Static<typeof ServiceDefinition>

export type Service = { readonly key: string; readonly definition: ServiceDefinition; readonly form: Form; readonly hash: string }
export type Catalogue = { readonly all: readonly Service[]; find(key: string): Service | undefined; get(key: string): Service }

/** What approvals says against a flow, one sentence each. */
export type FlowFaults = (flow: unknown) => readonly string[]

/** Every service of the folder; the first wrong file stops the start with its name and the place in it. */
export function loadCatalogue(folder: string, flowFaults: FlowFaults): Catalogue {
  const files = readdirSync(folder).filter(name => name.endsWith('.json')).toSorted()
  const all = files.map(name => readService(name.slice(0, -'.json'.length), readFileSync(join(folder, name), 'utf8'), { file: `catalogue/services/${name}`, flowFaults }))
  const byKey = new Map(all.map(service => [service.key, service]))
  return {
    all,
    find: key => byKey.get(key),
    get(key) {
      const found = byKey.get(key)
      if (!found) throw new AppError('not-found', '没有这项服务。可能是链接不完整，或者服务已经下线')
      return found
    },
  }
}

/** A service from its text. Throws `invalid` that names `file` and each wrong place. */
export function readService(key: string, text: string, { file, flowFaults }: { file: string; flowFaults: FlowFaults }): Service {
  const fail = (faults: readonly string[]): never => {
    throw new AppError('invalid', '事项文件 {file} 有误：{faults}', { params: { file, faults: faults.join('; ') }, code: 'service-definition' })
  }
  const parsed = parse(text) ?? fail(['not JSON'])
  if (!/^[a-z][a-z0-9-]{0,39}$/.test(key)) fail(['the name must be small letters, digits and dashes'])
  if (!fits<ServiceDefinition>(ServiceDefinition, parsed)) return fail(faultsIn(ServiceDefinition, parsed))
  const faults = [...fieldFaults(parsed), ...referenceFaults(parsed), ...flowFaults(parsed.flow)]
  if (faults.length > 0) return fail(faults)
  return { key, definition: parsed, form: openForm(parsed.form.fields), hash: hashOf(parsed) }
}

/** The same words give the same hash, however the file is laid out. */
function hashOf(definition: ServiceDefinition): string {
  return hash('sha256', JSON.stringify(definition))
}

function fieldFaults({ form: { fields } }: ServiceDefinition): string[] {
  return fields.flatMap((field, index) => {
    const at = `/form/fields/${index}`
    const type = fieldTypes.get(field.type)
    if (!type) return [`${at}/type: there is no field type ${field.type}`]
    return faultsIn(type.definition, field).map(fault => `${at}${fault}`)
  })
}

function referenceFaults({ form: { fields }, outcome }: ServiceDefinition): string[] {
  const keys = fields.map(field => field.key)
  const twice = keys.flatMap((key, index) => keys.indexOf(key) === index ? [] : [`/form/fields/${index}/key: ${key} is there twice`])
  const conditions = fields.flatMap(({ when }, index) =>
    when && !fits(Type.Enum(optionsOf(fields.slice(0, index).find(field => field.key === when.field)) ?? ['']), when.is)
      ? [`/form/fields/${index}/when: no earlier field ${when.field} can be ${when.is}`] : [])
  return [...twice, ...conditions, ...documentFaults(outcome?.document, fields)]
}

function documentFaults(document: NonNullable<ServiceDefinition['outcome']>['document'], fields: readonly CommonField[]): string[] {
  if (!document) return []
  const { kind, language, mail_to, facts = {} } = document
  const named = [
    ...(typeof kind === 'object' ? [kind.by] : []), ...(typeof language === 'object' ? [language.by] : []),
    ...(mail_to === undefined ? [] : [mail_to]), ...Object.values(facts).flat(),
  ]
  const unknown = named.filter(name => !fields.some(field => field.key === name))
  const options = typeof kind === 'object' ? (optionsOf(fields.find(field => field.key === kind.by)) ?? []) : []
  const uncovered = typeof kind === 'object' ? options.filter(option => kind.of[option] === undefined) : []
  return [
    ...unknown.map(name => `/outcome/document: there is no field ${name}`),
    ...uncovered.map(option => `/outcome/document/kind/of: says nothing for ${option}`),
  ]
}

const WithOptions = Type.Object({ options: Type.Array(Type.Object({ value: Type.String() })) })

function optionsOf(field: CommonField | undefined): string[] | undefined {
  return fits<Static<typeof WithOptions>>(WithOptions, field) ? field.options.map(option => option.value) : undefined
}

/** Each wrong place and what it should be. */
function faultsIn(schema: TSchema, value: unknown): string[] {
  // A schema of `false` is how a closed object says that a key is unknown; it is told once, by its parent.
  return Errors(schema, value).filter(error => error.keyword !== 'boolean').map(error => `${error.instancePath} ${sentenceOf(error)}`)
}

function sentenceOf(error: ReturnType<typeof Errors>[number]): string {
  return error.keyword === 'additionalProperties' ? `${error.message}: ${error.params.additionalProperties.join(', ')}` : error.message
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
