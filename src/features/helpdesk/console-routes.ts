import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { eventsOf } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'
import { fits } from '../../platform/schema.ts'
import { listPage, PAGE, STATUSES, ticketPage } from './pages.ts'
import { ById, TextForm, TicketQuery } from './schema.ts'
import { entriesOf, getTicket, listTickets } from './store.ts'
import type { Agent, Identity, Verbs } from './verbs.ts'

type Deps = { database: Database; verbs: Verbs; identity: Identity; labels: Readonly<Record<string, EventLabel>> }
type One = { Params: { id: string } }
type Told = Awaited<ReturnType<Verbs['answer']>>
type Shown = { contact?: string; text?: string; errors?: Record<string, string> }

/** The desk: what waits, what was answered, and the answer itself. */
export function consoleRoutes({ database, verbs, identity, labels }: Deps): FastifyPluginAsync {
  const { db, write } = database

  async function show(request: FastifyRequest, reply: FastifyReply, id: string, shown: Shown = {}): Promise<FastifyReply> {
    const ticket = await getTicket(db, id)
    const [entries, events, found] = [await entriesOf(db, id), await eventsOf(db, id), await identity.personByNumber(db, ticket.number)]
    return reply.console('helpdesk/ticket', ticketPage(request.t, { ticket, contact: verbs.contactOf(ticket), entries, events, labels, found, reader: request.person, ...shown }))
  }

  return async app => {
    app.get('/tickets', async (request, reply) => {
      const query = fits<Static<typeof TicketQuery>>(TicketQuery, request.query) ? request.query : {}
      // Whoever comes without a filter comes for what waits; an empty one asks for all.
      const status = STATUSES.find(each => each === (query.status ?? 'open'))
      const q = (query.q ?? '').trim()
      return reply.console('helpdesk/tickets', listPage(request.t, await listTickets(db, { status, q, before: query.before, limit: PAGE + 1 }), { status, q }))
    })

    app.get<One>('/tickets/:id', { schema: { params: ById } }, async (request, reply) => show(request, reply, request.params.id))

    app.post<One>('/tickets/:id/answer', { schema: { params: ById } }, async (request, reply) => say(request, reply, 'answer'))
    app.post<One>('/tickets/:id/note', { schema: { params: ById } }, async (request, reply) => say(request, reply, 'note'))

    app.post<One>('/tickets/:id/closing', { schema: { params: ById } }, async (request, reply) => {
      await write(tx => verbs.close(tx, agentOf(request), request.params.id))
      return done(request, reply, '求助已关闭')
    })

    app.post<One>('/tickets/:id/reopening', { schema: { params: ById } }, async (request, reply) => {
      await write(tx => verbs.reopen(tx, agentOf(request), request.params.id))
      return done(request, reply, '求助已重新打开')
    })

    app.post<One>('/tickets/:id/contact', { schema: { params: ById } }, async (request, reply) => {
      const { id } = request.params
      return show(request, reply, id, { contact: await write(tx => verbs.showContact(tx, agentOf(request), id)) })
    })
  }

  async function say(request: FastifyRequest<One>, reply: FastifyReply, what: 'answer' | 'note'): Promise<FastifyReply> {
    const { id } = request.params
    const { text = '' } = fits<Static<typeof TextForm>>(TextForm, request.body) ? request.body : {}
    try {
      const words = text.replaceAll('\r\n', '\n')
      const told = await write<Told | null>(tx => what === 'answer' ? verbs.answer(tx, agentOf(request), id, words) : verbs.note(tx, agentOf(request), id, words))
      return done(request, reply, told === 'phone' ? '已记下答复。请打电话告诉本人' : told ? '已答复，正在送达' : '已记下')
    } catch (error) {
      if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
      return show(request, reply.code(422), id, { text, errors: error.fields ?? {} })
    }
  }
}

function agentOf({ person: { person_id, number, name } }: FastifyRequest): Agent {
  return { person_id, number, name }
}

function done(request: FastifyRequest<One>, reply: FastifyReply, sentence: string): FastifyReply {
  request.session.flash = { meaning: 'done', text: request.t(sentence) }
  return reply.redirect(`/admin/tickets/${request.params.id}`, 303)
}
