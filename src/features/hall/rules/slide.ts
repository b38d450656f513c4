import type { Slide } from '../store/slides.ts'
import { readPeriod } from './showing.ts'

/** `picture`: SHA-256 of what was uploaded, now or before. */
export type TypedSlide = { title: string; title_en: string; link: string; audience: string; starts: string; ends: string; picture: string }
export type Made = Omit<Slide, 'id' | 'place' | 'created_at'>

const LONGEST_TITLE = 40
const LONGEST_ENGLISH = 120
const LONGEST_LINK = 300

/** What was typed, and what is wrong with it by field; the sentences are phrases. */
export function readSlide(typed: TypedSlide, now: number): { made: Made; faults: Record<string, string> } {
  const { period, faults } = readPeriod(typed, now)
  const [title, title_en, link] = [typed.title.trim(), typed.title_en.trim(), typed.link.trim()]
  return {
    made: { title, title_en: title_en || null, link, picture: typed.picture, ...period },
    faults: {
      ...(title === '' && { title: '请填写文字，看不到图片的人靠它知道内容' }),
      ...([...title].length > LONGEST_TITLE && { title: '文字最多 40 字' }),
      ...([...title_en].length > LONGEST_ENGLISH && { title_en: '英文文字最多 120 个字符' }),
      ...(!isLink(link) && { link: '请填写大厅里的地址（如 /services）或 https:// 开头的网址' }),
      ...(typed.picture === '' && { file: '请选择一张图片' }),
      ...faults,
    },
  }
}

/** A page of ours or a safe address elsewhere: never a script. */
function isLink(link: string): boolean {
  if (link.length > LONGEST_LINK || /[\s<>"]/.test(link)) return false
  return /^\/(?![/\\])/.test(link) || (link.startsWith('https://') && URL.canParse(link))
}
