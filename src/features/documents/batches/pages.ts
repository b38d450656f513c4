import type { CellError } from '../../../integrations/sources/index.ts'
import type { T } from '../../../platform/text.ts'
import { grouped } from '../rules.ts'
import type { Template } from '../templates.ts'
import { problemSentence } from './problems.ts'
import { type Counts, LONGEST_NAME, paceOf, settled, wanted } from './rules.ts'
import type { FiledItem } from './store.ts'
import type { BatchRow, Outcome } from './tables.ts'

type Tag = { text: string; meaning: string }

export const OUTCOMES: Record<Outcome, Tag> = {
  unchecked: { text: '等待检查', meaning: 'grey' }, barred: { text: '不能出具', meaning: 'amber' }, ready: { text: '等待出具', meaning: 'blue' },
  drawing: { text: '正在出具', meaning: 'blue' }, issued: { text: '已签章', meaning: 'green' }, failed: { text: '没有成功', meaning: 'red' }, revoked: { text: '已作废', meaning: 'amber' },
}

export const STATES: Record<BatchRow['status'], Tag> = {
  checking: { text: '正在检查', meaning: 'blue' }, ready: { text: '等待开始', meaning: 'amber' }, running: { text: '正在出具', meaning: 'blue' },
  paused: { text: '已暂停', meaning: 'amber' }, stopped: { text: '已停止', meaning: 'grey' }, done: { text: '已完成', meaning: 'green' },
}

const DELIVERIES: Record<BatchRow['deliver'], string> = { none: '不通知本人', wecom: '企业微信通知本人', mail: '企业微信通知，并寄到本人邮箱' }

/** What the list narrows to, under the words of the address. */
export const VIEWS: Record<string, { label: string; outcomes: readonly Outcome[] }> = {
  waiting: { label: '等待', outcomes: ['unchecked', 'ready', 'drawing'] }, issued: { label: '已签章', outcomes: ['issued'] },
  failed: { label: '没有成功', outcomes: ['failed'] }, barred: { label: '不能出具', outcomes: ['barred'] }, revoked: { label: '已作废', outcomes: ['revoked'] },
}

type Kinds = ReadonlyMap<string, Pick<Template, 'title'>>
const titleOf = (kinds: Kinds, kind: string, t: T) => t(kinds.get(kind)?.title ?? kind)

export function batchCell(t: T, kinds: Kinds, { id, name, kind, total, by_name, status, created_at }: BatchRow) {
  return { title: t(name), note: t('{title} · {n} 人 · {name}', { title: titleOf(kinds, kind, t), n: total, name: by_name }), icon: 'certificate', href: `/admin/documents/batches/${id}`, tag: { ...STATES[status], text: t(STATES[status].text) }, time: created_at }
}

export type Typed = { name: string; kind: string; purpose: string; again: boolean; deliver: string; by: string; unit: string; class_name: string; entered: string; all: boolean; numbers: string }

type New = { t: T; typed: Typed; kinds: readonly Template[]; units: readonly { id: string; name: string }[]; said(field: string): string | undefined; /** what is wrong with the list, by row */ faults: readonly CellError[] }

/** Faults shown at once: who has more of them has another kind of file. */
const SHOWN_FAULTS = 200

