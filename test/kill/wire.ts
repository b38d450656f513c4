import { createServer as createHttpServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { Moments } from './moments.ts'

/** A tapped line to the outside: what goes over it passes as moments. */
export type Wire = { port: number; close(): Promise<void> }

/** Between the hall and WeCom. Moments: `asked <path>` before a call is handed on, `answered <path>` before its answer is. */
export async function tapHttp(target: number, { pass }: Moments): Promise<Wire> {
  const server = createHttpServer((incoming, outgoing) => void hand(incoming, outgoing).catch(() => outgoing.destroy()))
  async function hand(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const path = (incoming.url ?? '').split('?', 1)[0]?.replace('/cgi-bin/', '') ?? ''
    const body = await bytesOf(incoming)
    if (!await pass(`asked ${path}`)) return void outgoing.destroy()
    const { status, headers, bytes } = await ask(target, incoming, body)
    if (!await pass(`answered ${path}`)) return void outgoing.destroy()
    outgoing.writeHead(status, headers).end(bytes)
  }
  return await listening(server, () => server.closeAllConnections())
}

function ask(port: number, { url, method, headers }: IncomingMessage, body: Buffer): Promise<{ status: number; headers: IncomingMessage['headers']; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const onward = request({ host: '127.0.0.1', port, path: url, method, headers: { ...headers, connection: 'close' } }, answer => {
      bytesOf(answer).then(bytes => resolve({ status: answer.statusCode ?? 502, headers: answer.headers, bytes }), reject)
    })
    onward.on('error', reject)
    onward.end(body)
  })
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** Between the hall and the mail server. Moments: `mail to` before the recipient is named, `mail body` before its last bytes, `mail taken` before the server's word for it. */
export async function tapSmtp(target: number, { pass }: Moments): Promise<Wire> {
  const open = new Set<Socket>()
  const server = createServer(client => {
    const onward = connect(target, '127.0.0.1')
    let bodySent = false
    const up = inOrder(async (chunk: Buffer) => {
      if (/^RCPT TO/i.test(chunk.toString('latin1')) && !await pass('mail to')) return cut()
      const ends = chunk.toString('latin1').endsWith('\r\n.\r\n')
      if (ends && !await pass('mail body')) return cut()
      bodySent ||= ends
      onward.write(chunk)
    })
    const down = inOrder(async (chunk: Buffer) => {
      if (bodySent && !await pass('mail taken')) return cut()
      bodySent = false
      client.write(chunk)
    })
    const cut = () => { client.destroy(); onward.destroy() }
    for (const socket of [client, onward]) {
      open.add(socket)
      socket.on('error', cut)
      socket.on('close', () => { open.delete(socket); cut() })
    }
    client.on('data', up)
    onward.on('data', down)
  })
  return await listening(server, () => open.forEach(socket => socket.destroy()))
}

function inOrder(handle: (chunk: Buffer) => Promise<void>): (chunk: Buffer) => void {
  let before: Promise<void> = Promise.resolve()
  return chunk => { before = before.then(() => handle(chunk)) }
}

async function listening(server: Server, cut: () => void): Promise<Wire> {
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return {
    port: address.port,
    close: () => new Promise(resolve => { cut(); server.close(() => resolve()) }),
  }
}
