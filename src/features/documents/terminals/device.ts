import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import type { Files } from '../../../integrations/files/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { qrSvg } from '../qr.ts'
import { getDocument } from '../store.ts'
import { codeNow, SEEN_EVERY } from './rules.ts'
import { findOpen } from './store.ts'
import type { Terminal } from './tables.ts'
import type { TerminalVerbs } from './verbs.ts'
import type { Keyring } from '../../../platform/keys.ts'

type Deps = { database: Database; clock: Clock; files: Pick<Files, 'open'>; keyring: Pick<Keyring, 'derive'>; publicUrl: string; terminals: TerminalVerbs }

/**
 * What a terminal asks. It proves itself by its token in a header, has no cookie and no session, and sees of all papers the one that was
 * handed to it, by its title; the file itself only after somebody touched 打印, for two minutes.
 */
export function deviceRoutes({ database: { db, write }, clock, files, keyring, publicUrl, terminals }: Deps): FastifyPluginAsync {
  const origin = publicUrl.replace(/\/$/, '')

  async function asking({ headers }: FastifyRequest): Promise<Terminal> {
    const [, token = ''] = /^Bearer (.{1,60})$/.exec(headers.authorization ?? '') ?? []
    const terminal = await terminals.byToken(db, token)
    if (!terminal) throw new AppError('forbidden', '终端的令牌不对，或者终端已经停用。请找教务要新的令牌')
    return terminal
  }

  async function stateOf(request: FastifyRequest, terminal: Terminal) {
    const { id, name, place } = terminal
    const open = await findOpen(db, id)
    const now = clock.now()
    if (open && open.until > now) return { state: open.status, name, place, print: open.id, title: request.t((await getDocument(db, open.document_id)).title) }
    const code = codeNow(keyring, id, now)
    const svg = await qrSvg(`${origin}/prints/new?${new URLSearchParams({ terminal: id, code })}`)
    return { state: 'free', name, place, code, qr: `data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}` }
  }

  return async app => {
    app.get('/terminal', async (request, reply) => {
      // The paper is printed from a frame that this page fills itself.
      reply.header('content-security-policy', `${String(reply.getHeader('content-security-policy'))};frame-src blob:;object-src blob:`)
      return reply.page('documents/terminal', { title: request.t('自助打印'), bare: true, styles: ['css/pages/terminal.css'] })
    })

    app.get('/terminal/state', async (request, reply) => {
      const terminal = await asking(request)
      const now = clock.now()
      const open = await findOpen(db, terminal.id)
      if (terminal.seen_at === null || terminal.seen_at < now - SEEN_EVERY || (open && open.until <= now)) await write(tx => terminals.seen(tx, terminal))
      return reply.send(await stateOf(request, terminal))
    })

    app.post('/terminal/printing', async (request, reply) => {
      const terminal = await asking(request)
      await write(tx => terminals.print(tx, terminal))
      return reply.send(await stateOf(request, terminal))
    })

    app.get('/terminal/file', async (request, reply) => {
      const open = await findOpen(db, (await asking(request)).id)
      if (open?.status !== 'printed' || open.until <= clock.now()) throw new AppError('not-found', '没有要打印的文件')
      const { sha256 } = await getDocument(db, open.document_id)
      if (sha256 === null) throw new AppError('not-found', '没有要打印的文件')
      return reply.type('application/pdf').send(await files.open(sha256))
    })

    app.post('/terminal/cancellation', async (request, reply) => back(request, reply, 'cancel'))
    app.post('/terminal/return', async (request, reply) => back(request, reply, 'lapse'))
  }

  async function back(request: FastifyRequest, reply: FastifyReply, how: 'cancel' | 'lapse') {
    const terminal = await asking(request)
    await write(tx => terminals.giveBack(tx, terminal, how))
    return reply.send(await stateOf(request, terminal))
  }
}