export function newPage({ t, typed, kinds, units, said, faults }: New) {
  return {
    title: t('批量出具'), back: { label: t('批量出具'), href: '/admin/documents/batches' }, scripts: ['js/show-when.js'], people: said('people'),
    wrong: faults.length > 0 && t('名单有 {n} 处错误，没有开始。请改好后重新选择文件', { n: faults.length }),
    faults: faults.slice(0, SHOWN_FAULTS).map(({ row, column, value, sentence, params }) => ({ cells: { row, column: column || '—', value: value ?? '', sentence: t(sentence, params) } })),
    kind: { name: 'kind', type: 'select', label: t('文件'), required: true, value: typed.kind, options: kinds.map(({ kind, title }) => ({ value: kind, text: t(title) })), error: said('kind') },
    name: { name: 'name', label: t('这一批的名称'), help: t('给自己看的，例如：2023 级出国项目。不填就用文件的名称'), value: typed.name, maxlength: LONGEST_NAME, error: said('name') },
    purpose: { name: 'purpose', label: t('用途'), help: t('印在证明上，只有写用途的证明才用得到'), value: typed.purpose, maxlength: 60, error: said('purpose') },
    by: { name: 'by', type: 'radio', label: t('给谁出具'), required: true, value: typed.by, options: [{ value: 'group', text: t('按院系、班级和年级'), help: t('不填的条件不限制') }, { value: 'numbers', text: t('按学号名单') }, { value: 'file', text: t('按名单文件') }], error: said('by') },
    unit: { name: 'unit', type: 'select', label: t('院系'), value: typed.unit, options: units.map(({ id, name }) => ({ value: id, text: name })), blank: t('不限') },
    className: { name: 'class_name', label: t('班级'), help: t('写全名，例如：计科 2301 班'), value: typed.class_name },
    entered: { name: 'entered', label: t('入学年份'), inputmode: 'numeric', maxlength: 4, placeholder: '2023', value: typed.entered, error: said('entered') },
    all: { name: 'all', type: 'checkbox', label: t('也包括已经毕业和离校的'), checked: typed.all },
    numbers: { name: 'numbers', type: 'textarea', rows: 6, label: t('学号'), help: t('可以从表格里整列复制过来，一行一个，或者用空格、逗号隔开'), value: typed.numbers, error: said('numbers') },
    file: { name: 'file', label: t('名单文件'), accept: '.xlsx,.csv', help: t('要有“学号”这一列，其他列不看。有错误时按行列出，一份也不出具'), error: said('file') ?? (faults.length > 0 ? t('请改好后重新选择文件') : undefined) },
    again: { name: 'again', type: 'checkbox', label: t('已经有同种有效文件的，也再出一份'), help: t('不选的话，这些人会列在“不能出具”里'), checked: typed.again },
    deliver: { name: 'deliver', type: 'radio', label: t('出具以后'), required: true, value: typed.deliver, options: Object.entries(DELIVERIES).map(([value, text]) => ({ value, text: t(text) })), help: t('通知会慢慢发出，不影响平时的消息'), error: said('deliver') },
  }
}

type Shown = { t: T; batch: BatchRow; kinds: Kinds; counts: Counts; items: readonly FiledItem[]; view: string; page: number; now: number; held: readonly string[] }

export function batchPage({ t, batch, kinds, counts, items, view, page, now, held }: Shown) {
  const { id, status, total } = batch
  const address = `/admin/documents/batches/${id}`
  const shown = items.slice(0, page)
  const last = items.length > page ? shown.at(-1) : undefined
  return {
    title: t(batch.name), lead: [titleOf(kinds, batch.kind, t), batch.facts.purpose, t(DELIVERIES[batch.deliver]), batch.by_name].filter(Boolean).join(' · '),
    back: { label: t('批量出具'), href: '/admin/documents/batches' }, running: status === 'checking' || status === 'running',
    tag: { ...STATES[status], text: t(STATES[status].text) }, notice: noticeOf(batch, counts, t), held: status === 'running' ? held : [],
    meter: status === 'checking' ? { label: t('已检查'), value: total - counts.unchecked, total } : { label: t('已处理'), value: settled(counts), total: wanted(counts) },
    figures: figuresOf(counts, status === 'running' && held.length === 0 ? paceOf(batch, counts, now) : null, t),
    acts: actsOf(batch, counts, t).map(act => ({ ...act, action: `${address}/${act.to}` })),
    links: [
      ...counts.issued > 0 ? [{ label: t('下载全部（zip）'), href: `${address}/archive`, icon: 'download', kind: 'tint' }] : [],
      ...['checking', 'ready', 'running', 'paused'].includes(status) ? [{ label: t('停止这一批'), href: `${address}/stop`, kind: 'danger' }] : [],
      ...counts.issued > 0 && status !== 'running' && batch.revoke_reason === null ? [{ label: t('整批作废'), href: `${address}/revocation`, kind: 'danger' }] : [],
    ],
    segments: [
      { label: t('全部'), href: address, current: view === '', count: total },
      ...Object.entries(VIEWS).map(([key, { label, outcomes }]) => ({ label: t(label), href: `?view=${key}`, current: view === key, count: outcomes.reduce((sum, outcome) => sum + counts[outcome], 0) })).filter(each => each.count > 0 || each.current),
    ],
    rows: shown.map(item => itemRow(item, t)),
    next: last && `?${new URLSearchParams({ ...view && { view }, after: last.id })}`,
  }
}

