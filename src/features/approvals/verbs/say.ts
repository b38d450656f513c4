import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import type { VerbDeps } from '../deps.ts'
import { whyNotDecide } from '../rules/can.ts'
import type { Person } from '../rules/history.ts'
import { setDraft } from '../store-tasks.ts'
import { chosenPeople } from './pass-on.ts'
import { checkedText, remark } from './remark.ts'
import { demand, factsOf, play, takeTurn, takeTurnOfTask, taskIn, type Turn } from './turn.ts'

/** A comment for everybody who may see the instance; nothing waits for it. Whether the actor may see it its owner says. Returns its id. */
export async function comment(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, text }: { instance_id: string; text: string }): Promise<string> {
  const turn = await takeTurn(tx, actor, instance_id)
  return await remark(deps, turn, { act: 'comment', person_name: (await actorOf(deps, turn)).person_name, text: checkedText(text, '请填写留言') })
}

/** 抄送 by hand, once to each person. Whether the actor may see the instance its owner says. */
export async function sendCopy(deps: VerbDeps, tx: Tx, actor: Actor, { instance_id, to, text = '' }: { instance_id: string; to: readonly string[]; text?: string }): Promise<void> {
  const turn = await takeTurn(tx, actor, instance_id)
  const known = new Set(turn.state.copied.map(person => person.person_id))
  const people = (await chosenPeople(deps, turn, to)).filter(person => !known.has(person.person_id))
  if (people.length === 0) throw new AppError('conflict', '已经抄送过，不必再次抄送')
  const { person_id, person_name } = await actorOf(deps, turn)
  await remark(deps, turn, { act: 'copy', person_name, whom: people.map(person => person.person_name).join('、'), text: checkedText(text) })
  await play(deps, turn, { kind: 'sent-copy', at: deps.clock.now(), by: person_id, by_name: person_name, people })
}

/** 暂存 an opinion on an own open task; given with the decision or not at all. */
export async function saveDraft(tx: Tx, actor: Actor, { task_id, text }: { task_id: string; text: string }): Promise<void> {
  const turn = await takeTurnOfTask(tx, actor, task_id)
  const task = taskIn(turn, task_id)
  demand(whyNotDecide(factsOf(turn, task), actor.person_id, task.wants))
  await setDraft(tx, task_id, checkedText(text))
}

/** The actor by name, as a record keeps it. */
export async function actorOf(deps: Pick<VerbDeps, 'directory'>, { tx, actor }: Pick<Turn, 'tx' | 'actor'>): Promise<Person> {
  const person = actor && await deps.directory(tx).person(actor.person_id, actor.number)
  if (!person) throw new AppError('not-found', '没有找到这位人员')
  return { person_id: person.id, person_name: person.name }
}
