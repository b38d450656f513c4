import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import type { Deps } from '../deps.ts'
import { type Choices, clientPage, emptyTyped, listPage, typedOf } from '../pages/clients.ts'
import { type Client, type Faults, OVERLAPS, readSettings, type Typed, windowsOf } from '../rules.ts'
import { getClient, listClients, tokensOf, usesIn } from '../store.ts'
import { changeClient, makeClient, renewToken, stopClient, stopToken } from '../verbs.ts'

type ById = { Params: { id: string } }

/** Making, changing and ending clients, and their tokens. */
export function clientRoutes(deps: Deps): FastifyPluginAsync {
  const { database: { db, write }, clock, identity } = deps

  async function choices(): Promise<Choices> {
    const scopes = Object.assign({}, ...deps.features().map(({ api }) => api?.scopes ?? {}))
    return { scopes, kinds: deps.kinds(), units: await identity.listUnits(db) }
  }

  async function show(request: FastifyRequest, reply: FastifyReply, form: { typed: Typed; client: Client | null; faults?: Faults; token?: string }) {
    const tokens = form.client ? await tokensOf(db, form.client.id) : []
    return reply.console('api/client', clientPage({ faults: {}, ...form, tokens, choices: await choices(), now: clock.now(), t: request.t }))
  }

  /** Reads the form, and writes it where nothing is wrong with it; what is wrong comes back at the form. */
  async function save(request: FastifyRequest, reply: FastifyReply, client: Client | null) {
    const typed = readTyped(request.body)
    const { scopes, kinds, units } = await choices()
    const { settings, faults } = readSettings(typed, { scopes: Object.keys(scopes), kinds: kinds.map(({ kind }) => kind), units: units.map(({ id }) => id) }, clock.now())
    if (Object.keys(faults).length > 0) return show(request, reply.code(422), { typed, client, faults })
    try {
      const id = await write(async tx => client ? (await changeClient(tx, request.actor, client.id, settings), client.id) : makeClient(tx, request.actor, settings))
      request.session.flash = { meaning: 'done', text: request.t(client ? '已保存' : '已开通，现在可以生成令牌') }
      return await reply.redirect(`/admin/api/${id}`, 303)
    } catch (error) {
      if (!(error instanceof AppError) || !error.fields) throw error
      return show(request, reply.code(422), { typed, client, faults: { name: { sentence: error.message } } })
    }
  }

  return async app => {
    app.get('/api', async (request, reply) => {
      const now = clock.now()
      const [, day] = windowsOf({ per_minute: 1, per_day: 1 }, now)
      return reply.console('api/list', listPage(await listClients(db), { units: await identity.listUnits(db), today: await usesIn(db, day?.slot ?? ''), now, t: request.t }))
    })

    app.get('/api/new', async (request, reply) => show(request, reply, { typed: emptyTyped(clock.now()), client: null }))

    app.post('/api', async (request, reply) => save(request, reply, null))

    app.get<ById>('/api/:id', async (request, reply) => {
      const client = await getClient(db, request.params.id)
      return show(request, reply, { typed: typedOf(client), client })
    })

    app.post<ById>('/api/:id', async (request, reply) => save(request, reply, await getClient(db, request.params.id)))

    // The answer itself holds the token: nowhere else is it, so that nobody can come for it later.
    app.post<ById>('/api/:id/tokens', async (request, reply) => {
      const client = await getClient(db, request.params.id)
      const overlap = OVERLAPS.find(hours => String(hours) === textOf(request.body, 'overlap')) ?? 0
      const token = await write(tx => renewToken(tx, request.actor, client.id, overlap))
      return show(request, reply, { typed: typedOf(client), client, token })
    })

    app.post<{ Params: { id: string; token: string } }>('/api/:id/tokens/:token/end', async (request, reply) => {
      const { id, token } = request.params
      await write(tx => stopToken(tx, request.actor, id, token))
      request.session.flash = { meaning: 'done', text: request.t('令牌已作废，从现在起不能再用') }
      return reply.redirect(`/admin/api/${id}`, 303)
    })

    app.get<ById>('/api/:id/end', async (request, reply) => {
      const { t } = request
      const { id, name } = await getClient(db, request.params.id)
      return reply.console('api/end', { title: t('停用接口'), heading: false, confirm: {
        title: t('停用接口'), sentence: t('停用“{name}”以后，它的调用马上都会被拒绝。', { name }), effects: [t('令牌全部作废，不能恢复'), t('已经开具的文件不受影响')], danger: true,
        action: `/admin/api/${id}/end`, label: t('停用'), back: `/admin/api/${id}`,
      } })
    })

    app.post<ById>('/api/:id/end', async (request, reply) => {
      await write(tx => stopClient(tx, request.actor, request.params.id))
      request.session.flash = { meaning: 'done', text: request.t('已停用') }
      return reply.redirect('/admin/api', 303)
    })
  }
}

function readTyped(body: unknown): Typed {
  const text = (name: string) => textOf(body, name)
  const list = (name: string) => valuesOf(body, name).map(String)
  return {
    name: text('name'), unit: text('unit'), contact: text('contact'), ground: text('ground'), scopes: list('scopes'), kinds: list('kinds'), units: list('units'),
    per_minute: text('per_minute'), per_day: text('per_day'), until: text('until'),
  }
}

function textOf(body: unknown, name: string): string {
  const [value] = valuesOf(body, name)
  return typeof value === 'string' ? value : ''
}

function valuesOf(body: unknown, name: string): unknown[] {
  const value = typeof body === 'object' && body !== null ? new Map<string, unknown>(Object.entries(body)).get(name) : undefined
  return value === undefined ? [] : [value].flat()
}
