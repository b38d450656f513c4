import type { T } from '../../../../platform/text.ts'
import { allSteps, type Flow, type Step } from '../../../approvals/index.ts'
import { type Edition, PROPOSAL } from '../../editions.ts'
import { audienceText, conditionText, type RuleText, valueText, wordOf } from '../definition-words.ts'
import { flowPage } from '../flow.ts'
import { limitRows } from '../limits.ts'

/** What an edition is called: 第 3 版, 草稿. */
export function editionName(t: T, { number }: Pick<Edition, 'number'>): string {
  return number === null ? t('草稿') : t('第 {n} 版', { n: number })
}

/** The pages about one edition, as a row of links; `here`: which of them is shown. */
export function editionTabs(t: T, key: string, { word }: Pick<Edition, 'word'>, here: '' | 'preview' | 'trial' | 'differences' | 'publication', current: number | null) {
  const path = `/admin/services/${key}/${word}`
  const isCurrent = word === String(current)
  const items = [
    { label: t('定义内容'), href: path, at: '' }, { label: t('表单预览'), href: `${path}/preview`, at: 'preview' }, { label: t('试运行'), href: `${path}/trial`, at: 'trial' },
    ...current === null || isCurrent ? [] : [{ label: t('和现在的比较'), href: `${path}/differences?from=${current}`, at: 'differences' }],
    ...isCurrent ? [] : [{ label: t(word === PROPOSAL ? '检查并发布' : '重新发布'), href: `${path}/publication`, at: 'publication' }],
  ]
  return { label: t('这一版的页面'), items: items.map(({ at, ...item }) => ({ ...item, ...at === here && { current: true } })) }
}

/** What an edition holds, for who knows the school and not the file. */
export function editionPage(t: T, { service: { definition, form } }: Edition, ruleText: RuleText, units: ReadonlyMap<string, string>) {
  const { guide, flow, limits } = definition
  const text = (what: string, value: unknown) => valueText(t, what, value, { form, ruleText })
  return {
    rows: [
      { label: t('简介'), value: t(definition.summary) }, { label: t('所属分类'), value: t(definition.category) }, { label: t('适用对象'), value: audienceText(t, definition) }, ...limitRows(t, limits, { units }),
      { label: t('承诺时限'), value: text('promise', guide.promise) }, { label: t('咨询部门'), value: t(guide.contact.office) }, { label: t('搜索词'), value: definition.keywords.join(t('、')) },
    ],
    fields: form.fields.map(({ definition: { key, label, type, required, when, by } }) => ({
      id: key, cells: {
        label: { text: t(label), note: key }, type: wordOf(t, 'type', type), required: required ? t('必填') : '', by: wordOf(t, 'by', by ?? 'applicant'), when: when ? conditionText(t, form, when) : '',
      },
    })),
    flow: unstarted(t, flow),
    steps: allSteps(flow.nodes).map(step => ({
      id: step.id, cells: { label: { text: t(step.label), note: step.id }, kind: wordOf(t, 'kind', step.kind), what: stepText(t, step, text), rights: step.kind === 'approval' && step.fields ? text('fields', step.fields) : '' },
    })),
  }
}

/** The picture of a flow that nobody has begun. */
export function unstarted(t: T, flow: Flow) {
  return flowPage(t, flow, { nodes: [], copies: [], choices: new Map(), status: 'draft' }).map(step => ({ ...step, state: 'waiting' as const }))
}

function stepText(t: T, step: Step, text: (what: string, value: unknown) => string): string {
  switch (step.kind) {
    case 'approval': return [text('approver', step.approver), text('mode', step.mode)].join(t('，'))
    case 'cc': return text('to', step.to)
    case 'condition': case 'inclusive': return text('branches', step.branches)
    case 'route': return text('when', step.when)
    case 'delay': return step.until ? text('until', step.until) : t('{n} 分钟', { n: step.minutes ?? 0 })
    case 'trigger': return text('does', step.does)
    default: return ''
  }
}
