import { randomBytes } from 'node:crypto'
import type { FastifyInstance, Session } from 'fastify'
import type { KeptSession, SessionStore } from '../../platform/web.ts'
import type { HttpDeps } from './server.ts'

const NAME = 'hall'
const ID = /^[\w-]{43}$/
const TWELVE_HOURS = 12 * 60 * 60_000

/** `request.session`, `request.visitor`. The browser holds a random id and nothing else; the store has the rest. */
export function sessions(scope: FastifyInstance, { config, sessionStore: store }: HttpDeps): void {
  const cookie = { path: '/', httpOnly: true, sameSite: 'lax', secure: config.publicUrl.startsWith('https:') } as const
  scope.decorateRequest('session')
  scope.addHook('onRequest', async request => {
    const id = request.cookies[NAME]
    const found = id !== undefined && ID.test(id) ? await store.find(id) : null
    request.session = found ? new BrowserSession(store, id, found) : new BrowserSession(store)
    request.visitor = found?.visitor ?? null
  })
  scope.addHook('onSend', (request, reply, _payload, done) => {
    const { session } = request
    // There is none where it could not be read.
    if (!(session instanceof BrowserSession)) return done()
    if (!session.isChanged) {
      if (!session.isKept && request.cookies[NAME] !== undefined) reply.clearCookie(NAME, cookie)
      return done()
    }
    session.keep().then(() => {
      reply.setCookie(NAME, session.sessionId, { ...cookie, expires: new Date(Date.now() + TWELVE_HOURS) })
      done()
    }, done)
  })
}

/** Its fields are the content: who sets one need say nothing more. */
class BrowserSession implements Session {
  readonly #store: SessionStore
  #id: string | undefined
  /** the content as the store has it; undefined where it has none */
  #kept: string | undefined

  constructor(store: SessionStore, id?: string, found?: KeptSession) {
    this.#store = store
    this.#id = id
    this.#kept = found?.text
    Object.assign(this, found?.content)
  }

  get sessionId(): string {
    return this.#id ??= randomBytes(32).toString('base64url')
  }

  get isKept(): boolean {
    return this.#kept !== undefined
  }

  get isChanged(): boolean {
    return JSON.stringify(this) !== (this.#kept ?? '{}')
  }

  async keep(): Promise<void> {
    const text = JSON.stringify(this)
    await this.#store.keep(this.sessionId, JSON.parse(text))
    this.#kept = text
  }

  async destroy(): Promise<void> {
    if (this.#kept !== undefined) await this.#store.end(this.sessionId)
    this.#kept = undefined
    this.#id = undefined
    for (const field of Object.keys(this)) Reflect.deleteProperty(this, field)
  }

  async regenerate(): Promise<void> {
    await this.destroy()
  }
}
