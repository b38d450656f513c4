import { transcode } from 'node:buffer'
import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import fastifyStatic from '@fastify/static'
import view from '@fastify/view'
import { Eta } from 'eta'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../platform/errors.ts'
import { dateWords } from '../../platform/dates.ts'
import { type Language, type T, textIn } from '../../platform/text.ts'
import type { PageModel } from '../../platform/web.ts'
import { securityHeaders } from './headers.ts'
import { createMenus } from './menu.ts'
import type { HttpDeps } from './server.ts'

declare module 'fastify' {
  interface FastifyReply {
    /** what `page` and `console` stand on: the page as text */
    drawn(name: string, model: object, options: { layout: string }): Promise<string>
  }
}

const views = join(import.meta.dirname, '../../../views')

/** Pages, their headers and assets; `request.t`, `reply.page`, `reply.console`. */
export async function pages(app: FastifyInstance, deps: HttpDeps): Promise<void> {
  securityHeaders(app, { secure: deps.config.publicUrl.startsWith('https:') })
  const eta = createTemplates()
  await app.register(view, { engine: { eta }, root: views, asyncPropertyName: 'drawn', production: true })
  await app.register(fastifyStatic, { root: join(views, 'assets'), prefix: '/assets/', cacheControl: false })
  const asset = assetAddresses(join(views, 'assets'))
  const hashed = new Set(asset.addresses)
  app.addHook('onSend', (request, reply, _payload, done) => {
    reply.header('cache-control', cacheFor(request, reply, hashed))
    // Whatever a file is, opened from here it is nobody: no script, no form, no origin.
    if (String(reply.getHeader('content-disposition') ?? '').startsWith('attachment')) reply.header('content-security-policy', "default-src 'none'; sandbox")
    done()
  })
  app.decorateRequest('visitor', null)
  app.decorateRequest('language', 'zh')
  app.decorateRequest('t', { getter(this: FastifyRequest) { return textIn(this.language) } })
  app.decorateRequest('person', { getter: personOf })
  app.decorateRequest('actor', { getter(this: FastifyRequest) {
    const { person_id, number } = personOf.call(this)
    return { person_id, number }
  } })
  app.addHook('onRequest', (request, _reply, done) => {
    request.language = languageOf(request)
    done()
  })
  const render = renderer(eta, deps, asset.of)
  app.decorateReply('page', function page(name, model) { return render(this, name, 'layout.eta', model) })
  app.decorateReply('console', function console(name, model) { return render(this, name, 'layout-console.eta', model) })
}

