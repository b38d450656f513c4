import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { deskOf } from '../cases/desk.ts'
import { type Campus, startCampus } from '../services/campus.ts'
import type { Settings } from '../support/app.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { cast, type Someone } from '../support/people.ts'

export type Answer = { status: number; headers: Headers; type: string; json: Record<string, unknown>; bytes: Buffer }
export type Call = (method: string, path: string, more?: { body?: unknown; raw?: BodyInit; headers?: Record<string, string> }) => Promise<Answer>

export type Office = {
  campus: Campus
  admin: Client
  student: Someone
  classmate: Someone
  /** the client's page in the console */
  page: string
  token: string
  call: Call
}

/** Calls as the other system does, with this token. */
export function caller(origin: string, token: string): Call {
  return async (method, path, { body, raw, headers = {} } = {}) => {
    const response = await fetch(new URL(path, origin), {
      method, redirect: 'manual', headers: { ...(token && { authorization: `Bearer ${token}` }), ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      ...(body !== undefined ? { body: JSON.stringify(body) } : raw !== undefined && { body: raw }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const type = response.headers.get('content-type')?.split(';')[0] ?? ''
    return { status: response.status, headers: response.headers, type, bytes, json: type.endsWith('json') ? JSON.parse(bytes.toString()) : {} }
  }
}

/** The fields of the console's form, for an office that may do everything with the enrolment certificates. */
export async function formOf(campus: Campus): Promise<Fields> {
  const unit = await campus.app.database.db.selectFrom('identity_units').select('id').where('kind', '=', 'office').orderBy('code').executeTakeFirstOrThrow()
  return {
    name: '就业信息系统', unit: unit.id, contact: '校内电话 8600', ground: '毕业生就业工作职责', scopes: ['documents.verify', 'documents.issue', 'documents.revoke'],
    kinds: ['enrolment-zh', 'enrolment-en'], per_minute: '1000', per_day: '5000', until: '2027-06-30',
  }
}

/** A client made in the console, with a token. */
export async function makeClient(campus: Campus, admin: Client, fields: Fields = {}): Promise<{ page: string; token: string }> {
  const made = await admin.submit(await admin.get('/admin/api/new'), '/admin/api', { ...await formOf(campus), ...fields })
  assert.equal(made.status, 200, made.text)
  return { page: made.path, token: tokenOn(await admin.submit(made, `${made.path}/tokens`)) }
}

export function tokenOn(page: Page): string {
  const [token] = /hall_[0-9A-Z]{26}_[\w-]{43}/.exec(page.html) ?? []
  assert.ok(token, page.text)
  return token
}

export async function startOffice(t: TestContext, settings: Settings = {}, fields: Fields = {}): Promise<Office> {
  const campus = await startCampus(t, settings)
  const admin = await deskOf(campus)
  const { student, classmate } = await cast(campus.app)
  const { page, token } = await makeClient(campus, admin, fields)
  return { campus, admin, student, classmate, page, token, call: caller(campus.origin, token) }
}
