import { mkdir } from 'node:fs/promises'
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { type PrivateServer, startServer } from './private-server.ts'

/** What is wrong with the storage: it says nothing at all, or answers so. `times`: only for so many requests. */
export type Ailment = { hangs: true } | { status: number; code: string; times?: number } | null

/** S3 for tests: a real server that checks signatures, behind a door that can be made to fail. Its bucket is `hall`, its one key S3RVER. */
export type Bucket = Pick<PrivateServer, 'kill' | 'restart' | 'stop'> & {
  /** for FILES_URL; with another key or bucket where asked for */
  url(other?: { key?: string; secret?: string; bucket?: string; tls?: 'on' | 'off' }): string
  port: number
  ail(how: Ailment): void
  /** `METHOD /path` of all that was asked so far */
  asked: string[]
  /** Reads and writes an object behind the hall's back. */
  object(key: string, body?: string): Promise<{ status: number; text: string }>
}

// Its own starter is missing from the package.
const STARTER = `const S3rver = require(process.argv[1]); const [, , directory, port] = process.argv
new S3rver({ address: '127.0.0.1', port: Number(port), directory, silent: true, vhostBuckets: false, configureBuckets: [{ name: 'hall' }] }).run().then(() => console.log('listening'))`

export async function startBucket(): Promise<Bucket> {
  let target = 0
  const server = await startServer({
    name: 's3rver',
    ready: /listening/,
    async prepare(folder) {
      await mkdir(join(folder, 'data'))
      return []
    },
    command: (folder, port) => [process.execPath, '-e', STARTER, fileURLToPath(import.meta.resolve('@20minutes/s3rver')), join(folder, 'data'), String(target = port)],
    url: port => String(port),
  })
  const door = await openDoor(() => target)
  return {
    port: door.port, asked: door.asked, kill: server.kill, restart: server.restart, ail: door.ail,
    url: ({ key = 'S3RVER', secret = 'S3RVER', bucket = 'hall', tls = 'off' } = {}) => `s3://${encodeURIComponent(key)}:${encodeURIComponent(secret)}@127.0.0.1:${door.port}/${bucket}?tls=${tls}`,
    async object(key, body) {
      const answer = await fetch(`http://127.0.0.1:${target}/hall/${key}`, body === undefined ? {} : { method: 'PUT', body })
      return { status: answer.status, text: await answer.text() }
    },
    async stop() {
      await door.close()
      await server.stop()
    },
  }
}

/** Hands on what is asked, as long as nothing ails it. */
async function openDoor(target: () => number): Promise<{ port: number; asked: string[]; ail: Bucket['ail']; close(): Promise<void> }> {
  let ailment: Ailment = null
  const asked: string[] = []

  function refuse({ status, code, times }: Extract<Ailment, { status: number }>, outgoing: ServerResponse): void {
    ailment = times === undefined ? ailment : times > 1 ? { status, code, times: times - 1 } : null
    outgoing.writeHead(status, { 'content-type': 'application/xml', connection: 'close' }).end(`<Error><Code>${code}</Code><Message>as the test wants it</Message></Error>`)
  }

  async function take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    asked.push(`${incoming.method} ${incoming.url}`)
    const body = await buffer(incoming)
    if (ailment === null) return handOn(incoming, outgoing, body)
    if ('status' in ailment) refuse(ailment, outgoing)
  }

  function handOn({ method, url, headers }: IncomingMessage, outgoing: ServerResponse, body: Buffer): void {
    const onward = request({ host: '127.0.0.1', port: target(), method, path: url, headers: { ...headers, connection: 'close' } }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
      answer.on('error', () => outgoing.destroy())
    })
    onward.on('error', () => outgoing.destroy())
    onward.end(body)
  }

  const server = createServer((incoming, outgoing) => void take(incoming, outgoing).catch(() => outgoing.destroy()))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    port: address.port, asked, ail(how) { ailment = how },
    close: () => new Promise(resolve => { server.closeAllConnections(); server.close(() => resolve()) }),
  }
}
