import type { TestContext } from 'node:test'
import { type Campus, startCampus } from '../services/campus.ts'
import type { Settings } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

/** The sample university with its system administrator at a desk. */
export async function startDesk(t: TestContext, settings: Settings = {}): Promise<{ campus: Campus; admin: Client }> {
  const campus = await startCampus(t, settings)
  return { campus, admin: await deskOf(campus) }
}

/** Signed in now: who looks after others is signed out soon. */
export async function deskOf(campus: Campus): Promise<Client> {
  return campus.phone((await cast(campus.app)).admin.userid)
}

/** The rows of a table, each cell as it is read. */
export const rows = (page: Page): string[][] => page.root.querySelectorAll('tbody tr').map(row => row.querySelectorAll('td').map(cell => cell.structuredText.replace(/\s+/g, ' ').trim()))

/** What somebody's phone was told, newest first. */
export async function toldTo(campus: Campus, name: string): Promise<string[]> {
  const messages = await campus.app.database.db.selectFrom('messages_messages as message').innerJoin('identity_people as person', 'person.id', 'message.person_id')
    .select(['message.title']).where('person.name', '=', name).orderBy('message.id', 'desc').execute()
  return messages.map(message => message.title)
}
