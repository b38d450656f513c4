import type { T } from '../../../platform/text.ts'
import type { FactChange } from '../replacements.ts'
import { LONGEST_REASON } from '../rules.ts'
import type { DocumentRow } from '../tables.ts'
import { factLine } from '../shared/facts.ts'

/** The question before reissuing, with what the new paper says otherwise; `typed` and `error` where it comes back. */
export function reissuePage(document: DocumentRow, changes: readonly FactChange[], t: T, typed = '', error?: string) {
  return {
    title: t('作废并重新出具'), heading: false,
    confirm: {
      title: t('作废并重新出具'), danger: true, label: t('作废并重新出具'), back: `/documents/${document.id}`, action: `/admin/documents/${document.id}/reissue`,
      sentence: t('按现在的资料重新出具{holder}的{title}，原来的一份（{number}）马上作废。', { holder: document.facts.name ?? '', title: t(document.title), number: document.number }),
      effects: [...changes.length === 0 ? [t('现在的资料和原来的一样，新的一份内容不会变')] : [], t('新的一份有新的编号和验证码，做好以后发给持有人'), t('核验原来那一份的人会看到它已被替换，和新的文件编号')],
      reason: { value: typed, help: t('核验的人会看到，请不要写个人隐私'), required: true, maxlength: LONGEST_REASON, ...error && { error } },
    },
    changes: changes.length === 0 ? null : {
      caption: t('新的一份与原来的不同'), columns: [{ key: 'fact', label: t('内容'), main: true }, { key: 'before', label: t('原来') }, { key: 'after', label: t('现在') }],
      rows: changes.map(({ key, before, after }) => {
        const [old, fresh] = [factLine(key, before, t), factLine(key, after, t)]
        return { id: key, cells: { fact: old.label, before: old.value || '—', after: fresh.value || '—' } }
      }),
    },
  }
}
