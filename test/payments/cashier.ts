import assert from 'node:assert/strict'
import type { TestContext } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import type { NewOrder } from '../../src/features/payments/index.ts'
import { startTestApp, type Settings } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

export const MINUTE = 60_000
export const HOUR = 3600_000

export type Shop = Awaited<ReturnType<typeof startShop>>

/** A hall with a merchant's account, a student, and things to be paid for. */
export async function startShop(t: TestContext, settings: Settings = { pay: 'here' }) {
  const hall = await startTestApp(t, settings)
  const { app, simulator, clock } = hall
  const { db } = app.database
  const desk = simulator.pay
  assert.ok(desk)
  const people = await cast(app)

  /** As a feature would: its own thing's id is the subject. */
  async function order(more: Partial<NewOrder> = {}): Promise<{ id: string; subject: string; path: string }> {
    const subject = more.subject ?? newId()
    const id = await app.database.write(tx => app.payments.open(tx, { subject, person_id: people.student.person_id, title: '中文成绩单（含加权平均分）', amount: 1000, back: '/documents', ...more }))
    return { id, subject, path: `/pay/${id}` }
  }

  async function charges(order_id: string) {
    return await db.selectFrom('payments_charges').selectAll().where('order_id', '=', order_id).orderBy('id').execute()
  }

  return {
    ...hall, ...people, db, desk, order, charges,
    status: async (id: string) => (await db.selectFrom('payments_orders').select('status').where('id', '=', id).executeTakeFirst())?.status,
    /** What the feature that opened it has heard, in order. */
    heard: async (subject: string) => (await db.selectFrom('events').select('name').where('subject', '=', subject).orderBy('id').execute()).map(({ name }) => name.replace('payments.', '')),
    /** At the desk: the button, then the code. Returns the number of the charge. */
    async choose(client: Client, path: string, way: 'native' | 'jsapi' = 'native'): Promise<{ number: string; page: Page }> {
      await client.submit(await client.get(path), `${path}/charges`, { way })
      await hall.drain()
      const number = (await charges(path.slice('/pay/'.length))).findLast(each => each.way === way)?.id ?? ''
      return { number, page: await client.get(path) }
    },
    /** Time passes, and everything that is due happens. */
    async later(ms: number): Promise<void> {
      clock.advance(ms)
      desk.tick()
      await hall.drain()
    },
    /** At the desk instead of the phone: another browser, signed in by the same person. */
    async atDesk(userid: string): Promise<Client> {
      const phone = await hall.phone(userid)
      const desktop = hall.stranger()
      for (const [name, value] of phone.cookies) desktop.cookies.set(name, value)
      return desktop
    },
  }
}

/** Messages to the student that say so. */
export function told({ simulator, student }: Shop, words: string): number {
  return simulator.state.messagesTo(student.userid).filter(message => JSON.stringify(message).includes(words)).length
}
