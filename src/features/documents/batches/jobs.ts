import { type Database, isFull } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { type Outcome, type Running, type Work, work } from '../../../platform/jobs.ts'
import type { Identity } from '../index.ts'
import { sheetsIn } from '../paper.ts'
import { type DrawDeps, pageOf, sealedFile, type TemplateOf, troubleIn } from '../jobs.ts'
import { documentsByIds } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import type { SealedFile } from '../verbs.ts'
import type { Template } from '../templates.ts'
import { type CheckDeps, problemOf } from './check.ts'
import { NOT_DRAWN, type Problem } from './problems.ts'
import { countItems, getBatch, listItems, setTold, settleItem, settleSlice, silentBatches, touchBatch, untold } from './store.ts'
import type { BatchItemsTable, BatchRow } from './tables.ts'
import { type BatchVerbs, isCurrent } from './verbs.ts'
import { checkBatch, issueSlice, revokeBatch, tellBatch, wakeBatches } from './work.ts'

export type BatchDeps = DrawDeps & { templates: ReadonlyMap<string, Template>; templateOf: TemplateOf; batches: BatchVerbs; identity: Identity } & Pick<CheckDeps, 'holdTypes' | 'schemes'>
type Slice = { batch_id: string; slice: number; run: number }

const PART = 50
/** milliseconds until what waits for a browser or a certificate is looked at again */
const LOOK_AGAIN = 60_000
/** Messages of a batch go out at this pace, so that those of the day are not behind thousands. */
const TOLD_AT_ONCE = 20
const TOLD_EVERY = 5000
/** Longer than from one try of a slice to the next, at most an hour: who is silent for so long has lost its work. */
const SILENT = 2 * 3_600_000

export function batchWork(deps: BatchDeps): Work[] {
  return [
    work(checkBatch, ({ batch_id }, running) => untilDone(running, () => checkSome(deps, batch_id, running))),
    work(issueSlice, (slice, running) => issue(deps, slice, running)),
    work(tellBatch, (run, running) => tellSome(deps, run, running)),
    work(revokeBatch, ({ batch_id }, running) => untilDone(running, () => revokeSome(deps, batch_id, running))),
    work(wakeBatches, () => wakeSilent(deps)),
  ]
}

/** Part after part; where the process is to end, the rest is for the next run. */
async function untilDone({ signal }: Running, some: () => Promise<boolean>): Promise<Outcome> {
  while (await some()) if (signal.aborted) return { later: 0 }
  return undefined
}

function templateFor({ templates }: BatchDeps, { kind }: BatchRow): Template {
  const template = templates.get(kind)
  if (!template) throw new AppError('conflict', '这种文件已经没有模板')
  return template
}

/** Checks a part, in a transaction of its own; true while there may be more. */
async function checkSome(deps: BatchDeps, batch_id: string, running: Running): Promise<boolean> {
  const { database: { db, write }, batches } = deps
  const batch = await getBatch(db, batch_id)
  if (batch.status !== 'checking') return false
  const template = templateFor(deps, batch)
  const items = await listItems(db, batch_id, { outcomes: ['unchecked'], limit: PART })
  const problems = await problemsOf(deps, template, batch, items)
  await write(async tx => {
    await running.hold(tx)
    await touchBatch(tx, batch_id)
    for (const item of items) {
      const problem = problems.get(item.id) ?? null
      await settleItem(tx, item, { outcome: problem ? 'barred' : 'ready', problem })
    }
    if (items.length < PART && (await getBatch(tx, batch_id)).status === 'checking') await batches.checked(tx, batch_id)
  })
  return items.length === PART
}

async function problemsOf(deps: BatchDeps, template: Template, batch: BatchRow, items: readonly BatchItemsTable[]): Promise<Map<string, Problem>> {
  const found = new Map<string, Problem>()
  for (const item of items) {
    const problem = await problemOf(deps.database.db, deps, template, batch, item)
    if (problem) found.set(item.id, problem)
  }
  return found
}

/** Reserves, draws, seals and registers the papers of a slice. What an earlier try of it came to is not done again. */
async function issue(deps: BatchDeps, slice: Slice, running: Running): Promise<Outcome> {
  const { database: { db, write }, seal, hindrances, batches } = deps
  const batch = await isCurrent(db, slice)
  if (batch?.status !== 'running') return undefined
  if (!seal || (await hindrances()).length > 0) return { later: LOOK_AGAIN }
  try {
    await reserveSlice(deps, batch, slice, running)
    await drawSlice({ ...deps, seal }, slice, running)
  } catch (error) {
    if (isFull(error) || (error instanceof AppError && error.kind === 'conflict')) throw error
    await write(async tx => {
      await running.hold(tx)
      await touchBatch(tx, slice.batch_id)
      if (!running.last) return
      await settleSlice(tx, slice, NOT_DRAWN)
      await batches.finishIfDone(tx, slice.batch_id)
    })
    throw error
  }
}

async function reserveSlice(deps: BatchDeps, batch: BatchRow, { batch_id, slice }: Slice, running: Running): Promise<void> {
  const { database: { db, write }, verbs, identity } = deps
  const ready = await listItems(db, batch_id, { outcomes: ['ready'], slice, limit: PART })
  if (ready.length === 0) return
  const problems = await problemsOf(deps, templateFor(deps, batch), batch, ready)
  await write(async tx => {
    await running.hold(tx)
    await touchBatch(tx, batch_id)
    for (const item of ready) {
      const problem = problems.get(item.id)
      if (problem || item.person_id === null) await settleItem(tx, item, { outcome: 'failed', problem: problem ?? null })
      // First, so that of two who came to it at once only one reserves.
      else if (await settleItem(tx, item, { outcome: 'drawing', problem: null })) {
        const mail_to = batch.deliver === 'mail' ? (await identity.contactOf(tx, item.person_id)).email : null
        const document_id = await verbs.reserveFor(tx, actorOf(batch), { kind: batch.kind, person_id: item.person_id, person_number: item.number, facts: batch.facts, mail_to, batch_id })
        await settleItem(tx, { id: item.id, outcome: 'drawing' }, { outcome: 'drawing', document_id })
      }
    }
  })
}

