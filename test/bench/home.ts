import { startTestApp } from '../support/app.ts'
import type { Cleaner } from '../support/database.ts'
import { compareCalls } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'
import { FEW, fill, fillApplications, PEOPLE, type Readable, readersOf, settle, signIn } from './support/full-tables.ts'

/** The first page of people with tasks, drafts, applications and favourites: alone in the tables, and among a million instances of other people's. */
export const home: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds, share }) {
    const many = Math.max(FEW * 100, FEW * 1000 * share)
    const [few, crowd] = [await filled(t, FEW), await filled(t, many)]
    const comparison = await compareCalls(rounds, 4 * PEOPLE, { ours: number => read(crowd, number), limit: number => read(few, number) })
    return [rowOf(comparison, { name: `home, ${many.toLocaleString('en')} instances (limit: ${FEW.toLocaleString('en')})`, unit: 'ms', digits: 2, atMost: 1.2 })]
  },
}

async function read({ http, cookies }: Readable, number: number): Promise<void> {
  const { statusCode, body } = await http.inject({ url: '/', headers: { cookie: cookies[number % cookies.length], accept: 'text/html' } })
  if (statusCode !== 200 || !['id="todo"', 'id="drafts"', 'id="recent"', '待办 12'].every(words => body.includes(words))) throw new Error(`not the page with everything on it: ${statusCode}`)
}

async function filled(t: Cleaner, instances: number): Promise<Readable> {
  const hall = await startTestApp(t)
  const readers = await readersOf(hall)
  const ids = readers.map(reader => reader.person_id)
  await fill(hall, ids, 2 * instances)
  await fillApplications(hall, ids, instances)
  await settle(hall)
  return signIn(hall, readers)
}
