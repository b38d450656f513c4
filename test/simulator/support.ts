import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { createDecipheriv, createHash } from 'node:crypto'
import type { TestContext } from 'node:test'
import { startSimulator, type Simulator, type SimulatorOptions } from '../../src/simulator/index.ts'

export const corpId = 'wx5823bf96d3bd56c7'
export const token = 'QDG6eK'
export const aesKey = 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C'
export const agentId = 1000002

export type Answer = Record<string, unknown> & { errcode: number; errmsg: string }
export type World = {
  sim: Simulator
  /** Moves the simulator's clock. */
  pass(ms: number): void
  call(path: string, body?: unknown, who?: 'app' | 'contacts'): Promise<Answer>
  tokenOf(who?: 'app' | 'contacts'): Promise<string>
}

/** A simulator of its own for one test, on its own clock. */
export async function world(t: TestContext, options: Partial<SimulatorOptions> = {}): Promise<World> {
  let now = Date.parse('2026-11-20T02:00:00Z')
  const sim = await startSimulator({
    corpId, agentId, secret: 'app-secret', contactsSecret: 'contacts-secret', token, encodingAesKey: aesKey, now: () => now,
    hallOrigin: 'http://localhost:3000', hallAddress: 'http://127.0.0.1:9',
    departments: [{ id: 1, name: '江南大学', parentid: 0 }, { id: 2, name: '教务处', parentid: 1 }, { id: 3, name: '学籍科', parentid: 2 }],
    members: [
      { userid: 'ZhangSan', name: '张三', department: [3], mobile: '13800000001', email: 'zhang@example.com', position: '科员', label: '教职工' },
      { userid: 'lisi', name: '李四', department: [2], mobile: '13800000002', label: '学生' },
      { userid: 'hidden', name: '王五', department: [2], mobile: '13800000003', visible: false },
    ],
    ...options,
  })
  t.after(() => sim.close())
  sim.trouble.retryDelayMs = 0

  async function tokenOf(who: 'app' | 'contacts' = 'app'): Promise<string> {
    const answer = await getJson(`${sim.origin}/cgi-bin/gettoken?corpid=${corpId}&corpsecret=${who}-secret`)
    return String(answer['access_token'])
  }
  return {
    sim, tokenOf,
    pass: (ms) => void (now += ms),
    async call(path, body, who) {
      const [name = '', query = ''] = path.split('?')
      const url = `${sim.origin}/cgi-bin/${name}?access_token=${await tokenOf(who)}&${query}`
      return getJson(url, body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) })
    },
  }
}

export async function getJson(url: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(url, init)
  const answer: unknown = await response.json()
  if (!isAnswer(answer)) throw new Error(`no JSON object from ${url}`)
  return answer
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null
}

/** A server of the test's own, closed with the test. */
export async function listen(t: TestContext, handler: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<string> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = []
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
    incoming.on('end', () => handler(incoming, response, Buffer.concat(chunks).toString('utf8')))
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  t.after(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

export type Reply = { status: number; headers: IncomingMessage['headers']; text: string }

/** Asks a phone's host on the simulator's port: names under .localhost need no resolver this way. */
export async function onPhone(sim: Simulator, userid: string, path: string, init: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Reply> {
  const host = new URL(sim.phoneOrigin(userid)).host
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port: sim.port, path, method: init.method ?? 'GET', headers: { ...init.headers, host } }, (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (chunk: Buffer) => chunks.push(chunk))
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text: Buffer.concat(chunks).toString('utf8') }))
    })
    outgoing.on('error', reject)
    outgoing.end(init.body)
  })
}

/** §5.3 by hand, so that the simulator is not checked with the package it uses itself. */
export function openEnvelope(encrypted: string): { random: Buffer; message: string; receiver: string } {
  const key = Buffer.from(`${aesKey}=`, 'base64')
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(encrypted, 'base64'), decipher.final()])
  const plain = padded.subarray(0, padded.length - (padded.at(-1) ?? 0))
  const length = plain.readUInt32BE(16)
  return { random: plain.subarray(0, 16), message: plain.subarray(20, 20 + length).toString('utf8'), receiver: plain.subarray(20 + length).toString('utf8') }
}

export function signatureOf(timestamp: string, nonce: string, encrypted: string): string {
  return createHash('sha1').update([token, timestamp, nonce, encrypted].toSorted().join('')).digest('hex')
}

export type Heard = { signed: boolean; receiver: string; xml: string; body: string }

/** What a receiver reads from one POST of the platform. */
export function hear(url: string, body: string): Heard {
  const query = new URL(url, 'http://x').searchParams
  const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)?.[1] ?? ''
  const signature = signatureOf(query.get('timestamp') ?? '', query.get('nonce') ?? '', encrypted)
  const { message, receiver } = openEnvelope(encrypted)
  return { signed: signature === query.get('msg_signature'), receiver, xml: message, body }
}

export function field(xml: string, name: string): string {
  return new RegExp(`<${name}>(?:<!\\[CDATA\\[)?(.*?)(?:\\]\\]>)?</${name}>`, 's').exec(xml)?.[1] ?? ''
}

/** The least button card that passes. */
export function buttonCard(taskId: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    card_type: 'button_interaction', task_id: taskId, main_title: { title: '在读证明' },
    button_list: [{ text: '同意', style: 1, key: 'agree' }, { text: '驳回', style: 2, key: 'reject' }], ...more,
  }
}

export function cardMessage(card: Record<string, unknown>, touser = 'ZhangSan'): Record<string, unknown> {
  return { touser, msgtype: 'template_card', agentid: agentId, template_card: card }
}

export function textMessage(content: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { touser: 'ZhangSan', msgtype: 'text', agentid: agentId, text: { content }, ...more }
}
