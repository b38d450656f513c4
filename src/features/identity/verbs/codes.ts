import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../../platform/clock.ts'
import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { sendCode } from '../job-definitions.ts'
import { askedFrom, CODE_DAY, CODE_LIFE, CODE_PAUSE, CODE_TRIES, codeFrom, type CodePurpose, CODES_PER_DAY, type CodeState, codeState, hidesWhoIsKnown, networkOf, phoneWait, typedCode, UNKNOWN } from '../rules/codes.ts'
import { maskPhone } from '../rules/mask.ts'
import { readPhone } from '../rules/phone.ts'
import { askedFor, codeById, endCodes, insertCode, lastFare, lineUp, openCode, saveAsk, settleCode, takeTry, useCode } from '../store/codes.ts'
import type { Vault } from '../vault.ts'

type Deps = {
  vault: Vault
  keyring: Pick<Keyring, 'deriveAll'>
  clock: Clock
  /** codes that one network address may ask for in an hour before it is slowed down */
  perAddressPerHour: number
  /** numbers outside the mainland too */
  phonesAbroad: boolean
}

export type AskCode = {
  purpose: CodePurpose
  /** as typed */
  phone: string
  /** what the code is bound to besides: the key of the browser's session, or a random id kept in it */
  session: string
  /** the visitor's network address */
  address: string
  /** false: nobody has this phone; everything goes the same way and takes the same time, but nothing is sent and no code is right */
  deliver?: boolean
}

export type CheckCode = { purpose: CodePurpose; phone: string; session: string; code: string }

/** What a page says of the code it waits for. */
export type CodeView = {
  state: CodeState
  /** why it is put off or was not sent: number, template, refused, limited, away, settings, unconfigured, late */
  reason: string | null
  /** as `readPhone` gives it, for checking and asking again */
  phone: string
  masked: string
  /** until another may be asked for */
  wait_seconds: number
  /** tries that remain */
  left: number
}

/** `started`: a run before this one may have sent it. */
export type ToSend = { phone: string; code: string; expires_at: number; deliver: boolean; started: boolean }

export type Codes = {
  /**
   * Keeps what the code will be an HMAC of, and has it sent by job. Throws `invalid` (`identity:phone`) for what is no phone, `forbidden` with
   * `identity:code-wait` (one a minute), `identity:code-day` (ten a day) or `identity:code-network`, each with the wait in words; `params.seconds` has it as a number.
   */
  askCode(tx: Tx, ask: AskCode): Promise<{ masked: string; wait_seconds: number }>
  /**
   * Takes one of five tries, then compares. Right once only. A wrong code does not throw, so that the try stays counted: the caller's
   * transaction must not fail for it. `left`: tries that remain; 0 says that a new code is needed.
   */
  checkCode(tx: Tx, check: CheckCode): Promise<{ right: boolean; left: number }>
  /**
   * The code that the session waits for; null where there is none. For purposes that must not tell who is known (join, reset) every
   * code counts as sent, unless the provider is down: that is told to everybody.
   */
  stateOf(db: Db, where: { purpose: CodePurpose; session: string }): Promise<CodeView | null>
  /** null where nothing is to be sent any more */
  toSend(db: Db, id: string): Promise<ToSend | null>
  /** Sending begins: from now on the SMS may have gone out. */
  start(tx: Tx, id: string): Promise<void>
  recordSent(tx: Tx, id: string): Promise<void>
  /** 结果未知: only the person asks again, for a new code; the old one holds, for it may have arrived */
  recordUnknown(tx: Tx, id: string): Promise<void>
  /** surely not sent, put off, and to be tried again */
  recordTrouble(tx: Tx, id: string, reason: string): Promise<void>
  recordRefused(tx: Tx, id: string, reason: string): Promise<void>
}

