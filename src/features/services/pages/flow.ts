import { dayParts } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { branchesOf, type Copy, type Flow, type ForeseenStep, type PictureNode, type Step } from '../../approvals/index.ts'
import type { Status } from '../rules/application.ts'
import { elapsed } from '../rules/standing.ts'

type State = 'done' | 'current' | 'waiting' | 'refused' | 'skipped'
type Branch = { name: string | undefined; steps: StepPage[] }
type StepPage = { name: string; state: State; who?: string; note?: string | undefined; branches?: Branch[] }

const STATES: Record<PictureNode['status'], State> = { open: 'current', passed: 'done', skipped: 'skipped', rejected: 'refused', returned: 'refused', cancelled: 'skipped' }
const ENDS: Partial<Record<Status, State>> = { approved: 'done', rejected: 'refused', withdrawn: 'skipped', revoked: 'skipped', ended: 'refused' }

/** `next` and `now` are of an instance that runs: what is foreseen, and the instant (epoch ms) until which holding is counted. */
type Facts = { nodes: readonly PictureNode[]; copies: readonly Copy[]; choices: ReadonlyMap<string, readonly number[]>; status: Status; next?: readonly ForeseenStep[]; now?: number }
type Drawing = Pick<Facts, 'copies' | 'choices'> & { now: number; next: ReadonlyMap<string, ForeseenStep>; t: T; last: ReadonlyMap<string, PictureNode>; ahead: State }

/** The picture of the flow: each step with its last visit, from sending to the end. */
export function flowPage(t: T, flow: Flow, { nodes, copies, choices, status, next = [], now = 0 }: Facts): StepPage[] {
  const end = ENDS[status] ?? 'waiting'
  // After an end, what was not reached will not come any more.
  const drawing: Drawing = {
    t, copies, choices, now, next: new Map(next.map(step => [step.id, step])), last: new Map(nodes.map(node => [node.step, node])), ahead: end === 'waiting' || end === 'done' ? 'waiting' : 'skipped',
  }
  return [
    { name: t('提交申请'), state: 'done' },
    ...flow.nodes.flatMap(step => stepPages(drawing, step)),
    { name: t('办结'), state: end },
  ]
}

/** A condition that has been answered shows the way that was taken; what runs side by side stands side by side. */
function stepPages(drawing: Drawing, step: Step): StepPage[] {
  const { t, choices } = drawing
  const chosen = choices.get(step.id)
  const branches = branchesOf(step).map((steps, index) => ({ steps, index })).filter(({ steps, index }) => chosen ? chosen.includes(index) : steps.length > 0)
  const page = { name: t(step.label), state: stateOf(drawing, step), who: peopleOf(drawing, step), note: noteOf(drawing, step) }
  if (step.kind === 'condition' && chosen) return [page, ...branches.flatMap(({ steps }) => steps.flatMap(inner => stepPages(drawing, inner)))]
  return branches.length > 0 ? [{ ...page, branches: branches.map(({ steps, index }) => ({ name: branchName(t, step, index), steps: steps.flatMap(inner => stepPages(drawing, inner)) })) }] : [page]
}

/** When a branch is walked; those that are always walked need no name. */
function branchName(t: T, step: Step, index: number): string | undefined {
  if (step.kind === 'sub-process') return t('子流程')
  return step.kind === 'condition' || step.kind === 'inclusive' ? t(step.branches[index]?.label ?? '其他情况') : undefined
}

function stateOf({ last, ahead }: Drawing, step: Step): State {
  const node = last.get(step.id)
  return node ? STATES[node.status] : ahead
}

/** Of an or-signed node that is over, only who acted: the others had no part in it. */
function peopleOf({ t, last, copies, next }: Drawing, step: Step): string {
  const node = last.get(step.id)
  const foreseen = node ? [] : next.get(step.id)?.people ?? []
  if (foreseen.length > 0) return t('预计 {names}', { names: namesText(t, foreseen.map(person => person.name)) })
  if (step.kind === 'cc') return copies.filter(copy => copy.node_id !== null && copy.node_id === node?.id).map(copy => copy.person_name).join(t('、'))
  const acted = node?.tasks.filter(task => task.status === 'done' && task.ended_as !== 'claim' && task.ended_as !== 'transfer') ?? []
  const open = node?.tasks.filter(task => task.status === 'open') ?? []
  return namesText(t, [...new Set((acted.length + open.length > 0 ? [...acted, ...open] : node?.tasks ?? []).map(task => task.person_name))])
}

function noteOf(drawing: Drawing, step: Step): string | undefined {
  const { t, last, choices, next } = drawing
  const node = last.get(step.id)
  if (!node) return next.get(step.id)?.outcome === 'passed' ? t('预计跳过') : undefined
  const words = node.note ? NOTES[node.note] : undefined
  if (words && step.kind !== 'route') return t(words)
  if (step.kind === 'condition' || step.kind === 'inclusive') {
    const labels = (choices.get(step.id) ?? []).map(index => t(step.branches[index]?.label ?? '其他情况'))
    return labels.length > 0 ? labels.join(t('、')) : undefined
  }
  if (step.kind === 'route' && node.note === 'jumped') return t('已跳转')
  if (step.kind === 'delay' && node.status === 'open' && node.due_at !== null) return t('到 {month}{day}日 {time}', dayParts(t, node.due_at))
  if (node.status === 'returned') return t('已退回')
  return step.kind === 'approval' && node.status === 'open' ? heldText(drawing, node) : undefined
}

/** For how long it has been here, and by when it should be done. */
function heldText({ t, now }: Drawing, { started_at, due_at }: PictureNode): string {
  const since = t('已 {elapsed}', { elapsed: elapsed(t, now - started_at) })
  if (due_at === null) return since
  return t('{since}，{due}', { since, due: due_at < now ? t('已超时') : t('{month}{day}日 {time} 前办理', dayParts(t, due_at)) })
}

/** More names than these are counted. */
const NAMED = 4

function namesText(t: T, names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(t('、'))
  return names.length > NAMED ? t('{names}等 {n} 人', { names: shown, n: names.length }) : shown
}

/** Why a step is as it is, where nobody's act says so. */
export const NOTES: Record<NonNullable<PictureNode['note']>, string> = {
  nobody: '没有找到办理人', self: '办理人就是申请人，不需要审批', again: '办理人此前已同意，不再重复审批', jumped: '已跳过', overdue: '已超过办理时限', failed: '系统调用失败',
}
