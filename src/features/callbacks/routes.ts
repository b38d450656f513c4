import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyPluginAsync } from 'fastify'
import { Type } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import { type Database, isDuplicate, type Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { fits } from '../../platform/schema.ts'
import { type Keys, openEnvelope, type Signed } from './envelope.ts'
import type { Source } from './tables.ts'
import { receive } from './verbs.ts'
import { readXml, textOf } from './xml.ts'

export type Endpoint = Keys & { path: string; source: Source }
/** Calls of another platform, which prove and open themselves. `read` throws `forbidden` for what is not the platform's, `not-found` where it has nothing to tell us. */
export type Notifier = { path: string; source: Source; read(headers: IncomingHttpHeaders, body: string): { event: string; text: string } }

type Deps = {
  database: Pick<Database, 'write'>
  clock: Clock
  endpoints: readonly Endpoint[]
  notifiers: readonly Notifier[]
  /** how far a callback's time stamp may be from ours, ms */
  window: number
}

// The platform's largest callbacks are a few kilobytes. Everything is read before its signature can be checked, so that more would be a stranger's to spend.
const BODY_LIMIT = 128 * 1024

const word = Type.String({ minLength: 1, maxLength: 4096 })
const Signature = Type.Object({ msg_signature: word, timestamp: word, nonce: word })
const Verification = Type.Object({ ...Signature.properties, echostr: word })

/** What WeCom and WeChat Pay call: GET proves the address, POST brings messages and events. The answer comes at once; all work follows from the kept row. */
export function callbackRoutes(deps: Deps): FastifyPluginAsync {
  return async app => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', { parseAs: 'string', bodyLimit: BODY_LIMIT }, (_request, body, done) => done(null, body))
    // Programs read the status; a word about the reason helps only who tries to forge.
    app.setErrorHandler(async (error, request, reply) => {
      const status = statusOf(error)
      if (status >= 500) request.log.error({ err: error }, 'a callback could not be kept')
      return reply.code(status).type('text/plain').send('')
    })
    for (const endpoint of deps.endpoints) {
      app.get(endpoint.path, async (request, reply) => reply.type('text/plain').send(verified(deps, endpoint, request.query)))
      app.post(endpoint.path, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
        await keep(deps, endpoint, request.query, request.body)
        return reply.send('')
      })
    }
    for (const { path, source, read } of deps.notifiers) {
      app.post(path, { bodyLimit: BODY_LIMIT }, async (request, reply) => {
        const { event, text } = read(request.headers, String(request.body))
        await once(deps.database, tx => receive(tx, source, text, event))
        return reply.code(204).send()
      })
    }
  }
}

// The plain bytes, without quotes or newline. A + that some proxy decoded to a space is put back: base64 has no spaces.
function verified({ clock, window }: Deps, endpoint: Endpoint, query: unknown): Buffer {
  if (!fits<Signed & { echostr: string }>(Verification, query)) throw new AppError('invalid', '回调缺少参数')
  return Buffer.from(openEnvelope(endpoint, query, query.echostr.replaceAll(' ', '+'), clock.now(), window))
}

async function keep({ database, clock, window }: Deps, endpoint: Endpoint, query: unknown, body: unknown): Promise<void> {
  if (!fits<Signed>(Signature, query) || typeof body !== 'string') throw new AppError('invalid', '回调缺少参数')
  const message = openEnvelope(endpoint, query, textOf(readXml(body), 'Encrypt'), clock.now(), window)
  await once(database, tx => receive(tx, endpoint.source, message))
}

async function once({ write }: Deps['database'], work: (tx: Tx) => Promise<unknown>): Promise<void> {
  try {
    await write(work)
  } catch (error) {
    if (!isDuplicate(error)) throw error // the same body came twice at once; the other one keeps it
  }
}

function statusOf(error: unknown): number {
  if (error instanceof AppError) return { forbidden: 401, invalid: 400, 'not-found': 404, conflict: 409, upstream: 503 }[error.kind]
  return error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
}
