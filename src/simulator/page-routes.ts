import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Asset } from './assets.ts'
import type { Changes } from './changes.ts'
import { isRecord } from './shape.ts'
import { setTrouble } from './trouble.ts'
import type { Mail } from './types.ts'
import { pageView, type ViewDeps } from './views.ts'

export type PageDeps = ViewDeps & { assets: Map<string, Asset>; changes: Changes }

/** Server-sent events: a version number whenever something changed. */
export function streamChanges(changes: Changes, reply: FastifyReply): void {
  reply.hijack()
  reply.raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
  reply.raw.write(`retry: 1000\ndata: ${changes.version()}\n\n`)
  const stop = changes.listen((version) => reply.raw.write(`data: ${version}\n\n`))
  reply.raw.on('close', stop)
}

export function sendAsset(reply: FastifyReply, asset: Asset | undefined): FastifyReply {
  if (!asset) return reply.code(404).send()
  return reply.type(asset.type).header('cache-control', 'no-cache').send(asset.data)
}

/** Frames on this page are the phones and the mails; nothing is loaded from elsewhere but pictures. */
function pagePolicy(port: number): string {
  return `default-src 'self'; img-src 'self' data: http: https:; frame-src 'self' http://*.localhost:${port}; object-src 'none'; base-uri 'none'`
}

function mailHtml(mail: Mail): string {
  const withPictures = mail.attachments.reduce((html, part, index) => {
    return part.contentId === '' ? html : html.replaceAll(`cid:${part.contentId}`, `/simulator/mails/${mail.id}/attachments/${index}/${encodeURIComponent(part.filename)}`)
  }, mail.html)
  return `<!doctype html><meta charset="utf-8"><base target="_blank">${withPictures}`
}

/** Only what a browser shows without running it is opened in place. */
export function sendFile(reply: FastifyReply, file: { filename: string; type: string; data: Buffer }, download: boolean): FastifyReply {
  const shown = !download && /^(application\/pdf|image\/(png|jpeg|gif|webp)|text\/plain)\b/.test(file.type)
  const how = `${shown ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(file.filename)}`
  return reply.header('content-disposition', how).header('x-content-type-options', 'nosniff').type(file.type).send(file.data)
}

function mailRoutes(app: FastifyInstance, deps: PageDeps): void {
  const find = (id: string): Mail | undefined => deps.mails().find((mail) => mail.id === id)
  app.get<{ Params: { id: string } }>('/simulator/mails/:id/html', async (request, reply) => {
    const mail = find(request.params.id)
    if (!mail) return reply.code(404).send()
    reply.header('content-security-policy', "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; img-src 'self' data: http: https:; style-src 'unsafe-inline'")
    return reply.type('text/html; charset=utf-8').send(mailHtml(mail))
  })
  app.get<{ Params: { id: string; n: string }; Querystring: { download?: string } }>('/simulator/mails/:id/attachments/:n/:name', async (request, reply) => {
    const part = find(request.params.id)?.attachments[Number(request.params.n)]
    if (!part) return reply.code(404).send()
    return sendFile(reply, { filename: part.filename, type: part.mimeType, data: part.data }, request.query.download !== undefined)
  })
  app.get<{ Params: { id: string } }>('/simulator/mails/:id/raw', async (request, reply) => {
    const mail = find(request.params.id)
    return mail ? sendFile(reply, { filename: `${mail.subject || 'mail'}.eml`, type: 'message/rfc822', data: mail.raw }, true) : reply.code(404).send()
  })
}

/** The page /simulator, its state and its buttons. */
export function pageRoutes(app: FastifyInstance, deps: PageDeps): void {
  const home = async (_request: unknown, reply: FastifyReply): Promise<FastifyReply> => {
    reply.header('content-security-policy', pagePolicy(deps.port()))
    return sendAsset(reply, deps.assets.get('simulator.html'))
  }
  app.get('/simulator', home)
  app.get('/simulator/', home)
  app.get<{ Params: { name: string } }>('/simulator/assets/:name', async (request, reply) => sendAsset(reply, deps.assets.get(request.params.name)))
  app.get('/simulator/state', async (_request, reply) => reply.header('cache-control', 'no-store').send(pageView(deps)))
  app.get('/simulator/changes', (_request, reply) => streamChanges(deps.changes, reply))
  app.post('/simulator/trouble', async (request, reply) => {
    const { name, value } = isRecord(request.body) ? request.body : {}
    if (typeof name !== 'string' || !setTrouble(deps.trouble, name, value)) return reply.code(400).send({ ok: false })
    deps.changes.touch()
    return { ok: true }
  })
  app.post<{ Params: { id: string } }>('/simulator/callbacks/:id/redeliver', async (request, reply) => {
    const delivery = await deps.callbacks.redeliver(request.params.id)
    return delivery ? { ok: delivery.state === 'delivered' } : reply.code(404).send({ ok: false })
  })
  app.post<{ Params: { id: string } }>('/simulator/pay/notices/:id/again', async (request, reply) => {
    return await deps.pay?.notices.again(request.params.id) ? { ok: true } : reply.code(404).send({ ok: false })
  })
  app.post('/simulator/callbacks/verify', async () => {
    const url = deps.callbacks.url('app')
    return url === null ? { ok: false, reason: '没有配置回调' } : deps.callbacks.configure('app', url)
  })
  mailRoutes(app, deps)
}
