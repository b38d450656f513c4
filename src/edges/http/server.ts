import { randomUUID } from 'node:crypto'
import { fastify, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Redis } from 'ioredis'
import type { Clock } from '../../platform/clock.ts'
import type { Config } from '../../platform/config.ts'
import type { Database } from '../../platform/db.ts'
import type { Feature } from '../../platform/feature.ts'
import type { Keyring } from '../../platform/keys.ts'
import type { Log } from '../../platform/log.ts'
import type { SessionStore, SignedIn } from '../../platform/web.ts'
import { readQuery, routable } from './address.ts'
import { setErrorHandler } from './errors.ts'
import { requireRight, requireSecondFactor, requireSignIn } from './guard.ts'
import { healthRoutes } from './health.ts'
import { pages } from './page.ts'
import { people } from './people.ts'
import { RequestLog } from './request-log.ts'
import { answerUnknown, methodsOfAddresses } from './unknown.ts'

export type HttpDeps = {
  config: Config
  features: readonly Feature[]
  database: Database
  keyring: Keyring
  clock: Clock
  log: Log
  /** shares rate limits between processes */
  redis?: Redis
  sessionStore: SessionStore
  /** why files can be neither kept nor read now; null where they can */
  faultOfFiles(): Promise<{ why: string } | null>
  /** what the layout shows a signed-in person on every page */
  countsOf(person: SignedIn): Promise<{ todo: number }>
}

/** The web server: every feature's routes, each behind the guard of its kind. */
export async function createHttp(deps: HttpDeps): Promise<FastifyInstance> {
  const { config, features } = deps
  const logger: FastifyBaseLogger = deps.log
  const app: FastifyInstance = fastify({
    loggerInstance: logger,
    logController: new RequestLog(),
    genReqId: () => randomUUID(),
    trustProxy: config.trustProxy,
    bodyLimit: 1024 * 1024,
    routerOptions: { maxParamLength: 200, querystringParser: readQuery },
    rewriteUrl: request => routable(request.url ?? '/'),
    forceCloseConnections: 'idle',
  })
  const methodsOf = methodsOfAddresses(app)
  await pages(app, deps)
  setErrorHandler(app)
  await healthRoutes(app, deps)
  for (const feature of features) if (feature.machineRoutes) await app.register(feature.machineRoutes)
  await app.register(async scope => {
    await people(scope, deps)
    answerUnknown(scope, methodsOf)
    await mountFor(scope, deps)
  })
  return app
}

// The guards stand before the body is read: a stranger's upload does not fill our memory.
async function mountFor(scope: FastifyInstance, { features, clock, config }: HttpDeps): Promise<void> {
  for (const { publicRoutes } of features) if (publicRoutes) await scope.register(publicRoutes)
  await scope.register(async signedIn => {
    // Before the body is read: what a stranger sends here is not even received.
    signedIn.addHook('preParsing', requireSignIn)
    for (const { gate } of features) if (gate) signedIn.addHook('preParsing', gate)
    for (const { routes } of features) if (routes) await signedIn.register(routes)
  })
  await scope.register(async console => {
    console.addHook('preParsing', requireSignIn)
    for (const { gate } of features) if (gate) console.addHook('preParsing', gate)
    for (const { right, routes, recent = false } of features.flatMap(feature => feature.console ?? [])) {
      await console.register(async group => {
        group.addHook('preParsing', requireRight(right))
        group.addHook('preParsing', requireSecondFactor({ clock, hours: config.secondFactor.hours, recent }))
        await group.register(routes)
      })
    }
  }, { prefix: '/admin' })
}
