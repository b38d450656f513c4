import { dayParts } from '../../../platform/dates.ts'
import type { EventRow } from '../../../platform/events.ts'
import type { EventLabel } from '../../../platform/feature.ts'
import type { T } from '../../../platform/text.ts'
import { acted, actText, type Copy, decided, type Decision, type PictureNode, type Remark } from '../../approvals/index.ts'
import { saidField } from '../rules/said.ts'
import { applicationApproved, applicationEnded, applicationRejected, applicationRevoked, applicationSubmitted, attachmentInfected } from '../events.ts'

type Labels = ReadonlyMap<string, EventLabel>
type DecisionRow = { id: string; person_name: string; label: string; decision: Decision; comment: string; signature: string | null; created_at: number }
type Facts = {
  events: readonly EventRow[]
  decisions: readonly DecisionRow[]
  remarks: readonly Remark[]
  copies: readonly Copy[]
  nodes: readonly PictureNode[]
  /** epoch ms */
  now: number
  labels: Labels
  names: ReadonlyMap<string, string>
  /** handwritten signatures, by what the decision keeps */
  drawn: ReadonlyMap<string, Signature>
  /** files of comments and decisions, by what they are kept under */
  said: ReadonlyMap<string, SaidFile[]>
}

/** `href`: null where the viewer may not open it */
export type SaidFile = { label: string; href: string | null }

/** Of these files those that came with comments and decisions, each as a line. */
export function saidIn<File extends { field: string }>(files: readonly File[], line: (file: File) => SaidFile): ReadonlyMap<string, SaidFile[]> {
  const said = files.filter(({ field }) => field.startsWith(saidField('')))
  return new Map([...Map.groupBy(said, file => file.field)].map(([field, rows]) => [field, rows.map(line)]))
}

type Tag = { text: string; meaning: string }
/** `initials`: whose, where the name says more than one */
export type TimelineEvent = { name: string; initials?: string; role?: string; decision?: Tag; comment?: string; at?: number; waiting?: string; icon?: string; meaning?: string; signature?: Signature; files?: SaidFile[] }
/** `src`: its picture, where the viewer may open that */
export type Signature = { src?: string; text: string }

/** They follow from an act that stands above them with its person. */
const CONSEQUENCES = new Set([applicationApproved.name, applicationRejected.name, applicationRevoked.name, applicationEnded.name])
const TONES = { good: 'green', bad: 'red', wait: 'amber', quiet: 'grey' } as const
const ICONS = { good: 'check', bad: 'cross', wait: 'clock', quiet: 'info' } as const
export const DECISIONS = {
  approve: { text: '同意', meaning: 'green' }, reject: { text: '驳回', meaning: 'red' }, return: { text: '退回', meaning: 'amber' }, reply: { text: '回复', meaning: 'blue' },
} as const

/** What happened, oldest first, and whom it waits for. Events that no feature has words for are not for people. */
export function timelinePage(t: T, { events, decisions, remarks, copies, nodes, now, labels, names, drawn, said }: Facts): TimelineEvent[] {
  const byId = new Map(decisions.map(decision => [decision.id, decision]))
  const remarksById = new Map(remarks.map(one => [one.id, one]))
  const sent = events.findIndex(event => event.name === applicationSubmitted.name)
  // What was found in a draft came to nobody: the form could not be sent with it.
  const past = events.filter((event, at) => at > sent || event.name !== attachmentInfected.name).flatMap((event): TimelineEvent[] => {
    const decision = event.name === decided.name ? byId.get(String(event.data.decision_id)) : undefined
    if (decision) return [decisionLine(t, decision, drawn, said.get(saidField(decision.id)) ?? [])]
    if (event.name === acted.name) return [remarksById.get(String(event.data.remark_id)) ?? []].flat().map(one => remarkLine(t, one, said.get(saidField(one.id)) ?? []))
    const label = labels.get(event.name)
    return label ? [eventLine(t, event, label, names)] : []
  })
  const told = [...copyLines(t, copies, nodes), ...jumpLines(t, nodes)]
  return [...[...past, ...told].toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)), ...nodes.flatMap(node => waitingLines(t, node, now))]
}

