import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { brokenLink, chainEvents } from '../../src/platform/event-register.ts'
import type { Hall } from './hall.ts'
import type { Story } from './story.ts'
import { until } from './until.ts'

type Seen = Pick<Hall, 'database' | 'simulator'>

/** Every application is there once and ended as it was decided; numbers have neither gap nor double. */
export async function checkApplications({ database: { db } }: Hall, stories: readonly Story[]): Promise<void> {
  const rows = await db.selectFrom('services_applications').select(['id', 'status', 'number']).where('status', '!=', 'draft').orderBy('id').execute()
  assert.deepEqual(rows.map(row => [row.id, row.status]), stories.map(story => [story.id, story.end]).toSorted())
  const serials = rows.map(row => row.number ?? '').toSorted()
  assert.deepEqual(serials.map(number => Number(number.split('-')[1])), serials.map((_, index) => index + 1))
  const open = await db.selectFrom('approvals_tasks').select('id').where('status', '=', 'open').execute()
  assert.deepEqual(open, [], 'no task is left over')
}

/** Every approval has given one document with one file, which our own check finds genuine. */
export async function checkDocuments(hall: Hall, stories: readonly Story[]): Promise<number> {
  const { database: { db }, folder } = hall
  const rows = await db.selectFrom('documents_documents').select(['application_id', 'status', 'sha256', 'number', 'code']).orderBy('application_id').execute()
  assert.deepEqual(rows.map(row => [row.application_id, row.status]), stories.filter(story => story.document).map(story => [story.id, 'issued']).toSorted())
  assert.equal(new Set(rows.flatMap(row => [row.number, row.code])).size, rows.length * 2)
  const visitor = hall.stranger()
  for (const { sha256, number } of rows) {
    const sha = sha256 ?? ''
    const content = await readFile(join(folder, 'files', sha.slice(0, 2), sha.slice(2, 4), sha))
    assert.equal(createHash('sha256').update(content).digest('hex'), sha)
    const page = await visitor.post('/verify/file', { file: { filename: 'a.pdf', type: 'application/pdf', content } })
    assert.ok(page.has('真实有效') && page.has(number), page.text)
  }
  return rows.length
}

/** Each delivery arrived as often as it says. How many there are of each state, and how often the unknown ones arrived. */
export async function checkDeliveries({ database: { db }, simulator }: Seen): Promise<Record<string, number>> {
  const rows = await db.selectFrom('messages_deliveries').select(['id', 'part', 'status', 'media_id', 'reason', 'tries']).execute()
  const userids = (await db.selectFrom('identity_bindings').select('userid').execute()).map(row => row.userid)
  const arrived = arrivals(simulator, userids, new Map(rows.filter(row => row.media_id !== null).map(row => [row.media_id ?? '', row.id])))
  assert.deepEqual(arrived.filter(id => !rows.some(row => row.id === id)), [], 'nothing came that nobody sent')
  assert.deepEqual(simulator.state.dropped, [], 'nothing was dropped for being too much')
  const times = Map.groupBy(arrived, id => id)
  const tally: Record<string, number> = {}
  for (const { id, part, status, reason, tries } of rows) {
    const n = times.get(id)?.length ?? 0
    const right = { sent: n === 1, unknown: n <= 1, dropped: n === 0 }[status as string] ?? false
    assert.ok(right, `${part} ${id} is ${status} (${reason ?? ''}) after ${tries} tries and arrived ${n} times`)
    const key = status === 'unknown' ? `${part} unknown, arrived ${n}` : `${part} ${status}`
    tally[key] = (tally[key] ?? 0) + 1
  }
  return tally
}

/** The id of the delivery behind everything that reached a phone or a mailbox. */
function arrivals(simulator: Hall['simulator'], userids: readonly string[], byMedia: ReadonlyMap<string, string>): string[] {
  const phones = userids.flatMap(simulator.state.messagesTo).filter(message => message.from === 'app').map(message =>
    message.msgtype === 'file' ? byMedia.get(String(message.content['media_id'])) ?? 'an unknown file' : /[?&]m=([0-9A-Z]{26})/.exec(JSON.stringify(message.content))?.[1] ?? 'an unknown message')
  const mails = simulator.state.mails.map(mail => /<([0-9A-Z]{26})[.@]/.exec(mail.headers['message-id'] ?? '')?.[1] ?? 'an unknown mail')
  return [...phones, ...mails]
}

/** What a card shows is what its task is: no phone is left with a button for something that is over. */
export async function checkCards({ database: { db }, simulator }: Seen): Promise<Record<string, number>> {
  const cards = await db.selectFrom('messages_cards as card').innerJoin('messages_deliveries as delivery', 'delivery.id', 'card.delivery_id')
    .innerJoin('identity_bindings as binding', 'binding.person_id', 'card.person_id')
    .select(['card.wecom_task_id', 'card.task_id', 'card.status', 'card.text', 'delivery.status as sent', 'binding.userid']).execute()
  const tally = { changed: 0, superseded: 0, 'never came': 0 }
  for (const { wecom_task_id, task_id, status, text, sent, userid } of cards) {
    const task = await db.selectFrom('approvals_tasks').select('status').where('id', '=', task_id.replace('task-', '')).executeTakeFirstOrThrow()
    assert.equal(status, task.status === 'open' ? 'open' : 'closed', `card ${wecom_task_id}`)
    const seen = simulator.state.messagesTo(userid)
    const copy = seen.find(message => message.task_id === wecom_task_id)
    if (!copy) assert.notEqual(sent, 'sent', `card ${wecom_task_id} never came`)
    const said = seen.some(message => message.msgtype === 'textcard' && JSON.stringify(message.content).includes(text ?? ''))
    const changed = copy?.card?.sub_title_text === text && copy?.replaceText !== null
    assert.ok(!copy || changed || said, `the phone of ${userid} still shows buttons on ${wecom_task_id}, which ${text}`)
    tally[!copy ? 'never came' : changed ? 'changed' : 'superseded'] += 1
  }
  return tally
}

/** Until nothing waits and nothing runs. A job of a killed process is taken over when its lease ends. */
export async function drained({ database: { db } }: Pick<Seen, 'database'>, within = 120_000): Promise<void> {
  await until('all work to be done', async () => (await db.selectFrom('jobs').select('id').where('status', 'in', ['waiting', 'running']).limit(1).executeTakeFirst()) === undefined, within)
}

/** No work was given up; how much there was. That none is left is `drained`: whenever one looks, a timetable may have begun something. */
export async function checkJobs({ database: { db } }: Pick<Seen, 'database'>): Promise<number> {
  const rows = await db.selectFrom('jobs').select(['name', 'status', 'attempts', 'error', 'input']).execute()
  assert.deepEqual(rows.filter(row => row.status === 'dead'), [])
  return rows.length
}

/** The trail of events is whole. How many there are. */
export async function checkTrail({ database }: Pick<Seen, 'database'>): Promise<number> {
  while (await database.write(tx => chainEvents(tx, 500)) === 500);
  assert.equal(await brokenLink(database.db), null)
  const [{ events, chained } = { events: 0, chained: -1 }] = await database.db.selectFrom('events')
    .select(({ fn }) => [fn.countAll<number>().as('events'), fn.max('chain').as('chained')]).execute()
  assert.equal(Number(events), Number(chained))
  return Number(events)
}
