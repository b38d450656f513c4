import type { Sent, Wecom } from '../../../integrations/wecom/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import { AppError, isOutcome } from '../../../platform/errors.ts'
import { type Outcome, type Running, work, type Work } from '../../../platform/jobs.ts'
import { emit } from '../../../platform/events.ts'
import { deliveryStranded } from '../events.ts'
import { contentType, filesOf, wecomContent } from '../content.ts'
import { DUPLICATE_MARGIN, LARGEST_FILE, MEDIA_LIFE } from '../rules.ts'
import { findCardByDelivery } from '../store/cards.ts'
import { addTry, findDelivery, setMedia, setReason } from '../store/deliveries.ts'
import { getMessage } from '../store/messages.ts'
import type { Delivery, MessageRow } from '../tables.ts'
import { flushWaiting } from '../verbs/again.ts'
import { recordDropped, recordRefused, recordSent, recordUnbound, recordUnknown, release, start, waitForPace } from '../verbs/deliver.ts'
import type { Binding } from '../verbs/tell.ts'
import { sendWecom } from './define.ts'
import { whileStoreAway } from './store-away.ts'

export type WecomPort = Pick<Wecom, 'message' | 'send' | 'upload' | 'updateCard' | 'duplicateCheck' | 'hadNoEffect'>
export type SendWecomDeps = Binding & {
  database: Database
  clock: Clock
  wecom: WecomPort
  files: { get(sha256: string): Promise<Uint8Array> }
  publicUrl: string
}

/**
 * Sends one part of a message to one member. Before the first try the request is kept, and every later try sends the same bytes:
 * within its interval the platform delivers them once. Beyond it nothing is repeated by itself.
 */
export function sendWecomWork(deps: SendWecomDeps): Work {
  const { database: { db, write }, wecomUseridOf } = deps
  return work(sendWecom, async ({ delivery_id }, job) => {
    const delivery = await findDelivery(db, delivery_id)
    if (delivery?.status === 'waiting') {
      const { person_id } = delivery
      const bound = person_id !== null && await wecomUseridOf(db, person_id) !== null
      return await write(async tx => {
        await job.hold(tx)
        if (bound) await flushWaiting(tx, person_id)
        else await emit(tx, deliveryStranded, { delivery_id }, { subject: delivery_id, actor: null })
      })
    }
    if (delivery?.status === 'queued') return await sendFirst(deps, delivery, job).catch(whileStoreAway)
    if (delivery?.status === 'sending') return await sendSame(deps, delivery, job)
  })
}

async function sendFirst(deps: SendWecomDeps, delivery: Delivery, job: Running): Promise<Outcome> {
  const { database: { db, write }, wecomUseridOf } = deps
  const userid = delivery.person_id && await wecomUseridOf(db, delivery.person_id)
  const card = delivery.part === 'card' ? await findCardByDelivery(db, delivery.id) : undefined
  if (!userid) return await write(async tx => { await job.hold(tx); await recordUnbound(tx, delivery) })
  if (card && card.status !== 'open') return await write(async tx => { await job.hold(tx); await recordDropped(tx, delivery) })
  const message = await getMessage(db, delivery.message_id)
  const ready = delivery.part === 'file' ? await withMedia(deps, delivery, message, job) : delivery
  if (ready.status !== 'queued') return
  const body = deps.wecom.message([userid], wecomContent(message, ready, card?.wecom_task_id ?? null, deps.publicUrl))
  const wait = await write(async tx => {
    await job.hold(tx)
    const ms = await waitForPace(tx, userid)
    if (ms === 0) await start(tx, ready, { address: userid, body })
    return ms
  })
  if (wait > 0) return { later: wait }
  return await attempt(deps, { ...ready, address: userid, body, tries: 1, started_at: deps.clock.now() }, job)
}

