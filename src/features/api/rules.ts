import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { newId } from '../../platform/ids.ts'
import type { ClientsTable, Token } from './tables.ts'

/** A client with its lists read. */
export type Client = Omit<ClientsTable, 'scopes' | 'kinds' | 'units'> & { scopes: string[]; kinds: string[]; units: string[] }

const DAY = 86_400_000
/** So long before its end its administrators hear of it. */
export const NOTICE = 14 * DAY
/** How long the token before a new one goes on, in hours: at once, while it is replaced, or over a weekend. */
export const OVERLAPS: readonly number[] = [0, 24, 168]
/** Tokens that hold at a time: the present one and those it replaces. */
export const MOST_TOKENS = 3

/** `hall_<id>_<secret>`: the id finds the row, the secret is shown once and kept as a hash. */
export function newToken(): { id: string; token: string; hash: string } {
  const id = newId()
  const secret = randomBytes(32).toString('base64url')
  return { id, token: `hall_${id}_${secret}`, hash: hash('sha256', secret) }
}

/** From a header `Authorization: Bearer …`; null where it cannot be a token. */
export function readToken(authorization: string | undefined): { id: string; hash: string } | null {
  const [, id, secret] = /^Bearer +hall_([0-9A-HJKMNP-TV-Z]{26})_([\w-]{43})$/i.exec(authorization ?? '') ?? []
  return id && secret ? { id: id.toUpperCase(), hash: hash('sha256', secret) } : null
}

export function sameHash(one: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(one, 'hex'), Buffer.from(other, 'hex'))
}

export type State = 'current' | 'ends-soon' | 'over' | 'ended'

export function stateOf({ ended_at, expires_at }: Pick<Client, 'ended_at' | 'expires_at'>, now: number): State {
  if (ended_at !== null) return 'ended'
  if (expires_at <= now) return 'over'
  return expires_at - now <= NOTICE ? 'ends-soon' : 'current'
}

/** May it still be used? Read with every call, so that an end needs nobody to carry it out. */
export function holds(client: Pick<Client, 'ended_at' | 'expires_at'>, { ends_at }: Pick<Token, 'ends_at'>, now: number): boolean {
  return ['current', 'ends-soon'].includes(stateOf(client, now)) && (ends_at === null || ends_at > now)
}

const MINUTE = 60_000

/** The windows a call counts in: of a minute and of a day (UTC). */
export function windowsOf({ per_minute, per_day }: Pick<Client, 'per_minute' | 'per_day'>, now: number): { slot: string; limit: number; ends_at: number }[] {
  const window = (length: number, letter: string, limit: number) => {
    const number = Math.floor(now / length)
    return { slot: `${letter}${number}`, limit, ends_at: (number + 1) * length }
  }
  return [window(MINUTE, 'm', per_minute), window(DAY, 'd', per_day)]
}

/** As the console's form sends it. */
export type Typed = { name: string; unit: string; contact: string; ground: string; scopes: readonly string[]; kinds: readonly string[]; units: readonly string[]; per_minute: string; per_day: string; until: string }
export type Settings = Pick<Client, 'name' | 'unit_id' | 'contact' | 'ground' | 'scopes' | 'kinds' | 'units' | 'per_minute' | 'per_day' | 'expires_at'>
export type Fault = { sentence: string; params?: Record<string, string | number> }
export type Faults = Partial<Record<keyof Typed, Fault>>

const LONGEST = { name: 40, contact: 200, ground: 500 }
const MOST = { per_minute: 6000, per_day: 1_000_000 }
/** A token that nobody looks after for longer is forgotten. */
const LONGEST_TERM = 3 * 366 * DAY

type Known = { scopes: readonly string[]; kinds: readonly string[]; units: readonly string[] }

/** What was meant, and what is wrong with it by field; nothing that is not known gets in. */
export function readSettings(typed: Typed, known: Known, now: number): { settings: Settings; faults: Faults } {
  const text = { name: typed.name.trim(), contact: typed.contact.trim(), ground: typed.ground.trim() }
  const [per_minute, per_day] = [Number(typed.per_minute.trim() || Number.NaN), Number(typed.per_day.trim() || Number.NaN)]
  const scopes = known.scopes.filter(each => typed.scopes.includes(each))
  const kinds = known.kinds.filter(each => typed.kinds.includes(each))
  const units = known.units.filter(each => typed.units.includes(each))
  // The last day counts whole, in the school's time (China has one zone).
  const expires_at = /^\d{4}-\d{2}-\d{2}$/.test(typed.until) ? Date.parse(`${typed.until}T00:00:00+08:00`) + DAY : Number.NaN
  const faults: Faults = {
    ...lengthFault(text),
    ...!known.units.includes(typed.unit) && { unit: { sentence: '请选择使用接口的部门' } },
    ...scopes.length === 0 && { scopes: { sentence: '至少选择一项' } },
    ...scopes.includes('documents.issue') && kinds.length === 0 && { kinds: { sentence: '能代为开具，就要选择开具哪些文件' } },
    ...countFault('per_minute', per_minute), ...countFault('per_day', per_day),
    ...termFault(expires_at, now),
  }
  return { settings: { ...text, unit_id: typed.unit, scopes, kinds, units, per_minute, per_day, expires_at }, faults }
}

function lengthFault(text: Record<keyof typeof LONGEST, string>): Faults {
  const fault = (name: keyof typeof LONGEST, sentence: string): Faults => {
    if (text[name] === '') return { [name]: { sentence } }
    return [...text[name]].length > LONGEST[name] ? { [name]: { sentence: '最多 {most} 个字', params: { most: LONGEST[name] } } } : {}
  }
  return { ...fault('name', '请填写名称'), ...fault('contact', '请填写出问题时找谁'), ...fault('ground', '请写明依据，审计时要看') }
}

function countFault(name: keyof typeof MOST, count: number): Faults {
  return Number.isInteger(count) && count >= 1 && count <= MOST[name] ? {} : { [name]: { sentence: '请填写 1 到 {most} 的整数', params: { most: MOST[name] } } }
}

function termFault(expires_at: number, now: number): Faults {
  if (Number.isNaN(expires_at)) return { until: { sentence: '日期不对' } }
  if (expires_at <= now) return { until: { sentence: '结束日期已经过去' } }
  return expires_at - now > LONGEST_TERM ? { until: { sentence: '最长三年，到期以前可以再延' } } : {}
}
