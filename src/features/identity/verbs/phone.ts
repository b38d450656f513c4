import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import { phoneChanged, phoneMoved } from '../events.ts'
import { tellOldPhone } from '../job-definitions.ts'
import type { Person } from '../store/people.ts'
import { dropPhone, insertNote, noteToSend, peopleWithPhone, phoneRow, provenHolder, saveIndex, saveNoteStart, savePhone, settleNote, unindexedPhones } from '../store/phones.ts'
import type { Vault } from '../vault.ts'

/**
 * Keeps the person's phone (as `readPhone` gives it). `proven`: an SMS code came back from it. A proven phone is one person's: whoever had it
 * before loses it and is told; the phone that the person gives up is told too. Not proven, a phone that another has proved is refused (`identity:phone-taken`).
 */
export async function setPhone(tx: Tx, vault: Vault, actor: Actor | null, { person_id, phone, proven }: { person_id: string; phone: string; proven: boolean }): Promise<void> {
  const before = await phoneRow(tx, person_id)
  if (!before) throw new AppError('not-found', '没有找到这个人')
  const indexes = vault.indexes('phone', phone)
  const same = before.phone_index !== null && indexes.includes(before.phone_index)
  if (same && (before.phone_proven_at !== null || !proven)) return
  if (proven) await moveAway(tx, actor, person_id, indexes)
  else await refuseTaken(tx, person_id, indexes)
  await keep(tx, person_id, { phone_sealed: vault.seal('phone', phone), phone_index: vault.index('phone', phone), proven })
  if (!same && before.phone_sealed !== null) await noteOld(tx, person_id, before.phone_sealed)
  await emit(tx, phoneChanged, { proven: flag(proven), replaced: flag(!same && before.phone_sealed !== null) }, { subject: person_id, actor })
}

const flag = (is: boolean): string => (is ? '1' : '0')

async function keep(tx: Tx, person_id: string, phone: Parameters<typeof savePhone>[2]): Promise<void> {
  try {
    await savePhone(tx, person_id, phone)
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('conflict', '刚刚有另一个人验证了这个手机号。如果是你的号码，请重新获取验证码再试一次', { code: 'identity:phone-raced' })
    throw error
  }
}

async function moveAway(tx: Tx, actor: Actor | null, person_id: string, indexes: readonly string[]): Promise<void> {
  for (const other of await peopleWithPhone(tx, indexes)) {
    if (other.id !== person_id && await dropPhone(tx, other.id, indexes)) await emit(tx, phoneMoved, { number: other.number }, { subject: other.id, actor })
  }
}

async function refuseTaken(tx: Tx, person_id: string, indexes: readonly string[]): Promise<void> {
  const holder = await provenHolder(tx, indexes)
  if (holder !== null && holder !== person_id) throw new AppError('conflict', '这个手机号已由另一个人验证过。如果是你的号码，请用短信验证码验证', { code: 'identity:phone-taken' })
}

async function noteOld(tx: Tx, person_id: string, phone_sealed: string): Promise<void> {
  const id = newId()
  await insertNote(tx, { id, person_id, phone_sealed })
  await enqueue(tx, tellOldPhone, { note_id: id })
}

/** Who has the phone (as `readPhone` gives it): whoever proved it, else the one person the roster names with it; null where nobody or several are named. */
export async function personByPhone(db: Db, vault: Vault, phone: string): Promise<{ person: Person; proven: boolean } | null> {
  const found = await peopleWithPhone(db, vault.indexes('phone', phone))
  const [only, ...others] = found.some(each => each.phone_proven_at !== null) ? found.filter(each => each.phone_proven_at !== null) : found
  if (!only || others.length > 0) return null
  const { phone_proven_at, ...person } = only
  return { person, proven: phone_proven_at !== null }
}

/** The phone that a note is still to be sent to, null once it was. `started`: a run before this one may have sent it. */
export async function noteToTell(db: Db, vault: Vault, note_id: string): Promise<{ phone: string; started: boolean } | null> {
  const note = await noteToSend(db, note_id)
  return note && { phone: vault.open('phone', note.phone_sealed), started: note.started_at !== null }
}

/** Sending begins, or surely came to nothing. */
export async function startNote(tx: Tx, note_id: string, started: boolean): Promise<void> {
  await saveNoteStart(tx, note_id, started ? tx.bus.clock.now() : null)
}

export async function recordNote(tx: Tx, note_id: string, reason: string | null): Promise<void> {
  await settleNote(tx, note_id, reason)
}

const SLICE = 500

/** Gives phones of before there was an index theirs, a slice at a time; true where more wait. A migration cannot: it knows no keys. */
export async function indexPhones(tx: Tx, vault: Vault): Promise<boolean> {
  const rows = await unindexedPhones(tx, SLICE)
  for (const row of rows) await saveIndex(tx, { ...row, phone_index: vault.index('phone', vault.open('phone', row.phone_sealed)) })
  return rows.length === SLICE
}