/** All templates. Partials have one name wherever they are used: `@components/tag`, and a feature's own `@services/_field`. */
export function createTemplates(): Eta {
  const eta = new Eta({ views, cache: true })
  for (const entry of readdirSync(views, { recursive: true, withFileTypes: true })) {
    const folder = basename(entry.parentPath)
    if (!entry.name.endsWith('.eta') || (folder !== 'components' && !entry.name.startsWith('_'))) continue
    eta.loadTemplate(`@${folder}/${basename(entry.name, '.eta')}`, readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  }
  return eta
}

function personOf(this: FastifyRequest) {
  if (!this.visitor) throw new AppError('forbidden', '请先登录')
  return this.visitor
}

function languageOf(request: FastifyRequest): 'zh' | 'en' {
  return /(?:^|;\s*)language=en(?:;|$)/.test(request.headers.cookie ?? '') ? 'en' : 'zh'
}

// Pages speak of a person and may be somebody else's after a change of identity; assets carry their hash in the address.
function cacheFor(request: FastifyRequest, reply: FastifyReply, hashed: ReadonlySet<string>): string {
  const set = reply.getHeader('cache-control')
  if (typeof set === 'string') return set
  if (!request.url.startsWith('/assets/')) return 'no-store'
  // While an old and a new version run side by side, one is asked for what only the other has: that answer must not stay.
  return hashed.has(request.url) && reply.statusCode < 400 ? 'public, max-age=31536000, immutable' : 'no-cache'
}

/** A page as bytes. By way of UTF-16 it takes half the time of writing UTF-8. */
function encoded(html: string): Buffer {
  try {
    return transcode(Buffer.from(html, 'utf16le'), 'utf16le', 'utf8')
  } catch {
    // Half of a character, where a text was cut, cannot go that way.
    return Buffer.from(html)
  }
}

type Part = (name: string, inputs: object) => string

const PARTS_KEPT = 2000

/**
 * Draws a component from its inputs alone, once: the same inputs give the same words again. It sees nobody's page, so nothing of one
 * person can come to another; a name without a folder is one of `components/`.
 */
function partsIn(eta: Eta, own: { t: T; language: Language; school: string; asset: (path: string) => string }): Part {
  const kept = new Map<string, string>()
  return function part(name, inputs) {
    const key = keyOf(name, inputs)
    const known = kept.get(key)
    if (known !== undefined) return known
    if (kept.size === PARTS_KEPT) kept.clear()
    const drawn = eta.render(name.startsWith('@') ? name : `@components/${name}`, { ...own, part, ...inputs })
    // In one piece: a string that was put together stays a tree of its pieces, and every page would walk it again.
    const whole = Buffer.from(drawn).toString()
    kept.set(key, whole)
    return whole
  }
}

/** What never changes is frozen and stands for itself; of everything else the words count. */
function keyOf(name: string, inputs: object): string {
  let key = name
  for (const [input, value] of Object.entries(inputs)) key += ` ${input} ${Object.isFrozen(value) && isObject(value) ? numberOf(value) : JSON.stringify(value)}`
  return key
}

const numbers = new WeakMap<object, string>()
let numbered = 0

function numberOf(value: object): string {
  let number = numbers.get(value)
  if (number === undefined) numbers.set(value, number = `#${++numbered}`)
  return number
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

type Render = (reply: FastifyReply, name: string, layout: string, model: PageModel) => Promise<FastifyReply>

function renderer(eta: Eta, { features, countsOf, config, clock }: HttpDeps, asset: (path: string) => string): Render {
  const frames = { zh: frame('zh', config.school.name), en: frame('en', config.school.nameEn) }
  function frame(language: Language, school: string) {
    const own = { t: textIn(language), language, school, asset }
    return { ...own, specimen: config.specimen, part: partsIn(eta, own) }
  }
  const menus = createMenus(features)
  return async (reply, name, layout, model) => {
    const { request } = reply
    const { t, visitor, language } = request
    const session = 'session' in request ? request.session : undefined
    let token: string | undefined
    const shared = {
      ...frames[language], ...dateWords(t, clock.now), visitor, path: request.url, nonce: reply.nonce,
      // An object, so that a page without a form starts no session.
      csrf: { toString: () => token ??= reply.generateCsrf() },
      counts: model.counts ?? (visitor ? await countsOf(visitor) : undefined),
      flash: takeFlash(session),
      ...(layout === 'layout-console.eta' ? menus.console : menus.hall)(visitor, language, model.section ?? request.url),
    }
    return reply.send(encoded(await reply.drawn(`${name}.eta`, Object.assign(shared, model), { layout })))
  }
}

function takeFlash(session: FastifyRequest['session'] | undefined) {
  const flash = session?.flash
  if (session && flash) delete session.flash
  return flash
}

/** `asset('css/hall.css')` → its address with its hash, so that it can be cached for ever. */
function assetAddresses(root: string): { addresses: Iterable<string>; of(path: string): string } {
  const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const addresses = new Map(files.map(entry => {
    const path = join(entry.parentPath, entry.name)
    const version = hash('sha256', readFileSync(path)).slice(0, 12)
    const name = path.slice(root.length + 1)
    return [name, `/assets/${name}?v=${version}`]
  }))
  return {
    addresses: addresses.values(),
    of(path) {
      const address = addresses.get(path)
      if (!address) throw new Error(`no asset ${path}`)
      return address
    },
  }
}
