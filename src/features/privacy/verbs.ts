import type { Db, Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { type Actor, emit } from '../../platform/events.ts'
import { newId } from '../../platform/ids.ts'
import { consentGiven, consentWithdrawn, dataExported, personalShown } from './events.ts'
import type { Notice } from './notices.ts'
import { type Consent, consentsOf, endConsent, holdersAmong, insertConsents, keepNotice, lastingConsent, lastingKey } from './store.ts'

export type Holder = { person_id: string; number: string }
export type Verbs = ReturnType<typeof createVerbs>

const LONGEST_REASON = 200

export function createVerbs(notices: ReadonlyMap<string, Notice>) {
  function noticeOf(name: string): Notice {
    const notice = notices.get(name)
    if (!notice) throw new Error(`there is no notice ${name}`)
    return notice
  }

  function demandText(name: string, hash: string): Notice {
    const notice = noticeOf(name)
    if (notice.hash !== hash) throw new AppError('conflict', '说明刚刚更新了，请看过新的内容再决定', { code: 'privacy:other-text' })
    return notice
  }

  function consentTo(tx: Tx, { person_id, number }: Holder, { name, hash }: Notice): Consent {
    return { id: newId(), person_id, number, name, hash, agreed_at: tx.bus.clock.now(), withdrawn_at: null, lasting: lastingKey(person_id, name), about: null }
  }

  return {
    /** Has the person agreed to the text as it is today? */
    async agreed(db: Db, person_id: string, name: string): Promise<boolean> {
      return (await lastingConsent(db, person_id, name))?.hash === noticeOf(name).hash
    },

    /** Who of these people has. */
    async agreedAmong(db: Db, person_ids: readonly string[], name: string): Promise<ReadonlySet<string>> {
      return await holdersAmong(db, person_ids, noticeOf(name))
    },

    /** Agrees for this one occasion; `about` names it, as the number of a document. `conflict` where the text is another one by now. */
    async agreeOnce(tx: Tx, holder: Holder, name: string, hash: string, about: string): Promise<void> {
      const notice = demandText(name, hash)
      await keepNotice(tx, notice)
      await insertConsents(tx, [{ ...consentTo(tx, holder, notice), lasting: null, about }])
      await emit(tx, consentGiven, { name, hash }, { subject: holder.person_id, actor: holder })
    },

    /** Agrees to the text of this hash, which the person has read; `conflict` where it is another one by now. Twice changes nothing. */
    async agree(tx: Tx, holder: Holder, name: string, hash: string): Promise<void> {
      const notice = demandText(name, hash)
      const before = await lastingConsent(tx, holder.person_id, name)
      if (before?.hash === hash) return
      await keepNotice(tx, notice)
      // A new text replaces the consent to the old one; nobody has withdrawn.
      if (before) await endConsent(tx, before.id, tx.bus.clock.now())
      if (await insertConsents(tx, [consentTo(tx, holder, notice)])) await emit(tx, consentGiven, { name, hash }, { subject: holder.person_id, actor: holder })
    },

    /** People who agreed elsewhere, as on paper: no events, for whoever has no consent yet. */
    async agreeElsewhere(tx: Tx, holders: readonly Holder[], name: string): Promise<void> {
      const notice = noticeOf(name)
      await keepNotice(tx, notice)
      await insertConsents(tx, holders.map(holder => consentTo(tx, holder, notice)))
    },

    /** `conflict` where there is nothing to withdraw. */
    async withdraw(tx: Tx, holder: Holder, name: string): Promise<void> {
      const lasting = await lastingConsent(tx, holder.person_id, name)
      if (!lasting || !await endConsent(tx, lasting.id, tx.bus.clock.now())) throw new AppError('conflict', '这项同意已经撤回了')
      await emit(tx, consentWithdrawn, { name, hash: lasting.hash }, { subject: holder.person_id, actor: holder })
    },

    consentsOf: (db: Db, person_id: string): Promise<Consent[]> => consentsOf(db, person_id),

    async exported(tx: Tx, holder: Holder): Promise<void> {
      await emit(tx, dataExported, {}, { subject: holder.person_id, actor: holder })
    },

    /** Records that somebody looked at a whole number, and why. The person reads it in 我的信息. */
    async shown(tx: Tx, actor: Actor, person_id: string, what: string, typed: string): Promise<void> {
      const reason = typed.trim().slice(0, LONGEST_REASON)
      if (reason === '') throw new AppError('invalid', '请写明为什么要查看', { fields: { reason: '请写明为什么要查看' } })
      await emit(tx, personalShown, { what, reason }, { subject: person_id, actor })
    },
  }
}
