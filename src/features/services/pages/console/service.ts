import type { T } from '../../../../platform/text.ts'
import type { Service } from '../../catalogue.ts'
import { PROPOSAL } from '../../editions.ts'
import type { ProposalRow } from '../../store/proposals.ts'
import type { Standing } from '../../store/publications.ts'
import type { UnderWay, VersionRow } from '../../store/versions.ts'
import { audienceText, type RuleText } from '../definition-words.ts'
import { differencesPage } from '../differences.ts'
import { STATES } from './list.ts'

/** `current`: what is in force, `proposed`: what was uploaded; null where there is none or it cannot be read. */
type Facts = {
  key: string; current: Service | null; proposed: Service | null; proposal: ProposalRow | undefined
  publications: readonly Standing[]; versions: readonly Pick<VersionRow, 'id' | 'version' | 'published_at'>[]; underWay: readonly UnderWay[]; ruleText: RuleText
}

const ACTS = { published: '发布第 {n} 版', withdrawn: '暂停办理', restored: '恢复办理' } as const

/** One service: how it stands, what was uploaded, its versions and what was done with it. */
export function servicePage(t: T, { key, current, proposed, proposal, publications, versions, underWay, ruleText }: Facts) {
  const [standing] = publications
  const path = `/admin/services/${key}`
  const running = (id: string) => underWay.find(one => one.version_id === id)?.number ?? 0
  const state = !standing ? 'unpublished' : !current ? 'unreadable' : standing.offered === 1 ? 'offered' : 'withdrawn'
  const definition = (current ?? proposed)?.definition
  return {
    title: definition ? t(definition.title) : key, key, path, tag: { text: t(STATES[state].text), meaning: STATES[state].meaning }, lead: definition && t(definition.summary),
    rows: standing ? [
      { label: t('正在使用'), value: t('第 {n} 版', { n: standing.version }), href: `${path}/${standing.version}` },
      { label: t('办理中'), value: t('{n} 份申请', { n: underWay.reduce((sum, one) => sum + one.number, 0) }) },
      ...definition ? [{ label: t('适用对象'), value: audienceText(t, definition) }, { label: t('咨询部门'), value: t(definition.guide.contact.office) }] : [],
      ...standing.offered === 0 ? [{ label: t('暂停的原因'), value: publications.find(one => one.act === 'withdrawn')?.note ?? '' }] : [],
    ] : [],
    proposal: proposal && {
      path: `${path}/${PROPOSAL}`, rows: [{ label: t('文件'), value: proposal.file_name }, { label: t('导入的人'), value: proposal.person_name }, { label: t('导入时间'), time: proposal.created_at }],
      summary: current && proposed ? differencesPage(t, current, proposed, ruleText).summary : null,
    },
    versions: versions.map(({ id, version }) => {
      const published = publications.find(one => one.version_id === id && one.act === 'published')
      return {
        id, href: `${path}/${version}`, cells: {
          version: { text: t('第 {n} 版', { n: version }) }, at: published ? { text: '', time: published.at } : { text: '' },
          by: published ? byText(t, published) : t('没有发布过'), note: published?.note ?? '', running: running(id),
          use: standing?.version_id === id ? { text: '', tag: { text: t('正在使用'), meaning: 'green' } } : { text: t('比较'), href: `${path}/${standing?.version ?? version}/differences?from=${version}` },
        },
      }
    }),
    history: publications.map(one => ({ name: t(ACTS[one.act], { n: one.version }), role: byText(t, one), at: one.at, ...one.note && { comment: one.note }, icon: one.act === 'withdrawn' ? 'minus' : 'check', meaning: one.act === 'withdrawn' ? 'amber' : 'green' })),
    mayWithdraw: standing?.offered === 1, mayRestore: standing?.offered === 0, mayOpen: state === 'offered', mayLetThrough: state === 'offered' && definition?.limits !== undefined,
  }
}

function byText(t: T, { by_file, person_name }: Standing): string {
  return by_file === 1 ? t('随系统的事项文件') : person_name ?? ''
}
