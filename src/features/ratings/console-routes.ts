import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import type { Deps } from './index.ts'
import { followUpPage, followUpsPage, PAGE, statisticsPage, STATUSES } from './pages.ts'
import { AnswerForm, ClosingForm } from './schema.ts'
import { countOpen, countsByService, listFollowUps } from './store.ts'
import type { Agent, Verbs } from './verbs.ts'

type ById = { Params: { id: string } }
type Query = { Querystring: { status?: string; late?: string; before?: string } }
type Typed = { answer?: string; note?: string; errors?: Record<string, string> }

/** What a department owes to who was not content, and how content people are with each service; each sees what their role reaches. */
export function consoleRoutes({ database, clock, identity, services, verbs }: Deps & { verbs: Verbs }): FastifyPluginAsync {
  const { db, write } = database
  const reachOf = ({ person }: FastifyRequest) => identity.reachOf(db, person.person_id, 'ratings.follow')

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, typed: Typed = {}): Promise<FastifyReply> {
    const row = await verbs.inReach(db, request.person, request.params.id)
    return reply.console('ratings/follow-up', followUpPage(request.t, { row, viewer: request.person, now: clock.now(), ...typed }))
  }

  async function act(request: FastifyRequest<ById>, reply: FastifyReply, typed: Typed, work: (agent: Agent) => Promise<void>, done: string): Promise<FastifyReply> {
    const { person_id, number, name } = request.person
    try {
      await work({ person_id, number, name })
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
      return show(request, reply.code(422), { ...typed, errors: error.fields ?? {} })
    }
    request.session.flash = { meaning: 'done', text: request.t(done) }
    return reply.redirect(`/admin/follow-ups/${request.params.id}`, 303)
  }

  return async app => {
    app.get<Query>('/follow-ups', async (request, reply) => {
      const { late, before } = request.query
      const status = STATUSES.find(each => each === request.query.status) ?? 'open'
      const reach = await reachOf(request)
      const onlyLate = status === 'open' && late === '1'
      const rows = await listFollowUps(db, { status, late_at: onlyLate ? clock.now() : undefined, reach, before, limit: PAGE + 1 })
      return reply.console('ratings/follow-ups', followUpsPage(request.t, { rows, status, onlyLate, counts: await countOpen(db, reach, clock.now()), now: clock.now() }))
    })

    app.get<ById>('/follow-ups/:id', async (request, reply) => show(request, reply))

    app.post<ById>('/follow-ups/:id/answer', async (request, reply) => {
      const { answer = '' } = fits<Static<typeof AnswerForm>>(AnswerForm, request.body) ? request.body : {}
      return act(request, reply, { answer }, agent => write(tx => verbs.answer(tx, agent, request.params.id, answer.replaceAll('\r\n', '\n'))), '已答复，正在送达本人')
    })

    app.post<ById>('/follow-ups/:id/closing', async (request, reply) => {
      const { note = '' } = fits<Static<typeof ClosingForm>>(ClosingForm, request.body) ? request.body : {}
      return act(request, reply, { note }, agent => write(tx => verbs.close(tx, agent, request.params.id, note.replaceAll('\r\n', '\n'))), '跟进已办结')
    })

    app.get('/ratings', async (request, reply) => {
      const own = await services.ownedWithin(db, await reachOf(request))
      const shown = services.titles().filter(({ key }) => own === null || own.includes(key))
      return reply.console('ratings/statistics', statisticsPage(request.t, { services: shown, counts: await countsByService(db) }))
    })
  }
}
