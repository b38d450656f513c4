import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { fits } from '../../../platform/schema.ts'
import { listPage, terminalPage } from './console-pages.ts'
import { readSettings, type Typed, yearStart } from './rules.ts'
import { copiesByTerminal, getTerminal, listPrints, listTerminals } from './store.ts'
import type { Terminal } from './tables.ts'
import type { TerminalVerbs } from './verbs.ts'

type Deps = { database: Database; clock: Clock; publicUrl: string; terminals: TerminalVerbs }
type ById = { Params: { id: string } }

const text = Type.Optional(Type.String({ maxLength: 1000 }))
const SettingsForm = Type.Object({ name: text, place: text, copies: text })
/** prints that the page of a terminal lists */
const LISTED = 50

/** 自助终端 in the console: registering, changing, a new token, mended, ending. */
export function terminalConsole({ database: { db, write }, clock, publicUrl, terminals }: Deps): FastifyPluginAsync {
  async function show(request: FastifyRequest, reply: FastifyReply, terminal: Terminal | null, form: { typed?: Typed; faults?: Partial<Record<keyof Typed, string>>; token?: string } = {}) {
    const prints = terminal ? await listPrints(db, { terminal_id: terminal.id }, { limit: LISTED }) : []
    return reply.console('documents/terminal-desk', terminalPage({ terminal, prints, address: `${publicUrl.replace(/\/$/, '')}/terminal`, now: clock.now(), t: request.t, ...form }))
  }

  function typedIn(body: unknown): Typed {
    const { name = '', place = '', copies = '' } = fits<Static<typeof SettingsForm>>(SettingsForm, body) ? body : {}
    return { name, place, copies }
  }

  return async app => {
    app.get('/terminals', async (request, reply) => {
      const now = clock.now()
      return reply.console('documents/terminals', listPage(await listTerminals(db), { copies: await copiesByTerminal(db, yearStart(now)), now, t: request.t }))
    })

    app.get('/terminals/new', async (request, reply) => show(request, reply, null))

    // The answer itself holds the token: nowhere else is it, so that nobody can come for it later.
    app.post('/terminals', async (request, reply) => {
      const typed = typedIn(request.body)
      const read = readSettings(typed)
      if ('faults' in read) return show(request, reply.code(422), null, { typed, faults: read.faults })
      const { id, token } = await write(tx => terminals.register(tx, request.actor, read.settings))
      return show(request, reply, await getTerminal(db, id), { token })
    })

    app.get<ById>('/terminals/:id', async (request, reply) => show(request, reply, await getTerminal(db, request.params.id)))

    app.post<ById>('/terminals/:id', async (request, reply) => {
      const terminal = await getTerminal(db, request.params.id)
      const typed = typedIn(request.body)
      const read = readSettings(typed)
      if ('faults' in read) return show(request, reply.code(422), terminal, { typed, faults: read.faults })
      await write(tx => terminals.change(tx, request.actor, terminal.id, read.settings))
      request.session.flash = { meaning: 'done', text: request.t('已保存') }
      return reply.redirect(`/admin/terminals/${terminal.id}`, 303)
    })

    app.post<ById>('/terminals/:id/token', async (request, reply) => {
      const { id } = await getTerminal(db, request.params.id)
      const token = await write(tx => terminals.renew(tx, request.actor, id))
      return show(request, reply, await getTerminal(db, id), { token })
    })

    app.post<ById>('/terminals/:id/mending', async (request, reply) => {
      const { id } = request.params
      await write(tx => terminals.mend(tx, request.actor, id))
      request.session.flash = { meaning: 'done', text: request.t('已记下，扫码的人不再看到提醒') }
      return reply.redirect(`/admin/terminals/${id}`, 303)
    })

    app.get<ById>('/terminals/:id/end', async (request, reply) => {
      const { t } = request
      const { id, name } = await getTerminal(db, request.params.id)
      return reply.console('documents/revocation', { title: t('停用终端'), heading: false, confirm: {
        title: t('停用终端'), sentence: t('停用“{name}”以后，它马上不能再打印，也不能恢复。', { name }), effects: [t('正在那里等着打印的文件会收回'), t('打印过的记录都留着')], danger: true,
        action: `/admin/terminals/${id}/end`, label: t('停用'), back: `/admin/terminals/${id}`,
      } })
    })

    app.post<ById>('/terminals/:id/end', async (request, reply) => {
      await write(tx => terminals.end(tx, request.actor, request.params.id))
      request.session.flash = { meaning: 'done', text: request.t('已停用') }
      return reply.redirect('/admin/terminals', 303)
    })
  }
}
