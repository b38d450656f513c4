import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Deps } from '../deps.ts'
import { EMPTY, formPage, listPage, typedOf } from '../pages/connections.ts'
import { type Faults, MOST_HEADERS, readSettings, type Typed } from '../rules.ts'
import { type Connection, getConnection, listConnections } from '../store.ts'
import { change, make, remove, test } from '../verbs/connections.ts'

type ById = { Params: { id: string } }

/** Making, changing, testing and removing connections. */
export function connectionRoutes(deps: Deps): FastifyPluginAsync {
  const { database: { db, write } } = deps
  const show = (request: FastifyRequest, reply: FastifyReply, typed: Typed, connection: Connection | null, faults: Faults = {}) => reply.console('connections/connection', formPage(request.t, typed, { connection, faults }))

  return async app => {
    app.get('/connections', async (request, reply) => reply.console('connections/list', listPage(request.t, await listConnections(db))))

    app.get('/connections/new', async (request, reply) => show(request, reply, EMPTY, null))

    app.post('/connections', async (request, reply) => {
      const typed = readTyped(request.body)
      const { settings, faults } = readSettings(typed, [])
      if (Object.keys(faults).length > 0) return show(request, reply.code(422), typed, null, faults)
      try {
        const id = await write(tx => make(deps, tx, request.actor, settings))
        return await done(request, reply, id, '已新建，可以测试一下')
      } catch (error) {
        if (!(error instanceof AppError) || !error.fields) throw error
        return show(request, reply.code(422), typed, null, { name: { sentence: error.message } })
      }
    })

    app.get<ById>('/connections/:id', async (request, reply) => {
      const connection = await getConnection(db, request.params.id)
      return show(request, reply, typedOf(connection), connection)
    })

    app.post<ById>('/connections/:id', async (request, reply) => {
      const connection = await getConnection(db, request.params.id)
      const typed = { ...readTyped(request.body), name: connection.name }
      // Secrets were given to the origin that it had.
      const kept = URL.parse(typed.origin.trim())?.origin === connection.origin ? connection.header_names : []
      const { settings, faults } = readSettings(typed, kept)
      if (Object.keys(faults).length > 0) return show(request, reply.code(422), typed, connection, faults)
      await write(tx => change(deps, tx, request.actor, connection.id, settings))
      return done(request, reply, connection.id, '已保存，可以测试一下')
    })

    app.post<ById>('/connections/:id/test', async (request, reply) => {
      await write(tx => test(deps, tx, request.actor, request.params.id))
      return reply.redirect(`/admin/connections/${request.params.id}#test`, 303)
    })

    app.get<ById>('/connections/:id/removal', async (request, reply) => {
      const { t } = request
      const { id, name } = await getConnection(db, request.params.id)
      return reply.console('connections/removal', { title: t('删除外部连接'), heading: false, confirm: {
        title: t('删除外部连接'), sentence: t('删除“{name}”以后，用到它的流程会按调用失败处理。', { name }), effects: [t('请求头里的密钥一并删除，不能恢复')], danger: true,
        action: `/admin/connections/${id}/removal`, label: t('删除'), back: `/admin/connections/${id}`,
      } })
    })

    app.post<ById>('/connections/:id/removal', async (request, reply) => {
      await write(tx => remove(tx, request.actor, request.params.id))
      request.session.flash = { meaning: 'done', text: request.t('已删除') }
      return reply.redirect('/admin/connections', 303)
    })
  }
}

async function done(request: FastifyRequest, reply: FastifyReply, id: string, text: string): Promise<FastifyReply> {
  request.session.flash = { meaning: 'done', text: request.t(text) }
  return reply.redirect(`/admin/connections/${id}`, 303)
}

function readTyped(body: unknown): Typed {
  const sent = new Map<string, unknown>(typeof body === 'object' && body !== null ? Object.entries(body) : [])
  const text = (name: string) => {
    const value = sent.get(name)
    return typeof value === 'string' ? value : ''
  }
  return {
    name: text('name'), note: text('note'), origin: text('origin'), paths: text('paths'), method: text('method'), time_limit: text('time_limit'),
    headers: Array.from({ length: MOST_HEADERS }, (_, place) => ({ name: text(`header_name_${place}`), value: text(`header_value_${place}`) })).filter(({ name }) => name.trim() !== ''),
  }
}
