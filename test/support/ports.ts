import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** A port that nobody listens on right now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** For a server that says it is ready a moment before it is. */
export async function untilListening(port: number, attempts = 250): Promise<void> {
  const listening = await new Promise<boolean>(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
  if (listening) return
  if (attempts === 0) throw new Error(`nobody listens on ${port}`)
  await pause(20)
  await untilListening(port, attempts - 1)
}
