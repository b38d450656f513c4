import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Context } from '../deps.ts'
import { confirmPage, donePage, mailboxPage, overPage } from '../pages/mailbox.ts'
import { EmailForm, TokenParam } from '../schema.ts'
import { emailRow, openMailbox } from '../store/mailboxes.ts'
import { personById } from '../store/people.ts'
import { askMailbox, confirmMailbox, isOpen, mailboxOf } from '../verbs/mailbox.ts'

const PATH = '/account/email'

/** 设置邮箱, for who is signed in. */
export function mailboxRoutes({ database: { db, write }, clock }: Context): FastifyPluginAsync {
  async function show(request: FastifyRequest, reply: FastifyReply, typed = '', errors: Record<string, string> = {}): Promise<FastifyReply> {
    const { person_id } = request.person
    const [row, waiting] = [await emailRow(db, person_id), await openMailbox(db, person_id)]
    const now = row?.email ? { email: row.email, proven: row.email_proven_at !== null } : null
    return await reply.page('identity/mailbox', mailboxPage({ t: request.t, now, waiting, typed, errors, at: clock.now() }))
  }

  return async app => {
    app.get(PATH, async (request, reply) => await show(request, reply))

    app.post(PATH, async (request, reply) => {
      const { email = '' } = fits<{ email?: string }>(EmailForm, request.body) ? request.body : {}
      try {
        await write(tx => askMailbox(tx, request.person, email))
      } catch (error) {
        if (!(error instanceof AppError) || error.kind === 'upstream') throw error
        return await show(request, reply.code(error.kind === 'invalid' ? 422 : 429), email, { email: request.t(error.message, error.params) })
      }
      return reply.redirect(PATH, 303)
    })
  }
}

/** The mailed link: whoever reads the mailbox, signed in or not. */
export function mailboxLinkRoutes({ database: { db, write }, keyring, clock }: Context): FastifyPluginAsync {
  async function over(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    return await reply.code(422).page('identity/outcome', overPage(request.t))
  }

  return async app => {
    app.get<{ Params: { token: string } }>('/mailbox/:token', { schema: { params: TokenParam } }, async (request, reply) => {
      const { token } = request.params
      const row = await mailboxOf(db, keyring, token)
      const person = row && isOpen(row, clock.now()) ? await personById(db, row.person_id) : null
      return row && person ? await reply.page('identity/confirm', confirmPage(request.t, { token, email: row.email, name: person.name })) : await over(request, reply)
    })

    app.post<{ Params: { token: string } }>('/mailbox/:token', { schema: { params: TokenParam } }, async (request, reply) => {
      const row = await mailboxOf(db, keyring, request.params.token)
      try {
        await write(tx => confirmMailbox(tx, keyring, request.params.token))
      } catch (error) {
        if (!(error instanceof AppError) || error.code !== 'identity:mailbox-over') throw error
        return await over(request, reply)
      }
      return await reply.page('identity/outcome', donePage(request.t, row?.email ?? ''))
    })
  }
}
