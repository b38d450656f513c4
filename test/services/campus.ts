import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { type Settings, startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Fields, Page } from '../support/client.ts'

export const SERVICE = '/services/enrolment-certificate'
export const APPLY = `${SERVICE}/apply`
export const GOOD: Fields = { purpose: 'visa', language: 'zh', mailbox: 'chen@example.com', remark: '签证中心要求' }

/** Files by their first bytes, which is what counts. */
export const PDF = { filename: '要求.pdf', type: 'application/pdf', content: Buffer.from('%PDF-1.7\n%âãÏÓ\n1 0 obj\n<<>>\nendobj\n') }
export const PNG = { filename: '图.png', type: 'image/png', content: Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex') }

export type Campus = TestApp & {
  /** Signed in by silent OAuth on the phone of the person of this name. */
  as(name: string): Promise<Client>
  /** A student of 李敏's whom no other story uses. */
  student(): Promise<{ client: Client; name: string }>
}

/** The product with the sample university, and its people by name. */
export async function startCampus(t: TestContext, settings: Settings = {}): Promise<Campus> {
  const world = await startTestApp(t, settings)
  const { db } = world.app.database
  const people = () => db.selectFrom('identity_bindings as binding').innerJoin('identity_people as person', 'person.id', 'binding.person_id')
    .innerJoin('identity_numbers as number', 'number.number', 'binding.number')
  const tutor = await people().select('person.id').where('person.name', '=', '李敏').executeTakeFirstOrThrow()
  const pupils = await people().select(['binding.userid', 'person.name']).where('number.tutor_id', '=', tutor.id)
    .where('number.standing', '=', 'enrolled').where('person.name', '!=', '陈思远').orderBy('binding.userid').execute()
  return {
    ...world,
    async as(name) {
      const { userid } = await people().select('binding.userid').where('person.name', '=', name).executeTakeFirstOrThrow()
      return world.phone(userid)
    },
    async student() {
      const pupil = pupils.shift()
      assert.ok(pupil, 'no pupil is left')
      return { client: await world.phone(pupil.userid), name: pupil.name }
    },
  }
}

/** Fills the form in and sends it; returns the application's page. */
export async function apply(client: Client, fields: Fields = GOOD): Promise<Page> {
  const page = await client.submit(await client.get(APPLY), APPLY, { ...fields, intent: 'submit' })
  assert.equal(page.status, 200)
  assert.match(page.path, /^\/applications\/[0-9A-Z]{26}$/)
  return page
}

/** Opens the newest 待办 of that applicant and decides it. */
export async function decide(client: Client, name: string, decision: 'approve' | 'reject' | 'return', comment = ''): Promise<Page> {
  const page = await openTask(client, name)
  return client.submit(page, actionOf(page), { decision, comment })
}

export async function openTask(client: Client, name: string): Promise<Page> {
  return client.get((await client.get('/received')).link(`${name}的在读证明`))
}

export function actionOf(page: Page): string {
  const action = page.root.querySelectorAll('form').map(form => form.getAttribute('action') ?? '').find(one => one.startsWith('/tasks/'))
  assert.ok(action, `no decision is asked on ${page.path}`)
  return action
}