const actorOf = ({ by_id, by_number }: BatchRow): Actor => ({ person_id: by_id, number: by_number })

type WithSeal = BatchDeps & { seal: NonNullable<BatchDeps['seal']> }

async function drawSlice(deps: WithSeal, { batch_id, slice }: Slice, running: Running): Promise<void> {
  const { database, batches, verbs } = deps
  await redrawImpossible(deps, batch_id, slice)
  const reserved = await reservedIn(deps, batch_id, slice)
  const troubles = new Map((await Array.fromAsync(reserved, async document => [document.id, await troubleIn(await deps.templateOf(document), document, deps.browser)] as const)))
  const drawable = reserved.filter(({ id }) => !troubles.get(id))
  const files = await drawTogether(deps, drawable)
  await database.write(async tx => {
    await running.hold(tx)
    await touchBatch(tx, batch_id)
    const still = new Set((await documentsByIds(tx, reserved.map(({ id }) => id))).filter(({ status }) => status === 'reserved').map(({ id }) => id))
    for (const document of reserved.filter(({ id }) => still.has(id))) {
      const [trouble, file] = [troubles.get(document.id), files.get(document.id)]
      if (trouble) await verbs.giveUp(tx, running, document, trouble, { silent: true })
      else if (file) await verbs.issue(tx, running, document, file, { silent: true })
    }
    await batches.finishIfDone(tx, batch_id)
  })
}

async function documentsIn({ database: { db } }: BatchDeps, batch_id: string, slice: number, status: DocumentRow['status']): Promise<DocumentRow[]> {
  const ids = (await listItems(db, batch_id, { outcomes: ['drawing'], slice, limit: PART })).flatMap(item => item.document_id ?? [])
  return (await documentsByIds(db, ids)).filter(document => document.status === status)
}

const reservedIn = (deps: BatchDeps, batch_id: string, slice: number) => documentsIn(deps, batch_id, slice, 'reserved')

/** What was given up and is tried again takes the way of a single paper. */
async function redrawImpossible(deps: BatchDeps, batch_id: string, slice: number): Promise<void> {
  const { database: { db, write }, verbs } = deps
  const batch = await getBatch(db, batch_id)
  for (const { id } of await documentsIn(deps, batch_id, slice, 'impossible')) await write(tx => verbs.redraw(tx, actorOf(batch), id))
}

/** They are asked for at once, so that the browser prints them in one go. */
async function drawTogether(deps: WithSeal, documents: readonly DocumentRow[]): Promise<Map<string, SealedFile>> {
  const pages = await Promise.all(documents.map(async document => {
    const template = await deps.templateOf(document)
    return { document, template, html: await pageOf(deps, deps.seal, document, template) }
  }))
  return new Map(await Promise.all(pages.map(async ({ document, template, html }): Promise<[string, SealedFile]> => {
    const pdf = await deps.browser.pdf(html, { tagged: template.tagged, patient: true })
    return [document.id, await sealedFile(deps, deps.seal, document, template, { pdf, sheets: sheetsIn(html) })]
  })))
}

/** Tells some of those who have their paper; comes again until all are told. */
async function tellSome({ database: { db, write }, verbs }: BatchDeps, { batch_id, run }: { batch_id: string; run: number }, running: Running): Promise<Outcome> {
  const batch = await isCurrent(db, { batch_id, run })
  if (!batch || batch.deliver === 'none') return undefined
  const items = await untold(db, batch_id, TOLD_AT_ONCE)
  const documents = await documentsByIds(db, items.flatMap(item => item.document_id ?? []))
  if (items.length > 0) await write(async tx => {
    await running.hold(tx)
    await setTold(tx, items.map(item => item.id))
    for (const document of documents) if (document.sha256) await verbs.announce(tx, document, document.sha256)
  })
  return items.length > 0 || batch.status === 'running' ? { later: TOLD_EVERY } : undefined
}

async function revokeSome({ database: { db, write }, verbs }: BatchDeps, batch_id: string, running: Running): Promise<boolean> {
  const batch = await getBatch(db, batch_id)
  const items = await listItems(db, batch_id, { outcomes: ['issued'], limit: TOLD_AT_ONCE })
  if (items.length === 0) return false
  await write(async tx => {
    await running.hold(tx)
    for (const { document_id } of items) if (document_id) await verbs.revoke(tx, actorOf(batch), document_id, batch.revoke_reason ?? '')
  })
  return true
}

async function wakeSilent({ database, clock, hindrances, batches }: BatchDeps): Promise<void> {
  const silent = await silentBatches(database.db, clock.now() - SILENT)
  if (silent.length === 0 || (await hindrances()).length > 0) return
  for (const { id } of silent) await wakeOne(database, batches, id)
}

async function wakeOne({ write }: Database, batches: BatchVerbs, id: string): Promise<void> {
  await write(async tx => {
    await touchBatch(tx, id)
    const { ready, drawing } = await countItems(tx, id)
    if (ready + drawing === 0) await batches.finishIfDone(tx, id)
    else await batches.wake(tx, id)
  })
}
