import type { FastifyPluginAsync } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import type { AtSchool } from '../enter.ts'
import { signOut } from '../verbs/sign-in.ts'

declare module 'fastify' {
  interface Session {
    /** where signing out goes on at the school; sealed, for it may hold what the school said of the person */
    leaving?: string
  }
}

/** 退出登录, and on to the school's server where that signed the person in: else one click would sign them in again. */
export function logoutRoutes({ database: { write }, campus, keyring, publicUrl }: Context): FastifyPluginAsync {
  async function onward(school: AtSchool | undefined): Promise<string | null> {
    if (!school || campus.way !== 'redirect') return null
    try {
      return await campus.leave(`${publicUrl}/login`, school.hint === null ? null : keyring.open('identity.campus-hint', school.hint))
    } catch (error) {
      // The hall's own session ends all the same.
      if (error instanceof AppError && error.kind === 'upstream') return null
      throw error
    }
  }

  return async app => {
    app.post('/logout', async (request, reply) => {
      const { visitor, session: { campus: school } } = request
      if (visitor) await write(tx => signOut(tx, visitor))
      const address = await onward(school)
      if (address === null) {
        await request.session.destroy()
        return reply.redirect('/login', 303)
      }
      await request.session.regenerate()
      request.session.leaving = keyring.seal('identity.leaving', address)
      return reply.redirect('/logout', 303)
    })

    // A page in between: browsers refuse a form whose answer leads to another site.
    app.get('/logout', async (request, reply) => {
      const { leaving } = request.session
      const address = leaving === undefined ? null : keyring.open('identity.leaving', leaving)
      delete request.session.leaving
      if (address === null) return reply.redirect('/login', 303)
      return await reply.header('refresh', `0;url=${address}`).page('identity/left', { title: request.t('已退出登录'), address })
    })
  }
}
