import { connect, type NetConnectOpts, type Socket } from 'node:net'
import { AppError } from '../../platform/errors.ts'
import type { Scanner, Verdict } from './port.ts'

/** Milliseconds without a word from clamd. It gives up on a file after two minutes itself (MaxScanTime). */
const PATIENCE = 150_000
/** clamd's answer is one line. */
const LONGEST = 4096
const CHUNK = 256 * 1024

/**
 * ClamAV's daemon, by its INSTREAM command: chunks, each after its length in four bytes, an empty one at the end, one line back
 * (`man clamd`). A connection per file, as clamd wants it without a session.
 */
export function createClamd(url: string, { patience = PATIENCE } = {}): Scanner {
  return { scan: async bytes => verdictOf(await ask(connect(placeOf(url)), bytes, patience)) }
}

function placeOf(url: string): NetConnectOpts {
  if (url.startsWith('unix:')) return { path: url.slice('unix:'.length).replace(/^\/\/(?=\/)/, '') }
  const { hostname, port } = new URL(url)
  return { host: hostname.replace(/^\[(.*)\]$/, '$1'), port: Number(port) }
}

async function ask(socket: Socket, bytes: Uint8Array, patience: number): Promise<string> {
  try {
    return await exchange(socket.setTimeout(patience), bytes)
  } catch (error) {
    throw new AppError('upstream', '没有连上病毒检查服务', { code: 'scan:away', cause: error })
  } finally {
    socket.destroy()
  }
}

function exchange(socket: Socket, bytes: Uint8Array): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    // clamd answers and hangs up while it is still being sent what is too long for it: what it said counts, not the broken pipe.
    const end = (error?: Error) => said.includes('\0') || said.length > LONGEST ? resolve(said.split('\0', 1)[0] ?? '') : reject(error ?? new Error('clamd hung up'))
    socket.on('data', chunk => {
      said += chunk.toString('utf8')
      if (said.includes('\0') || said.length > LONGEST) end()
    })
    socket.once('timeout', () => end(new Error('clamd is silent'))).once('close', () => end()).on('error', end)
    socket.write('zINSTREAM\0')
    for (let at = 0; at < bytes.length; at += CHUNK) send(socket, bytes.subarray(at, at + CHUNK))
    send(socket, new Uint8Array())
  })
}

function send(socket: Socket, chunk: Uint8Array): void {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(chunk.length)
  socket.write(length)
  if (chunk.length > 0) socket.write(chunk)
}

/** Not viruses but clamd's own limits, told as findings where it is set to (AlertExceedsMax, AlertEncrypted). */
const LIMITS = /^Heuristics\.(Limits\.Exceeded|Encrypted)/

function verdictOf(answer: string): Verdict {
  const { found, said } = /^stream: (?:(?<found>.+) FOUND|(?<said>OK))$/.exec(answer)?.groups ?? {}
  if (said) return { word: 'clean' }
  if (found) return LIMITS.test(found) ? { word: 'unscannable', why: found } : { word: 'infected', virus: found.slice(0, 200) }
  // It knows the command and cannot take this file; anything else is not the answer of a scanner at work.
  if (/size limit exceeded\. ERROR$|^stream: .* ERROR$/.test(answer)) return { word: 'unscannable', why: answer.slice(0, 200) }
  throw new AppError('upstream', '病毒检查服务的回答看不懂', { code: 'scan:answer', params: { answer: answer.slice(0, 200) } })
}
