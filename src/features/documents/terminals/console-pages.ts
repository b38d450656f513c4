import type { T } from '../../../platform/text.ts'
import { grouped } from '../rules.ts'
import type { Tag } from '../pages/list.ts'
import { printTag } from './pages.ts'
import { isAway, type Typed } from './rules.ts'
import type { ListedPrint } from './store.ts'
import type { Terminal } from './tables.ts'

function tagOf(terminal: Terminal, now: number, t: T): Tag {
  if (terminal.status === 'ended') return { text: t('已停用'), meaning: 'grey' }
  if (terminal.seen_at === null) return { text: t('还没有连接'), meaning: 'grey' }
  if (isAway(terminal, now)) return { text: t('没有联网'), meaning: 'red' }
  return terminal.trouble_at === null ? { text: t('可以打印'), meaning: 'green' } : { text: t('可能缺纸'), meaning: 'amber' }
}

/** `copies`: printed this year, by terminal. */
export function listPage(terminals: readonly Terminal[], { copies, now, t }: { copies: ReadonlyMap<string, number>; now: number; t: T }) {
  return {
    title: t('自助终端'), lead: t('学生在终端上打印自己已签章的文件。终端只看得到交给它的那一份'), actions: [{ label: t('登记终端'), href: '/admin/terminals/new', kind: 'main' }],
    rows: terminals.map(terminal => ({ id: terminal.id, href: `/admin/terminals/${terminal.id}`, cells: {
      name: { text: terminal.name, note: terminal.place }, copies: t('{n} 份', { n: copies.get(terminal.id) ?? 0 }), most: terminal.copies === null ? t('不限份数') : t('{n} 份', { n: terminal.copies }),
      seen: terminal.seen_at === null ? '' : { text: '', time: terminal.seen_at }, state: { text: '', tag: tagOf(terminal, now, t) },
    } })),
  }
}

type Desk = { terminal: Terminal | null; prints: readonly ListedPrint[]; address: string; now: number; t: T; typed?: Typed; faults?: Partial<Record<keyof Typed, string>>; /** shown this once */ token?: string }

/** The form of a new terminal, or one that is there with what was printed. */
export function terminalPage({ terminal, prints, address, now, t, typed, faults = {}, token }: Desk) {
  const { name, place, copies } = typed ?? { name: terminal?.name ?? '', place: terminal?.place ?? '', copies: terminal?.copies?.toString() ?? '' }
  const path = `/admin/terminals/${terminal?.id ?? ''}`
  const errors = Object.fromEntries(Object.entries(faults).map(([field, sentence]) => [field, t(sentence)]))
  return {
    title: terminal ? terminal.name : t('登记终端'), back: { label: t('自助终端'), href: '/admin/terminals' }, address, token: token && grouped(token), errors,
    action: terminal ? path : '/admin/terminals', label: t(terminal ? '保存' : '登记'),
    fields: [
      { name: 'name', label: t('名称'), value: name, required: true, maxlength: 40, error: errors.name },
      { name: 'place', label: t('地点'), value: place, required: true, maxlength: 80, help: t('扫码的人会看到，用来核对是不是面前这一台'), error: errors.place },
      { name: 'copies', label: t('每人每年最多打印'), type: 'number', value: copies, min: 1, max: 1000, help: t('不限就空着'), error: errors.copies },
    ],
    ...terminal && {
      id: terminal.id, state: tagOf(terminal, now, t), on: terminal.status === 'on', seen: terminal.seen_at, path,
      trouble: terminal.trouble_at === null || terminal.status === 'ended' ? undefined : t('有人报告没有打印出来，可能缺纸或卡纸'),
      prints: prints.map(print => ({ id: print.id, href: `/documents/${print.document_id}`, cells: { at: { text: '', time: print.handed_at }, number: print.number, title: t(print.title), nth: print.nth === null ? '' : t('第 {n} 份', { n: print.nth }), state: { text: '', tag: printTag(print, now, t) } } })),
    },
  }
}
