import { schoolHour } from '../../../platform/dates.ts'
import type { Language, T } from '../../../platform/text.ts'
import type { SignedIn } from '../../../platform/web.ts'
import { MOST_COUNTED, type TaskView } from '../../approvals/index.ts'
import { applicationCell, type Findable, type ShortRow, STATUS_TAGS } from '../../services/index.ts'
import type { Board } from '../board.ts'
import { isUnread } from '../rules/announcement.ts'
import { filterPath } from '../rules/filter.ts'
import { isShownTo } from '../rules/showing.ts'
import type { Reader } from '../store/readers.ts'
import type { Shelf } from '../shelf.ts'
import { noticeLine } from './announcements.ts'
import { slidePage } from './slides.ts'

const SENT = 3
const NOTICES = 3
const SLIDES = 8
/** Two rows of four on the phone. */
const TILES = 8
const RECENT = 4

type Facts = {
  person: SignedIn; language: Language; now: number; board: Board; reader: Reader; shelf: Shelf
  todo: { count: number; tasks: readonly TaskView[] }; drafts: readonly ShortRow[]; sent: readonly ShortRow[]
}

/** Everything on the first page but the answer to a search. */
export function homePage(t: T, { person, language, now, board, reader, shelf, todo, drafts, sent }: Facts) {
  const notices = board.notices.filter(notice => isShownTo(notice, person.kind, now))
  const unread = notices.filter(notice => isUnread(notice, reader.seen, now)).length
  const slides = board.slides.filter(slide => isShownTo(slide, person.kind, now)).slice(0, SLIDES)
  return {
    hello: greeting(t, person, now), counts: { todo: todo.count }, tallies: tallies(t, { todo: todo.count, drafts: drafts.length, unread }),
    slides: slides.map(slide => slidePage(language, slide)),
    todo: todo.count === 0 ? null : todo.tasks.map(task => ({ title: t('{name}的{title}', { name: task.applicant_name, title: t(task.title) }), note: t(task.label), href: task.url, time: task.created_at })),
    drafts: drafts.map(draft => draftLine(t, draft)),
    sent: sent.slice(0, SENT).map(line => applicationCell(t, line)),
    notices: notices.slice(0, NOTICES).map(notice => noticeLine(language, notice, reader.seen, now)),
    mine: ownTiles(reader, shelf, [...drafts, ...sent]),
    categories: categoriesOf(t, shelf.own),
  }
}

function greeting(t: T, { name, unit_name }: SignedIn, now: number): { hello: string; unit: string } {
  const hour = schoolHour(now)
  const part = hour < 5 ? '夜深了' : hour < 11 ? '早上好' : hour < 13 ? '中午好' : hour < 18 ? '下午好' : '晚上好'
  return { hello: t('{name}，{part}', { name, part: t(part) }), unit: unit_name }
}

function tallies(t: T, { todo, drafts, unread }: { todo: number; drafts: number; unread: number }) {
  return [
    { label: t('待办'), value: todo >= MOST_COUNTED ? `${MOST_COUNTED - 1}+` : todo, href: '/received', waits: todo > 0 },
    { label: t('未提交'), value: drafts, href: '/sent', waits: drafts > 0 },
    { label: t('未读公告'), value: unread, href: '/announcements', waits: unread > 0 },
  ]
}

function draftLine(t: T, { id, title, service_key, saved_at }: ShortRow) {
  const { text, meaning } = STATUS_TAGS.draft
  return { title: t(title), note: t('继续填写'), href: `/services/${service_key}/apply`, icon: 'edit', tag: { text: t(text), meaning }, time: saved_at, deletion: `/applications/${id}/deletion`, remove: t('删除“{title}”的草稿', { title: t(title) }) }
}

/** Favourites in their order, and what was used last; for who has neither, what is open to them. */
function ownTiles({ favourites }: Reader, { byKey, own }: Shelf, used: readonly ShortRow[]) {
  const starred = favourites.flatMap(key => byKey.get(key) ?? [])
  const recent = lastUsed(used).flatMap(key => favourites.includes(key) ? [] : byKey.get(key) ?? []).slice(0, RECENT)
  const none = starred.length + recent.length === 0
  return { starred: starred.slice(0, TILES), recent, open: none ? own.slice(0, TILES) : [] }
}

function lastUsed(rows: readonly ShortRow[]): string[] {
  const at = ({ saved_at, submitted_at }: ShortRow) => Math.max(saved_at ?? 0, submitted_at ?? 0)
  return [...new Set(rows.toSorted((a, b) => at(b) - at(a)).map(row => row.service_key))]
}

const categories = new WeakMap<readonly Findable[], ReturnType<typeof listCategories>>()

// Of a list that stays for as long as its services do.
function categoriesOf(t: T, own: readonly Findable[]) {
  const known = categories.get(own) ?? listCategories(t, own)
  categories.set(own, known)
  return known
}

function listCategories(t: T, own: readonly Findable[]) {
  return Object.freeze([...Map.groupBy(own, service => service.category)].map(([category, members]) => ({ title: category, note: t('{n} 项服务', { n: members.length }), href: filterPath({ category }), icon: 'grid' })))
}
