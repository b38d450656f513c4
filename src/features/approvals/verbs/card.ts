import { evaluate } from '../../../platform/condition.ts'
import { textIn } from '../../../platform/text.ts'
import type { Question, Tell } from '../../messages/index.ts'
import { asksOf, choosingFor, type Offer, offersTo } from '../choosing.ts'
import type { VerbDeps } from '../deps.ts'
import type { State, Task } from '../rules/state.ts'
import { stepsOf } from '../rules/tree.ts'
import { cardName } from './tell.ts'
import type { Turn } from './turn.ts'

// Messages are kept as sent; the languages people read them in are the pages' matter.
const t = textIn('zh')

/** What a card can hold (90236): 20 boxes of one question, or three lists of ten, one of whose lines says that nothing is chosen yet. */
const BOXES = 20
const LISTS = 3
const LIST = 9

/** Stands in a list until somebody is chosen: the platform takes the first line for the answer. */
export const NOBODY_YET = 'none'

/**
 * The card of a task. What a button can carry is done on it; reasons, answers, signatures and fields to fill in are given on the page,
 * which the card then opens. It changes on the phone all the same when the task is over.
 */
export async function cardOf(deps: VerbDeps, { tx, instance }: Turn, after: State, task: Task): Promise<NonNullable<Tell['card']>> {
  const { applicant_name: name, title } = instance
  const ask = { task_id: cardName(task.id), over: t('{name}的{title}', { name, title }) }
  if (task.wants === 'claim') return { ...ask, buttons: [{ key: 'claim', text: t('认领'), style: 1 }] }
  if (task.wants === 'reply') return { ...ask, buttons: [{ text: t('去回复'), style: 1 }] }
  const step = stepsOf(instance.flow).get(after.nodes[task.node - 1]?.step ?? '')
  const fills = step?.kind === 'approval' && Object.values(step.fields ?? {}).includes('write')
  const { by, signs } = asksOf({ flow: instance.flow, state: after }, task)
  const offers = by === null ? [] : (await offersTo(deps, tx, choosingFor(instance, after), by)).filter(({ when }) => when === null || evaluate(when, instance.form))
  const questions = questionsOf(offers)
  if (fills || signs || !questions) return { ...ask, buttons: [{ text: t('去办理'), style: 1 }] }
  return { ...ask, buttons: [{ key: 'approve', text: t('同意'), style: 1 }], ...(questions.length > 0 && { questions, hint: t('驳回、退回和转交请在“我收到的”里办理') }) }
}

/** The choices as a card asks them; null where no card holds them. */
function questionsOf(offers: readonly Offer[]): Question[] | null {
  const alone = offers.length === 1
  if (offers.length > LISTS || offers.some(({ people, most }) => people === null || people.length > (alone ? BOXES : LIST) || (!alone && most > 1))) return null
  return offers.map(({ step, label, most, people, chosen }) => ({
    key: step, title: t('请选择“{label}”的办理人', { label }), many: most > 1, chosen,
    options: [...(alone ? [] : [{ id: NOBODY_YET, text: t('请选择') }]), ...(people ?? []).map(({ id, name, unit_name }) => ({ id, text: unit_name ? `${name} ${unit_name}` : name }))],
  }))
}
