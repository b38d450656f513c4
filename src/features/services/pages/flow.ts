import { dayParts } from '../../../platform/dates.ts'
import type { T } from '../../../platform/text.ts'
import { branchesOf, type Copy, type Flow, type PictureNode, type Step } from '../../approvals/index.ts'
import type { Status } from '../rules/application.ts'

type State = 'done' | 'current' | 'waiting' | 'refused' | 'skipped'
type Lane = { name: string; state: State; who: string }
type StepPage = { name: string; state: State; who?: string; note?: string | undefined; lanes?: Lane[] }

const STATES: Record<PictureNode['status'], State> = { open: 'current', passed: 'done', skipped: 'skipped', rejected: 'refused', returned: 'refused', cancelled: 'skipped' }
const ENDS: Partial<Record<Status, State>> = { approved: 'done', rejected: 'refused', withdrawn: 'skipped', revoked: 'skipped', ended: 'refused' }

type Facts = { nodes: readonly PictureNode[]; copies: readonly Copy[]; choices: ReadonlyMap<string, readonly number[]>; status: Status }
type Drawing = Omit<Facts, 'nodes' | 'status'> & { t: T; last: ReadonlyMap<string, PictureNode>; ahead: State }

/** The picture of the flow: each step with its last visit, from sending to the end. */
export function flowPage(t: T, flow: Flow, { nodes, copies, choices, status }: Facts): StepPage[] {
  const end = ENDS[status] ?? 'waiting'
  // After an end, what was not reached will not come any more.
  const drawing: Drawing = { t, copies, choices, last: new Map(nodes.map(node => [node.step, node])), ahead: end === 'waiting' || end === 'done' ? 'waiting' : 'skipped' }
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
  const branches = branchesOf(step).filter((_, index) => !chosen || chosen.includes(index))
  const page = { name: t(step.label), state: stateOf(drawing, step), who: peopleOf(drawing, step), note: noteOf(drawing, step) }
  if (step.kind === 'condition' && chosen) return [page, ...branches.flat().flatMap(inner => stepPages(drawing, inner))]
  return branches.length > 0 ? [{ ...page, lanes: branches.flat().flatMap(inner => lanesOf(drawing, inner)) }] : [page]
}

function lanesOf(drawing: Drawing, step: Step): Lane[] {
  const { t, choices } = drawing
  const chosen = choices.get(step.id)
  const inside = branchesOf(step).filter((_, index) => !chosen || chosen.includes(index)).flat().flatMap(inner => lanesOf(drawing, inner))
  return inside.length > 0 ? inside : [{ name: t(step.label), state: stateOf(drawing, step), who: peopleOf(drawing, step) }]
}

function stateOf({ last, ahead }: Drawing, step: Step): State {
  const node = last.get(step.id)
  return node ? STATES[node.status] : ahead
}

/** Of an or-signed node that is over, only who acted: the others had no part in it. */
function peopleOf({ t, last, copies }: Drawing, step: Step): string {
  const node = last.get(step.id)
  if (step.kind === 'cc') return copies.filter(copy => copy.node_id !== null && copy.node_id === node?.id).map(copy => copy.person_name).join(t('、'))
  const acted = node?.tasks.filter(task => task.status === 'done' && task.ended_as !== 'claim' && task.ended_as !== 'transfer') ?? []
  const open = node?.tasks.filter(task => task.status === 'open') ?? []
  return [...new Set((acted.length + open.length > 0 ? [...acted, ...open] : node?.tasks ?? []).map(task => task.person_name))].join(t('、'))
}

function noteOf({ t, last, choices }: Drawing, step: Step): string | undefined {
  const node = last.get(step.id)
  const words = node?.note ? NOTES[node.note] : undefined
  if (words && step.kind !== 'route') return t(words)
  if (step.kind === 'condition' || step.kind === 'inclusive') {
    const labels = (choices.get(step.id) ?? []).map(index => t(step.branches[index]?.label ?? '其他情况'))
    return labels.length > 0 ? labels.join(t('、')) : undefined
  }
  if (step.kind === 'route' && node?.note === 'jumped') return t('已跳转')
  if (step.kind === 'delay' && node?.status === 'open' && node.due_at !== null) return t('到 {month}{day}日 {time}', dayParts(t, node.due_at))
  return node?.status === 'returned' ? t('已退回') : undefined
}

const NOTES: Record<NonNullable<PictureNode['note']>, string> = {
  nobody: '没有找到办理人', self: '办理人就是申请人，不需要审批', again: '办理人此前已同意，不再重复审批', jumped: '已跳过', overdue: '已超过办理时限', failed: '系统调用失败',
}
