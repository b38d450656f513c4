import { randomBytes } from 'node:crypto'
import type { FastifyInstance, Session } from 'fastify'
import type { SessionContent, SessionStore } from '../../platform/web.ts'
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
    request.session = found ? new BrowserSession(store, id, found.content) : new BrowserSession(store)
    request.visitor = found?.visitor ?? null
  })
  scope.addHook('onSend', async (request, reply) => {
    const { session } = request
    // There is none where it could not be read.
    if (!(session instanceof BrowserSession)) return
    if (await session.keepChanges()) reply.setCookie(NAME, session.sessionId, { ...cookie, expires: new Date(Date.now() + TWELVE_HOURS) })
    else if (!session.isKept && request.cookies[NAME] !== undefined) reply.clearCookie(NAME, cookie)
  })
}

/** Its fields are the content: who sets one need say nothing more. */
class BrowserSession implements Session {
  readonly #store: SessionStore
  #id: string | undefined
  /** the content as the store has it; undefined where it has none */
  #kept: string | undefined

  constructor(store: SessionStore, id?: string, content?: SessionContent) {
    this.#store = store
    this.#id = id
    Object.assign(this, content)
    if (content) this.#kept = JSON.stringify(this)
  }

  get sessionId(): string {
    return this.#id ??= randomBytes(32).toString('base64url')
  }

  get isKept(): boolean {
    return this.#kept !== undefined
  }

  /** Returns whether there were any. */
  async keepChanges(): Promise<boolean> {
    const content = JSON.stringify(this)
    if (content === (this.#kept ?? '{}')) return false
    await this.#store.keep(this.sessionId, JSON.parse(content))
    this.#kept = content
    return true
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
