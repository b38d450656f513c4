import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

// Below the ports that the system gives to outgoing connections: one of those could be taken between looking and listening.
const [FIRST, COUNT] = [20_000, 12_000]
const given = new Set<number>()

/** A port that nobody listens on right now, and that is given out once. */
export async function freePort(): Promise<number> {
  const port = FIRST + Math.floor(Math.random() * COUNT)
  if (given.has(port) || !await isFree(port)) return freePort()
  given.add(port)
  return port
}

function isFree(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
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
