import type { T } from '../../../platform/text.ts'
import { FAMILIES, yuan } from '../requests/rules.ts'
import { FACTS } from '../shared/facts.ts'
import { type Trouble, troubleSentence } from '../trouble.ts'
import type { Template } from '../templates.ts'
import type { DifferenceLine, Hunk } from './difference.ts'
import { SAMPLES, type SampleName } from './samples.ts'
import type { Version } from './versions.ts'

const HERE = '/admin/documents/templates'
const STYLES = ['css/pages/documents.css', 'css/pages/templates.css']

/** What people call the facts of a paper; what an application tells has its own names. */
const PRINTED: Record<string, string> = { ...FACTS, purpose: '用途' }

/** Of a hash as much as tells texts apart. */
const shortened = (hash: string) => hash.slice(0, 8)
const placeOf = (kind: string, n?: number) => n === undefined ? `${HERE}/${kind}` : `${HERE}/${kind}/${n}`

export type ListedKind = { kind: string; title: string; template: Template | undefined; versions: readonly Version[]; papers: number }

/** All kinds of papers, each with the text that it has now. */
export function kindsPage(t: T, kinds: readonly ListedKind[]) {
  const families = [...Object.values(FAMILIES).map(({ family, title }) => ({ title: t(title), own: kinds.filter(({ template }) => template?.family === family) })),
    { title: t('其他文件'), own: kinds.filter(({ template }) => template && !Object.values(FAMILIES).some(({ family }) => family === template.family)) }, { title: t('已经停用的文件'), own: kinds.filter(({ template }) => !template) }]
  return {
    title: t('文件模板'), lead: t('每种文件一个模板文件。每一版的全文按内容的 SHA-256 保存，已经开具的文件永远照它当时的那一版'),
    families: families.filter(({ own }) => own.length > 0).map(({ title, own }) => ({
      caption: title, columns: [{ key: 'title', label: t('文件'), main: true }, { key: 'language', label: t('语言'), tight: true }, { key: 'price', label: t('价格'), tight: true, align: 'end' }, { key: 'version', label: t('现行版本'), tight: true }, { key: 'since', label: t('启用时间'), tight: true }, { key: 'papers', label: t('开具份数'), tight: true, align: 'end' }],
      rows: own.map(({ kind, title: name, template, versions, papers }) => {
        const present = versions.find(version => version.present)
        return { id: kind, href: placeOf(kind), cells: {
          title: { text: t(name), note: `${kind}.eta` }, language: template ? t(template.language === 'en' ? '英文' : '中文') : '', price: template ? priceOf(t, template) : '',
          version: present ? { text: t('第 {n} 版', { n: present.n }), note: shortened(present.hash) } : t('已停用'), since: sinceOf(t, present), papers,
        } }
      }),
    })),
  }
}

function priceOf(t: T, { price, free }: Template): string {
  if (price === 0) return t('免费')
  return free > 0 ? t('{price} 元，每年免费 {free} 份', { price: yuan(price), free }) : t('{price} 元', { price: yuan(price) })
}

function sinceOf(t: T, version: Version | undefined) {
  if (!version) return ''
  return version.kept_at === null ? t('还没有保存') : { time: version.kept_at, text: '' }
}

function stateOf(t: T, { present }: Version) {
  return present ? { text: t('现行'), meaning: 'green' } : { text: t('旧版'), meaning: 'grey' }
}

export type ListedVersion = Version & { papers: number; used: { first: number; last: number } | null }

/** The texts of a kind, newest first. */
export function versionsPage(t: T, { kind, title, versions }: { kind: string; title: string; versions: readonly ListedVersion[] }) {
  const [newest, before] = versions
  const options = versions.map(({ n, present }) => ({ value: String(n), text: present ? t('第 {n} 版（现行）', { n }) : t('第 {n} 版', { n }) }))
  return {
    title: t(title), back: { label: t('文件模板'), href: HERE }, lead: `${kind}.eta`,
    table: {
      caption: t('版本'),
      columns: [{ key: 'version', label: t('版本'), main: true }, { key: 'kept', label: t('启用时间'), tight: true }, { key: 'first', label: t('第一次开具'), tight: true }, { key: 'last', label: t('最近一次开具'), tight: true }, { key: 'papers', label: t('开具份数'), tight: true, align: 'end' }, { key: 'state', label: t('状态'), tight: true }, { key: 'compare', label: '', tight: true }],
      rows: versions.map((version, index) => ({ id: version.hash, href: placeOf(kind, version.n), cells: {
        version: { text: t('第 {n} 版', { n: version.n }), note: version.hash.slice(0, 16) }, kept: sinceOf(t, version), first: version.used ? { time: version.used.first, text: '' } : '—', last: version.used ? { time: version.used.last, text: '' } : '—', papers: version.papers,
        state: { tag: stateOf(t, version), text: '' },
        compare: versions[index + 1] ? { text: t('和上一版比较'), href: differencePlace(kind, versions[index + 1]?.n ?? 0, version.n) } : '',
      } })),
    },
    compare: newest && before && { action: `${HERE}/${kind}/difference`, fields: [{ name: 'from', label: t('从哪一版'), type: 'select', required: true, blank: undefined, value: String(before.n), options }, { name: 'until', label: t('到哪一版'), type: 'select', required: true, blank: undefined, value: String(newest.n), options }] },
  }
}

