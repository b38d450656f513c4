import { randomUUID } from 'node:crypto'
import type { Clock } from './clock.ts'
import { type Database, isDuplicate } from './db.ts'
import { AppError } from './errors.ts'
import type { Keyring } from './keys.ts'

export type Leased = { value: string; expires_at: number }

/** Named values with an expiry, shared by all processes and renewed by one of them (WeCom's tokens and tickets). */
export type Leases = {
  /** The value, renewed where it expired, or where it equals `not`: a value known to be bad by now. */
  value(name: string, renew: () => Promise<Leased>, options?: { not?: string }): Promise<string>
}

export interface LeasesTable {
  name: string
  /** sealed: a token is a credential */
  value: string | null
  expires_at: number
  holder: string | null
  held_until: number
}

/** how long a renewal may take before another process takes it over, ms */
const HOLD = 15_000
/** a value that ends within this time is renewed already, ms */
const MARGIN = 60_000
const LOOK_AGAIN = 50

export function createLeases({ database, keyring, clock }: { database: Database; keyring: Keyring; clock: Clock }): Leases {
  const { db } = database

  async function read(name: string, not?: string): Promise<string | null> {
    const row = await db.selectFrom('leases').select(['value', 'expires_at']).where('name', '=', name).executeTakeFirst()
    if (!row?.value || row.expires_at - MARGIN <= clock.now()) return null
    const value = keyring.open(`lease:${name}`, row.value)
    return value === not ? null : value
  }

  async function take(name: string, holder: string): Promise<boolean> {
    const now = clock.now()
    const held = { holder, held_until: now + HOLD }
    const { numUpdatedRows } = await db.updateTable('leases').set(held).where('name', '=', name).where('held_until', '<=', now).executeTakeFirst()
    if (numUpdatedRows === 1n) return true
    try {
      await db.insertInto('leases').values({ name, value: null, expires_at: 0, ...held }).execute()
      return true
    } catch (error) {
      if (isDuplicate(error)) return false // somebody holds it
      throw error
    }
  }

  async function renewAs(name: string, holder: string, renew: () => Promise<Leased>, not?: string): Promise<string> {
    try {
      // Somebody may have renewed it between the look and the taking.
      const known = await read(name, not)
      if (known !== null) return known
      const made = await renew()
      await db.updateTable('leases').set({ value: keyring.seal(`lease:${name}`, made.value), expires_at: made.expires_at })
        .where('name', '=', name).where('holder', '=', holder).execute()
      return made.value
    } finally {
      await db.updateTable('leases').set({ holder: null, held_until: 0 }).where('name', '=', name).where('holder', '=', holder).execute()
    }
  }

  return {
    async value(name, renew, { not } = {}) {
      const holder = randomUUID()
      const giveUp = performance.now() + 2 * HOLD
      while (performance.now() < giveUp) {
        const value = await read(name, not)
        if (value !== null) return value
        if (await take(name, holder)) return await renewAs(name, holder, renew, not)
        await new Promise(resolve => setTimeout(resolve, LOOK_AGAIN))
      }
      throw new AppError('upstream', '系统正忙，请稍后再试', { code: 'lease:timeout' })
    },
  }
}
