import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

// Below the ports that the system gives to outgoing connections: one of those could be taken between looking and listening.
const [FIRST, COUNT, BLOCK] = [20_000, 12_000, 100]
let waiting: number[] = []

/** A port that nobody listens on, and that no other process of this machine is given before this one ends. */
export async function freePort(): Promise<number> {
  if (waiting.length === 0) waiting = await claimBlock()
  const port = waiting.shift() ?? 0
  return await listens(port) ? freePort() : port
}

/** A block of ports is claimed by listening on its first one for as long as this process lives: the system lets one do so. */
async function claimBlock(): Promise<number[]> {
  const first = FIRST + BLOCK * Math.floor(Math.random() * (COUNT / BLOCK))
  const claim = createServer().listen(first, '127.0.0.1')
  const claimed = await once(claim, 'listening').then(() => true, () => false)
  if (!claimed) return claimBlock()
  claim.unref()
  return Array.from({ length: BLOCK - 1 }, (_, place) => first + 1 + place)
}

/** For a server that says it is ready a moment before it is. */
export async function untilListening(port: number, attempts = 250): Promise<void> {
  if (await listens(port)) return
  if (attempts === 0) throw new Error(`nobody listens on ${port}`)
  await pause(20)
  await untilListening(port, attempts - 1)
}

function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}
