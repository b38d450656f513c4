import type { SmsSender } from '../../../integrations/sms/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Running, type Work, work } from '../../../platform/jobs.ts'
import { indexPhones as indexPhonesJob, sendCode, tellOldPhone } from '../job-definitions.ts'
import { CODE_LIFE } from '../rules/codes.ts'
import type { Codes } from '../verbs/codes.ts'
import { indexPhones, oldPhone, recordNote } from '../verbs/phone.ts'
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

// Killed between sending and recording it runs again: the same code goes out twice, which hurts nobody.
async function deliverCode({ database: { db, write }, clock, sms, codes }: Deps, id: string, job: Running): Promise<void> {
  const sending = await codes.toSend(db, id)
  if (!sending) return
  const record = (what: (typeof codes)['recordRefused'], reason: string) => write(async tx => {
    await job.hold(tx)
    await what(tx, id, reason)
  })
  if (sending.expires_at <= clock.now()) return await record(codes.recordRefused, 'late')
  try {
    if (sending.deliver) await sms.send({ to: sending.phone, text: 'code', params: { code: sending.code, minutes: String(CODE_LIFE / 60_000) } })
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === null) throw error
    const again = reason.again && clock.now() + reason.pause < sending.expires_at
    await record(again ? codes.recordTrouble : codes.recordRefused, reason.word)
    if (again) throw error
    return
  }
  await record(codes.recordSent, '')
}

async function deliverNote({ database: { db, write }, vault, sms }: Deps, id: string, job: Running): Promise<void> {
  const phone = await oldPhone(db, vault, id)
  if (phone === null) return
  const record = (reason: string | null) => write(async tx => {
    await job.hold(tx)
    await recordNote(tx, id, reason)
  })
  try {
    await sms.send({ to: phone, text: 'phone-changed', params: {} })
  } catch (error) {
    const reason = reasonOf(error)
    if (reason === null || (reason.again && !job.last)) throw error
    return await record(reason.word)
  }
  await record(null)
}

/** Why an SMS did not go out, and whether trying again can help; null for what is no answer of the port. */
function reasonOf(error: unknown): { word: string; again: boolean; pause: number } | null {
  if (!(error instanceof AppError) || !error.code?.startsWith('sms:')) return null
  const word = error.code.slice('sms:'.length)
  return { word, again: error.kind === 'upstream' && word !== 'unconfigured', pause: error.retryAfter ?? 0 }
}
