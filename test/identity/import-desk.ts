import assert from 'node:assert/strict'
import type { Database } from '../../src/platform/db.ts'
import { type Settings, startTestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import type { Cleaner } from '../support/database.ts'
import { cast } from '../support/people.ts'
import { csvOf, type RosterRow, student, students, xlsxOf } from '../support/roster.ts'

export const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

type Sent = { kind?: string; encoding?: string; name?: string; content: Buffer }

/** The hall with its sample university, and an administrator at the page where rosters are imported. */
export async function openDesk(t: Cleaner, settings: Settings = {}) {
  const hall = await startTestApp(t, settings)
  const { admin } = await cast(hall.app)
  const desk = await hall.phone(admin.userid)

  async function upload({ kind = 'students', encoding = '', name = '学生.xlsx', content }: Sent, client: Client = desk): Promise<Page> {
    const page = await client.submit(await client.get('/admin/import'), '/admin/import', { kind, encoding, file: { filename: name, type: XLSX, content } })
    if (page.status !== 200) return page
    await hall.drain()
    return await client.get(page.path)
  }

  const here = await hall.app.database.db.selectFrom('identity_numbers').select('number').where('kind', '=', 'student').where('standing', 'in', ['enrolled', 'suspended']).execute()

  return {
    ...hall, admin, desk, upload,
    /** students of the sample who are here */
    here: here.length,
    uploadRows: async (rows: Iterable<RosterRow>, sent: Partial<Sent> = {}) => await upload({ ...sent, content: await xlsxOf(rows) }),
    /** Begins the writing and lets it end. */
    async apply(page: Page, client: Client = desk): Promise<Page> {
      const begun = await client.submit(page, `${page.path}/application`)
      assert.equal(begun.status, 200, begun.text)
      await hall.drain()
      return await client.get(page.path)
    },
    /** What a list of an import shows, a row a text. */
    async list(page: Page, tab: string): Promise<string[]> {
      const shown = await desk.get(`${page.path.replace(/\?.*/, '')}?tab=${tab}`)
      return shown.root.querySelectorAll('#rows tbody tr').map(row => row.structuredText.replace(/\s+/g, ' ').trim())
    },
    download: async (page: Page, name: string) => await desk.get(`${page.path.replace(/\?.*/, '')}/${name}`),
  }
}

export type Desk = Awaited<ReturnType<typeof openDesk>>

/** How many rows each list has, as its tab says. */
export function countsOf(page: Page): Record<string, number> {
  return Object.fromEntries(page.root.querySelectorAll('#rows .segment').map(each => {
    const [, label = '', count = ''] = /^(\S+?)\s*(\d+)$/.exec(each.structuredText.replace(/\s+/g, '')) ?? []
    return [label, Number(count)]
  }))
}

/** Everything that an import may change, without what only time and chance decide. */
export async function stateOf({ app: { database: { db } } }: { app: { database: Pick<Database, 'db'> } }): Promise<string> {
  const people = await db.selectFrom('identity_people').select(['number', 'name', 'name_en', 'name_pinyin', 'initials', 'gender', 'birth_on', 'document_type', 'document_index', 'phone_index', 'email']).orderBy('number').execute()
  const numbers = await db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id').innerJoin('identity_units as u', 'u.id', 'n.unit_id')
    .select(['n.number', 'p.number as leading', 'n.kind', 'n.standing', 'u.code', 'n.title', 'n.level', 'n.major', 'n.class_name', 'n.years', 'n.entered_on', 'n.ends_on']).orderBy('n.number').execute()
  const bindings = await db.selectFrom('identity_bindings').select(['number', 'userid', 'current_userid']).orderBy('number').orderBy('userid').execute()
  return JSON.stringify([people, numbers, bindings])
}

export { csvOf, student, students, xlsxOf }
