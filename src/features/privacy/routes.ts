import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Database } from '../../platform/db.ts'
import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import type { Feature } from '../../platform/feature.ts'
import { fits } from '../../platform/schema.ts'
import { safeReturnTo } from '../identity/index.ts'
import { copyOf, dataOf } from './data.ts'
import { type Notice, titles, WHOLE_HALL } from './notices.ts'
import { dataPage, noticePage, withdrawalPage } from './pages.ts'
import { noticeByHash } from './store.ts'
import type { Verbs } from './verbs.ts'

declare module 'fastify' {
  interface Session {
    /** hash of the notice that the person has agreed to, so that a request need not ask the database */
    consented?: string
  }
}

type Deps = { database: Database; clock: Clock; verbs: Verbs; notices: ReadonlyMap<string, Notice>; features(): readonly Feature[] }

const ByHash = Type.Object({ hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) })
const Agreement = Type.Object({ hash: Type.String({ maxLength: 64 }), to: Type.Optional(Type.String({ maxLength: 1000 })) })

/** The notices, for anyone: as they are, and as they were when somebody agreed. */
export function publicRoutes({ database: { db }, notices }: Deps): FastifyPluginAsync {
  return async app => {
    app.get('/privacy', async (request, reply) => reply.page('privacy/notice', noticePage(request.t, request.language, whole(notices))))
    app.get<{ Params: Static<typeof ByHash> }>('/privacy/:hash', { schema: { params: ByHash } }, async (request, reply) => {
      const { hash } = request.params
      const notice = [...notices.values()].find(each => each.hash === hash) ?? await noticeByHash(db, hash)
      if (!notice) throw new AppError('not-found', '没有找到这份说明')
      return reply.page('privacy/notice', noticePage(request.t, request.language, notice))
    })
  }
}

/** Being asked, and 我的信息. */
export function routes({ database, clock, verbs, notices, features }: Deps): FastifyPluginAsync {
  const { db, write } = database
  const consentOf = (name: string) => {
    const consent = titles.get(name)
    if (consent === undefined) throw new AppError('not-found', '没有这项同意')
    return consent
  }

  async function ask(request: FastifyRequest, reply: FastifyReply, to: string): Promise<FastifyReply> {
    return reply.page('privacy/notice', noticePage(request.t, request.language, whole(notices), { to }))
  }

  return async app => {
    app.get<{ Querystring: { to?: string } }>('/privacy/consent', async (request, reply) => await ask(request, reply, safeReturnTo(request.query.to)))

    app.post('/privacy/consent', async (request, reply) => {
      const { hash = '', to } = fits<Static<typeof Agreement>>(Agreement, request.body) ? request.body : {}
      try {
        await write(tx => verbs.agree(tx, request.person, WHOLE_HALL, hash))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
        request.session.flash = { meaning: 'warn', text: request.t(error.message) }
        return await ask(request, reply.code(409), safeReturnTo(to))
      }
      request.session.consented = hash
      return reply.redirect(safeReturnTo(to), 303)
    })

    app.get('/account/data', async (request, reply) => {
      const { person_id } = request.person
      return reply.page('privacy/data', dataPage(request.t, await dataOf(db, features(), person_id), await verbs.consentsOf(db, person_id)))
    })

    app.post('/account/data/copy', async (request, reply) => {
      const { t, person } = request
      await write(tx => verbs.exported(tx, person))
      const copy = copyOf(t, person, await dataOf(db, features(), person.person_id), clock.now())
      return reply.type('application/json; charset=utf-8').header('content-disposition', 'attachment; filename="my-data.json"').send(copy)
    })

    app.get<{ Params: { name: string } }>('/account/data/consents/:name/withdrawal', async (request, reply) => {
      const { name } = request.params
      return reply.page('privacy/withdrawal', withdrawalPage(request.t, name, consentOf(name)))
    })

    app.post<{ Params: { name: string } }>('/account/data/consents/:name/withdrawal', async (request, reply) => {
      const { name } = request.params
      consentOf(name)
      await write(tx => verbs.withdraw(tx, request.person, name))
      if (name !== WHOLE_HALL) {
        request.session.flash = { meaning: 'done', text: request.t('已撤回') }
        return reply.redirect('/account/data', 303)
      }
      await request.session.destroy()
      return reply.redirect('/privacy', 303)
    })
  }
}

function whole(notices: ReadonlyMap<string, Notice>): Notice {
  const notice = notices.get(WHOLE_HALL)
  if (!notice) throw new Error('the privacy notice is missing')
  return notice
}
