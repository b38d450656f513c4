import { createVault } from '../../src/features/identity/vault.ts'
import type { TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'

export const PASSWORD = 'Minghu#2026'

/** The first password of a number of the sample: the end of the ID number. */
export async function firstPassword({ app }: TestApp, number: string, digits = 6): Promise<string> {
  const { document_sealed } = await app.database.db.selectFrom('identity_people as p').innerJoin('identity_numbers as n', 'n.person_id', 'p.id')
    .select('p.document_sealed').where('n.number', '=', number).executeTakeFirstOrThrow()
  return createVault(app.keyring).open('document', document_sealed).slice(-digits)
}

export async function phoneOf({ app }: TestApp, person_id: string): Promise<string> {
  return (await app.identity.contactOf(app.database.db, person_id)).phone ?? ''
}

/** The last code that went to the phone, '' where none did. */
export async function codeTo(hall: TestApp, phone: string): Promise<string> {
  await hall.drain()
  const sms = hall.simulator.state.sms.findLast(each => each.to === phone && each.text.startsWith('验证码'))
  return /\d{6}/.exec(sms?.text ?? '')?.[0] ?? ''
}

/** Types account and password at /login. */
export async function tryAt(client: Client, account: string, password: string, path = '/login'): Promise<Page> {
  return await client.submit(await client.get(path), '/login', { account, password })
}

/** Signs in with the first password and changes it. */
export async function settle(hall: TestApp, client: Client, number: string, password = PASSWORD): Promise<Page> {
  const first = await firstPassword(hall, number)
  const change = await tryAt(client, number, first)
  return await client.submit(change, '/account/password', { current: first, password, again: password })
}
