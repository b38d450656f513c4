import type { SmsSender } from '../../../integrations/sms/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Running, type Work, work } from '../../../platform/jobs.ts'
import { indexPhones as indexPhonesJob, sendCode, tellOldPhone } from '../job-definitions.ts'
import { CODE_LIFE, UNKNOWN } from '../rules/codes.ts'
import type { Codes } from '../verbs/codes.ts'
import { indexPhones, noteToTell, recordNote, startNote } from '../verbs/phone.ts'
import type { Vault } from '../vault.ts'

type Deps = { database: Database; vault: Vault; clock: Clock; sms: SmsSender; codes: Codes }

/** What goes to phones by SMS, and the index that phones are found by. */
export function phoneWorks(deps: Deps): Work[] {
  const { database: { write }, vault } = deps
  return [
    work(sendCode, ({ code_id }, job) => deliverCode(deps, code_id, job)),
    work(tellOldPhone, ({ note_id }, job) => deliverNote(deps, note_id, job)),
    work(indexPhonesJob, async () => {
      if (await write(tx => indexPhones(tx, vault))) return { later: 0 }
    }),
  ]
}

// No provider takes a key against sending twice. A run that finds the sending begun cannot know its end: 结果未知, and only a person asks again.
async function deliverCode({ database: { db, write }, clock, sms, codes }: Deps, id: string, job: Running): Promise<void> {
  const sending = await codes.toSend(db, id)
  if (!sending) return
  const record = (what: (tx: Tx) => Promise<void>) => write(async tx => {
    await job.hold(tx)
    await what(tx)
  })
  if (sending.started) return await record(tx => codes.recordUnknown(tx, id))
  if (sending.expires_at <= clock.now()) return await record(tx => codes.recordRefused(tx, id, 'late'))
  await record(tx => codes.start(tx, id))
  try {
    if (sending.deliver) await sms.send({ to: sending.phone, text: 'code', params: { code: sending.code, minutes: String(CODE_LIFE / 60_000) } })
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === null) throw error // stays begun: the next run calls it unknown
    if (reason.word === UNKNOWN) return await record(tx => codes.recordUnknown(tx, id))
    const again = reason.again && clock.now() + reason.pause < sending.expires_at
    await record(tx => again ? codes.recordTrouble(tx, id, reason.word) : codes.recordRefused(tx, id, reason.word))
    if (again) throw error
    return
  }
  await record(tx => codes.recordSent(tx, id))
}

async function deliverNote({ database: { db, write }, vault, sms }: Deps, id: string, job: Running): Promise<void> {
  const note = await noteToTell(db, vault, id)
  if (note === null) return
  const record = (what: (tx: Tx) => Promise<void>) => write(async tx => {
    await job.hold(tx)
    await what(tx)
  })
  if (note.started) return await record(tx => recordNote(tx, id, UNKNOWN))
  await record(tx => startNote(tx, id, true))
  try {
    await sms.send({ to: note.phone, text: 'phone-changed', params: {} })
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === null) throw error // stays begun: the next run calls it unknown
    if (!reason.again || job.last) return await record(tx => recordNote(tx, id, reason.word))
    await record(tx => startNote(tx, id, false))
    throw error
  }
  await record(tx => recordNote(tx, id, null))
}

/** Why an SMS did not go out, and whether trying again can help; null for what is no answer of the port. */
function reasonOf(error: unknown): { word: string; again: boolean; pause: number } | null {
  if (!(error instanceof AppError) || !error.code?.startsWith('sms:')) return null
  const word = error.code.slice('sms:'.length)
  return { word, again: error.kind === 'upstream' && word !== 'unconfigured' && word !== UNKNOWN, pause: error.retryAfter ?? 0 }
}