// The process ended, or the answer was lost, after the request may have gone out.
async function sendSame(deps: SendWecomDeps, delivery: Delivery, job: Running): Promise<Outcome> {
  const { database: { write }, clock, wecom } = deps
  const safeUntil = (delivery.started_at ?? 0) + wecom.duplicateCheck - DUPLICATE_MARGIN
  if (clock.now() > safeUntil) {
    return await write(async tx => {
      await job.hold(tx)
      await recordUnknown(tx, delivery, { reason: '发送中断太久，不知道有没有送到', code: 'messages:interval' })
    })
  }
  const going = await write(async tx => { await job.hold(tx); return await addTry(tx, delivery.id) })
  if (going) return await attempt(deps, { ...delivery, tries: delivery.tries + 1 }, job)
}

async function attempt(deps: SendWecomDeps, delivery: Delivery, job: Running): Promise<Outcome> {
  const { database: { write }, wecom } = deps
  try {
    const sent = await wecom.send(delivery.body ?? '')
    await write(async tx => { await job.hold(tx); await settle(tx, delivery, sent) })
  } catch (error) {
    return await failed(deps, delivery, job, error)
  }
}

type Settle = Parameters<typeof recordSent>

async function settle(tx: Settle[0], delivery: Delivery, sent: Sent): Promise<void> {
  const among = (userids: string[]) => userids.some(userid => userid.toLowerCase() === delivery.address?.toLowerCase())
  if (among(sent.invalid)) return await recordRefused(tx, delivery, { reason: '接收人不在应用的可见范围里，或者已离开企业', code: 'wecom:invaliduser' })
  if (among(sent.unlicensed)) return await recordRefused(tx, delivery, { reason: '接收人没有企业微信的接口许可', code: 'wecom:unlicenseduser' })
  await recordSent(tx, delivery, sent)
  if (delivery.part === 'file' && delivery.media_id === null) await setReason(tx, delivery.id, { reason: '文件超过 20 MB，发的是下载链接', detail: null })
}

const TASK_ID_TAKEN = 'wecom:42014'

async function failed({ database: { write }, wecom }: SendWecomDeps, delivery: Delivery, job: Running, error: unknown): Promise<Outcome> {
  if (!(error instanceof AppError) || error.code === undefined || !/^(wecom|lease):/.test(error.code)) throw error
  const why = { reason: error.message, code: error.code, detail: error.cause instanceof Error ? error.cause.message : undefined }
  const record = (verb: typeof recordRefused) => write(async tx => { await job.hold(tx); await verb(tx, delivery, why) })
  // Our own task_id can only be taken by our own earlier try: the card is there.
  if (error.code === TASK_ID_TAKEN && delivery.part === 'card' && delivery.tries > 1) {
    return await write(async tx => { await job.hold(tx); await recordSent(tx, delivery, {}) })
  }
  if (error.kind !== 'upstream') return await record(recordRefused)
  // Only where no try may have arrived, the request may be made anew.
  if (wecom.hadNoEffect(error) && delivery.tries === 1) await record(release)
  else if (job.last) return await record(recordUnknown)
  if (error.retryAfter !== undefined) return { later: error.retryAfter }
  throw error
}

// Uploading sends nothing to anybody, so it may be done twice; what is kept is used by every try of the sending.
async function withMedia({ database: { write }, wecom, files, clock }: SendWecomDeps, delivery: Delivery, message: MessageRow, job: Running): Promise<Delivery> {
  if (delivery.media_id && (delivery.media_at ?? 0) + MEDIA_LIFE > clock.now()) return delivery
  const [file] = filesOf(message)
  try {
    if (!file) throw new AppError('not-found', '没有找到要发送的文件')
    const content = await files.get(file.sha256)
    // Its page has it: the link to that goes instead.
    if (content.length > LARGEST_FILE && message.url !== null) return { ...delivery, media_id: null }
    const media_id = await wecom.upload({ type: 'file', filename: file.filename, content, contentType: contentType(file.filename) })
    const media_at = clock.now()
    await write(async tx => { await job.hold(tx); await setMedia(tx, delivery.id, media_id, media_at) })
    return { ...delivery, media_id, media_at }
  } catch (error) {
    if (!isOutcome(error) || error.kind === 'conflict') throw error
    await write(async tx => { await job.hold(tx); await recordRefused(tx, delivery, { reason: error.message, code: error.code }) })
    return { ...delivery, status: 'refused' }
  }
}
