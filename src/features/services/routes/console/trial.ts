import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { can } from '../../../../platform/rights.ts'
import type { Person } from '../../../identity/index.ts'
import { fieldsOf, splitChosen } from '../../choices.ts'
import type { Context } from '../../deps.ts'
import type { Service } from '../../catalogue.ts'
import type { Typed } from '../../fields/field.ts'
import { foundFor, knownIn } from '../../known.ts'
import { wordOf } from '../../pages/definition-words.ts'
import { formPage } from '../../pages/form.ts'
import { trialPage } from '../../pages/console/trial.ts'
import { prefillOf, type Prefilled, unmasked, withPrefill } from '../../prefill.ts'
import { afterAct, readAct } from '../../rules/acts.ts'
import { canApply } from '../../rules/application.ts'
import { readBody } from '../../rules/body.ts'
import { applicantsPart, type Faults, type Form, type Input, readForm, typedForm, type Values } from '../../rules/form.ts'
import { findSent } from '../../store/applications.ts'
import { SCRIPTS } from '../forms.ts'
import { fieldIn } from '../requests.ts'
import { type ByEdition, headOf } from './editions.ts'

type Trial = ByEdition & { Querystring: { q?: string; applicant?: string; application?: string; fill?: string } }
/** `values`: answers that come from elsewhere, as those of an application. */
type Tried = { input: Input; faults: Faults; run: boolean; values?: Values }

const OFFERED = 10

