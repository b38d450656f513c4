import type { EventRow } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'
import type { T } from '../../../platform/text.ts'
import { decided, type Decision, type PictureNode } from '../../approvals/index.ts'
import { applicationApproved, applicationRejected } from '../events.ts'

type Labels = ReadonlyMap<string, EventLabel>
type DecisionRow = { id: string; person_name: string; label: string; decision: Decision; comment: string; created_at: number }
type Facts = { events: readonly EventRow[]; decisions: readonly DecisionRow[]; nodes: readonly PictureNode[]; labels: Labels; names: ReadonlyMap<string, string> }

type Tag = { text: string; meaning: string }
export type TimelineEvent = { name: string; role?: string; decision?: Tag; comment?: string; at?: number; waiting?: string; icon?: string; meaning?: string }

/** They follow from a decision that stands above them with its person. */
const CONSEQUENCES = new Set([applicationApproved.name, applicationRejected.name])
const TONES = { good: 'green', bad: 'red', wait: 'amber', quiet: 'grey' } as const
const ICONS = { good: 'check', bad: 'cross', wait: 'clock', quiet: 'info' } as const
export const DECISIONS = {
  approve: { text: '同意', meaning: 'green' }, reject: { text: '驳回', meaning: 'red' }, return: { text: '退回', meaning: 'amber' },
} as const

/** What happened, oldest first, and whom it waits for. Events that no feature has words for are not for people. */
export function timelinePage(t: T, { events, decisions, nodes, labels, names }: Facts): TimelineEvent[] {
  const byId = new Map(decisions.map(decision => [decision.id, decision]))
  const past = events.flatMap((event): TimelineEvent[] => {
    const decision = event.name === decided.name ? byId.get(String(event.data.decision_id)) : undefined
    if (decision) return [decisionLine(t, decision)]
    const label = labels.get(event.name)
    return label ? [eventLine(t, event, label, names)] : []
  })
  return [...past, ...nodes.flatMap(node => waitingLines(t, node))]
}

// A pool of more people than these is one line.
const EACH = 3

function waitingLines(t: T, { label, tasks }: PictureNode): TimelineEvent[] {
  const names = tasks.filter(task => task.status === 'open').map(task => task.person_name)
  const lines = names.length > EACH ? [t('{names}等 {n} 人', { names: names.slice(0, 2).join(t('、')), n: names.length })] : names
  return lines.map(name => ({ name, role: t(label), waiting: t('等待审批') }))
}

function decisionLine(t: T, { person_name, label, decision, comment, created_at }: DecisionRow): TimelineEvent {
  const { text, meaning } = DECISIONS[decision]
  return { name: person_name, role: t(label), decision: { text: t(text), meaning }, comment, at: created_at }
}

function eventLine(t: T, event: EventRow, { text, tone = 'quiet' }: EventLabel, names: ReadonlyMap<string, string>): TimelineEvent {
  const actor = event.actor_id === null || CONSEQUENCES.has(event.name) ? undefined : names.get(event.actor_id)
  const said = t(text, { ...plain(event.data), actor: actor ?? '' })
  const meaning = TONES[tone]
  // What a person did stands beside the name; what the system did is its own line.
  return actor && !text.includes('{actor}')
    ? { name: actor, ...(tone === 'quiet' ? { role: said } : { decision: { text: said, meaning } }), at: event.at }
    : { name: said, icon: ICONS[tone], meaning, at: event.at }
}

/** What came out of the application, as links: the last good or bad word on each. */
export function resultsPage(t: T, events: readonly EventRow[], labels: Labels) {
  const found = new Map<string, { title: string; href: string; icon: string; time: number; chevron: true }>()
  for (const event of events) {
    const label = labels.get(event.name)
    const href = label?.href?.(event.data)
    if (!label || !href || (found.has(href) && label.tone !== 'good' && label.tone !== 'bad')) continue
    found.set(href, { title: t(label.text, plain(event.data)), href, icon: 'certificate', time: event.at, chevron: true })
  }
  return [...found.values()]
}

function plain(data: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, String(value)]))
}