function itemRow({ id, number, name, outcome, problem, document_id, document }: FiledItem, t: T) {
  return { id, ...document_id && { href: `/documents/${document_id}` }, cells: {
    number, name, outcome: { tag: { ...OUTCOMES[outcome], text: t(OUTCOMES[outcome].text) }, text: '' },
    document: document ? { text: document.number, note: document.sha256 ? grouped(document.code) : '' } : '', problem: problemSentence(problem, t),
  } }
}

function figuresOf(counts: Counts, pace: ReturnType<typeof paceOf>, t: T) {
  return [
    { label: t('已签章'), value: counts.issued, href: '?view=issued' },
    ...counts.ready + counts.drawing > 0 ? [{ label: t('等待'), value: counts.ready + counts.drawing, href: '?view=waiting' }] : [],
    ...counts.failed > 0 ? [{ label: t('没有成功'), value: counts.failed, href: '?view=failed' }] : [],
    ...counts.barred > 0 ? [{ label: t('不能出具'), value: counts.barred, href: '?view=barred' }] : [],
    ...pace ? [{ label: t('速度'), value: t('每分钟 {n} 份', { n: Math.round(pace.perSecond * 60) }) }, { label: t('大约还要'), value: leftText(pace.left, t) }] : [],
  ]
}

function leftText(ms: number, t: T): string {
  if (ms < 60_000) return t('不到 1 分钟')
  const minutes = Math.ceil(ms / 60_000)
  return minutes < 60 ? t('{n} 分钟', { n: minutes }) : t('{n} 小时', { n: Math.round(minutes / 6) / 10 })
}

function noticeOf({ status, revoke_reason }: BatchRow, counts: Counts, t: T) {
  if (revoke_reason !== null) return { meaning: 'warn', text: counts.issued > 0 ? t('正在作废，还有 {n} 份。原因：{reason}', { n: counts.issued, reason: revoke_reason }) : t('这一批已经作废。原因：{reason}', { reason: revoke_reason }) }
  if (status === 'ready') return { meaning: 'info', text: counts.ready === 0 ? t('没有可以出具的人。下面写着每个人的原因') : t('检查完了：{n} 人可以出具。还没有出具任何文件，点“开始出具”才会开始', { n: counts.ready }) }
  if (status === 'paused') return { meaning: 'info', text: t('已经暂停。已签章的文件有效，其余的等继续以后再出具') }
  if (status === 'stopped') return { meaning: 'info', text: t('已经停止。已签章的文件有效，其余的不再出具') }
  return undefined
}

function actsOf({ status }: BatchRow, { ready, failed }: Counts, t: T): { label: string; to: string; kind?: string; icon?: string }[] {
  const retry = { label: t('重试没有成功的'), to: 'retry', icon: 'refresh' }
  if (status === 'ready') return ready > 0 ? [{ label: t('开始出具'), to: 'beginning', kind: 'main' }] : []
  if (status === 'running') return [{ label: t('暂停'), to: 'pause' }]
  if (status === 'paused') return [{ label: t('继续'), to: 'resumption', kind: 'main' }, ...failed > 0 ? [retry] : []]
  return status === 'done' && failed > 0 ? [retry] : []
}

export function stopPage(batch: BatchRow, counts: Counts, t: T) {
  const address = `/admin/documents/batches/${batch.id}`
  return { title: t('停止这一批'), heading: false, confirm: {
    title: t('停止这一批'), danger: true, label: t('停止'), back: address, action: `${address}/stop`,
    sentence: t('停止以后不能继续，还有 {n} 人没有出具。需要时可以另开一批。', { n: counts.unchecked + counts.ready + counts.drawing }), effects: [t('已签章的 {n} 份文件仍然有效', { n: counts.issued })],
  } }
}

export function batchRevocationPage(batch: BatchRow, counts: Counts, t: T, longest: number, typed = '', error?: string) {
  const address = `/admin/documents/batches/${batch.id}`
  return { title: t('整批作废'), heading: false, confirm: {
    title: t('整批作废'), danger: true, label: t('作废 {n} 份', { n: counts.issued }), back: address, action: `${address}/revocation`,
    sentence: t('这一批的 {n} 份文件会全部作废，不能恢复。', { n: counts.issued }), effects: [t('用验证码或文件核验的人会看到“已作废”和下面的原因'), t('每个持有人都会收到通知')],
    reason: { value: typed, help: t('核验的人会看到，请不要写个人隐私'), required: true, maxlength: longest, ...error && { error } },
  } }
}
