import type { T } from '../../../platform/text.ts'
import type { Tag } from '../pages/list.ts'
import type { DocumentRow } from '../tables.ts'
import { canComplain, isAway, type PrintStanding, standingOf } from './rules.ts'
import type { ListedPrint } from './store.ts'
import type { Terminal } from './tables.ts'

const STANDINGS: Record<PrintStanding, Tag> = {
  handed: { text: '等待在终端上确认', meaning: 'blue' },
  printed: { text: '已打印', meaning: 'green' },
  cancelled: { text: '已取消打印', meaning: 'grey' },
  lapsed: { text: '没有确认，已收回', meaning: 'grey' },
  failed: { text: '没有打印出来', meaning: 'red' },
}

export function printTag(print: Parameters<typeof standingOf>[0], now: number, t: T): Tag {
  const tag = STANDINGS[standingOf(print, now)]
  return { ...tag, text: t(tag.text) }
}

/** 自助打印: how it is done, the six digits, and what was printed. */
export function printsPage(prints: readonly ListedPrint[], { t, now, typed = '', error, next }: { t: T; now: number; typed?: string; error?: string | undefined; next?: string | undefined }) {
  return {
    title: t('自助打印'), lead: t('用手机扫终端上的二维码，选一份已签章的文件，在终端上打印'), typed, error, next,
    items: prints.map(row => ({ title: t(row.title), note: [row.terminal, row.place].join(' · '), icon: 'print', href: `/prints/${row.id}`, tag: printTag(row, now, t), time: row.handed_at })),
  }
}

type Choosing = { terminal: Terminal; code: string; papers: readonly DocumentRow[]; printed: number; now: number; t: T; chosen?: string; error?: string | undefined }

/** Which paper goes to this terminal. Its name and place are there to be compared: a code may have been sent by somebody elsewhere. */
export function choosingPage({ terminal, code, papers, printed, now, t, chosen = '', error }: Choosing) {
  const { name, place, copies, trouble_at } = terminal
  const left = copies === null ? null : Math.max(0, copies - printed)
  const stop = isAway(terminal, now) ? t('这台终端现在没有联网，请换一台，或者过一会儿再扫') : left === 0 ? t('今年在这台终端已经打印了 {n} 份，达到上限。可以下载后自己打印', { n: printed }) : undefined
  return {
    title: t('选择要打印的文件'), lead: `${name} · ${place}`, back: { label: t('自助打印'), href: '/prints' }, styles: ['css/pages/documents.css'],
    terminal: terminal.id, code, error, stop,
    trouble: trouble_at === null ? undefined : t('有人报告这台终端没有打印出来，可能缺纸。可以换一台'),
    left: left === null || left === 0 ? undefined : t('今年在这台终端还能打印 {n} 份', { n: left }),
    papers: papers.map(({ id, title, number, facts, person_number }) => ({ value: id, checked: id === chosen || papers.length === 1, title: t(title), note: [number, facts.name, person_number].filter(Boolean).join(' · ') })),
  }
}

const SENTENCES: Record<PrintStanding, { text: string; meaning: 'info' | 'done' | 'warn' }> = {
  handed: { text: '请在终端上点“打印”。两分钟没有人点，文件会自动收回', meaning: 'info' },
  printed: { text: '终端正在打印，请在出纸口取走。别把文件留在那里', meaning: 'done' },
  cancelled: { text: '这次打印取消了，没有计数', meaning: 'info' },
  lapsed: { text: '没有人在终端上确认，文件已经收回，没有计数。需要时再扫一次', meaning: 'info' },
  failed: { text: '这次不计数，教务已经收到通知。可以换一台终端再打印', meaning: 'warn' },
}

/** One print, as its owner follows it. */
export function printPage(print: ListedPrint, terminal: Terminal, now: number, t: T) {
  const standing = standingOf(print, now)
  const { text, meaning } = SENTENCES[standing]
  return {
    title: t(print.title), tag: printTag(print, now, t), lead: [print.terminal, print.place].join(' · '), back: { label: t('自助打印'), href: '/prints' }, path: `/prints/${print.id}`,
    waiting: standing === 'handed', notice: { meaning, text: t(text) },
    away: standing === 'handed' && isAway(terminal, now) ? { meaning: 'warn', text: t('这台终端现在没有联网，可能打印不了。可以取消，换一台再扫') } : undefined,
    rows: [
      { label: t('文件编号'), value: print.number }, { label: t('交给终端'), time: print.handed_at },
      ...print.printed_at === null ? [] : [{ label: t('打印时间'), time: print.printed_at }], ...print.nth === null ? [] : [{ label: t('份数'), value: t('今年在这台终端的第 {n} 份', { n: print.nth }) }],
    ],
    cancel: standing === 'handed' && `/prints/${print.id}/cancellation`,
    failure: canComplain(print, now) && `/prints/${print.id}/failure`,
    again: standing !== 'handed',
  }
}
