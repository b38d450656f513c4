import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { textIn } from '../../../platform/text.ts'
import type { Context, Person } from '../deps.ts'
import { letThrough, passTakenBack } from '../events.ts'
import { stopFor } from '../limits.ts'
import type { Faults } from '../rules/form.ts'
import { words } from '../rules/limits.ts'
import type { Application } from '../store/applications.ts'
import { draftsBeforeClosing, noteClosing } from '../store/limits.ts'
import { insertPass, openKey, takePass, usePass } from '../store/passes.ts'
import { lockThing } from '../store/reservations.ts'
import type { Version } from '../versions.ts'
import type { Manager } from './offering.ts'

/**
 * What stands against sending a draft now. Whoever counts places waits here for who counted before: of two who want the last, the second sees
 * that it is gone. What came back has its place already.
 */
export async function stopSending(context: Context, tx: Tx, person: Pick<Person, 'person_id' | 'number'>, { status, service_key: key }: Application, { definition }: Pick<Version, 'definition'>): Promise<Faults> {
  const { limits } = definition
  if (!limits || status !== 'draft') return {}
  await lockThing(tx, limits.total === undefined ? `${key}:${person.person_id}` : key)
  const stop = await stopFor(context, tx, person, { key, definition })
  return stop ? { _form: stop } : {}
}

/** A pass is for the next application that is sent, whether or not it would have been stopped. */
export async function takeThrough(tx: Tx, { id, status, service_key, person_id }: Application, { definition: { limits } }: Pick<Version, 'definition'>): Promise<void> {
  if (limits && status === 'draft') await usePass(tx, { service_key, person_id }, id)
}

/** Drafts that are told in one transaction. */
const FEW = 50

export function limitVerbs(context: Context) {
  return {
    /** Lets one person send one application past the limits. `invalid` names the field. */
    async letThrough(tx: Tx, manager: Manager, { key, number, reason }: { key: string; number: string; reason: string }): Promise<void> {
      const { title } = context.catalogue.get(key).definition
      const person = number === '' ? null : await context.identity.personByNumber(tx, number)
      const fields = { ...!person && { number: number === '' ? '请填写学工号' : '没有找到这个学工号，请核对后重新填写' }, ...reason === '' && { reason: '请填写理由' } }
      if (!person || reason === '') throw new AppError('invalid', '请填写学工号和理由', { fields })
      const pass = { service_key: key, person_id: person.id }
      try {
        await insertPass(tx, { ...pass, id: newId(), open_key: openKey(pass), reason, by_name: manager.name, created_at: tx.bus.clock.now(), application_id: null })
      } catch (error) {
        if (isDuplicate(error)) throw new AppError('invalid', '请填写学工号和理由', { fields: { number: '已经放行过，对方还没有用' } })
        throw error
      }
      await emit(tx, letThrough, { service_key: key, title, number: person.number, note: reason }, { subject: key, actor: actorOf(manager) })
      const t = textIn('zh')
      await context.messages.tell(tx, {
        to: person.id, kind: 'services.let-through', title: t('可以办理“{title}”了', { title }), url: `/services/${key}/apply`, subject: key,
        lines: [{ label: t('放行的人'), value: manager.name }, { label: t('说明'), value: t('可以提交一份申请，不受范围、次数、名额和期限的限制') }],
      })
    },

    /** Takes a pass back that was not used. */
    async takePassBack(tx: Tx, manager: Manager, { key, id }: { key: string; id: string }): Promise<void> {
      const pass = await takePass(tx, { id, service_key: key })
      if (!pass) throw new AppError('conflict', '对方已经提交了申请，或者放行已经收回')
      const [person] = await context.identity.peopleByIds(tx, [pass.person_id])
      await emit(tx, passTakenBack, { service_key: key, title: context.catalogue.find(key)?.definition.title ?? key, number: person?.number ?? '' }, { subject: key, actor: actorOf(manager) })
    },

    /** Tells people once of each end that a draft of theirs is not sent; not who may not send it anyway. Returns how many were looked at: 0 when all were. */
    async warnOfClosing(tx: Tx, key: string): Promise<number> {
      const service = context.catalogue.get(key)
      const { closes } = service.definition.limits ?? {}
      if (closes === undefined) return 0
      const drafts = await draftsBeforeClosing(tx, { service_key: key, closes, limit: FEW })
      const t = textIn('zh')
      for (const { id, title, person_id, person_number } of drafts) {
        await noteClosing(tx, { application_id: id, closes })
        if (await stopFor(context, tx, { person_id, number: person_number }, service)) continue
        await context.messages.tell(tx, {
          to: person_id, kind: 'services.draft-closing', title: t('“{title}”还没有提交，快要截止了', { title }), url: `/services/${key}/apply`, subject: id,
          lines: [{ label: t('截止时间'), value: words(closes) }, { label: t('说明'), value: t('草稿没有提交，学校还没有收到。请在截止前填完并提交') }],
        })
      }
      return drafts.length
    },
  }
}

function actorOf({ person_id, number }: Manager) {
  return { person_id, number }
}
