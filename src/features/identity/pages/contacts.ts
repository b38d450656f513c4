import { can } from '../../../platform/rights.ts'
import type { T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { ContactSettings } from '../jobs/push-member.ts'
import { problemOf } from '../rules/contact-problems.ts'
import { phaseLabels, readTotals } from '../rules/contact-run.ts'
import { type Decision, decisionLabels, decisionsFor, type DifferenceField, differenceFields, fieldNames, isDifferenceField } from '../rules/differences.ts'
import type { RunRow } from '../store/contact-runs.ts'
import type { countDifferences, DifferenceFilter, DifferenceRow } from '../store/differences.ts'
import type { countMembers } from '../store/members.ts'
import type { Person } from '../store/people.ts'

export type ContactsQuery = { show?: string; field?: string; q?: string; after?: string }

type Everything = {
  t: T
  query: ContactsQuery
  filter: DifferenceFilter
  rows: readonly DifferenceRow[]
  more: boolean
  counts: Awaited<ReturnType<typeof countDifferences>>
  members: Awaited<ReturnType<typeof countMembers>>
  due: number
  pulls: readonly RunRow[]
  pushes: readonly RunRow[]
  bulk: readonly RunRow[]
  writes: boolean
  settings: ContactSettings
}

/** The address book: how it stands, what is under way, what differs. */
export function contactsPage(all: Everything) {
  const { t, query, filter, rows, more, counts, pulls, writes } = all
  const filtered = Boolean(query.q || query.field)
  const number = (decision: string) => counts.filter(row => row.decision === decision).reduce((sum, row) => sum + row.count, 0)
  const address = (change: ContactsQuery) => `/admin/contacts?${new URLSearchParams(Object.entries({ ...query, after: '', ...change }).filter(([, value]) => value))}`
  const last = rows.at(-1)
  const [field] = filter.fields ?? []
  return {
    title: t('通讯录'), lead: t('企业微信通讯录和本校名单的差异'), writes, running: runningOf(all), notes: notesOf(all), figures: figuresOf(all), never: pulls.length === 0,
    segments: { label: t('差异'), items: (['open', 'ours', 'ignore'] as const).map(show => ({ label: t(SHOWN[show]), href: address({ show: show === 'open' ? '' : show }), current: filter.decision === show, count: number(show) })) },
    filters: {
      action: '/admin/contacts', target: 'differences', search: { value: query.q, label: t('姓名、学工号或企业微信账号') }, ...(filtered && { clear: address({ q: '', field: '' }) }),
      fields: [{ name: 'field', label: t('差在哪里'), type: 'select', value: query.field, options: fieldNames.map(value => ({ value, text: `${t(differenceFields[value].label)}（${counts.find(row => row.field === value && row.decision === filter.decision)?.count ?? 0}）` })).filter(({ text, value }) => !text.endsWith('（0）') || value === query.field) }],
    },
    show: filter.decision, rows: rows.map(row => ({ id: row.id, href: `/admin/contacts/differences/${row.id}`, cells: cellsOf(t, row) })),
    buttons: buttonsFor(t, filter, writes),
    all: field !== undefined && filter.decision === 'open' && query.q === undefined ? decisionsFor(field, { writes }).map(decision => ({ label: t('全部：{decision}', { decision: t(decisionLabels[decision]) }), href: `/admin/contacts/decisions/all?${new URLSearchParams({ field, decision })}` })) : [],
    next: more && last ? address({ after: last.id }) : undefined, first: query.after ? address({}) : undefined,
    empty: filtered ? { title: t('没有符合条件的差异'), note: t('换一个词，或者清除筛选再试') } : pulls.length === 0 ? { title: t('还没有核对过'), note: t('核对只读取通讯录，不会改动它') } : { title: t(EMPTY[filter.decision]), note: t('每天凌晨自动核对一次') },
  }
}

const SHOWN = { open: '待处理', ours: '等待写入', ignore: '已忽略' } as const
const EMPTY = { open: '没有差异', ours: '没有等待写入的', ignore: '没有忽略的' } as const

function buttonsFor(t: T, { decision, fields }: DifferenceFilter, writes: boolean) {
  const button = (word: Decision) => ({ label: t(decisionLabels[word]), name: 'decision', value: word, ...(word === 'ours' && { kind: 'tint' }) })
  if (decision === 'ignore') return [button('reopen')]
  if (decision === 'ours') return [button('ignore')]
  const [field] = fields ?? []
  const words: Decision[] = field === undefined ? [...(writes ? ['ours' as const] : []), 'theirs', 'ignore'] : decisionsFor(field, { writes })
  return words.map(button)
}

function cellsOf(t: T, row: DifferenceRow) {
  const meaning = isDifferenceField(row.field) ? differenceFields[row.field] : null
  return {
    name: { text: row.name, note: row.number ?? (row.subject.startsWith('m:') ? row.subject.slice(2) : '') },
    field: { tag: { text: t(meaning?.label ?? row.field), meaning: toneOf(row) } },
    ours: saidBy(t, row, 'ours'), theirs: row.problem !== null ? { text: saidBy(t, row, 'theirs'), note: t(problemOf(row.problem).operator, { code: row.problem }) } : saidBy(t, row, 'theirs'),
    since: { time: row.first_seen },
  }
}

function toneOf({ problem, decision, field }: DifferenceRow): string {
  if (problem !== null) return 'red'
  if (decision === 'ignore') return 'grey'
  return decision === 'ours' ? 'blue' : field === 'hidden' ? 'grey' : 'amber'
}

/** Words for what stands on a side; where a whole member or department is missing, that. */
function saidBy(t: T, row: DifferenceRow, side: 'ours' | 'theirs'): string {
  const said = row[side]
  if ((row.field === 'unit-unknown' && side === 'theirs') || (row.field === 'unit-missing' && side === 'ours')) return said ? t('在“{name}”下面', { name: said }) : t('在最上面一级')
  if (said !== null) return said === '' ? t('（空）') : t(said)
  if (row.field === 'missing' || row.field === 'unit-missing') return side === 'ours' ? t('在名单里') : t('没有')
  if (row.field === 'unknown' || row.field === 'unit-unknown') return side === 'ours' ? t('没有') : t('在通讯录里')
  return ''
}

/** What runs now, and how far it is. */
function runningOf({ t, pulls, pushes, bulk }: Everything) {
  return [...pulls.slice(0, 1), ...pushes, ...bulk].filter(run => run.status === 'running').map(run => {
    const totals = readTotals(run.totals)
    const deciding = run.kind === 'decide'
    const label = deciding ? t('批量处理差异') : t(phaseLabels[`${run.kind} ${run.phase}`] ?? '正在进行')
    const walking = run.kind === 'pull' && run.phase === 'members'
    const notes = { pull: '已读到 {members} 个成员', push: '已写入 {written} 个成员', decide: '已处理 {done} 项' }
    return {
      label, value: walking ? totals['walked'] ?? 0 : 0, total: walking ? totals['departments'] ?? 1 : 1,
      note: t(notes[run.kind], { members: totals['members'] ?? 0, written: totals['written'] ?? 0, done: totals['done'] ?? 0 }),
      waits: run.waits_until, problem: run.problem === null ? '' : t(problemOf(run.problem).operator, { code: run.problem }),
    }
  })
}

/** What the reader should know before the list. */
function notesOf({ t, writes, pulls, pushes, bulk, settings }: Everything) {
  const failed = [...pulls.slice(0, 1), ...pushes].filter(run => run.status === 'failed' && run.problem !== null)
  const [decided] = bulk.filter(run => run.status === 'done')
  const { done = 0, failed: refused = 0 } = decided ? readTotals(decided.totals) : {}
  return [
    ...(writes ? [] : [{ meaning: 'warn', text: t('没有配置通讯录同步的 Secret（WECOM_CONTACTS_SECRET）：这里只读取和核对，不写入企业微信。应用看不到可见范围以外的成员，他们会列为“不在企业微信”') }]),
    ...failed.map(run => ({ meaning: 'error', text: t(run.kind === 'pull' ? '上次核对没有做完：{reason}' : '上次写入没有做完：{reason}', { reason: t(problemOf(run.problem ?? '').operator, { code: run.problem ?? '' }) }) })),
    ...(writes && settings.leavers === 'delete' ? [{ meaning: 'info', text: t('已离开学校的人，他们的企业微信成员会被删除（WECOM_CONTACTS_LEAVERS=delete）') }] : []),
    ...(decided && refused > 0 ? [{ meaning: 'warn', text: t('上次批量处理：{done} 项已处理，{failed} 项不能这样处理', { done, failed: refused }) }] : []),
  ]
}

function figuresOf({ t, members, due, pulls }: Everything) {
  const of = (status: number) => members.find(row => row.status === status)?.count ?? 0
  const nobody = members.filter(row => row.status !== 5).reduce((sum, row) => sum + row.nobody, 0)
  const [done] = pulls.filter(run => run.status === 'done')
  return {
    items: [
      { label: t('已激活'), value: of(1) }, { label: t('未激活'), value: of(4) }, { label: t('已停用'), value: of(2) }, { label: t('已离开'), value: of(5) },
      { label: t('不在本校名单'), value: nobody, href: '/admin/contacts?field=unknown' },
    ],
    due: due > 0 ? t('{due} 个成员等待写入', { due }) : null,
    last: done?.finished_at ?? null,
  }
}

type One = { t: T; reader: SignedIn; row: DifferenceRow; others: readonly DifferenceRow[]; person: Person | null; writes: boolean; settings: ContactSettings }

/** One difference: both sides, what each decision does. */
export function differencePage({ t, reader, row, others, person, writes, settings }: One) {
  const field = isDifferenceField(row.field) ? row.field : 'refused'
  const effects = effectsOf(t, field, settings)
  const open: Decision[] = row.decision === 'ignore' ? ['reopen'] : decisionsFor(field, { writes })
  return {
    title: row.name, back: { label: t('通讯录'), href: '/admin/contacts' }, id: row.id,
    facts: [
      { label: t('差在哪里'), tag: { text: t(differenceFields[field].label), meaning: toneOf(row) } },
      ...(row.number === null ? [] : [{ label: t('学工号'), value: row.number, ...(person && can(reader, 'people.read') && { href: `/admin/people/${person.id}` }) }]),
      ...(row.subject.startsWith('m:') ? [{ label: t('企业微信账号'), value: row.subject.slice(2) }] : []),
      { label: t('本校'), value: saidBy(t, row, 'ours') }, { label: t('企业微信'), value: saidBy(t, row, 'theirs') }, { label: t('发现时间'), time: row.first_seen },
    ],
    problem: row.problem === null ? null : t(problemOf(row.problem).operator, { code: row.problem }),
    pending: row.decision === 'ours' ? t('已选择以本校为准，等待写入') : row.decision === 'ignore' ? t('这一项已忽略：不再提示，也不会写入') : null,
    choices: open.map(decision => ({ decision, label: t(decisionLabels[decision]), effect: effects[decision], kind: decision === 'ours' ? (field === 'unknown' || field === 'unit-unknown' ? 'danger' : 'tint') : undefined })),
    others: others.filter(other => other.id !== row.id).map(other => ({ title: t(isDifferenceField(other.field) ? differenceFields[other.field].label : other.field), href: `/admin/contacts/differences/${other.id}`, note: `${saidBy(t, other, 'ours')} / ${saidBy(t, other, 'theirs')}` })),
  }
}

function effectsOf(t: T, field: DifferenceField, { leavers }: ContactSettings): Record<Decision, string> {
  const { ours, ...meaning } = differenceFields[field]
  const unknown = leavers === 'delete' ? '在企业微信里删除这个成员，不能撤回' : '在企业微信里停用这个成员，以后可以再启用'
  return {
    ours: field === 'unknown' ? t(unknown) : t(ours ?? ''), theirs: 'theirs' in meaning ? t(meaning.theirs) : '',
    ignore: t('以后核对不再提示这一项，名单改变时也不写入；随时可以恢复'), reopen: t('重新列为待处理'),
  }
}

/** Asks before many are decided at once. */
export function questionPage(t: T, { field, decision, count, settings }: { field: DifferenceField; decision: Decision; count: number; settings: ContactSettings }) {
  const title = t('全部：{decision}', { decision: t(decisionLabels[decision]) })
  const sentence = t('“{field}”的 {count} 处差异会一起处理', { field: t(differenceFields[field].label), count })
  const confirm = { title, sentence, effects: [effectsOf(t, field, settings)[decision]], danger: decision === 'ours', action: '/admin/contacts/decisions/all', label: t('确认'), back: `/admin/contacts?field=${field}`, hidden: { field, decision } }
  return { title, heading: false, confirm }
}
