import type { Tx } from '../../../platform/db.ts'
import { textIn } from '../../../platform/text.ts'
import type { Tell } from '../../messages/index.ts'
import type { VerbDeps } from '../deps.ts'
import { endingText } from '../rules/ending.ts'
import type { Reason } from '../rules/history.ts'
import type { Ending, Node, State, Task, Wants } from '../rules/state.ts'
import { stepsOf } from '../rules/tree.ts'
import type { Instance, Line } from '../store.ts'
import type { Turn, Word } from './turn.ts'

// Messages are kept as sent; the languages people read them in are the pages' matter.
const t = textIn('zh')

/** A card's name in WeCom: unique within the app, and never used again. */
export const cardName = (task_id: string): string => `task-${task_id}`
export const taskOfCard = (card: string): string | null => /^task-([0-9A-Z]{26})$/.exec(card)?.[1] ?? null

const TITLES: Record<Wants, string> = { decide: '{name}的{title}等待审批', claim: '{name}的{title}可以认领', reply: '{name}的{title}征求你的意见' }

/** To whom a task has fallen. `note`: words that came with it. */
export function assigneeTold({ instance, state: before }: Turn, state: State, task: Task, { card, note = '', comment = '' }: { card: Tell['card'] } & Word): Tell {
  const { applicant_name: name, title } = instance
  const adviser = adviserOf(before, state, task)
  return {
    to: task.person_id, kind: 'approvals.task', title: t(adviser ? '{name}的{title}：委派的意见已交回，请决定' : TITLES[task.wants], { name, title }), subject: instance.subject, url: taskUrl(instance, task.id),
    lines: [{ label: t('环节'), value: labelOf(instance, nodeOf(state, task)) }, ...explained(task), ...(task.reason === 'reassign' && comment ? [{ label: t('理由'), value: comment }] : []), ...(note ? [{ label: adviser ?? t('留言'), value: note }] : []), ...instance.summary], card,
  }
}

/** Whoever looked at it for its holder and has just given it back. */
function adviserOf(before: State, { tasks, seats, groups }: State, task: Task): string | null {
  const done = tasks.find((one, index) => one.status === 'done' && before.tasks[index]?.status === 'open')
  const group = groups[(seats[(done?.seat ?? 0) - 1]?.group ?? 0) - 1]
  return done && group?.place === 'delegate' && group.seat === task.seat ? done.person_name : null
}

/** How it came to somebody whom the flow's rule did not choose. */
function explained({ reason, for_name }: Task): Line[] {
  const words = [...(for_name ? [t('代{name}办理', { name: for_name })] : []), ...(reason === 'rule' ? [] : [t(CAUSES[reason])])]
  return words.length > 0 ? [{ label: t('说明'), value: words.join('；') }] : []
}

const CAUSES: Record<Exclude<Reason, 'rule'>, string> = {
  nobody: '没有找到办理人，由管理员办理', named: '没有找到办理人，由流程指定的人办理', leader: '办理人就是申请人，由申请人的上级办理', transfer: '由原办理人转交',
  delegate: '由原办理人委派', add: '由办理人加签', consult: '由办理人征求意见', reassign: '由管理员改派', overdue: '原办理人超时，转交办理',
}

/** 抄送: to read, not to act. */
export function copiedTold({ instance }: Turn, { person_id, by_name }: { person_id: string; by_name: string | null }): Tell {
  const { applicant_name: name, title } = instance
  return {
    to: person_id, kind: 'approvals.copy', title: t('{name}的{title}抄送给你', { name, title }), subject: instance.subject, url: instance.url,
    lines: [...(by_name ? [{ label: t('抄送人'), value: by_name }] : []), ...instance.summary],
  }
}

/** Time is up, or nearly: whoever holds it is reminded. */
export function remindedTold({ instance }: Turn, task: Task): Tell {
  const { applicant_name: name, title } = instance
  return {
    to: task.person_id, kind: 'approvals.reminded', title: t('已到办理时限：{name}的{title}', { name, title }), subject: instance.subject,
    url: taskUrl(instance, task.id), lines: instance.summary,
  }
}

/** When a task is over its card says so, on the phone of whoever holds it. */
export async function tellCard({ messages }: Pick<VerbDeps, 'messages'>, tx: Tx, { id, ending }: { id: string; ending: Omit<Ending, 'by'> | null }): Promise<void> {
  if (ending) await messages.closeCard(tx, { task_id: cardName(id), text: endingText(t, ending) })
}

export function urgedTold({ instance }: Turn, task: Task): Tell {
  const { applicant_name: name, title } = instance
  return {
    to: task.person_id, kind: 'approvals.urged', title: t('{name}催办：{title}', { name, title }), subject: instance.subject,
    url: taskUrl(instance, task.id), lines: instance.summary, urgent: true,
  }
}

/** The applicant is told of each step that is over, and of the end. What the applicant did is no news. */
export function applicantTold({ instance, state }: Turn, after: State, { comment = '' }: Word): Tell | null {
  const ended = after.nodes.filter(node => isOver(node) && !isOver(state.nodes[node.number - 1]))
  const title = headline(instance, state, after, ended)
  if (!title) return null
  return {
    to: instance.applicant_id, kind: after.status === 'running' ? 'approvals.progress' : `approvals.${after.status}`, title, subject: instance.subject, url: instance.url,
    lines: [...fallen(instance, after) ?? deciders(after, state), ...remark(after, comment), ...nextOnes(instance, after, state)],
    ...(after.status !== state.status && instance.ending_note && ['approved', 'rejected', 'ended'].includes(after.status) && { text: instance.ending_note }),
  }
}

function headline({ title, flow }: Instance, before: State, after: State, ended: readonly Node[]): string | null {
  if (after.status !== before.status) {
    if (after.status === 'approved') return t('{title}已审批通过', { title })
    if (after.status === 'rejected') return t('{title}已被驳回', { title })
    if (after.status === 'ended') return t('{title}的审批已被管理员终止', { title })
    if (after.status === 'returned') return t('{title}已退回，请修改后重新提交', { title })
  }
  const passed = ended.find(node => node.status === 'passed' && after.tasks.some(task => task.node === node.number))
  const label = passed && stepsOf(flow).get(passed.step)?.label
  return after.status === 'running' && label ? t('{title}：{label}已通过', { title, label }) : null
}

function isOver(node: Node | undefined): boolean {
  return node !== undefined && node.ended_at !== null
}

const FALLEN: Partial<Record<NonNullable<Node['note']>, string>> = { nobody: '没有找到办理人', overdue: '已超过办理时限', failed: '系统调用失败' }

/** Where nobody refused it, the step says why; whoever approved the one before is not named with it. */
function fallen(instance: Instance, { status, nodes }: State): Line[] | null {
  const node = status === 'rejected' ? nodes.findLast(one => one.status === 'rejected' && one.note !== null) : undefined
  const why = node?.note ? FALLEN[node.note] : undefined
  return node && why ? [{ label: t('理由'), value: t('{name}：{comment}', { name: labelOf(instance, node), comment: t(why) }) }] : null
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

function nodeOf(state: State, task: Task): Node {
  const node = state.nodes[task.node - 1]
  if (!node) throw new Error('approvals: every task belongs to a node')
  return node
}
