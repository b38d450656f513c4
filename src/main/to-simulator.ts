import { request, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Simulator } from '../simulator/index.ts'

/** Hands /simulator over to the simulator, so that there is one address to remember. */
export function toSimulator({ port }: Simulator) {
  return (incoming: IncomingMessage, outgoing: ServerResponse): boolean => {
    if (!/^\/simulator(\/|\?|$)/.test(incoming.url ?? '')) return false
    const { url, method, headers } = incoming
    const onward = request({ host: '127.0.0.1', port, path: url, method, headers: { ...headers, host: `127.0.0.1:${port}` } }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.writeHead(502).end())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
    return true
  }
}
