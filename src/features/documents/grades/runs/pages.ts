import type { Feed } from '../../../../integrations/sources/index.ts'
import type { T } from '../../../../platform/text.ts'
import type { Tag } from '../../pages/list.ts'
import type { Difference } from './proposals.ts'
import type { GradeRun } from './store.ts'
import type { GradeRunsTable, RunCounts } from './tables.ts'
import { FETCHED_AT } from './work.ts'

const TAGS: Record<GradeRunsTable['status'], Tag> = { 
  reading: { text: '正在同步', meaning: 'blue' }, offered: { text: '等待核对', meaning: 'amber' }, writing: { text: '正在写入', meaning: 'blue' },
  done: { text: '已完成', meaning: 'green' }, failed: { text: '没有成功', meaning: 'red' }, left: { text: '没有写入', meaning: 'grey' },
}
const FIGURES: readonly [keyof RunCounts, string][] = [['rows', '已读行数'], ['created', '新增'], ['changed', '更新'], ['removed', '已删除'], ['unchanged', '没有变化'], ['strangers', '名单外的行'], ['wrong', '错误'], ['left', '保持原样的学生']]

/** Names of those who asked, by their number. */
export type Names = ReadonlyMap<string, string>

function asker(t: T, { asked_by }: GradeRun, names: Names): string {
  return asked_by === null ? t('定时') : `${names.get(asked_by) ?? ''} ${asked_by}`.trim()
}

/** The source, as the page of imports shows it; null where none is configured. */
export function sourceCard(t: T, feed: Feed & { review: boolean } | null, runs: readonly GradeRun[], names: Names) {
  if (!feed) return null
  return {
    lead: feed.review
      ? t('数据源 {place}，每天 {at} 自动读取。和现在不同的成绩先列出来，核对以后才写入；数据源里没有的学生不变', { place: feed.place, at: FETCHED_AT })
      : t('数据源 {place}，每天 {at} 自动同步。和数据源不一致的成绩会改成一致，数据源里没有的学生不变', { place: feed.place, at: FETCHED_AT }),
    reading: runs.some(isBusy),
    rows: runs.map(run => ({ id: run.id, href: `/admin/grades/runs/${run.id}`, cells: {
      began: { time: Number(run.began_at), text: '' }, by: asker(t, run, names), status: { tag: tag(t, run), text: '' }, data_on: run.data_on ?? '—',
      ...Object.fromEntries((['rows', 'created', 'changed', 'removed', 'wrong'] as const).map(key => [key, run.counts[key]])),
    } })),
  }
}

export function runPage(t: T, run: GradeRun, names: Names) {
  const { counts, status, why } = run
  return {
    title: t('同步成绩'), back: { label: t('导入成绩'), href: '/admin/grades' }, reading: isBusy(run), tag: tag(t, run), notice: noticeOf(t, run),
    figures: FIGURES.map(([key, label]) => ({ label: t(label), value: counts[key] })),
    facts: [
      { label: t('数据源'), value: run.place }, { label: t('发起'), value: asker(t, run, names) }, { label: t('成绩数据的日期'), value: run.data_on ?? '—' },
      { label: t('开始时间'), time: Number(run.began_at) }, ...run.ended_at === null ? [] : [{ label: t('结束时间'), time: Number(run.ended_at) }],
      ...status === 'reading' && why ? [{ label: t('上一次尝试'), value: t(why.text, why.params), whole: true }] : [],
    ],
    rows: run.errors.map(({ row, number, column, value, sentence, params }) => ({ cells: { row, number: number ?? '—', column: column || '—', value: value ?? '', sentence: t(sentence, params) } })),
    more: counts.wrong > run.errors.length ? t('只列出前 {n} 处错误', { n: run.errors.length }) : '',
    ...status === 'offered' && { decide: { adopt: `/admin/grades/runs/${run.id}/adoption`, leave: `/admin/grades/runs/${run.id}/leaving` } },
    differences: run.differences.map(difference => differenceRow(t, difference, names)),
    moreDifferences: counts.created + counts.changed + counts.removed > run.differences.length && run.differences.length > 0 ? t('只列出前 {n} 处不同', { n: run.differences.length }) : '',
  }
}

function isBusy({ status }: GradeRun): boolean {
  return status === 'reading' || status === 'writing'
}

const COLUMNS: Record<string, string> = { credits: '学分', mark: '成绩', course: '课程名称', course_en: '英文课程名称', nature: '课程性质' }

function differenceRow(t: T, { number, year, term, course, before, after }: Difference, names: Names) {
  const words = (told: Difference['before']) => told === null ? '—' : Object.entries(told).flatMap(([column, value]) => COLUMNS[column] ? [`${t(COLUMNS[column])} ${value ?? '—'}`] : []).join(t('，'))
  return { cells: { who: `${names.get(number) ?? ''} ${number}`.trim(), course: t('{course}（{year} 学年第 {term} 学期）', { course, year, term }), before: words(before), after: words(after) } }
}

function tag(t: T, { status }: GradeRun): Tag {
  return { ...TAGS[status], text: t(TAGS[status].text) }
}

function noticeOf(t: T, { status, why, counts }: GradeRun) {
  if (status === 'failed') return { meaning: 'error', text: why ? t(failedSentence(counts), { why: t(why.text, why.params) }) : t('没有读完') }
  if (status === 'offered') return { meaning: 'warn', text: t('已经读完，还没有写入。请核对下面的不同，再决定写入还是不写；再同步一次时，这次的不再写入') }
  if (status === 'left') return { meaning: 'info', text: t('这次读到的不同没有写入，成绩保持原样') }
  if (status === 'done' && counts.wrong > 0) return { meaning: 'warn', text: t('有 {n} 名学生的数据有错误，他们的成绩保持原样。请在数据源里改好，再同步一次', { n: counts.left }) }
  return null
}

function failedSentence({ created, changed, removed }: RunCounts): string {
  return created + changed + removed > 0 ? '没有读完：{why}。已经写入的部分是对的，会保留' : '没有读完：{why}。成绩没有改动'
}
