import { schoolTime } from '../../platform/dates.ts'
import type { Db, Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { type Actor, emit } from '../../platform/events.ts'
import { newId } from '../../platform/ids.ts'
import { move } from '../../platform/machine.ts'
import type { WorkingTime } from '../../platform/working-time.ts'
import type { Identity as WholeIdentity } from '../identity/index.ts'
import type { Messages as AllMessages } from '../messages/index.ts'
import type { ApplicationView, Services as AllServices } from '../services/index.ts'
import { followUpOpened, rated } from './events.ts'
import { ANSWERED_IN, type Asked, ASPECTS, faultsOf, followUpMachine, isBad, isInReach, LONGEST_ANSWER, readStep, REMINDED_EVERY, stepText, whyNotRate } from './rules.ts'
import { type FollowUp, followUpOfRating, forgottenFollowUp, getFollowUp, insertFollowUp, insertRating, type Rating, ratingOf, setReminded, updateRating } from './store.ts'

export type VerbDeps = {
  identity: Pick<WholeIdentity, 'holdersForService' | 'admins' | 'unitByCode' | 'reachOf'>
  messages: Pick<AllMessages, 'tell' | 'tellAll'>
  services: Pick<AllServices, 'applicationById' | 'titles' | 'ownedWithin'>
  workingTime: Pick<WorkingTime, 'addDays'>
}

/** Who follows up, as the person is told. */
export type Agent = Actor & { name: string }
export type Verbs = ReturnType<typeof createVerbs>

/** Each takes the open transaction first. */
export function createVerbs({ identity, messages, services, workingTime }: VerbDeps) {
  /** Whoever answers for the service hears of it; where nobody does, the administrators. */
  async function tellOwners(tx: Tx, { id, due_at, service_key, unit_id }: Pick<FollowUp, 'id' | 'due_at' | 'service_key' | 'unit_id'>, { title, step }: Pick<Rating, 'title' | 'step'>, isLate = false): Promise<void> {
    const owners = await identity.holdersForService(tx, 'service-owner', { service_key, unit_id })
    await messages.tellAll(tx, (owners.length > 0 ? owners : await identity.admins(tx)).map(to => ({
      to, kind: 'ratings.follow-up', title: isLate ? `${title}有一条差评超过期限还没有答复` : `${title}有一条差评等待跟进`, subject: id, url: `/admin/follow-ups/${id}`,
      lines: [{ label: '评价', value: stepText(step) }, { label: '答复期限', value: schoolTime(due_at).date }],
    })))
  }

  async function follow(tx: Tx, actor: Actor, rating: Rating): Promise<void> {
    const now = tx.bus.clock.now()
    const known = await followUpOfRating(tx, rating.id)
    if (known?.status === 'open') return
    const due_at = workingTime.addDays(now, ANSWERED_IN)
    if (known) {
      await move(tx, followUpMachine, known, 'reopen', { actor, data: { follow_up_id: known.id }, set: { due_at, opened_at: now, reminded_at: null } })
      return tellOwners(tx, { ...known, due_at }, rating)
    }
    const code = services.titles().find(({ key }) => key === rating.service_key)?.department
    const unit = code ? await identity.unitByCode(tx, code) : null
    const row = {
      id: newId(), rating_id: rating.id, service_key: rating.service_key, unit_id: unit?.id ?? null, status: 'open' as const, due_at, opened_at: now, reminded_at: null,
      answer: null, answered_by: null, answered_at: null, note: null, closed_by: null, closed_at: null,
    }
    await insertFollowUp(tx, row)
    await emit(tx, followUpOpened, { follow_up_id: row.id }, { subject: row.id, actor })
    await tellOwners(tx, row, rating)
  }

  /** The follow-up, for who may act on it; as if there were none for others. */
  async function inReach(db: Db, agent: { person_id: string }, id: string): Promise<FollowUp> {
    const row = await getFollowUp(db, id)
    if (!isInReach(await identity.reachOf(db, agent.person_id, 'ratings.follow'), row)) throw new AppError('not-found', '没有找到这条差评')
    return row
  }

  return {
    inReach,

    /** 评价, or another one within the week; the same twice is one. Throws `invalid` with the fields, `conflict` where it cannot be rated. */
    async rate(tx: Tx, person: Actor, application_id: string, asked: Asked): Promise<void> {
      const application = await services.applicationById(tx, application_id)
      const known = await ratingOf(tx, application_id)
      const now = tx.bus.clock.now()
      const refusal = whyNotRate(application, known, person, now)
      if (refusal) throw new AppError(application.person_id === person.person_id ? 'conflict' : 'forbidden', refusal)
      const [step, fields] = [readStep(asked.step), faultsOf(asked)]
      if (step === undefined || Object.keys(fields).length > 0) throw new AppError('invalid', '还有内容没有填好', { fields })
      const said = { step, aspects: ASPECTS.filter(({ key }) => asked.aspects.includes(key)).map(({ key }) => key).join(), words: asked.words, changed_at: now }
      if (known && known.step === said.step && known.aspects === said.aspects && known.words === said.words) return
      const rating: Rating = known ? { ...known, ...said } : { id: newId(), ...of(application), ...said, created_at: now }
      if (known) await updateRating(tx, known.id, said)
      else if (!await insertRating(tx, rating)) throw new AppError('conflict', '评价正在提交，请稍等再试')
      await emit(tx, rated, { rating_id: rating.id, application_id, step }, { subject: rating.id, actor: person })
      if (isBad(step)) await follow(tx, person, rating)
    },

    /** Of one that is over its time those who owe the answer are told, once a week. False where there is none left. */
    async remind(tx: Tx): Promise<boolean> {
      const now = tx.bus.clock.now()
      const row = await forgottenFollowUp(tx, now, now - REMINDED_EVERY)
      if (!row) return false
      await setReminded(tx, row.id, now)
      await tellOwners(tx, row, row, true)
      return true
    },

    /** Tells the person what is done about it. Throws `invalid` without words. */
    async answer(tx: Tx, agent: Agent, id: string, typed: string): Promise<void> {
      const row = await inReach(tx, agent, id)
      const answer = wordsOf(typed, 'answer', '请写下给本人的答复')
      await move(tx, followUpMachine, row, 'answer', { actor: actorOf(agent), data: { follow_up_id: id }, set: { answer, answered_by: agent.name, answered_at: tx.bus.clock.now() } })
      await messages.tell(tx, {
        to: row.person_id, kind: 'ratings.answered', title: `你对${row.title}的评价有了答复`, subject: id, url: `/applications/${row.application_id}/rating`,
        lines: [{ label: '编号', value: row.number }], text: answer,
      })
    },

    /** 办结, with what was done, for colleagues. Throws `invalid` without words. */
    async close(tx: Tx, agent: Agent, id: string, typed: string): Promise<void> {
      const row = await inReach(tx, agent, id)
      const note = wordsOf(typed, 'note', '请写明怎样处理的')
      await move(tx, followUpMachine, row, 'close', { actor: actorOf(agent), data: { follow_up_id: id }, set: { note, closed_by: agent.name, closed_at: tx.bus.clock.now() } })
    },
  }
}

function of({ id, service_key, number, title, person_id, person_number, person_name }: ApplicationView) {
  return { application_id: id, service_key, number: number ?? '', title, person_id, person_number, person_name }
}

const actorOf = ({ person_id, number }: Agent): Actor => ({ person_id, number })

function wordsOf(typed: string, field: string, missing: string): string {
  const text = typed.trim()
  const sentence = text === '' ? missing : [...text].length > LONGEST_ANSWER ? '最多写 1000 个字' : null
  if (sentence) throw new AppError('invalid', sentence, { fields: { [field]: sentence } })
  return text
}
