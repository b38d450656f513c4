import type { T } from '../../../platform/text.ts'
import type { RowOutcome } from '../import-tables.ts'
import { marksFor, restTime } from '../rules/import.ts'
import type { listMarks } from '../store/import-missing.ts'
import type { Progress } from '../store/import-rows.ts'
import type { Import, peopleBehind } from '../store/imports.ts'
import { factsWords, fileFaults, kindLabels, remarks, restWords, tagOf } from './import-words.ts'

export type Tab = RowOutcome | 'missing'
export const TABS: Readonly<Record<Tab, string>> = { refused: '不能导入', changed: '修改', created: '新增', missing: '不在名单里', unchanged: '不变', conflict: '已跳过', left: '没有写入' }

export type Seen = {
  t: T
  now: number
  found: Import
  progress: Progress
  counts: ReadonlyMap<RowOutcome, number>
  behind: Awaited<ReturnType<typeof peopleBehind>>
  marks: Awaited<ReturnType<typeof listMarks>>
  /** the import that is being written meanwhile */
  other: { id: string; file_name: string; name: string | null } | null
}

/** Everything around the lists: where the import stands, what it came to, what can be done. */
export function importPage(seen: Seen) {
  const { t, found } = seen
  const { id, status } = found
  return {
    title: found.file_name, back: { label: t('导入名单'), href: '/admin/import' }, id, phase: status, tag: tagOf(t, status), kind: t(kindLabels[found.kind]),
    notice: noticeOf(seen), meter: meterOf(seen), polling: status === 'reading' || status === 'applying' || seen.marks.some(mark => mark.finished_at === null),
    facts: factsOf(seen), marks: seen.marks.map(mark => markWords(t, mark)),
    actions: actionsOf(seen), reread: rereadOf(seen),
    other: seen.other && (status === 'checked' || status === 'stopped') ? t('{name}正在导入“{file}”，等它结束后这一份才能开始', { name: seen.other.name ?? t('系统'), file: seen.other.file_name }) : null,
  }
}

function noticeOf({ t, found, progress, counts }: Seen) {
  const { status, preview, errors } = found
  const skipped = counts.get('conflict') ?? 0
  const title = t(kindLabels[found.kind])
  if (status === 'reading') return { meaning: 'info', title, text: t('正在逐行检查，还没有写入任何内容') }
  if (status === 'refused') return { meaning: 'error', title: t('这个文件不能导入，没有写入任何内容'), items: fileFaults(t, errors) }
  if (status === 'applying') return { meaning: 'info', title, text: t('正在写入，可以离开这一页，回来时接着看') }
  if (status === 'stopped') return { meaning: 'warn', title, text: t('已停止：写入了 {done} 行，还有 {rest} 行没有写入', { done: progress.done, rest: progress.rows - progress.done }) }
  if (status === 'dropped') return { meaning: 'info', title, text: t('已放弃，没有写入任何内容') }
  if (status === 'done') return { meaning: skipped + progress.refused > 0 || progress.done < progress.rows ? 'warn' : 'done', title, text: doneWords(t, progress), items: remarks(t, preview) }
  return { meaning: preview.refused > 0 ? 'warn' : 'info', title, text: checkedWords(t, preview), items: remarks(t, preview) }
}

function checkedWords(t: T, { rows, refused, created, changed }: Import['preview']): string {
  if (refused === rows) return t('{rows} 行都不能导入，没有写入任何内容', { rows })
  if (refused > 0) return t('有 {refused} 行不能导入，其余 {good} 行可以。还没有写入任何内容', { refused, good: rows - refused })
  return created + changed === 0 ? t('名单和系统里的一样，导入不会改变什么') : t('没有错误，还没有写入。确认后开始')
}

function doneWords(t: T, { done, rows, created, changed, refused, conflict }: Progress): string {
  const parts = [created + changed === 0 ? t('没有需要改变的内容') : t('已经写入：新增 {created}，修改 {changed}', { created, changed })]
  if (refused > 0) parts.push(t('{n} 行不能导入', { n: refused }))
  if (conflict > 0) parts.push(t('{n} 行在检查之后又变了，没有写入', { n: conflict }))
  if (done < rows) parts.push(t('{n} 行在停止后没有写入', { n: rows - done }))
  return parts.join(t('；'))
}

