import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Static } from 'typebox'
import type { Files } from '../../../integrations/files/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { fits } from '../../../platform/schema.ts'
import { fileName } from '../notices.ts'
import type { DocumentRow } from '../tables.ts'
import { gatePage, sharedPage } from './pages.ts'
import { OPENING_HOLDS, type Standing } from './rules.ts'
import { OpeningForm } from './schema.ts'
import type { Share } from './tables.ts'
import type { ShareVerbs } from './verbs.ts'

declare module 'fastify' {
  interface Session {
    /** links that this browser came in by: id and until when it may look, epoch ms */
    shares?: Record<string, number>
  }
}

type Deps = { database: Database; clock: Clock; files: Pick<Files, 'open'>; shares: ShareVerbs }
type ByToken = { Params: { token: string } }
type Found = { share: Share; document: DocumentRow; standing: Standing }

const SENTENCES = { wrong: '口令不对，请核对后再输', wait: '口令输错太多次，请十分钟以后再试' }

/**
 * /share/TOKEN, for whoever has the link. Looking at it changes nothing and counts nothing, because mail programs and chats look at links
 * before people do: a button opens it. What is over says so with the same words as what never was.
 */
export function sharePublicRoutes({ database, clock, files, shares }: Deps): FastifyPluginAsync {
  const look = (token: string) => shares.lookUp(database.db, token, clock.now())

  function over(request: FastifyRequest, reply: FastifyReply, standing: Standing | undefined) {
    const { t } = request
    const revoked = standing === 'revoked'
    return reply.code(404).page('documents/share-over', {
      title: revoked ? t('这份文件已经作废') : t('这个链接不能用了'),
      note: revoked ? t('学校已经作废这份文件，不要再采用。需要时请联系分享的人') : t('它可能已经过期、用完次数、被分享的人结束，或者地址不完整。需要时请联系分享的人重新分享'),
    })
  }

  /** Came in by this browser, and not over since: its last view may be the one that is being looked at. */
  function isIn(request: FastifyRequest, { share, standing }: Found): boolean {
    return (standing === 'open' || standing === 'used-up') && (request.session.shares?.[share.id] ?? 0) > clock.now()
  }

  return async app => {
    app.addHook('onRequest', async (_request, reply) => {
      reply.header('referrer-policy', 'no-referrer').header('x-robots-tag', 'noindex')
    })

    app.get<ByToken>('/share/:token', async (request, reply) => {
      const { token } = request.params
      const found = await look(token)
      if (found && isIn(request, found)) return reply.page('documents/shared', sharedPage({ ...found, t: request.t }, { token, verify: `/verify/${found.document.code}` }))
      if (found?.standing !== 'open') return over(request, reply, found?.standing)
      return reply.page('documents/share-gate', gatePage({ ...found, t: request.t }, token))
    })

    app.post<ByToken>('/share/:token', async (request, reply) => {
      const { token } = request.params
      const typed = fits<Static<typeof OpeningForm>>(OpeningForm, request.body) ? request.body.passcode ?? '' : ''
      const outcome = await database.write(tx => shares.enter(tx, token, typed))
      const found = await look(token)
      if (!found || (outcome !== 'entered' && outcome !== 'wrong' && outcome !== 'wait')) return over(request, reply, found?.standing)
      if (outcome !== 'entered') return reply.code(outcome === 'wait' ? 429 : 422).page('documents/share-gate', gatePage({ ...found, error: SENTENCES[outcome], t: request.t }, token))
      const now = clock.now()
      const others = Object.entries(request.session.shares ?? {}).filter(([, until]) => until > now).slice(-9)
      request.session.shares = { ...Object.fromEntries(others), [found.share.id]: now + OPENING_HOLDS }
      return reply.redirect(`/share/${token}`, 303)
    })

    app.get<ByToken>('/share/:token/file', async (request, reply) => {
      const found = await look(request.params.token)
      if (!found || !isIn(request, found) || !found.document.sha256) return over(request, reply, found?.standing)
      const { share, document } = found
      const file = await files.open(found.document.sha256)
      await database.write(tx => shares.downloaded(tx, share.id))
      return reply.type('application/pdf')
        .header('content-disposition', `attachment; filename="document.pdf"; filename*=UTF-8''${encodeURIComponent(fileName({ title: request.t(document.title), number: document.number }))}`)
        .send(file)
    })
  }
}