/** Codes by SMS: six digits, five minutes, five tries, bound to purpose, phone and session. */
export function createCodes({ vault, keyring, clock, perAddressPerHour, phonesAbroad }: Deps): Codes {
  /** The code under every key: the writing one's is sent, all are right, so that a change of keys loses no code. */
  const codesOf = (id: string, purpose: CodePurpose): string[] =>
    keyring.deriveAll('identity.code').map(key => codeFrom(createHmac('sha256', key).update(`${purpose}\n${id}`).digest()))

  async function admitPhone(tx: Tx, phone: string, now: number): Promise<void> {
    const subject = `phone-${vault.index('phone', phone)}`
    await lineUp(tx, subject)
    const { wait, full } = phoneWait(await askedFor(tx, vault.indexes('phone', phone), now - CODE_DAY), now)
    if (wait > 0) throw full ? dayFull(wait) : tooSoon(wait)
    await saveAsk(tx, subject, now)
  }

  async function admitAddress(tx: Tx, address: string, now: number): Promise<void> {
    const subject = `address-${vault.index('address', networkOf(address))}`
    const { at, wait } = askedFrom(await lineUp(tx, subject), now, perAddressPerHour)
    if (wait > 0) throw new AppError('forbidden', '这个网络里获取验证码的人太多，请 {seconds} 秒后再试', { code: 'identity:code-network', params: { seconds: seconds(wait) } })
    await saveAsk(tx, subject, at)
  }

  return {
    async askCode(tx, { purpose, phone: typed, session, address, deliver = true }) {
      const now = tx.bus.clock.now()
      const phone = readPhone(typed, { abroad: phonesAbroad })
      if (phone === null) throw notAPhone()
      await admitPhone(tx, phone, now)
      await admitAddress(tx, address, now)
      const where = { purpose, session: hashed(session) }
      await endCodes(tx, where)
      const id = newId()
      await insertCode(tx, { id, ...where, phone_sealed: vault.seal('phone', phone), phone_index: vault.index('phone', phone), deliver: deliver ? 1 : 0, asked_at: now, expires_at: now + CODE_LIFE })
      await enqueue(tx, sendCode, { code_id: id })
      return { masked: maskPhone(phone), wait_seconds: seconds(CODE_PAUSE) }
    },

    async checkCode(tx, { purpose, phone, session, code }) {
      const row = await openCode(tx, { purpose, session: hashed(session) })
      const known = readPhone(phone, { abroad: phonesAbroad })
      if (!row || known === null || !vault.indexes('phone', known).includes(row.phone_index)) return { right: false, left: 0 }
      const left = await takeTry(tx, row.id)
      if (left === null) return { right: false, left: 0 }
      const right = isOneOf(typedCode(code), codesOf(row.id, purpose)) && row.deliver === 1
      return { right: right && await useCode(tx, row.id), left }
    },

    async stateOf(db, { purpose, session }) {
      const row = await openCode(db, { purpose, session: hashed(session) })
      if (!row) return null
      const now = clock.now()
      const phone = vault.open('phone', row.phone_sealed)
      const fare = hidesWhoIsKnown(purpose) ? await openly(db, now) : { state: codeState(row, now), reason: row.sent_at === null ? row.reason : null }
      return { ...fare, phone, masked: maskPhone(phone), wait_seconds: seconds(Math.max(0, row.asked_at + CODE_PAUSE - now)), left: row.expires_at <= now ? 0 : CODE_TRIES - row.tries }
    },

    async toSend(db, id) {
      const row = await codeById(db, id)
      if (!row || row.sent_at !== null || row.refused_at !== null || row.used_at !== null || row.ended_at !== null) return null
      return { phone: vault.open('phone', row.phone_sealed), code: codesOf(id, row.purpose)[0] ?? '', expires_at: row.expires_at, deliver: row.deliver === 1, started: row.started_at !== null }
    },

    recordSent: (tx, id) => settleCode(tx, id, { sent_at: tx.bus.clock.now(), reason: null }),
    start: (tx, id) => settleCode(tx, id, { started_at: tx.bus.clock.now() }),
    recordUnknown: (tx, id) => settleCode(tx, id, { refused_at: tx.bus.clock.now(), reason: UNKNOWN }),
    recordTrouble: (tx, id, reason) => settleCode(tx, id, { started_at: null, troubled_at: tx.bus.clock.now(), reason }),
    recordRefused: (tx, id, reason) => settleCode(tx, id, { refused_at: tx.bus.clock.now(), reason }),
  }
}

const DOWN: readonly string[] = ['away', 'settings', 'unconfigured']

/** What may be said to whoever asks: the last SMS that was really tried shows whether the provider is there. */
async function openly(db: Db, now: number): Promise<{ state: CodeState; reason: string | null }> {
  const last = await lastFare(db, now - 2 * CODE_LIFE)
  if (last?.reason === UNKNOWN) return { state: 'unknown', reason: UNKNOWN }
  const down = last !== null && last.sent_at === null && last.reason !== null && DOWN.includes(last.reason)
  return down ? { state: 'failed', reason: last.reason } : { state: 'sent', reason: null }
}

/** What a code table knows a session by. */
export function hashed(session: string): string {
  return hash('sha256', session)
}

// All are compared, each in a time that does not tell how much of it is right.
function isOneOf(given: string, codes: readonly string[]): boolean {
  const bytes = Buffer.from(given.padEnd(20, '\0'))
  return codes.map(code => Buffer.from(code.padEnd(20, '\0'))).filter(code => code.length === bytes.length && timingSafeEqual(code, bytes)).length > 0
}

function notAPhone(): AppError {
  return new AppError('invalid', '手机号要 11 位，以 13 到 19 开头', { code: 'identity:phone', fields: { phone: '手机号要 11 位，以 13 到 19 开头' } })
}

function tooSoon(wait: number): AppError {
  return new AppError('forbidden', '这个手机号刚刚获取过验证码，请 {seconds} 秒后再试', { code: 'identity:code-wait', params: { seconds: seconds(wait) } })
}

function dayFull(wait: number): AppError {
  return new AppError('forbidden', '这个手机号 24 小时内已获取 {count} 次验证码，请 {hours} 小时后再试', {
    code: 'identity:code-day', params: { count: CODES_PER_DAY, hours: Math.ceil(wait / 3600_000), seconds: seconds(wait) },
  })
}

function seconds(ms: number): number {
  return Math.ceil(ms / 1000)
}
