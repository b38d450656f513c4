import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from '../app.ts'
import { textIn } from '../platform/text.ts'

export type Serving = { server: Server | undefined; stop(): Promise<void> }

// Who sends a byte now and then must not hold a connection for ever; 20 MB over a slow phone still arrive.
// A proxy keeps its connections for a minute or so: were we to close first, its next request would meet a closed door (502).
const PATIENCE = { keepAliveTimeout: 72_000, headersTimeout: 20_000, requestTimeout: 300_000, connectionsCheckingInterval: 10_000 }

/** Starts what HALL_ROLE names. `before` may answer a request first; returns true where it did. */
export async function start(app: App, before: (...args: Parameters<RequestListener>) => boolean = () => false): Promise<Serving> {
  const { role, host, port } = app.config
  const http = role === 'worker' ? undefined : await app.http()
  await http?.ready()
  const server = http && createServer(PATIENCE, (request, response) => { if (!before(request, response)) http.routing(request, response) })
  if (server) await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve))
  await app.dispatcher.start()
  return {
    server,
    async stop() {
      if (server) await answerLast(server)
      await http?.close()
      await app.close()
      server?.closeAllConnections()
    },
  }
}

// A proxy waits for no longer either.
const ANSWER_WITHIN = 5000

/** Takes no new connection, and waits for the requests that are being answered. */
async function answerLast(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  // A connection that has just been answered is kept for the next request, which will not come here.
  const sweep = setInterval(() => server.closeIdleConnections(), 50)
  const limit = setTimeout(resolve, ANSWER_WITHIN)
  await promise
  clearInterval(sweep)
  clearTimeout(limit)
}

/** Serves until told to stop; running work ends first. Returns the exit code. */
export async function serve(app: App): Promise<number> {
  const serving = await start(app)
  app.log.info({ role: app.config.role, address: addressOf(serving.server) }, 'started')
  // Also here: with some of them nobody can sign in to read them in the console.
  for (const { text, params } of await app.warnings()) app.log.warn(textIn('en')(text, params))
  await stopSignal()
  app.log.info('stopping')
  await serving.stop()
  return 0
}

export function addressOf(server: Server | undefined): string | undefined {
  const address: AddressInfo | string | null | undefined = server?.address()
  return typeof address === 'object' && address ? `${address.address}:${address.port}` : undefined
}

/** Resolves with the first signal to stop; the second ends the process at once. */
export function stopSignal(): Promise<void> {
  const signals = ['SIGINT', 'SIGTERM'] as const
  return new Promise(resolve => {
    const first = () => {
      // Without a listener the next one, whichever of the two, has its usual effect.
      for (const signal of signals) process.off(signal, first)
      resolve()
    }
    for (const signal of signals) process.on(signal, first)
  })
}