function differencePlace(kind: string, from: number, until: number): string {
  return `${HERE}/${kind}/difference?${new URLSearchParams({ from: String(from), until: String(until) })}`
}

type Difference = { kind: string; title: string; versions: readonly Version[]; from: Version; until: Version; lines: readonly DifferenceLine[]; hunks: readonly Hunk[] }

/** What two texts of a kind differ in. */
export function differencePage(t: T, { kind, title, versions, from, until, lines, hunks }: Difference) {
  const count = (sign: '+' | '-') => lines.filter(line => line.sign === sign).length
  const options = versions.map(({ n }) => ({ value: String(n), text: t('第 {n} 版', { n }) }))
  return {
    title: t('{title}：第 {from} 版到第 {until} 版', { title: t(title), from: from.n, until: until.n }), styles: STYLES, back: { label: t(title), href: placeOf(kind) },
    summary: hunks.length === 0 ? null : t('增加 {added} 行，删除 {removed} 行。“+”是增加的行，“−”是删除的行', { added: count('+'), removed: count('-') }),
    action: `${HERE}/${kind}/difference`, fields: [{ name: 'from', label: t('从哪一版'), type: 'select', required: true, blank: undefined, value: String(from.n), options }, { name: 'until', label: t('到哪一版'), type: 'select', required: true, blank: undefined, value: String(until.n), options }],
    hunks: hunks.map(({ skipped, lines: own }) => ({ skipped: skipped > 0 ? t('略去相同的 {n} 行', { n: skipped }) : '', lines: own })),
  }
}

export type Candidate = { person_id: string; at: number; name: string; number: string; note: string }
type Shown = {
  kind: string; template: Template; version: ListedVersion; drawing: { ok: boolean }
  /** null: with sample data; else with somebody's own, where one was chosen */
  sample: SampleName | null; person: Candidate | null; trouble: Trouble | null
  /** may this reader see it with real data? */
  mayTry: boolean; q: string; found: readonly Candidate[]
}

/** A version as it is printed, with sample data or somebody's own. */
export function versionPage(t: T, { kind, template, version, drawing, sample, person, trouble, mayTry, q, found }: Shown) {
  const place = placeOf(kind, version.n)
  const src = sample !== null ? `${place}/sample.jpg?of=${sample}` : person && !trouble ? `${place}/person.jpg?${new URLSearchParams({ person: person.person_id, at: String(person.at) })}` : null
  return {
    title: t('{title}：第 {n} 版', { title: t(template.title), n: version.n }), styles: STYLES, back: { label: t(template.title), href: placeOf(kind) },
    segments: mayTry && template.about === 'person' ? [{ label: t('样本数据'), href: place, current: sample !== null }, { label: t('真实数据'), href: `${place}?data=person`, current: sample === null }] : [],
    samples: sample === null ? [] : Object.entries(SAMPLES).map(([key, text]) => ({ label: t(text), href: `${place}?sample=${key}`, current: key === sample })),
    search: sample === null ? { action: place, value: q, label: t('学号或姓名'), hidden: { data: 'person' } } : null,
    found: found.map(each => ({ title: each.name, note: `${each.number} ${each.note}`.trim(), href: `${place}?${new URLSearchParams({ data: 'person', person: each.person_id, at: String(each.at) })}` })), nobody: q !== '' && found.length === 0,
    person: person && `${person.name} ${person.number}`, trouble: trouble && troubleSentence(trouble, t), broken: !drawing.ok,
    picture: src && drawing.ok ? { src, alt: t('{title}第 {n} 版的预览图，盖有“预览”水印，没有签章和验证码', { title: t(template.title), n: version.n }) } : null,
    facts: [
      { label: t('状态'), tag: stateOf(t, version) }, { label: 'SHA-256', value: version.hash, whole: true }, { label: t('启用时间'), ...version.kept_at === null ? { value: t('还没有保存') } : { time: version.kept_at } },
      { label: t('第一次开具'), ...version.used ? { time: version.used.first } : { value: '—' } }, { label: t('开具份数'), value: String(version.papers) }, { label: t('价格'), value: priceOf(t, template) },
      ...template.about === 'person' ? [{ label: t('印在上面的内容'), value: template.facts.flatMap(({ key }) => PRINTED[key] ?? []).map(each => t(each)).join(t('、')), whole: true }] : [],
    ],
  }
}