// A pool of more people than these is one line.
const EACH = 3

const WAITING = { decide: '等待审批', claim: '等待认领', reply: '等待回复' }

function waitingLines(t: T, { label, kind, status, due_at, tasks }: PictureNode, now: number): TimelineEvent[] {
  if (status === 'open' && kind === 'delay') return [{ name: t(label), icon: 'clock', meaning: 'grey', waiting: due_at === null ? t('等待时间到') : t('等到 {time}', { time: dayTime(t, due_at) }) }]
  if (status === 'open' && kind === 'trigger') return [{ name: t(label), icon: 'clock', meaning: 'grey', waiting: t('等待系统处理') }]
  const open = tasks.filter(task => task.status === 'open')
  const nameOf = ({ person_name, for_name }: typeof open[number]) => for_name ? t('{name}（代 {other}）', { name: person_name, other: for_name }) : person_name
  const lines = open.length > EACH
    ? [{ name: t('{names}等 {n} 人', { names: open.slice(0, 2).map(nameOf).join(t('、')), n: open.length }), icon: 'people', meaning: 'grey' }]
    : open.map(task => ({ name: nameOf(task), initials: task.person_name }))
  const late = due_at === null ? '' : t(due_at < now ? '，已过 {time} 的时限' : '，{time} 前办理', { time: dayTime(t, due_at) })
  return lines.map((line, index) => ({ ...line, role: t(label), waiting: t(WAITING[open[index]?.wants ?? 'decide']) + late }))
}

function decisionLine(t: T, { person_name, label, decision, comment, signature, created_at }: DecisionRow, drawn: Facts['drawn'], files: SaidFile[]): TimelineEvent {
  const { text, meaning } = DECISIONS[decision]
  return { name: person_name, role: t(label), decision: { text: t(text), meaning }, comment, at: created_at, ...(signature !== null && { signature: drawn.get(signature) ?? { text: t('{name}（输入的签名）', { name: signature }) } }), ...(files.length > 0 && { files }) }
}

const MARKS: Partial<Record<Remark['act'], { icon: string; meaning: string }>> = { called: { icon: 'check', meaning: 'green' }, 'call-failed': { icon: 'cross', meaning: 'red' } }

/** What nobody did stands as its own line. */
function remarkLine(t: T, { person_name, label, act, whom, text, created_at }: Remark, files: SaidFile[]): TimelineEvent {
  const said = actText(t, { act, whom })
  const words = { at: created_at, ...(text && { comment: text }), ...(files.length > 0 && { files }) }
  return person_name === null ? { name: said, ...(label && { role: t(label) }), ...MARKS[act] ?? { icon: 'clock', meaning: 'amber' }, ...words } : { name: person_name, role: said, ...words }
}

/** 抄送 by a node; by hand it stands with who did it. */
function copyLines(t: T, copies: readonly Copy[], nodes: readonly PictureNode[]): TimelineEvent[] {
  return nodes.flatMap(node => {
    const sent = copies.filter(copy => copy.node_id === node.id)
    const [first] = sent
    return first ? [{ name: t('抄送给 {names}', { names: sent.map(copy => copy.person_name).join(t('、')) }), role: t(node.label), icon: 'send', meaning: 'grey', at: first.created_at }] : []
  })
}

/** Why a step that was passed is asked again, or one is passed over: nobody's act says it. */
function jumpLines(t: T, nodes: readonly PictureNode[]): TimelineEvent[] {
  return nodes.filter(({ kind, note }) => kind === 'route' && note === 'jumped').map(({ label, started_at }) => ({ name: t(label), role: t('已跳转'), icon: 'swap', meaning: 'grey', at: started_at }))
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

function dayTime(t: T, at: number): string {
  return t('{month}{day}日 {time}', dayParts(t, at))
}
