import type { T } from '../../../platform/text.ts'
import type { Flow, PictureNode, Step } from '../../approvals/index.ts'
import type { Status } from '../rules/application.ts'

type State = 'done' | 'current' | 'waiting' | 'refused' | 'skipped'
const STATES: Record<PictureNode['status'], State> = { open: 'current', passed: 'done', skipped: 'skipped', rejected: 'refused', returned: 'refused', cancelled: 'skipped' }

/** The picture of the flow: each step with its last visit, from sending to the end. */
export function flowPage(t: T, flow: Flow, nodes: readonly PictureNode[], status: Status) {
  const last = new Map(nodes.map(node => [node.step, node]))
  // After an end, what was not reached will not come any more.
  const ahead: State = status === 'rejected' || status === 'withdrawn' ? 'skipped' : 'waiting'
  const end: State = status === 'approved' ? 'done' : status === 'rejected' ? 'refused' : status === 'withdrawn' ? 'skipped' : 'waiting'
  return [
    { name: t('提交申请'), state: 'done' },
    ...flow.nodes.map(step => stepPage(t, step, last, ahead)),
    { name: t('办结'), state: end },
  ]
}

function stepPage(t: T, step: Step, last: ReadonlyMap<string, PictureNode>, ahead: State) {
  const node = last.get(step.id)
  const state = node ? STATES[node.status] : ahead
  if (step.kind === 'parallel') return { name: t(step.label), state, lanes: step.branches.flat().map(inner => lanePage(t, inner, last, ahead)) }
  return { name: t(step.label), state, who: peopleOf(t, node), note: noteOf(t, node) }
}

function lanePage(t: T, step: Step, last: ReadonlyMap<string, PictureNode>, ahead: State): { name: string; state: State; who: string } {
  const node = last.get(step.id)
  return { name: t(step.label), state: node ? STATES[node.status] : ahead, who: peopleOf(t, node) }
}

/** Of an or-signed node that is over, only who acted: the others had no part in it. */
function peopleOf(t: T, node: PictureNode | undefined): string {
  const acted = node?.tasks.filter(task => task.status === 'done') ?? []
  return (acted.length > 0 ? acted : node?.tasks ?? []).map(task => task.person_name).join(t('、'))
}

function noteOf(t: T, node: PictureNode | undefined): string | undefined {
  if (node?.note === 'nobody') return t('没有找到办理人')
  if (node?.note === 'self') return t('办理人就是申请人，不需要审批')
  return node?.status === 'returned' ? t('已退回') : undefined
}