function meterOf({ t, now, found: { status, preview, file }, progress }: Seen) {
  if (status === 'reading') {
    const rest = file.began_at === null ? null : restTime({ done: preview.share, total: 1, since: file.began_at, at: now })
    return { label: t('已检查 {n} 行', { n: preview.rows }), value: Math.round(preview.share * 100), total: 100, note: restWords(t, rest) || `${Math.round(preview.share * 100)}%` }
  }
  if (status !== 'applying' && status !== 'stopped') return null
  const { done, rows } = progress
  const rest = status === 'applying' && file.began_at !== null ? restTime({ done: done - file.began_rows, total: rows - file.began_rows, since: file.began_at, at: now }) : null
  return { label: t('已处理 {done} / {rows} 行', { done, rows }), value: done, total: rows, note: restWords(t, rest) || `${Math.floor(done / Math.max(rows, 1) * 100)}%` }
}

function factsOf({ t, found, behind }: Seen) {
  const { file, preview, created_at, finished_at, status } = found
  const written = ['applying', 'stopped', 'done'].includes(status)
  const kb = Math.max(1, Math.round(file.size / 1024))
  return [
    { label: t('上传的人'), value: behind.uploaded ?? t('系统') }, { label: t('上传时间'), time: created_at },
    ...(written ? [{ label: t('确认导入的人'), value: behind.applied ?? t('系统') }, { label: finished_at === null ? t('开始导入的时间') : t('导入完成的时间'), time: finished_at ?? file.began_at }] : []),
    { label: t('文件'), value: [factsWords(t, preview.facts), kb < 1024 ? `${kb} KB` : `${(kb / 1024).toFixed(1)} MB`].filter(Boolean).join(t('，')) },
    { label: t('行数'), value: String(preview.rows) },
    { label: 'SHA-256', value: file.sha256 },
  ]
}

function markWords(t: T, { standing, reason, total, done, created_at, finished_at, name, unit_name }: Seen['marks'][number]) {
  const who = t('{unit}不在名单里的 {total} 人', { unit: unit_name ?? t('全校'), total })
  const text = finished_at === null ? t('正在改为“{standing}”：{done} / {total}', { standing: t(standingWords[standing] ?? standing), done, total }) : t('{done} 人改为“{standing}”', { standing: t(standingWords[standing] ?? standing), done })
  return { name: name ?? t('系统'), decision: { text, meaning: finished_at === null ? 'blue' : 'green' }, comment: `${who}。${reason}`, at: created_at }
}

const standingWords: Readonly<Record<string, string>> = { left: '离职', graduated: '毕业', withdrawn: '退学' }

export function markOptions(t: T, kind: 'staff' | 'students') {
  return marksFor(kind).map(value => ({ value, text: t(standingWords[value] ?? value) }))
}

function actionsOf({ t, found: { id, status, preview }, other }: Seen) {
  const at = `/admin/import/${id}`
  const good = preview.rows - preview.refused
  const drop = { label: t('放弃'), action: `${at}/removal` }
  if (status === 'reading') return { quiet: [drop] }
  if (status === 'refused') return { main: { label: t('重新上传'), href: '/admin/import' }, quiet: [drop] }
  if (status === 'checked') {
    const able = good > 0 && preview.created + preview.changed > 0 && !other
    return { ...(able && { main: { label: preview.refused > 0 ? t('只导入能导入的 {n} 行', { n: good }) : t('确认导入'), action: `${at}/application` } }), quiet: [drop] }
  }
  if (status === 'applying') return { quiet: [{ label: t('停止'), action: `${at}/pause` }] }
  if (status === 'stopped') return { ...(!other && { main: { label: t('继续导入'), action: `${at}/continuation` } }), quiet: [{ label: t('不再继续'), action: `${at}/end` }] }
  return null
}

/** The other encoding, where the file is text and nothing is written yet. */
function rereadOf({ t, found: { id, status, preview, file } }: Seen) {
  if (status !== 'checked' && status !== 'refused') return null
  if (preview.facts?.format === 'xlsx' || (status === 'refused' && preview.facts === null && file.encoding === null)) return null
  const now = preview.facts?.encoding ?? file.encoding ?? 'utf-8'
  const other = now === 'utf-8' ? 'gb18030' : 'utf-8'
  return { action: `/admin/import/${id}/encoding`, encoding: other, label: t('按 {encoding} 重新读取', { encoding: other.toUpperCase() }), note: t('姓名显示成乱码？这个文件是按 {encoding} 读的', { encoding: now.toUpperCase() }) }
}
