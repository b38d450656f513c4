import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { checkService, type ServiceCheck } from '../check.ts'
import type { Service } from '../catalogue.ts'
import type { Context } from '../deps.ts'
import { getEdition, PROPOSAL } from '../editions.ts'
import { proposalDiscarded, serviceProposed } from '../events.ts'
import { publication } from '../offering.ts'
import { deleteProposal, findProposal, putProposal } from '../store/proposals.ts'
import { publicationsOf, type Standing } from '../store/publications.ts'

export type Manager = Pick<SignedIn, 'person_id' | 'number' | 'name'>
/** `hash`: of what was looked at; `agreed`: ids of the doubts that were accepted. */
export type Publishing = { key: string; word: string; hash: string; agreed: readonly string[]; note: string }

export const LONGEST_NOTE = 200

/** What an administrator does with a service itself. Whether somebody is one, the route says. */
export function offeringVerbs(context: Context) {
  const { versions } = context
  return {
    /** Keeps what was uploaded, in the place of an earlier upload. Throws `conflict` where it is what is in force already. */
    async propose(tx: Tx, manager: Manager, { service, file_name }: { service: Service; file_name: string }): Promise<void> {
      const { key, definition, hash } = service
      const [standing] = await publicationsOf(tx, key)
      if (standing?.hash === hash) throw new AppError('conflict', '和正在使用的第 {n} 版完全相同，没有存为草稿', { params: { n: standing.version } })
      const { person_id, name: person_name } = manager
      await orConflict(() => putProposal(tx, { service_key: key, definition: JSON.stringify(definition), hash, file_name: file_name.slice(0, 200), person_id, person_name, created_at: tx.bus.clock.now() }))
      await emit(tx, serviceProposed, { service_key: key, title: definition.title }, { subject: key, actor: actorOf(manager) })
    },

    /** Forgets what was uploaded and not published. */
    async discardProposal(tx: Tx, manager: Manager, { key, hash }: { key: string; hash: string }): Promise<void> {
      const { service } = await getEdition(tx, key, PROPOSAL)
      await takeAway(tx, { key, hash })
      await emit(tx, proposalDiscarded, { service_key: key, title: service.definition.title }, { subject: key, actor: actorOf(manager) })
    },

    /** Makes an upload a version, or an earlier version the one in force again. A refusal says what stands against it. */
    async publishEdition(tx: Tx, manager: Manager, { key, word, hash, agreed, note }: Publishing): Promise<{ outcome: 'published' } | { outcome: 'refused'; check: ServiceCheck }> {
      const { service, version_id } = await getEdition(tx, key, word)
      if (service.hash !== hash) throw changed()
      const [standing] = await publicationsOf(tx, key)
      if (standing?.hash === hash) throw new AppError('conflict', '这一版正在使用，不用再发布')
      const check = await checkService(context, tx, service)
      if (check.faults.length + check.errors.length > 0 || check.doubts.some(doubt => !agreed.includes(doubt.id))) return { outcome: 'refused', check }
      if (word === PROPOSAL) await takeAway(tx, { key, hash })
      await done(tx, manager, { standing, title: service.definition.title }, { service_key: key, act: 'published', version_id: version_id ?? await versions.publish(tx, service), note, offered: standing?.offered ?? 1, by_file: 0 })
      return { outcome: 'published' }
    },

    /** Takes no new applications; what was sent goes on. */
    async withdrawService(tx: Tx, manager: Manager, { key, reason }: { key: string; reason: string }): Promise<void> {
      if (reason.trim() === '') throw new AppError('invalid', '请填写理由', { fields: { reason: '请填写理由' } })
      await turn(tx, manager, key, { from: 1, act: 'withdrawn', note: reason.trim() })
    },

    /** Takes applications again. */
    async restoreService(tx: Tx, manager: Manager, { key }: { key: string }): Promise<void> {
      await turn(tx, manager, key, { from: 0, act: 'restored', note: '' })
    },
  }

  async function turn(tx: Tx, manager: Manager, key: string, { from, act, note }: { from: 0 | 1; act: 'withdrawn' | 'restored'; note: string }): Promise<void> {
    const [standing] = await publicationsOf(tx, key)
    if (!standing) throw new AppError('not-found', '没有这项事项，或者还没有发布过')
    if (standing.offered !== from) throw new AppError('conflict', from === 1 ? '这项事项已经暂停办理' : '这项事项正在办理，不用恢复')
    const { definition } = await versions.get(tx, standing.version_id)
    await done(tx, manager, { standing, title: definition.title }, { service_key: key, act, version_id: standing.version_id, note, offered: from === 1 ? 0 : 1, by_file: 0 })
  }
}

async function takeAway(tx: Tx, { key, hash }: { key: string; hash: string }): Promise<void> {
  if (await deleteProposal(tx, { service_key: key, hash })) return
  throw await findProposal(tx, key) ? changed() : new AppError('conflict', '草稿已经发布或丢弃')
}

function changed(): AppError {
  return new AppError('conflict', '草稿已经换成别的内容，请重新检查')
}

async function done(tx: Tx, manager: Manager, { standing, title }: { standing: Standing | undefined; title: string }, act: Parameters<typeof publication>[1]): Promise<void> {
  await orConflict(() => publication(tx, act, { standing, title, person: manager }))
}

/** Of two who write the same row at the same moment the second is told. */
async function orConflict(work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('conflict', '这项事项刚刚被别人改过，请看最新的情况')
    throw error
  }
}

function actorOf({ person_id, number }: Manager) {
  return { person_id, number }
}
