import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { schoolTime } from '../../../platform/dates.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import type { GrantsTable } from '../grant-tables.ts'
import { endPage, type GrantForm, grantPage, type Names, readScope, renewalPage, type RolesFilter, rolesPage } from '../pages/roles.ts'
import { NOTICE, readPeriod } from '../rules/grants.ts'
import { downwards } from '../rules/roles.ts'
import { EndForm, GrantForm as GrantShape, IdParam, RenewalForm, RolesQuery } from '../schema.ts'
import { type Person, personById } from '../store/people.ts'
import { countByRole, grantById, listGrants } from '../store/roles.ts'
import { listUnits } from '../store/units.ts'
import { endGrant, grantRole, renewGrant } from '../verbs/roles.ts'
import type { ById } from './show-person.ts'

const PAGE = 50
type Errors = Record<string, string>
type EndInput = { until?: string; reason?: string }

/** Who holds what. */
export function roleListRoutes({ database: { db }, clock, grantRules }: Context): FastifyPluginAsync {
  return async app => {
    app.get('/roles', async (request, reply) => {
      const query: RolesFilter = fits<RolesFilter>(RolesQuery, request.query) ? request.query : {}
      const now = clock.now()
      const units = await listUnits(db)
      const byId = new Map(units.map(unit => [unit.id, unit]))
      const unit_ids = query.unit && byId.has(query.unit) ? downwards(byId, query.unit) : undefined
      const found = await listGrants(db, now, { role: query.role || undefined, unit_ids, ending_by: query.soon === '1' ? now + NOTICE : undefined, after: query.after || undefined, limit: PAGE + 1 })
      const rows = found.slice(0, PAGE)
      const next = found.length > PAGE ? rows.at(-1)?.id ?? null : null
      return await reply.console('identity/roles', rolesPage({ t: request.t, rows, next, counts: await countByRole(db, now), names: { units, places: grantRules.places() }, query, now }))
    })
  }
}

/** Giving roles, letting them go on, and taking them back. */
export function roleRoutes({ database: { db, write }, clock, grantRules }: Context): FastifyPluginAsync {
  const names = async (): Promise<Names> => ({ units: await listUnits(db), places: grantRules.places() })

  async function getPerson(id: string): Promise<Person> {
    const person = await personById(db, id)
    if (!person) throw new AppError('not-found', '没有找到这个人')
    return person
  }

  async function getGrant(id: string): Promise<{ grant: GrantsTable; person: Person }> {
    const grant = await grantById(db, id)
    if (!grant) throw new AppError('not-found', '没有找到这次授权')
    return { grant, person: await getPerson(grant.person_id) }
  }

  async function askGrant(request: FastifyRequest, reply: FastifyReply, id: string, form: GrantForm, errors: Errors = {}): Promise<FastifyReply> {
    return await reply.console('identity/grant', grantPage({ t: request.t, person: await getPerson(id), form, names: await names(), errors, today: schoolTime(clock.now()).date }))
  }

  async function ask(page: 'end' | 'renewal', request: FastifyRequest, reply: FastifyReply, id: string, form: EndInput, errors: Errors = {}): Promise<FastifyReply> {
    const question = { t: request.t, ...await getGrant(id), names: await names(), now: clock.now(), form, errors }
    return page === 'end' ? await reply.console('identity/confirm', endPage(question)) : await reply.console('identity/renewal', renewalPage(question))
  }

  return async app => {
    app.get<ById>('/people/:id/grants/new', { schema: { params: IdParam } }, async (request, reply) => await askGrant(request, reply, request.params.id, {}))

    app.post<ById>('/people/:id/grants', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const form: GrantForm = fits<GrantForm>(GrantShape, request.body) ? request.body : {}
      const period = readPeriod(form, clock.now())
      const scope = readScope(form.scope ?? '')
      const errors = { ...('faults' in period && period.faults), ...(!scope && { scope: '请选择范围' }), ...(!form.role && { role: '请选择角色' }) }
      if ('faults' in period || !scope || Object.keys(errors).length > 0) return await askGrant(request, reply.code(422), id, form, translated(request, errors))
      try {
        await write(tx => grantRole(tx, grantRules, request.actor, { person_id: id, role: form.role ?? '', ...scope, ...period, reason: form.reason ?? '' }))
      } catch (error) {
        return await askGrant(request, reply.code(statusOf(error)), id, form, refusal(request, error, 'role'))
      }
      request.session.flash = { meaning: 'done', text: request.t('已授予，下一次打开页面就生效') }
      return reply.redirect(`/admin/people/${id}`, 303)
    })

    app.get<ById>('/grants/:id/end', { schema: { params: IdParam } }, async (request, reply) => await ask('end', request, reply, request.params.id, {}))

    app.post<ById>('/grants/:id/end', { schema: { params: IdParam } }, async (request, reply) => {
      const form: EndInput = fits<EndInput>(EndForm, request.body) ? request.body : {}
      try {
        const { person_id } = await write(tx => endGrant(tx, request.actor, { grant_id: request.params.id, reason: form.reason ?? '' }))
        request.session.flash = { meaning: 'done', text: request.t('已收回') }
        return reply.redirect(`/admin/people/${person_id}`, 303)
      } catch (error) {
        return await ask('end', request, reply.code(statusOf(error)), request.params.id, form, refusal(request, error, 'reason'))
      }
    })

    app.get<ById>('/grants/:id/renewal', { schema: { params: IdParam } }, async (request, reply) => await ask('renewal', request, reply, request.params.id, {}))

    app.post<ById>('/grants/:id/renewal', { schema: { params: IdParam } }, async (request, reply) => {
      const { id } = request.params
      const form: EndInput = fits<EndInput>(RenewalForm, request.body) ? request.body : {}
      const period = readPeriod({ until: form.until ?? '' }, clock.now())
      if ('faults' in period) return await ask('renewal', request, reply.code(422), id, form, translated(request, { ...period.faults }))
      try {
        const { person } = await getGrant(id)
        await write(tx => renewGrant(tx, grantRules, request.actor, { grant_id: id, ends_at: period.ends_at, reason: form.reason ?? '' }))
        request.session.flash = { meaning: 'done', text: request.t('期限已修改') }
        return reply.redirect(`/admin/people/${person.id}`, 303)
      } catch (error) {
        return await ask('renewal', request, reply.code(statusOf(error)), id, form, refusal(request, error, 'reason'))
      }
    })
  }
}

function translated({ t }: FastifyRequest, errors: Errors): Errors {
  return Object.fromEntries(Object.entries(errors).map(([name, sentence]) => [name, t(sentence)]))
}

/** What the form says again; anything that the form cannot mend goes on. */
function refusal(request: FastifyRequest, error: unknown, field: string): Errors {
  if (!(error instanceof AppError) || error.kind === 'not-found' || error.kind === 'upstream') throw error
  return translated(request, error.fields ?? { [field]: error.message })
}

function statusOf(error: unknown): number {
  return error instanceof AppError && error.kind === 'conflict' ? 409 : error instanceof AppError && error.kind === 'forbidden' ? 403 : 422
}
