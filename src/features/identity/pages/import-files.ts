import type { Sheet } from '../../../integrations/sources/index.ts'
import type { T } from '../../../platform/text.ts'
import type { ImportKind } from '../import-tables.ts'
import type { Described } from '../roster/read.ts'
import { standings } from '../rules/standing.ts'
import type { MissingRow } from '../store/import-missing.ts'
import type { ImportRow } from '../store/import-rows.ts'
import type { Import } from '../store/imports.ts'
import { type Tab, TABS } from './import.ts'
import { changeWords, kindLabels, reasonWords } from './import-words.ts'

type Named = { name: string; sheets: Sheet[] }

/** An empty list with the heads that are understood (Excel offers the words that may stand in a column), and a sheet that explains each. */
export function templateOf(t: T, kind: ImportKind, columns: readonly Described[]): Named {
  const list: Sheet = {
    name: '名单', widths: columns.map(({ header, example = '' }) => Math.max(header.length * 2 + 4, Math.min(example.length + 2, 30), 12)), head: columns.map(({ header, required }) => (required ? `${header}*` : header)), rows: [],
    choices: columns.flatMap(({ header, words }, column) => (words && header !== '角色' ? [{ column, words }] : [])),
  }
  const explained: Sheet = {
    name: t('填写说明'), widths: [18, 10, 44, 24, 48], head: [t('列'), t('是否必填'), t('可以填的词'), t('例子'), t('说明')],
    rows: columns.map(({ header, required, words = [], example = '', about }) => [header, required ? t('必填') : '', words.join('、'), example, about ? t(about) : '']),
  }
  return { name: `${t(kindLabels[kind])}${t('名单')}`, sheets: [list, explained] }
}

/** Rows as they came, with why they were not taken: corrected, the list can be sent again as it is. */
export function correctionTable(t: T, { file_name, preview: { titles } }: Import, rows: AsyncIterable<{ row: ImportRow; cells: readonly string[] }>): Named {
  // A list that was corrected before brings these two columns along.
  const own = titles.map((title, at) => ({ title, at })).filter(({ title }) => title !== '原行号' && title !== '原因')
  async function* lines(): AsyncGenerator<readonly string[]> {
    for await (const { row, cells } of rows) yield [...own.map(({ at }) => cells[at] ?? ''), String(row.line), reasonWords(t, row.outcome, row.told)]
  }
  return { name: `${bare(file_name)}-${t('不能导入')}`, sheets: [{ name: '名单', widths: [...own.map(() => 16), 10, 60], head: [...own.map(each => each.title), '原行号', '原因'], rows: lines() }] }
}

export function listTable(t: T, { file_name, kind }: Import, tab: Tab, rows: AsyncIterable<ImportRow>): Named {
  async function* lines(): AsyncGenerator<readonly string[]> {
    for await (const { line, number, name, unit_name, told } of rows) yield [String(line), number ?? '', name ?? '', unit_name ?? '', changeWords(t, told)]
  }
  const head = [t('行'), t(kind === 'units' ? '部门编号' : kind === 'staff' ? '工号' : '学号'), t('名称'), t('部门'), t('改变')]
  return { name: `${bare(file_name)}-${t(TABS[tab])}`, sheets: [{ name: t(TABS[tab]), widths: [8, 16, 20, 24, 60], head, rows: lines() }] }
}

export function missingTable(t: T, { file_name, kind }: Import, rows: AsyncIterable<MissingRow>): Named {
  async function* lines(): AsyncGenerator<readonly string[]> {
    for await (const { key, name, unit_name, standing } of rows) yield [key, name, unit_name ?? '', standing ? t(standings[standing].label) : '']
  }
  const head = [t(kind === 'units' ? '部门编号' : kind === 'staff' ? '工号' : '学号'), t('名称'), t('部门'), t('状态')]
  return { name: `${bare(file_name)}-${t(TABS.missing)}`, sheets: [{ name: t(TABS.missing), widths: [16, 20, 24, 10], head, rows: lines() }] }
}

function bare(file_name: string): string {
  return file_name.replace(/\.(xlsx|csv|txt)$/i, '')
}
