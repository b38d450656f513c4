import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Static, Type } from 'typebox'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { Flow } from '../approvals/index.ts'
import { CommonField } from './fields/field.ts'
import { faultsIn, formFaults, MOST_FIELDS, sizeFaults } from './rules/check-form.ts'
import { type Form, openForm } from './rules/form.ts'
import { limitFaults, Limits } from './rules/limits.ts'
import { KEPT_MONTHS } from './rules/keeping.ts'
import { reservationFaults, Reserves } from './rules/reserving.ts'
import { rightFaults } from './rules/steps.ts'

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

const TypedText = Type.Union([Type.String(), Type.Array(Type.String())])
const TypedParts = Type.Record(Type.String(), TypedText)

/** A file of `catalogue/services/`; its name is the service's key. */
export const ServiceDefinition = Type.Object({
  title: words(40),
  summary: words(100),
  category: words(20),
  icon: Type.String({ pattern: '^[a-z-]{1,30}$' }),
  /** by what the roster says of the applicant */
  audience: Type.Array(Type.Enum(['enrolled', 'suspended', 'graduated', 'employed']), { minItems: 1, uniqueItems: true }),
  /** the department that answers for it, by its code in the roster */
  department: Type.Optional(words(40)),
  /** other words that people look for it by */
  keywords: Type.Array(words(40), { maxItems: 50 }),
  limits: Type.Optional(Limits),
  /** months for which what has ended is kept */
  keep: Type.Optional(Type.Integer({ minimum: 1, maximum: 1200, default: KEPT_MONTHS })),
  guide: Guide,
  form: Type.Object({
    fields: Type.Array(CommonField, { minItems: 1, maxItems: MOST_FIELDS }),
    /** what may be changed when single fields are asked to be corrected: everything (usual), or they alone */
    on_correction: Type.Optional(Type.Enum(['open', 'locked'])),
    reserves: Type.Optional(Reserves),
  }, closed),
  /** what is in it approvals knows, and is asked at the start */
  flow: Type.Unsafe<Flow>(Type.Object({ nodes: Type.Array(Type.Object({ id: Type.String() }), { minItems: 1 }), revoke: Type.Optional(Type.Boolean()) }, closed)),
  outcome: Type.Optional(Outcome),
  /** a form that is accepted: shown in the console, and proof that the service works */
  sample: Type.Record(Type.String(), Type.Union([TypedText, TypedParts, Type.Array(TypedParts)])),
}, closed)
export type ServiceDefinition = Static<typeof ServiceDefinition>

export type Service = { readonly key: string; readonly definition: ServiceDefinition; readonly form: Form; readonly hash: string }
/** What the hall offers, by its keys. `get` throws `not-found`. */
export type Catalogue = { readonly all: readonly Service[]; find(key: string): Service | undefined; get(key: string): Service }

/** Letters. A form of 200 fields with its guide has a tenth of it. */
const LONGEST = 512 * 1024

/** What approvals says against a flow, one sentence each. */
export type FlowFaults = (flow: unknown) => readonly string[]

/** Every service of the folder; the first wrong file stops the start with its name and the place in it. */
export function loadCatalogue(folder: string, flowFaults: FlowFaults): { all: readonly Service[] } {
  const files = readdirSync(folder).filter(name => name.endsWith('.json')).toSorted()
  return { all: files.map(name => readService(name.slice(0, -'.json'.length), readFileSync(join(folder, name), 'utf8'), { file: `catalogue/services/${name}`, flowFaults })) }
}

/** A service from its text. Throws `invalid` that names `file` and each wrong place. */
export function readService(key: string, text: string, { file, flowFaults }: { file: string; flowFaults: FlowFaults }): Service {
  const read = checkText(key, text, flowFaults)
  if ('service' in read) return read.service
  throw new AppError('invalid', '事项文件 {file} 有误：{faults}', { params: { file, faults: read.faults.join('; ') }, code: 'service-definition' })
}

/** The same for who wants the wrong places one by one, each beginning with its path in the file. */
export function checkText(key: string, text: string, flowFaults: FlowFaults): { service: Service } | { faults: string[] } {
  if (text.length > LONGEST) return { faults: [`${Math.ceil(text.length / 1024)} KB, at most ${LONGEST / 1024} KB are allowed`] }
  const parsed = parse(text)
  if ('fault' in parsed) return { faults: [parsed.fault] }
  const faults = [...KEY.test(key) ? [] : ['the name must be small letters, digits and dashes'], ...sizeFaults(parsed.value)]
  if (faults.length > 0) return { faults }
  if (!fits<ServiceDefinition>(ServiceDefinition, parsed.value)) return { faults: faultsIn(ServiceDefinition, parsed.value) }
  const wrong = definitionFaults(parsed.value, flowFaults)
  return wrong.length > 0 ? { faults: wrong } : { service: openService(key, parsed.value) }
}

/** What a service is called in addresses and as a file. */
const KEY = /^[a-z][a-z0-9-]{0,39}$/

/** One whose definition has been checked before. Throws a TypeError where this release does not know what is in it. */
export function openService(key: string, definition: ServiceDefinition): Service {
  return { key, definition, form: openForm(definition.form.fields), hash: hashOf(definition) }
}

/** A definition as a file of the folder; read again, it is the same. */
export function fileText(definition: ServiceDefinition): string {
  return `${JSON.stringify(definition, null, 2)}\n`
}

/** The same words give the same hash, however the file is laid out. */
function hashOf(definition: ServiceDefinition): string {
  return hash('sha256', JSON.stringify(definition))
}

function definitionFaults({ limits, form: { fields, reserves }, flow, outcome }: ServiceDefinition, flowFaults: FlowFaults): string[] {
  const own = formFaults(fields)
  // What is said of a field that is wrong itself would only hide what is wrong with it.
  return own.length > 0 ? own : [...documentFaults(outcome?.document, fields), ...revocationFaults(flow, outcome), ...flowFaults(flow), ...rightFaults(flow, fields), ...reservationFaults(reserves, { fields, flow }), ...limitFaults(limits)]
}

/** A document that was issued is revoked by its issuer, not by who asked for it. */
function revocationFaults({ revoke }: Flow, outcome: ServiceDefinition['outcome']): string[] {
  return revoke && outcome?.document ? ['/flow/revoke: what issues a document cannot be taken back'] : []
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
  const uncovered = typeof kind === 'object' ? options.filter(option => !Object.hasOwn(kind.of, option)) : []
  return [
    ...unknown.map(name => `/outcome/document: there is no field ${name}`),
    ...uncovered.map(option => `/outcome/document/kind/of: says nothing for ${option}`),
  ]
}

const WithOptions = Type.Object({ options: Type.Array(Type.Object({ value: Type.String() })) })

function optionsOf(field: CommonField | undefined): string[] | undefined {
  return fits<Static<typeof WithOptions>>(WithOptions, field) ? field.options.map(option => option.value) : undefined
}

function parse(text: string): { value: unknown } | { fault: string } {
  try {
    // Editors of one system put a mark at the beginning of every text.
    return { value: JSON.parse(text.replace(/^\uFEFF/, '')) }
  } catch (error) {
    // The engine says either where it is or what stands there.
    const [, place, quoted] = /(line \d+ column \d+)|"([^]+)"(?:\.\.\.)? is not valid/.exec(String(error)) ?? []
    return { fault: place ? `not JSON, at ${place}` : quoted ? `not JSON, near ${quoted.replace(/\s+/g, ' ')}` : 'not JSON' }
  }
}
