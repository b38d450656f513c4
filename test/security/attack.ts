import { request } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import { type HTMLElement, parse } from 'node-html-parser'
import type { Client } from '../support/client.ts'
import { processorTime } from '../support/processor.ts'

export type Ask = { method?: string; headers?: Record<string, string>; body?: string | Buffer; client?: Client }
export type Answer = { status: number; headers: IncomingHttpHeaders; body: string; root: HTMLElement; /** milliseconds of the processor, the hall's and ours */ spent: number }

/** Exactly this request, with an address no browser would send. Fails where no answer comes within half a minute. */
export function ask(origin: string, path: string, { method = 'GET', headers = {}, body, client }: Ask = {}): Promise<Answer> {
  const { hostname, port, host } = new URL(origin)
  const spent = processorTime()
  const cookie = client && { cookie: [...client.cookies].map(pair => pair.join('=')).join('; ') }
  const length = body !== undefined && { 'content-length': String(Buffer.byteLength(body)) }
  return new Promise((resolve, reject) => {
    const outgoing = request({ hostname, port, method, path, headers: { host, accept: 'text/html', ...length, ...cookie, ...headers }, timeout: 30_000 }, answer => {
      const parts: Buffer[] = []
      answer.on('data', part => parts.push(part))
      answer.on('error', reject)
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString()
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text, root: parse(text), spent: spent() })
      })
    })
    outgoing.on('timeout', () => outgoing.destroy(new Error(`no answer within half a minute: ${method} ${path.slice(0, 100)}`)))
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

export const FORM = 'application/x-www-form-urlencoded'

/** A POST of a form as text, with whatever fields one likes. */
export function send(origin: string, path: string, fields: Record<string, string> | string, { headers = {}, ...more }: Ask = {}): Promise<Answer> {
  const body = typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()
  return ask(origin, path, { method: 'POST', body, ...more, headers: { 'content-type': FORM, ...headers } })
}

/** The token of the client's own session. */
export async function tokenOf(client: Client, page = '/account'): Promise<string> {
  return (await client.get(page)).value('_csrf')
}

export type Part = { name: string; filename?: string; type?: string; content: string | Buffer }

/** A multipart body as it is written on the wire; nothing in a name is tidied. */
export function multipart(parts: readonly Part[]): { headers: Record<string, string>; body: Buffer } {
  const pieces = parts.flatMap(({ name, filename, type, content }) => [
    Buffer.from(`--edge\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n${type ? `Content-Type: ${type}\r\n` : ''}\r\n`),
    Buffer.from(content), Buffer.from('\r\n'),
  ])
  return { headers: { 'content-type': 'multipart/form-data; boundary=edge' }, body: Buffer.concat([...pieces, Buffer.from('--edge--\r\n')]) }
}
