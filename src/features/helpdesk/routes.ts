import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Database } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { newId } from '../../platform/ids.ts'
import { fits } from '../../platform/schema.ts'
import { askPage, receivedPage } from './pages.ts'
import { type Asked, pageOf } from './rules.ts'
import { AskForm } from './schema.ts'
import type { Verbs } from './verbs.ts'

declare module 'fastify' {
  interface Session {
    /** the request for help sent last from here, for its receipt */
    asked_help?: { code: string; contact_kind: 'phone' | 'email' }
  }
}

type Deps = { database: Database; verbs: Verbs; hours: string; phone: string | undefined }

/** What 我的信息 begins a request with. */
const CORRECTION = '我要更正（或删除）下面的信息：\n现在写的是：\n应该是：\n原因：'

/** 联系客服, for anyone: who cannot get in needs it most. */
export function publicRoutes({ database, verbs, hours, phone }: Deps): FastifyPluginAsync {
  const desk = { hours, phone }

  function form(request: FastifyRequest, reply: FastifyReply, typed: Partial<Asked>, { id, page, errors = {} }: { id: string; page: string | null; errors?: Record<string, string> }): Promise<FastifyReply> {
    return reply.page('helpdesk/ask', askPage(request.t, { typed, visitor: request.visitor, id, page, errors, desk }))
  }

  return async app => {
    app.get<{ Querystring: { from?: string; topic?: string } }>('/help', async (request, reply) => {
      const { from = '', topic } = request.query
      return form(request, reply, topic === 'correction' ? { problem: request.t(CORRECTION) } : {}, { id: newId(), page: pageOf(from) })
    })

    // A campus may stand behind one address; what a person writes in a minute is far below it.
    app.post('/help', { config: { rateLimit: { max: 120, timeWindow: 10 * 60_000, keyGenerator: request => `help-${request.ip}` } } }, async (request, reply) => {
      if (!fits<Static<typeof AskForm>>(AskForm, request.body)) throw new AppError('invalid', '提交的内容不完整或格式不对，请返回检查')
      const { id, website = '', page: from = '', ...fields } = request.body
      const asked = trimmed(fields)
      const page = pageOf(from)
      if (website !== '') return reply.redirect('/help/received', 303)
      try {
        const { code, contact_kind } = await database.write(tx => verbs.open(tx, { id, asked, page, person: request.visitor }))
        request.session.asked_help = { code, contact_kind }
        return reply.redirect('/help/received', 303)
      } catch (error) {
        if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
        return form(request, reply.code(422), asked, { id, page, errors: error.fields ?? {} })
      }
    })

    app.get('/help/received', async (request, reply) => {
      const { asked_help } = request.session
      return reply.page('helpdesk/received', receivedPage(request.t, { asked: asked_help ?? null, signedIn: request.visitor !== null, desk }))
    })
  }
}

function trimmed({ name = '', number = '', school = '', contact = '', problem = '' }: Partial<Asked>): Asked {
  return { name: name.trim(), number: number.normalize('NFKC').trim(), school: school.trim(), contact: contact.trim(), problem: problem.replaceAll('\r\n', '\n').trim() }
}
