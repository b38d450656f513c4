import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import Fastify, { type FastifyInstance } from 'fastify'
import { apiRoutes } from './api.ts'
import { loadAssets } from './assets.ts'
import { joinRoutes } from './join-page.ts'
import { loginRoutes } from './login-pages.ts'
import { startMailSink, type MailSink } from './mail.ts'
import { payRoutes } from './pay/index.ts'
import { openidOf } from './oauth.ts'
import { pageRoutes } from './page-routes.ts'
import type { PhoneBook } from './phone-book.ts'
import { phoneRoutes } from './phone-routes.ts'
import type { Phones } from './phones.ts'
import type { Parts } from './platform.ts'
import { smsRoutes } from './sms.ts'
import type { ApiCall, Mail } from './types.ts'
import type { ViewDeps } from './views.ts'

const CALLS_KEPT = 2000

function isPhonePage(url: string): boolean {
  return /^\/(__phone|connect\/oauth2\/authorize|wwlogin\/sso\/login|simulator\/assets)(\/|\?|$)/.test(url)
}

/** One port for all: on a phone's host everything but its own pages is the hall. */
function frontDoor(book: PhoneBook, phones: Phones, rest: (request: IncomingMessage, response: ServerResponse) => void) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const phone = book.at(request.headers.host ?? '')
    if (phone && !isPhonePage(request.url ?? '/')) phones.proxy(phone, request, response)
    else rest(request, response)
  }
}

async function mount(app: FastifyInstance, parts: Parts, mail: MailSink): Promise<void> {
  const { options, changes, calls } = parts
  const view: ViewDeps = { ...parts, mails: () => mail.mails, hallOrigin: options.hallOrigin, codes: options.codes ?? [], version: changes.version, port: () => parts.place.port }
  const assets = loadAssets()
  const log = (call: ApiCall): void => {
    calls.push(call)
    if (calls.length > CALLS_KEPT) calls.shift()
    changes.touch()
  }
  await app.register(async (api) => apiRoutes(api, { ...parts, log }))
  const { pay } = parts
  if (pay) await app.register(async (v3) => payRoutes(v3, pay.api))
  loginRoutes(app, { ...parts, hallOrigin: options.hallOrigin })
  joinRoutes(app, parts)
  smsRoutes(app, parts)
  pageRoutes(app, { ...view, assets, changes })
  phoneRoutes(app, { ...parts, ...view, assets, openidOf: (userid) => openidOf(options.corpId, userid) })
  app.get<{ Params: { id: string } }>('/media/:id', async (request, reply) => {
    const file = parts.media.picture(request.params.id)
    return file ? reply.type(file.contentType).send(file.data) : reply.code(404).send()
  })
}

export type Running = { smtpUrl: string; mails: Mail[]; close(): Promise<void> }

/** The HTTP side and the mail sink, listening; from then on the parts know their port. */
export async function listen(parts: Parts): Promise<Running> {
  const { options, book, phones, trouble, now, changed, callbacks } = parts
  const host = options.host ?? '127.0.0.1'
  const mail = await startMailSink({ host, port: options.smtpPort ?? 0, trouble, now, changed })
  const app = Fastify({ forceCloseConnections: true, serverFactory: (handler) => createServer(frontDoor(book, phones, handler)) })
  await mount(app, parts, mail)
  await app.listen({ host, port: options.port ?? 0 })
  const address = app.server.address()
  if (typeof address === 'object' && address !== null) parts.place.port = address.port
  // What is due by the clock: notifications that were not taken, refunds on their way.
  const ticking = setInterval(() => parts.pay?.tick(), 1000).unref()
  return {
    smtpUrl: mail.url, mails: mail.mails,
    async close() {
      clearInterval(ticking)
      callbacks.close()
      phones.close()
      app.server.closeAllConnections()
      await Promise.all([app.close(), mail.close()])
    },
  }
}
