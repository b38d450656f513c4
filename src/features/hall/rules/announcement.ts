import type { Announcement } from '../store/announcements.ts'
import { readPeriod } from './showing.ts'

export const LONGEST = { title: 60, text: 5000, office: 40, title_en: 120, text_en: 10_000 }

/** As it comes from the form; `pinned`: '1' or ''. */
export type TypedAnnouncement = { title: string; text: string; title_en: string; text_en: string; office: string; audience: string; starts: string; ends: string; pinned: string }
export type Written = Omit<Announcement, 'id' | 'created_at' | 'updated_at'>

/** What was typed, and what is wrong with it by field; the sentences are phrases. */
export function readAnnouncement(typed: TypedAnnouncement, now: number): { written: Written; faults: Record<string, string> } {
  const { period, faults } = readPeriod(typed, now)
  const [title, text, office] = [typed.title.trim(), linesOf(typed.text), typed.office.trim()]
  const [title_en, text_en] = [typed.title_en.trim(), linesOf(typed.text_en)]
  const isBilingual = title_en !== '' || text_en !== ''
  return {
    written: { title, text, title_en: title_en || null, text_en: text_en || null, office, ...period, pinned: typed.pinned === '' ? 0 : 1 },
    faults: {
      ...wordFault('title', title, { missing: '请填写标题', long: '标题最多 60 字' }),
      ...wordFault('text', text, { missing: '请填写内容', long: '内容最多 5000 字' }),
      ...isBilingual && wordFault('title_en', title_en, { missing: '写了英文内容，请再填写英文标题', long: '英文标题最多 120 个字符' }),
      ...isBilingual && wordFault('text_en', text_en, { missing: '写了英文标题，请再填写英文内容', long: '英文内容最多 10000 个字符' }),
      ...wordFault('office', office, { missing: '请填写发布部门', long: '发布部门最多 40 字' }),
      ...faults,
    },
  }
}

function linesOf(text: string): string {
  return text.replaceAll('\r\n', '\n').trim()
}

function wordFault(name: keyof typeof LONGEST, words: string, { missing, long }: { missing: string; long: string }): Record<string, string> {
  if (words === '') return { [name]: missing }
  return [...words].length > LONGEST[name] ? { [name]: long } : {}
}

/** A piece of a text: words, or an address that is a link. */
export type Piece = { text: string; href?: string }

/** Addresses in a text become links; the marks after one belong to the sentence. */
export function piecesOf(text: string): Piece[] {
  return text.split(/(https?:\/\/[\w\-.~:/?#[\]@!$&'()*+,;=%]*[\w/#=&%-])/).filter(Boolean)
    .map(piece => /^https?:\/\//.test(piece) ? { text: piece, href: piece } : { text: piece })
}

/** For so long an announcement that was not opened carries a dot. */
const NEW = 30 * 86_400_000

export function isUnread({ id, starts_at }: Pick<Announcement, 'id' | 'starts_at'>, seen: readonly string[], now: number): boolean {
  return now - starts_at < NEW && !seen.includes(id)
}