/** 试运行: who would get what and why, for an applicant of the directory and a form that is filled in here. Nothing is written, nobody is told. */
export async function trialRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, identity, database: { db } } = context

  app.get<Trial>('/services/:key/:edition/trial', async (request, reply) => {
    const { q = '', applicant, application, fill } = request.query
    if (application && can(request.person, 'applications.read')) return begin(request, reply, application)
    const person = await personOf(applicant)
    if (!person) return choose(request, reply, { q })
    const { edition } = await headOf(context, request, 'trial')
    const part = triedPart(edition.service.form)
    const prefilled = await prefillOf(context, db, part, { ...person, person_id: person.id })
    const input = withPrefill(fill === 'sample' ? await exampleFor(part, edition.service.definition.sample, person) : {}, prefilled)
    return show(request, reply, person, { input, faults: {}, run: false })
  })

  app.post<Trial>('/services/:key/:edition/trial', async (request, reply) => {
    const person = await personOf(request.query.applicant)
    if (!person) return choose(request, reply.code(422), { q: '', error: '请先选择申请人' })
    const { edition: { service } } = await headOf(context, request, 'trial')
    const part = await partFor(service, person, readBody(triedPart(service.form), request.body).input)
    const { input, faults } = readBody(part, request.body)
    const act = readAct(fieldIn(request.body, 'act'))
    return act ? show(request, reply, person, { input: afterAct(part, input, act), faults: {}, run: false }) : show(request, reply, person, { input, faults, run: true })
  })

  /** The form, and after it whom the flow lets its applicant choose for what is filled in so far. */
  async function partFor({ definition: { flow }, form }: Service, { id: person_id, number, name }: Person, input: Input, given: Values = {}): Promise<Form> {
    const own = triedPart(form)
    if (!approvals.asksApplicant(flow)) return own
    const { values } = await readTried(form, own, input, given)
    return { fields: [...own.fields, ...await fieldsOf(context, db, await approvals.offersAtStart(db, { flow, form: { ...values }, applicant: { person_id, number, name }, instance_id: null }))] }
  }

  /** The example, with people and departments of this directory where it cannot name any: the applicant's own department, the applicant, or whoever leads them. */
  async function exampleFor(part: Form, sample: Input, { id, kind, unit_id }: Person): Promise<Input> {
    const leader = await identity.directory(db).leaderOf(id) ?? id
    const filled = part.fields.flatMap(({ names, control, definition: { key } }): [string, Typed][] => {
      if (names === null || sample[key] === undefined) return []
      return [[key, names === 'unit' ? unit_id : { id: control.kind === 'person' && control.of !== kind ? leader : id }]]
    })
    return { ...only(part, sample), ...Object.fromEntries(filled) }
  }

  /** Whenever it was typed: a day that was to come when an application was sent may be tried. */
  async function readTried(form: Form, part: Form, input: Input, given: Values = {}) {
    return readForm(part, input, { known: await knownIn(context, db, part, input), given: { ...assumed(form), ...given } })
  }

  async function personOf(id: string | undefined): Promise<Person | undefined> {
    return id && /^[0-9A-Z]{26}$/.test(id) ? (await identity.peopleByIds(db, [id]))[0] : undefined
  }

  /** With an application's own data: its applicant and its answers as they were sent. */
  async function begin(request: FastifyRequest<Trial>, reply: FastifyReply, number: string): Promise<FastifyReply> {
    const sent = await findSent(db, { service_key: request.params.key, number: number.trim() })
    const person = await personOf(sent?.person_id)
    if (!sent || !person) return choose(request, reply.code(422), { q: '', application: number, error: '没有这个编号的申请' })
    const { edition } = await headOf(context, request, 'trial')
    const values = sent.form ?? {}
    return show(request, reply, { ...person, number: sent.person_number }, { input: typedForm(triedPart(edition.service.form), values), faults: {}, run: true, values })
  }

  async function choose(request: FastifyRequest<Trial>, reply: FastifyReply, { q, application, error }: { q: string; application?: string; error?: string }): Promise<FastifyReply> {
    const { t, person } = request
    const { head } = await headOf(context, request, 'trial')
    const { people } = q.trim() === '' ? { people: [] } : await identity.searchPeople(db, { q, limit: OFFERED })
    return reply.console('services/console/trial-applicant', {
      ...head, q, application, error: error && t(error), byApplication: can(person, 'applications.read'),
      people: people.map(({ id, name, unit_name, number, standing }) => ({ title: name, note: [unit_name, number, wordOf(t, 'audience', standing)].join(' · '), href: `${head.path}/trial?applicant=${id}`, chevron: true })),
    })
  }

  async function show(request: FastifyRequest<Trial>, reply: FastifyReply, person: Person, { input, faults, run, values: given }: Tried): Promise<FastifyReply> {
    const { t } = request
    const { edition: { service }, head } = await headOf(context, request, 'trial')
    const { definition, form } = service
    const part = await partFor(service, person, input, given)
    const prefilled = await prefillOf(context, db, part, { ...person, person_id: person.id })
    const read = await readTried(form, part, unmasked(input, prefilled), given)
    const wrong = run ? { ...read.faults, ...faults } : {}
    const ready = run && Object.keys(wrong).length === 0
    const { form: answers, chosen } = splitChosen(read.values, part.fields)
    const forecast = ready ? await approvals.foresee(db, t, { flow: definition.flow, applicant: { person_id: person.id, number: person.number, name: person.name }, form: { ...answers }, chosen }) : null
    return (run && !ready ? reply.code(422) : reply).console('services/console/trial', {
      ...head, ...formPage(t, part, { input, faults: wrong, values: read.values, prefilled: withoutReveal(prefilled), viewer_id: '', attachments: [], known: await knownIn(context, db, part, input), found: await foundFor(context, db, part, input) }),
      result: forecast && trialPage(t, definition.flow, forecast), action: `${head.path}/trial?applicant=${person.id}`, sample: `${head.path}/trial?applicant=${person.id}&fill=sample`,
      applicant: t('{name}（{number}）', { name: person.name, number: person.number }), unit: person.unit_name, outside: !canApply(definition.audience, person.standing),
      left: form.fields.filter(field => field.definition.by !== 'approver' && isLeft(field)).map(field => t(field.definition.label)).join(t('、')), scripts: SCRIPTS,
    })
  }
}

/** Files and sealed numbers have no place to go, where nothing is written. */
function triedPart(form: Form): Form {
  return { fields: applicantsPart(form).fields.filter(field => !isLeft(field)) }
}

function isLeft(field: Form['fields'][number]): boolean {
  return field.files !== null || field.mask !== null
}

/** What is left out counts as handed in where it must be. */
function assumed(form: Form): Values {
  return Object.fromEntries(applicantsPart(form).fields.filter(field => isLeft(field) && field.definition.required).map(field => [field.definition.key, ['—']]))
}

/** What is masked stays so: it is somebody else's. */
function withoutReveal(prefilled: Prefilled): Prefilled {
  return new Map([...prefilled].map(([key, known]) => [key, { ...known, typed: known.masked ?? known.typed, masked: null }]))
}

function only(part: Form, sample: Input): Input {
  const keys = new Set(part.fields.map(field => field.definition.key))
  return Object.fromEntries(Object.entries(sample).filter(([key]) => keys.has(key)))
}
