import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Client, Fields, Page } from '../support/client.ts'
import { type Campus, startCampus } from './campus.ts'

/** The service that asks with every type of field; it lives in tests alone. */
export const EVERY = '/services/every-field/apply'
export const WHOLE_ID = '11010519491231002X'
export const MASKED_ID = '1101**********002X'

/** What must be filled in, teacher apart: whom a search finds is chosen by id. */
export const FILLED: Fields = {
  applicant: '申请的人', title: '秋游', kind: 'lecture', mobile: '13800138000', id_number: WHOLE_ID, 'period.from': '2026-12-01', 'period.to': '2026-12-05', people: '30', fee: '20.5',
  'items.0.name': '车票', 'items.0.price': '10', 'items.0.count': '30', 'signature.name': '签名人', confidence: '4', 'spot.text': '西门', reason: '看红叶',
}

export function startActivity(t: TestContext): Promise<Campus> {
  return startCampus(t, { serviceFiles: join(import.meta.dirname, 'catalogue') })
}

/** The id of the member of staff, as the form's own search gives it. */
export async function findTeacher(client: Client, name: string): Promise<string> {
  const found = await client.submit(await client.get(EVERY), EVERY, { 'teacher.q': name, act: 'teacher.find' })
  return found.root.querySelector('input[name="teacher.id"]')?.getAttribute('value') ?? assert.fail(`nobody is called ${name}`)
}

export async function send(client: Client, fields: Fields = {}): Promise<Page> {
  const teacher = await findTeacher(client, '李敏')
  return client.submit(await client.get(EVERY), EVERY, { 'teacher.q': '', 'teacher.id': teacher, ...FILLED, ...fields, intent: 'submit' })
}

export const idOf = (page: Page): string => /^\/applications\/([0-9A-Z]{26})$/.exec(page.path)?.[1] ?? assert.fail(`${page.path}: ${page.text.slice(0, 600)}`)

/** The newest 待办 about that applicant. */
export async function openTaskOf(client: Client, name: string): Promise<Page> {
  return client.get((await client.get('/received')).link(`${name}的活动申请`))
}

/** Label and answer of the application as its page shows them. */
export function answersOn(page: Page): Map<string, string> {
  return new Map(page.root.querySelectorAll('.rows > div').map(row => [row.querySelector('dt')?.text.trim() ?? '', (row.querySelector('dd')?.structuredText ?? '').replace(/\s+/g, ' ').trim()]))
}
