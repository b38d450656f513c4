import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { startTestApp } from '../support/app.ts'
import type { Client } from '../support/client.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import { cast } from '../support/people.ts'
import { type Answer, ask, FORM, multipart, tokenOf } from './attack.ts'
import { routesOf } from './routes.ts'

const REQUESTS = 1500

test(`${REQUESTS} requests of every kind, true words among rubbish: never a fault of ours, never a wait`, async t => {
  const hall = await startTestApp(t)
  const { db } = hall.app.database
  const { student, tutor, admin, security, audit } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const application = idIn((await applyForCertificate(phone)).path)
  await hall.drain()
  const routes = (await routesOf(hall.app)).filter(route => route.url !== '/logout')
  const task = await db.selectFrom('approvals_tasks').select('id').executeTakeFirst()
  const truths = [application, student.person_id, task?.id ?? '', student.number, 'enrolment-certificate', 'student-leave', 'admin', 'approve', 'submit', 'students', 'zh', '0', '1']

  const word = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...truths) }, { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
    fc.constantFrom('', '\0', '%', '_', "'", '"', '\\', '../', '%2e%2e%2f', '😀', '\u202e', '-1', '1e999', 'NaN', 'null', '[object Object]', '9'.repeat(30), 'x'.repeat(3000), '2026-02-30', '<script>', '${7*7}', "' or 1=1 -- "),
  )
  const name = fc.oneof({ weight: 6, arbitrary: fc.constantFrom('q', 'before', 'after', 'status', 'state', 'to', 'back', 'code', 'kind', 'unit', 'category', 'name', 'subject', 'actor', 'draft', 'intent', 'purpose', 'language', 'mailbox', 'remark', 'attachment', 'remove', 'decision', 'comment', 'account', 'password', 'current', 'again', 'role', 'unit_id', 'number', 'reason', 'file', 'good_rows') }, fc.string({ unit: 'binary', maxLength: 10 }))
  const fields = fc.array(fc.tuple(name, word), { maxLength: 8 })
  const shape = fc.record({
    route: fc.constantFrom(...routes), words: fc.array(word, { minLength: 4, maxLength: 4 }), query: fields, body: fields, files: fc.boolean(),
    who: fc.constantFrom<'nobody' | 'student' | 'tutor' | 'admin' | 'security' | 'audit'>('nobody', 'student', 'tutor', 'admin', 'admin', 'security', 'audit'), method: fc.constantFrom('', '', '', '', 'HEAD', 'POST', 'GET'), accept: fc.constantFrom('text/html', 'application/json', ''), bytes: fc.constantFrom(0, 0, 0, 0, 30),
  })

  const clients = { nobody: hall.stranger(), student: phone, tutor: await hall.phone(tutor.userid), admin: await hall.phone(admin.userid), security: await hall.phone(security.userid), audit: await hall.phone(audit.userid) }
  const tokens = new Map<Client, string>()

  async function clientOf(who: keyof typeof clients): Promise<Client> {
    const client = clients[who]
    if (!tokens.has(client)) tokens.set(client, await tokenOf(client, who === 'nobody' ? '/login' : '/account'))
    return client
  }

  const outcomes = new Map<number, number>()
  const wrong: string[] = []
  let slowest = { spent: 0, what: '' }
  await fc.assert(fc.asyncProperty(shape, async ({ route, words, query, body, files, who, method, accept, bytes }) => {
    const client = await clientOf(who)
    const chosen = method || route.method
    let next = 0
    const path = route.url.replaceAll(/:\w+/g, () => encodeURIComponent(toWellFormed(words[next++ % words.length] ?? '')) || 'x')
    const search = query.map(([key, value]) => `${encodeURIComponent(toWellFormed(key))}=${encodeURIComponent(toWellFormed(value))}`).join('&')
    const url = search ? `${path}?${search}` : path
    const answer = await ask(hall.origin, url.slice(0, 6000), { method: chosen, client, ...(chosen === 'POST' ? bodyOf(body, tokens.get(client) ?? '', files, bytes) : { headers: {} }) , ...(accept && chosen !== 'POST' && { headers: { accept } }) })
    outcomes.set(answer.status, (outcomes.get(answer.status) ?? 0) + 1)
    if (answer.spent > slowest.spent) slowest = { spent: answer.spent, what: `${chosen} ${url.slice(0, 200)}` }
    if (answer.status >= 500) wrong.push(`${answer.status} ${who} ${chosen} ${url.slice(0, 300)} ${JSON.stringify(body).slice(0, 500)}`)
    keepCookies(client, answer)
  }), { numRuns: REQUESTS, seed: Number(process.env.FUZZ_SEED ?? 20261121), endOnFailure: true })

  function keepCookies(client: Client, answer: Answer): void {
    if (answer.headers['set-cookie']?.some(line => line.startsWith('hall='))) tokens.delete(client)
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, key = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      client.cookies.set(key, value)
    }
  }

  assert.deepEqual(wrong, [])
  assert.ok(slowest.spent < 5000, slowest.what)
  const share = (status: number) => (outcomes.get(status) ?? 0) / REQUESTS
  assert.ok(share(200) > 0.05 && share(404) + share(422) + share(403) > 0.1 && share(429) < 0.2, JSON.stringify([...outcomes]))
})

function toWellFormed(text: string): string {
  return text.toWellFormed()
}

function bodyOf(fields: readonly (readonly [string, string])[], token: string, files: boolean, bytes: number): { body: Buffer | string; headers: Record<string, string> } {
  const noise = Buffer.alloc(bytes, 0xfe)
  if (!files) return { body: Buffer.concat([Buffer.from(new URLSearchParams([['_csrf', token], ...fields.map(([key, value]) => [toWellFormed(key), toWellFormed(value)])]).toString()), noise]), headers: { 'content-type': FORM } }
  const parts = fields.map(([key, value], at) => ({ name: key.replaceAll(/["\r\n]/g, ''), content: toWellFormed(value), ...(at % 3 === 0 && { filename: value.replaceAll(/["\r\n]/g, '').slice(0, 100), type: 'application/pdf' }) }))
  const { headers, body } = multipart([{ name: '_csrf', content: token }, ...parts])
  return { headers, body: Buffer.concat([body, noise]) }
}
