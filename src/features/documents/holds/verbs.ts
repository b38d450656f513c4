import { schoolTime } from '../../../platform/dates.ts'
import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { move } from '../../../platform/machine.ts'
import type { Identity, Messages } from '../index.ts'
import { holdPlaced } from './events.ts'
import { holdMachine, inForce, LONGEST_REASON } from './rules.ts'
import { type Beginning, changeHold, findOpen, getHold, insertHold } from './store.ts'
import type { HoldType } from './types.ts'

type Deps = { types: ReadonlyMap<string, HoldType>; identity: Pick<Identity, 'personByNumber'>; messages: Pick<Messages, 'tell'> }

/** Without a first day it holds from today, or since when it did. */
type Wanted = Omit<Beginning, 'since'> & { since: string | null }

export type HoldVerbs = ReturnType<typeof holdVerbs>

/** Holding a number's papers back and letting them go. Each takes the open transaction first. */
export function holdVerbs({ types, identity, messages }: Deps) {
  /** What was there of the same type gets the new reason and days; says which of the two it was. */
  async function put(tx: Tx, actor: Actor | null, wanted: Wanted): Promise<'created' | 'changed' | 'unchanged'> {
    const known = await findOpen(tx, wanted.number, wanted.type)
    const hold = { ...wanted, since: wanted.since ?? known?.since ?? schoolTime(tx.bus.clock.now()).date }
    const { reason, since, until, source } = hold
    if (known && known.reason === reason && known.since === since && known.until === until) return 'unchanged'
    if (known) await changeHold(tx, known.id, { reason, since, until, source })
    const id = known?.id ?? await insertHold(tx, hold).catch((error: unknown) => {
      throw isDuplicate(error) ? new AppError('conflict', '这个学号刚刚有了同类的限制，请刷新后再看') : error
    })
    await emit(tx, holdPlaced, { hold_id: id }, { subject: id, actor })
    if (!known) await tellHeld(tx, id, hold)
    return known ? 'changed' : 'created'
  }

  async function tellHeld(tx: Tx, id: string, { number, type, reason, since, until }: Beginning): Promise<void> {
    const [person, about] = [await identity.personByNumber(tx, number), types.get(type)]
    if (!person || !about || !inForce({ status: 'on', since, until }, schoolTime(tx.bus.clock.now()).date)) return
    await messages.tell(tx, {
      to: person.id, kind: 'documents.held', title: '暂时不能开具一部分证明文件', subject: id, url: '/documents/new/transcripts',
      lines: [{ label: '学号', value: number }, { label: '原因', value: `${about.label}：${reason}` }, { label: '找谁办', value: about.ask.office }],
      text: about.ask.text,
    })
  }

  return {
    put,

    /** One hold, typed in the console. Throws `invalid` with a sentence for each field that is not right. */
    async place(tx: Tx, actor: Actor, typed: { number: string; type: string; reason: string; until: string | null }): Promise<void> {
      const [number, reason] = [typed.number.trim(), typed.reason.trim()]
      const today = schoolTime(tx.bus.clock.now()).date
      const fields: Record<string, string> = {
        ...!await identity.personByNumber(tx, number) && { number: number === '' ? '请填写要限制的学号' : '名单里没有这个学号' },
        ...!types.has(typed.type) && { type: '请选择限制的类型' },
        ...reason === '' && { reason: '请写明原因，本人会看到' },
        ...[...reason].length > LONGEST_REASON && { reason: '原因最多 200 个字' },
        ...typed.until !== null && typed.until < today && { until: '截止日期不能早于今天' },
      }
      const [first] = Object.values(fields)
      if (first) throw new AppError('invalid', first, { fields })
      await put(tx, actor, { number, type: typed.type, reason, until: typed.until, since: null, source: 'console' })
    },

    /** The papers can be asked for again. */
    async lift(tx: Tx, actor: Actor | null, id: string, typed: string): Promise<void> {
      const reason = typed.trim()
      if (reason === '') throw refused('reason', '请写明解除的原因')
      if ([...reason].length > LONGEST_REASON) throw refused('reason', '原因最多 200 个字')
      const hold = await getHold(tx, id)
      await move(tx, holdMachine, hold, 'lift', { actor, set: { open_key: null, lifted_reason: reason, ended_at: tx.bus.clock.now() }, data: { hold_id: id } })
      const person = await identity.personByNumber(tx, hold.number)
      if (!person) return
      await messages.tell(tx, {
        to: person.id, kind: 'documents.released', title: '可以开具证明文件了', subject: id, url: '/documents/new/transcripts',
        lines: [{ label: '学号', value: hold.number }, { label: '解除的限制', value: types.get(hold.type)?.label ?? hold.type }],
      })
    },
  }
}

function refused(field: string, sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { [field]: sentence } })
}
