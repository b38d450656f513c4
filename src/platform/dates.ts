import type { T } from './text.ts'

// China has one time zone and, since 1992, no summer time.
const OFFSET = 8 * 3600_000

/** The school's calendar day and minute of an instant (epoch ms), as fixed-width text. */
export function schoolTime(at: number): { date: string; time: string } {
  const text = new Date(at + OFFSET).toISOString()
  return { date: text.slice(0, 10), time: text.slice(11, 16) }
}

/** `when(ms)`: 今天 14:32, 11月21日 14:32, 2025年11月21日. `ago(ms)`: 3 分钟前. `exact(ms)`: 2026-11-21 14:32. */
export function dateWords(t: T, now: () => number) {
  const exact = (at: number) => Object.values(schoolTime(at)).join(' ')
  function when(at: number): string {
    const { date, time } = schoolTime(at)
    const today = schoolTime(now()).date
    if (date === today) return t('今天 {time}', { time })
    const [year = '', month = '', day = ''] = date.split('-')
    const params = { year, month: Number(month), day: Number(day), time }
    return year === today.slice(0, 4) ? t('{month}月{day}日 {time}', params) : t('{year}年{month}月{day}日', params)
  }
  function ago(at: number): string {
    const minutes = Math.floor((now() - at) / 60_000)
    if (minutes < 1) return t('刚刚')
    if (minutes < 60) return t('{n} 分钟前', { n: minutes })
    if (minutes < 24 * 60) return t('{n} 小时前', { n: Math.floor(minutes / 60) })
    return minutes < 7 * 24 * 60 ? t('{n} 天前', { n: Math.floor(minutes / 1440) }) : when(at)
  }
  return { when, ago, exact }
}
