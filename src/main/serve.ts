import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { App } from '../app.ts'

export type Serving = { server: Server | undefined; stop(): Promise<void> }

// Who sends a byte now and then must not hold a connection for ever; 20 MB over a slow phone still arrive.
const PATIENCE = { headersTimeout: 20_000, requestTimeout: 300_000, connectionsCheckingInterval: 10_000 }

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
      server?.close()
      server?.closeIdleConnections()
      await http?.close()
      await app.close()
      server?.closeAllConnections()
    },
  }
}

/** Serves until told to stop; running work ends first. Returns the exit code. */
export async function serve(app: App): Promise<number> {
  const serving = await start(app)
  app.log.info({ role: app.config.role, address: addressOf(serving.server) }, 'started')
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
  return new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
