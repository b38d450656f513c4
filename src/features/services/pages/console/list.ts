import type { T } from '../../../../platform/text.ts'
import type { Unit } from '../../../identity/index.ts'
import type { Service, ServiceDefinition } from '../../catalogue.ts'
import type { Offering } from '../../offering.ts'
import type { ProposalRow } from '../../store/proposals.ts'
import type { Standing } from '../../store/publications.ts'
import type { UnderWay } from '../../store/versions.ts'
import { faultLines } from '../faults.ts'

export type State = 'offered' | 'withdrawn' | 'unpublished' | 'unreadable'
export const STATES: Record<State, { text: string; meaning: 'green' | 'amber' | 'grey' | 'red' }> = {
  offered: { text: '可以办理', meaning: 'green' }, withdrawn: { text: '已暂停', meaning: 'amber' }, unpublished: { text: '未发布', meaning: 'grey' }, unreadable: { text: '无法使用', meaning: 'red' },
}

export type ServicesQuery = { q?: string; state?: string; office?: string; after?: string }
/** `definition`: null where this release cannot read it. */
type Line = { key: string; state: State; definition: ServiceDefinition | null; standing: Standing | undefined; proposed: boolean; /** the department that answers for it, else whom to ask */ office: string }
type Facts = { catalogue: Offering; standings: readonly Standing[]; proposals: readonly ProposalRow[]; underWay: readonly UnderWay[]; units: readonly Pick<Unit, 'code' | 'name'>[]; query: ServicesQuery }

const PAGE = 50
/** More are not read one by one. */
const FAULTS_SHOWN = 50

/** Every service, published or only uploaded, as far as the filters let through. */
export function servicesPage(t: T, { catalogue, standings, proposals, underWay, units, query }: Facts) {
  const names = new Map(units.map(unit => [unit.code, unit.name]))
  const lines = linesOf(catalogue, standings, proposals, definition => definition ? names.get(definition.department ?? '') ?? definition.guide.contact.office : '')
  const fitting = lines.filter(line => fits(t, line, query))
  const from = query.after ? fitting.findIndex(line => line.key > (query.after ?? '')) : 0
  const shown = from < 0 ? [] : fitting.slice(from, from + PAGE)
  const last = from >= 0 && fitting.length > from + PAGE ? shown.at(-1) : undefined
  const offices = [...new Set(lines.map(line => line.office).filter(Boolean))].toSorted((a, b) => a.localeCompare(b, 'zh'))
  return {
    title: t('事项管理'), query, filtered: Boolean(query.q || query.state || query.office), total: lines.length,
    states: [...Object.entries(STATES).map(([value, { text }]) => ({ value, text: t(text) })), { value: 'proposed', text: t('有草稿') }],
    offices: offices.map(office => ({ value: office, text: t(office) })),
    rows: shown.map(line => rowOf(t, line, underWay)),
    next: last && `?${new URLSearchParams([...Object.entries(query).filter(([name, value]) => name !== 'after' && value), ['after', last.key]])}`,
  }
}

function linesOf({ all, withdrawn, unreadable }: Offering, standings: readonly Standing[], proposals: readonly ProposalRow[], officeOf: (definition: ServiceDefinition | null) => string): Line[] {
  const by = new Map(standings.map(standing => [standing.service_key, standing]))
  const proposed = new Set(proposals.map(proposal => proposal.service_key))
  const line = (state: State) => ({ key, definition }: Pick<Service, 'key'> & { definition: ServiceDefinition | null }): Line => ({ key, state, definition, standing: by.get(key), proposed: proposed.has(key), office: officeOf(definition) })
  return [
    ...all.map(line('offered')), ...[...withdrawn.values()].map(line('withdrawn')), ...[...unreadable].map(key => line('unreadable')({ key, definition: null })),
    ...proposals.filter(({ service_key }) => !by.has(service_key)).map(({ service_key: key, definition }) => line('unpublished')({ key, definition: JSON.parse(definition) })),
  ].toSorted((a, b) => a.key < b.key ? -1 : 1)
}

function fits(t: T, { key, state, definition, proposed, office: own }: Line, { q = '', state: asked, office }: ServicesQuery): boolean {
  if (asked && asked !== (asked === 'proposed' && proposed ? 'proposed' : state)) return false
  if (office && own !== office) return false
  const wanted = plain(q)
  return wanted === '' || [key, definition?.title ?? '', t(definition?.title ?? ''), ...definition?.keywords ?? []].some(word => plain(word).includes(wanted))
}

function plain(word: string): string {
  return word.normalize('NFKC').toLowerCase().trim()
}

function rowOf(t: T, { key, state, definition, standing, proposed, office }: Line, underWay: readonly UnderWay[]) {
  const running = underWay.filter(one => one.service_key === key).reduce((sum, one) => sum + one.number, 0)
  return {
    id: key, href: `/admin/services/${key}`, cells: {
      title: { text: definition ? t(definition.title) : key, note: proposed ? t('{key} · 有草稿', { key }) : key }, office: t(office),
      state: { text: '', tag: { text: t(STATES[state].text), meaning: STATES[state].meaning } }, version: standing ? t('第 {n} 版', { n: standing.version }) : '',
      running, at: standing ? { text: '', time: standing.at } : '',
    },
  }
}

/** What is wrong with an upload, line by line; what is beyond all patience is counted. */
export function uploadFaults(t: T, faults: readonly string[]) {
  const shown = faultLines(t, faults.slice(0, FAULTS_SHOWN))
  return { items: shown.map(({ place, text }) => place ? t('{place}：{text}', { place, text }) : text), rest: faults.length - shown.length }
}
