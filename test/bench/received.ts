import { startTestApp } from '../support/app.ts'
import type { Cleaner } from '../support/database.ts'
import { compareCalls } from './support/compare.ts'
import { type Figure, rowOf } from './support/figure.ts'
import { FEW, fill, PEOPLE, type Readable, readersOf, settle, signIn } from './support/full-tables.ts'

/** As it is opened, narrowed by a filter, by words, and what has been done; each with how many tasks it shows. */
const LISTS = [
  { name: '我收到的', url: '/received', shows: 12 },
  { name: '我收到的 of a service', url: '/received?service=enrolment-certificate', shows: 12 },
  { name: '我收到的 with a search', url: `/received?q=${encodeURIComponent('思远')}`, shows: 12 },
  { name: '我收到的 over time', url: '/received?late=1&q=2026', shows: 12 },
  { name: '已办 with a search', url: `/received?state=done&service=enrolment-certificate&q=${encodeURIComponent('在读')}`, shows: 8 },
]

/** 我收到的 of people with twenty tasks each, twelve of them open: alone in the table, and among a million of other people's. */
export const received: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds, share }) {
    const many = Math.max(FEW * 100, FEW * 1000 * share)
    const [few, crowd] = [await filled(t, FEW), await filled(t, many)]
    const rows = []
    for (const { name, ...list } of LISTS) {
      const comparison = await compareCalls(rounds, 4 * PEOPLE, { ours: number => read(crowd, number, list), limit: number => read(few, number, list) })
      rows.push(rowOf(comparison, { name: `${name}, ${many.toLocaleString('en')} tasks (limit: ${FEW.toLocaleString('en')})`, unit: 'ms', digits: 2, atMost: 1.2 }))
    }
    return rows
  },
}

async function read({ http, cookies }: Readable, number: number, { url, shows }: { url: string; shows: number }): Promise<void> {
  const { statusCode, body } = await http.inject({ url, headers: { cookie: cookies[number % cookies.length], accept: 'text/html' } })
  if (statusCode !== 200 || body.split('class="cell"').length !== shows + 1) throw new Error(`not the page with ${shows} tasks: ${statusCode} ${url}`)
}

async function filled(t: Cleaner, tasks: number): Promise<Readable> {
  const hall = await startTestApp(t)
  const readers = await readersOf(hall)
  await fill(hall, readers.map(reader => reader.person_id), tasks)
  await settle(hall)
  return signIn(hall, readers)
}
