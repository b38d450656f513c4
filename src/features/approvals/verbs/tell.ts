import type { Tx } from '../../../platform/db.ts'
import { textIn } from '../../../platform/text.ts'
import type { Tell } from '../../messages/index.ts'
import type { VerbDeps } from '../deps.ts'
import { endingText } from '../rules/ending.ts'
import type { Ending, Node, State, Task } from '../rules/history.ts'
import { stepsOf } from '../rules/walk.ts'
import type { Instance, Line } from '../store.ts'
import type { Turn, Word } from './turn.ts'

// Messages are kept as sent; the languages people read them in are the pages' matter.
const t = textIn('zh')

/** A card's name in WeCom: unique within the app, and never used again. */
export const cardOf = (task_id: string): string => `task-${task_id}`
export const taskOfCard = (card: string): string | null => /^task-([0-9A-Z]{26})$/.exec(card)?.[1] ?? null

/** Rejecting and returning want a reason, which a button cannot carry: they are done on the page behind the card. */
const BUTTONS = [{ key: 'approve', text: t('同意'), style: 1 as const }]

/** To whom a task has fallen. */
export function assigneeTold({ instance }: Turn, node: Node, task: Task): Tell {
  const { applicant_name: name, title } = instance
  const stands_in = task.reason === 'nobody' ? [{ label: t('说明'), value: t('没有找到办理人，由管理员办理') }] : []
  return {
    to: task.person_id, kind: 'approvals.task', title: t('{name}的{title}等待审批', { name, title }), subject: instance.subject, url: taskUrl(instance, task.id),
    lines: [{ label: t('环节'), value: labelOf(instance, node) }, ...stands_in, ...instance.summary],
    card: { task_id: cardOf(task.id), buttons: BUTTONS },
  }
}

/** When a task is over its card says so, on the phone of whoever holds it. */
export async function tellCard({ messages }: Pick<VerbDeps, 'messages'>, tx: Tx, { id, ending }: { id: string; ending: Omit<Ending, 'by'> | null }): Promise<void> {
  if (ending) await messages.closeCard(tx, { task_id: cardOf(id), text: endingText(t, ending) })
}

export function urgedTold({ instance }: Turn, task: Task): Tell {
  const { applicant_name: name, title } = instance
  return {
    to: task.person_id, kind: 'approvals.urged', title: t('{name}催办：{title}', { name, title }), subject: instance.subject,
    url: taskUrl(instance, task.id), lines: instance.summary,
  }
}

/** The applicant is told of each step that is over, and of the end. What the applicant did is no news. */
export function applicantTold({ instance, state }: Turn, after: State, { comment = '' }: Word): Tell | null {
  const ended = after.nodes.filter(node => isOver(node) && !isOver(state.nodes[node.number - 1]))
  const title = headline(instance, state, after, ended)
  if (!title) return null
  return {
    to: instance.applicant_id, kind: after.status === 'running' ? 'approvals.progress' : `approvals.${after.status}`, title, subject: instance.subject, url: instance.url,
    lines: [...deciders(after, state), ...remark(after, comment), ...nextOnes(instance, after, state)],
  }
}

function headline({ title, flow }: Instance, before: State, after: State, ended: readonly Node[]): string | null {
  if (after.status !== before.status) {
    if (after.status === 'approved') return t('{title}已审批通过', { title })
    if (after.status === 'rejected') return t('{title}已被驳回', { title })
    if (after.status === 'returned') return t('{title}已退回，请修改后重新提交', { title })
  }
  const passed = ended.find(node => node.status === 'passed' && after.tasks.some(task => task.node === node.number))
  const label = passed && stepsOf(flow).get(passed.step)?.label
  return after.status === 'running' && label ? t('{title}：{label}已通过', { title, label }) : null
}

function isOver(node: Node | undefined): boolean {
  return node !== undefined && node.ended_at !== null
}

function deciders(after: State, before: State): Line[] {
  const names = after.tasks.filter((task, index) => task.status === 'done' && before.tasks[index]?.status !== 'done').map(task => task.person_name)
  return names.length > 0 ? [{ label: t('办理人'), value: names.join('、') }] : []
}

function remark({ status }: State, comment: string): Line[] {
  const label = status === 'running' || status === 'approved' ? t('意见') : t('理由')
  return comment ? [{ label, value: comment }] : []
}

function nextOnes(instance: Instance, after: State, before: State): Line[] {
  return after.nodes.slice(before.nodes.length).flatMap(node => {
    const names = after.tasks.filter(task => task.node === node.number && task.status === 'open').map(task => task.person_name)
    return names.length > 0 ? [{ label: t('下一环节'), value: t('{label}（{names}）', { label: labelOf(instance, node), names: names.join('、') }) }] : []
  })
}

function labelOf({ flow }: Instance, node: Node): string {
  return stepsOf(flow).get(node.step)?.label ?? node.step
}

function taskUrl({ url }: Instance, task_id: string): string {
  return `${url}?task=${task_id}`
}
