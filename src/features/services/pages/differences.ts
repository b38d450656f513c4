import type { T } from '../../../platform/text.ts'
import { differencesBetween, type Difference, type Part } from '../rules/differences.ts'
import type { Service } from '../catalogue.ts'
import { labelOf, propertyName, type RuleText, valueText } from './definition-words.ts'

const PARTS: Record<Part, string> = { basics: '基本信息', limits: '办理限制', guide: '办事指南', fields: '表单字段', steps: '流程环节', outcome: '办结后的证明', sample: '示例填写' }
const CHANGES: Record<Difference['change'], { text: string; meaning: string; icon: string }> = {
  added: { text: '新增', meaning: 'green', icon: 'plus' }, removed: { text: '已删去', meaning: 'red', icon: 'minus' }, moved: { text: '移动', meaning: 'blue', icon: 'swap' }, changed: { text: '修改', meaning: 'amber', icon: 'edit' },
}
/** Of every part, how many of each. */
const SUMS: Record<'fields' | 'steps', Record<Difference['change'], string>> = {
  fields: { added: '新增 {n} 个字段', removed: '删除 {n} 个字段', moved: '移动 {n} 个字段', changed: '修改 {n} 个字段' },
  steps: { added: '新增 {n} 个环节', removed: '删除 {n} 个环节', moved: '移动 {n} 个环节', changed: '修改 {n} 个环节' },
}

/** What differs, in a sentence and side by side; `parts` is empty where nothing does. */
export function differencesPage(t: T, before: Service, after: Service, ruleText: RuleText) {
  const all = differencesBetween(before.definition, after.definition)
  const side = ({ form }: Service) => ({ form, ruleText })
  return {
    summary: summaryOf(t, all),
    parts: [...Map.groupBy(all, one => one.part)].map(([part, members]) => ({
      title: t(PARTS[part]),
      items: members.map(({ change, name, details }) => ({
        name: t(name), tag: { ...CHANGES[change], text: t(CHANGES[change].text) },
        details: details.map(detail => ({ what: part === 'sample' ? labelOf(t, after.form, detail.what) : propertyName(t, detail.what), before: textOf(t, part, detail.what, detail.before, side(before)), after: textOf(t, part, detail.what, detail.after, side(after)) })),
      })),
    })),
  }
}

function textOf(t: T, part: Part, what: string, value: unknown, side: Parameters<typeof valueText>[3]): string {
  if (what === 'place') return value === '' ? t('主流程') : String(value)
  // An answer of the sample is no word of the definition.
  return part === 'sample' && typeof value === 'string' ? value : valueText(t, what, value, side)
}

function summaryOf(t: T, all: readonly Difference[]): string {
  const counted = (['fields', 'steps'] as const).flatMap(part => (['added', 'removed', 'changed', 'moved'] as const).flatMap(change => {
    const n = all.filter(one => one.part === part && one.change === change).length
    return n > 0 ? [t(SUMS[part][change], { n })] : []
  }))
  const others = (['basics', 'limits', 'guide', 'outcome', 'sample'] as const).filter(part => all.some(one => one.part === part)).map(part => t('修改了{part}', { part: t(PARTS[part]) }))
  return [...counted, ...others].join(t('，'))
}
