import type { FastifyPluginAsync } from 'fastify'
import { listEvents } from '../../../platform/event-register.ts'
import { fits } from '../../../platform/schema.ts'
import { keepSession } from '../begin-session.ts'
import type { Context } from '../deps.ts'
import { devicesPage, historyPage, signInEvents } from '../pages/devices.ts'
import { BeforeQuery, IdParam } from '../schema.ts'
import { sessionKey } from '../sessions.ts'
import { listSessions } from '../store/sessions.ts'
import { endOtherSessions, endOwnSession } from '../verbs/account.ts'

const DEVICES = '/account/devices'
const PAGE = 20
/** as far back as a person sees; the trail itself goes on */
const SHOWN_FOR = 90 * 86_400_000

/** 已登录的设备 and 登录记录: what a person looks at who fears that somebody else is in. */
export function deviceRoutes({ database: { db, write }, clock }: Context): FastifyPluginAsync {
  return async app => {
    app.get(DEVICES, async (request, reply) => {
      const sessions = await listSessions(db, request.person.person_id, clock.now())
      return await reply.page('identity/devices', devicesPage(request.t, { sessions, current: sessionKey(request.session.sessionId), number: request.person.number }))
    })

    app.post<{ Params: { id: string } }>('/account/sessions/:id/end', { schema: { params: IdParam } }, async (request, reply) => {
      await write(tx => endOwnSession(tx, request.person, request.params.id))
      request.session.flash = { meaning: 'done', text: request.t('已结束那个设备上的登录') }
      return reply.redirect(DEVICES, 303)
    })

    app.post('/account/sessions/end', async (request, reply) => {
      keepSession(request, await write(tx => endOtherSessions(tx, request.person)))
      request.session.flash = { meaning: 'done', text: request.t('已结束其他设备上的登录') }
      return reply.redirect(DEVICES, 303)
    })

    app.get('/account/history', async (request, reply) => {
      const { before } = fits<{ before?: string }>(BeforeQuery, request.query) ? request.query : {}
      const events = await listEvents(db, { subject: request.person.person_id, names: signInEvents, since: clock.now() - SHOWN_FOR, before, limit: PAGE + 1 })
      const next = events.length > PAGE ? (events[PAGE - 1]?.id ?? null) : null
      return await reply.page('identity/history', historyPage(request.t, { events: events.slice(0, PAGE), next, number: request.person.number }))
    })
  }
}
