import type { TestContext } from 'node:test'
import { memberOf, wantMember } from '../../src/features/identity/verbs/members.ts'
import { createVault } from '../../src/features/identity/vault.ts'
import { startTestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { desksOf } from '../support/desks.ts'
import { cast } from '../support/people.ts'

/** The sample university and its address book, which agree; the operator who looks after them. */
export async function openContacts(t: TestContext, env: Record<string, string> = {}) {
  const hall = await startTestApp(t, { env })
  const { app, clock, drain } = hall
  const people = await cast(app)
  const desk = await desksOf(hall)('contacts.sync')
  const vault = createVault(app.keyring)
  const { db } = app.database
  return {
    ...hall, ...people, desk, vault, db,
    async reconcile(): Promise<Page> {
      clock.advance(61_000)
      await desk.submit(await desk.get('/admin/contacts'), '/admin/contacts/reading')
      await drain()
      return await desk.get('/admin/contacts')
    },
    /** What the roster says of a person's phone. */
    async phoneOf(person_id: string, phone: string | null): Promise<void> {
      await db.updateTable('identity_people').set({ phone_sealed: phone === null ? null : vault.seal('phone', phone) }).where('id', '=', person_id).execute()
    },
    async want(number: string, mobile?: string) {
      await app.database.write(tx => wantMember(tx, vault, { number, mobile }))
      await drain()
      return await memberOf(db, number)
    },
    /** The operator's button for what the roster changed. */
    async writeChanges(): Promise<void> {
      clock.advance(61_000)
      await desk.submit(await desk.get('/admin/contacts'), '/admin/contacts/writing')
      await drain()
    },
    /** Opens the difference of this field whose line has these words, and decides. */
    async decide(words: string, label: string, decision: string, show = ''): Promise<void> {
      const page = await differenceOf(desk, words, label, show)
      const form = page.root.querySelectorAll('form').find(each => each.querySelector('input[name=decision]')?.getAttribute('value') === decision)
      if (!form) throw new Error(`${label} of ${words} cannot be decided for ${decision}`)
      const hidden = Object.fromEntries(form.querySelectorAll('input[type=hidden]').map(input => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']))
      await desk.post(form.getAttribute('action') ?? '', hidden)
      await drain()
    },
  }
}

/** The page of the one difference of this kind whose line has these words. */
export async function differenceOf(desk: Client, words: string, label: string, show = ''): Promise<Page> {
  const list = await desk.get(`/admin/contacts?q=${encodeURIComponent(words)}&show=${show}`)
  const row = list.root.querySelectorAll('tbody tr').find(each => each.querySelector('.tag')?.structuredText.trim() === label)
  if (!row) throw new Error(`no difference ${label} of ${words}: ${list.root.querySelector('#differences')?.structuredText.replaceAll(/\s+/g, ' ')}`)
  return await desk.get(row.querySelector('a.row-link')?.getAttribute('href') ?? '')
}

/** The lines of the list as `name: what differs`. */
export function linesOf(page: Page): string[] {
  return page.root.querySelectorAll('#differences tbody tr').map(row => `${row.querySelector('.row-link')?.structuredText.trim()}: ${row.querySelector('.tag')?.structuredText.trim()}`)
}
