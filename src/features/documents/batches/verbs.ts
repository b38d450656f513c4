import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue, enqueueAll } from '../../../platform/jobs.ts'
import { move } from '../../../platform/machine.ts'
import type { Template } from '../templates.ts'
import { batchFetched, batchPrepared, batchRevoked } from './events.ts'
import { UNKNOWN_NUMBER } from './problems.ts'
import { batchMachine, LONGEST_NAME, MOST, SLICE, settled } from './rules.ts'
import { countItems, getBatch, insertBatch, reviveFailed, setRevoked, setRun, slicesOf } from './store.ts'
import type { BatchRow } from './tables.ts'
import { checkBatch, issueSlice, revokeBatch, tellBatch } from './work.ts'

export type Chosen = { person_id: string; number: string; name: string }
export type Preparing = {
  name: string; kind: string; purpose: string; again: boolean; deliver: BatchRow['deliver']; by_name: string
  people: readonly Chosen[]
  /** numbers that were given and are nobody's */
  strangers: readonly string[]
}

const LONGEST_PURPOSE = 60

/** 批量出具. Each takes the open transaction first. */
export function batchVerbs(templates: ReadonlyMap<string, Pick<Template, 'title' | 'about' | 'facts'>>) {
  /** Keeps who is to get what, and has it checked; nothing is issued yet. Returns the id. Throws `invalid` at the field that is wrong. */
  async function prepare(tx: Tx, actor: Actor, { name, kind, purpose, again, deliver, by_name, people, strangers }: Preparing): Promise<string> {
    const template = templates.get(kind)
    if (!template || template.about !== 'person') throw wrong('kind', '请选择要出具的文件')
    if ([...name].length > LONGEST_NAME) throw wrong('name', '名称不能超过 {most} 个字', { most: LONGEST_NAME })
    if ([...purpose].length > LONGEST_PURPOSE) throw wrong('purpose', '用途不能超过 {most} 个字', { most: LONGEST_PURPOSE })
    if (people.length + strangers.length === 0) throw wrong('people', '没有找到这样的学生，请换一个条件')
    if (people.length + strangers.length > MOST) throw wrong('people', '一批最多 {most} 人，请分成几批', { most: MOST })
    const [id, now] = [newId(), tx.bus.clock.now()]
    const total = people.length + strangers.length
    const facts: Record<string, string> = purpose !== '' && template.facts.some(({ key }) => key === 'purpose') ? { purpose } : {}
    await insertBatch(tx, {
      id, name: name || template.title, kind, facts, again: Number(again), deliver, status: 'checking', total, by_id: actor.person_id, by_number: actor.number, by_name,
      run: 0, run_at: null, run_from: 0, moved_at: now, revoke_reason: null, created_at: now, begun_at: null, ended_at: null,
    }, [
      ...people.map(({ person_id, number, name: whose }, index) => ({ id: newId(), batch_id: id, slice: Math.floor(index / SLICE), number, person_id, name: whose, outcome: 'unchecked' as const, problem: null, document_id: null, told_at: null })),
      ...strangers.map(number => ({ id: newId(), batch_id: id, slice: 0, number, person_id: null, name: '', outcome: 'barred' as const, problem: JSON.stringify(UNKNOWN_NUMBER), document_id: null, told_at: null })),
    ])
    await emit(tx, batchPrepared, { batch_id: id, total }, { subject: id, actor })
    await enqueue(tx, checkBatch, { batch_id: id })
    return id
  }

  /** Everybody is checked: it waits for the registrar's word. */
  async function checked(tx: Tx, id: string): Promise<void> {
    await move(tx, batchMachine, { id }, 'checked', { actor: null, data: { batch_id: id } })
  }

  async function begin(tx: Tx, actor: Actor, id: string): Promise<void> {
    if ((await countItems(tx, id)).ready === 0) throw new AppError('conflict', '这一批里没有可以出具的人')
    await setGoing(tx, actor, id, 'begin', { begun_at: tx.bus.clock.now() })
  }

  async function setGoing(tx: Tx, actor: Actor, id: string, verb: 'begin' | 'resume' | 'retry', set: Record<string, number | null> = {}): Promise<void> {
    const now = tx.bus.clock.now()
    const run = (await getBatch(tx, id)).run + 1
    await move(tx, batchMachine, { id }, verb, { actor, set: { run, run_at: now, run_from: settled(await countItems(tx, id)), moved_at: now, ended_at: null, ...set }, data: { batch_id: id } })
    await enqueueRun(tx, id, run)
  }

  /** What is begun within the next seconds is still finished; the rest waits. */
  async function pause(tx: Tx, actor: Actor, id: string): Promise<void> {
    await move(tx, batchMachine, { id }, 'pause', { actor, set: { run: (await getBatch(tx, id)).run + 1 }, data: { batch_id: id } })
  }

  /** For good: who has no paper by now gets none of this batch. */
  async function stop(tx: Tx, actor: Actor, id: string): Promise<void> {
    const run = (await getBatch(tx, id)).run + 1
    await move(tx, batchMachine, { id }, 'stop', { actor, set: { run, ended_at: tx.bus.clock.now() }, data: { batch_id: id } })
    // Who has a paper is told of it all the same.
    await enqueue(tx, tellBatch, { batch_id: id, run })
  }

  async function retry(tx: Tx, actor: Actor, id: string): Promise<void> {
    const { failed } = await countItems(tx, id)
    if (failed === 0) throw new AppError('conflict', '这一批里没有可以重试的人')
    await reviveFailed(tx, id)
    await setGoing(tx, actor, id, 'retry')
  }

  /** Nothing moved for long: the work of this run is gone, so it is enqueued anew. */
  async function wake(tx: Tx, id: string): Promise<void> {
    const { status, run } = await getBatch(tx, id)
    if (status !== 'running') return
    await setRun(tx, id, run + 1)
    await enqueueRun(tx, id, run + 1)
  }

  /** Ends a run when nobody is left. The caller has touched the batch. */
  async function finishIfDone(tx: Tx, id: string): Promise<void> {
    const [{ status }, { ready, drawing }] = [await getBatch(tx, id), await countItems(tx, id)]
    if (status !== 'running' || ready + drawing > 0) return
    await move(tx, batchMachine, { id }, 'finish', { actor: null, set: { ended_at: tx.bus.clock.now() }, data: { batch_id: id } })
  }

  /** All its papers are void, by a job; who gets a new one is another batch. */
  async function revoke(tx: Tx, actor: Actor, id: string, reason: string): Promise<void> {
    const { status } = await getBatch(tx, id)
    if (status === 'running') throw new AppError('conflict', '这一批正在出具，请先暂停')
    if (!await setRevoked(tx, id, reason)) throw new AppError('conflict', '这一批已经作废')
    await emit(tx, batchRevoked, { batch_id: id }, { subject: id, actor })
    await enqueue(tx, revokeBatch, { batch_id: id })
  }

  async function recordFetch(tx: Tx, actor: Actor, batch_id: string, documents: number): Promise<void> {
    await emit(tx, batchFetched, { batch_id, documents }, { subject: batch_id, actor })
  }

  return { prepare, checked, begin, pause, resume: (tx: Tx, actor: Actor, id: string) => setGoing(tx, actor, id, 'resume'), stop, retry, wake, finishIfDone, revoke, recordFetch }
}

export type BatchVerbs = ReturnType<typeof batchVerbs>

async function enqueueRun(tx: Tx, batch_id: string, run: number): Promise<void> {
  const slices = await slicesOf(tx, batch_id, ['ready', 'drawing'])
  await enqueueAll(tx, issueSlice, slices.map(slice => ({ batch_id, slice, run })))
  await enqueue(tx, tellBatch, { batch_id, run })
}

/** Is this the run that the batch is in? */
export async function isCurrent(db: Db, { batch_id, run }: { batch_id: string; run: number }): Promise<BatchRow | null> {
  const batch = await getBatch(db, batch_id)
  return batch.run === run ? batch : null
}

function wrong(field: string, sentence: string, params: Record<string, number> = {}): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence }, params })
}
