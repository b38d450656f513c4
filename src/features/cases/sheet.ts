import { schoolTime } from '../../platform/dates.ts'
import type { Db } from '../../platform/db.ts'
import { type T, textIn } from '../../platform/text.ts'
import type { ApplicationRow } from '../services/index.ts'
import type { Deps } from './deps.ts'
import { caseFilters } from './listing.ts'
import { PAGE, tagOf } from './pages/list.ts'
import type { Export } from './store-exports.ts'

export type Column = { key: string; label: string }
type Facts = { t: T; row: ApplicationRow; places: readonly { label: string; person_name: string }[] }

const time = (at: number | null) => at === null ? '' : Object.values(schoolTime(at)).join(' ')
const each = (words: readonly string[], t: T) => [...new Set(words)].join(t('、'))

/** What is known of every application; the form's fields, whose keys hold no dot, stand after them. */
const COMMON: readonly (Column & { width: number; text(facts: Facts): string })[] = [
  { key: 'case.number', label: '申请编号', width: 16, text: ({ row }) => row.number ?? '' },
  { key: 'case.person', label: '申请人', width: 12, text: ({ row }) => row.person_name },
  { key: 'case.person-number', label: '学工号', width: 14, text: ({ row }) => row.person_number },
  { key: 'case.status', label: '状态', width: 10, text: ({ t, row }) => tagOf(t, row.status).text },
  { key: 'case.step', label: '环节', width: 16, text: ({ t, places }) => each(places.map(place => t(place.label)), t) },
  { key: 'case.holder', label: '正在办理的人', width: 16, text: ({ t, places }) => each(places.map(place => place.person_name), t) },
  { key: 'case.submitted', label: '提交时间', width: 18, text: ({ row }) => time(row.submitted_at) },
  { key: 'case.due', label: '承诺办结时间', width: 18, text: ({ row }) => time(row.due_at) },
  { key: 'case.ended', label: '办结时间', width: 18, text: ({ row }) => time(row.ended_at) },
]
const FIELD_WIDTH = 24

/** The columns that an export of the service can have. */
export async function columnsFor({ services }: Pick<Deps, 'services'>, db: Db, t: T, service_key: string): Promise<Column[]> {
  return [...COMMON.map(({ key, label }) => ({ key, label: t(label) })), ...await services.formColumns(db, t, service_key)]
}

/** The head of an export's sheet, and its rows as they are read; `told` hears how many are written after each page. */
export async function sheetOf(deps: Deps, db: Db, { service_key, language, query, columns: keys }: Export, told: (written: number) => Promise<void>) {
  const t = textIn(language)
  const offered = await columnsFor(deps, db, t, service_key)
  const columns = offered.filter(({ key }) => keys.includes(key))
  async function* rows(): AsyncGenerator<string[]> {
    let written = 0
    for (let before: string | undefined; ;) {
      const page = await deps.services.findCases(db, { ...await caseFilters(deps, db, query, [service_key]), before, limit: PAGE })
      yield* await linesOf(deps, db, t, columns, page)
      before = page.at(-1)?.id
      await told(written += page.length)
      if (page.length < PAGE) return
    }
  }
  const title = t(deps.services.titles().find(({ key }) => key === service_key)?.title ?? service_key)
  // Of a sheet's name Excel takes 31 characters and none of these.
  const name = title.replace(/[[\]:*?/\\]/g, ' ').slice(0, 31)
  return { title, sheet: { name, widths: columns.map(({ key }) => COMMON.find(common => common.key === key)?.width ?? FIELD_WIDTH), head: columns.map(({ label }) => label), rows: rows() } }
}

async function linesOf({ approvals, services }: Deps, db: Db, t: T, columns: readonly Column[], page: readonly ApplicationRow[]): Promise<string[][]> {
  const places = Map.groupBy(await approvals.placesOf(db, page.flatMap(row => row.instance_id ?? [])), place => place.instance_id)
  const answers = await services.answersById(db, t, page.map(row => row.id))
  return page.map(row => columns.map(({ key }) => {
    const common = COMMON.find(one => one.key === key)
    return common ? common.text({ t, row, places: places.get(row.instance_id ?? '') ?? [] }) : answers.get(row.id)?.get(key) ?? ''
  }))
}
