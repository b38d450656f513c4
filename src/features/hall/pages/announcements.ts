import type { Language, T } from '../../../platform/text.ts'
import { isUnread, LONGEST, piecesOf, type TypedAnnouncement } from '../rules/announcement.ts'
import { AUDIENCES, momentText } from '../rules/showing.ts'
import type { Announcement, Cursor } from '../store/announcements.ts'
import { periodFields, stageTag } from './period.ts'
import { languageOf, saidIn, translated } from './words.ts'

export const PAGE = 20

/** One line of a list of announcements. */
export function noticeLine(language: Language, notice: Pick<Announcement, 'id' | 'title' | 'title_en' | 'pinned' | 'starts_at'> & { office?: string }, seen: readonly string[], now: number) {
  const { id, pinned, starts_at, office } = notice
  const title = saidIn(language, notice.title, notice.title_en)
  return { title, office, href: `/announcements/${id}`, pinned: pinned === 1, unread: isUnread(notice, seen, now), time: starts_at, lang: languageOf(title) }
}

/** `rows`: one more than is shown. */
export function announcementsPage(t: T, rows: readonly Announcement[], { language, seen, now }: { language: Language; seen: readonly string[]; now: number }) {
  return { title: t('公告'), items: rows.slice(0, PAGE).map(row => noticeLine(language, row, seen, now)), next: nextOf('/announcements', rows) }
}

function nextOf(path: string, rows: readonly Announcement[]): string | undefined {
  const last = rows.length > PAGE ? rows[PAGE - 1] : undefined
  return last && `${path}?before=${last.pinned}.${last.starts_at}.${last.id}`
}

/** Where a page of the list ended; undefined for none, and for what is none. */
export function readCursor(text: unknown): Cursor | undefined {
  const found = /^([01])\.(\d{1,15})\.([0-9A-Z]{26})$/.exec(typeof text === 'string' ? text : '')
  return found?.[3] ? { pinned: found[1] === '1' ? 1 : 0, starts_at: Number(found[2]), id: found[3] } : undefined
}

export function announcementPage(language: Language, { office, starts_at, ...said }: Pick<Announcement, 'title' | 'text' | 'title_en' | 'text_en' | 'office' | 'starts_at'>) {
  const [title, text] = [saidIn(language, said.title, said.title_en), saidIn(language, said.text, said.text_en)]
  return { title, office, at: starts_at, lang: languageOf(title + text), pieces: piecesOf(text) }
}

/** The console's list; `rows`: one more than is shown. */
export function consoleList(t: T, rows: readonly Announcement[], now: number) {
  return {
    title: t('公告'), actions: [{ label: t('写公告'), kind: 'main', icon: 'plus', href: '/admin/announcements/new' }], next: nextOf('/admin/announcements', rows),
    rows: rows.slice(0, PAGE).map(row => ({ id: row.id, href: `/admin/announcements/${row.id}`, cells: {
      title: { text: row.title, note: row.pinned === 1 ? `${row.office} · ${t('置顶')}` : row.office }, audience: t(AUDIENCES[row.audience]),
      stage: { text: '', tag: stageTag(t, row, now) }, starts_at: { text: '', time: row.starts_at }, ends_at: row.ends_at === null ? t('一直显示') : { text: '', time: row.ends_at },
    } })),
  }
}

export function blankAnnouncement(office: string): TypedAnnouncement {
  return { title: '', text: '', title_en: '', text_en: '', office, audience: 'all', starts: '', ends: '', pinned: '' }
}

export function typedOf({ title, text, title_en, text_en, office, audience, starts_at, ends_at, pinned }: Announcement): TypedAnnouncement {
  return { title, text, title_en: title_en ?? '', text_en: text_en ?? '', office, audience, starts: momentText(starts_at), ends: momentText(ends_at), pinned: pinned === 1 ? '1' : '' }
}

type Form = { id: string; typed: TypedAnnouncement; faults?: Record<string, string>; action: string; isNew: boolean; preview?: { at: number } | undefined }

/** `preview`: how it will look, from when. */
export function announcementForm(t: T, { id, typed, faults = {}, action, isNew, preview }: Form) {
  const errors = translated(t, faults)
  const field = (name: keyof TypedAnnouncement, label: string, more: object) => ({ name, label, value: typed[name], error: errors[name], ...more })
  return {
    title: isNew ? t('写公告') : t('修改公告'), back: { label: t('公告'), href: '/admin/announcements' }, id, action, errors, isNew, removal: `/admin/announcements/${id}/removal`,
    preview: preview ? announcementPage('zh', { ...typed, starts_at: preview.at }) : null, english: preview && typed.title_en !== '' ? announcementPage('en', { ...typed, starts_at: preview.at }) : null,
    fields: [
      field('title', t('标题'), { required: true, maxlength: LONGEST.title * 2 }),
      field('text', t('内容'), { required: true, type: 'textarea', rows: 10, help: t('空一行就是新的一段。网址会变成链接') }),
      field('title_en', t('英文标题'), { maxlength: LONGEST.title_en, help: t('可以不填。用英文界面的人会看到英文') }),
      field('text_en', t('英文内容'), { type: 'textarea', rows: 6 }),
      field('office', t('发布部门'), { required: true, maxlength: LONGEST.office * 2 }),
      field('pinned', t('置顶，排在其他公告前面'), { type: 'checkbox', value: typed.pinned !== '' }),
      ...periodFields(t, typed, errors),
    ],
  }
}

export function announcementRemoval(t: T, { id, title }: Announcement) {
  return {
    title: t('删除公告'), heading: false,
    confirm: { title: t('删除公告'), sentence: t('删除公告“{title}”？', { title }), effects: [t('所有人马上都看不到它，不能恢复。只想停止显示，可以改结束时间')], danger: true, action: `/admin/announcements/${id}/removal`, label: t('删除'), back: `/admin/announcements/${id}` },
  }
}
