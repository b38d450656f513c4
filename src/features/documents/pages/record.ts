import type { T } from '../../../platform/text.ts'
import type { ApplicationView, Offer } from '../../services/index.ts'
import type { DocumentRow } from '../tables.ts'
import { tagOf } from './list.ts'

export function recordOffer(t: T, application_id: string): Offer {
  return { title: t('办结单'), text: t('带学校的电子签章和验证码，可以下载、打印，也可以发给别人核验'), links: [{ label: t('生成办结单'), href: `/documents/records/${application_id}`, icon: 'certificate' }] }
}

/** What goes on a record, and those that were made. */
export function recordPage(t: T, { id, title, number }: ApplicationView, records: readonly DocumentRow[]) {
  return {
    title: t('办结单'), lead: t('{title}（{number}）', { title: t(title), number: number ?? '' }), back: { label: t('返回申请'), href: `/applications/${id}` }, action: `/documents/records/${id}`,
    items: records.map(row => ({ title: t(row.title), note: [row.number, ...partsOf(t, row)].join(' · '), icon: 'certificate', href: `/documents/${row.id}`, tag: tagOf(row, t), time: row.created_at })),
  }
}

function partsOf(t: T, { facts }: DocumentRow): string[] {
  return [...facts.history === undefined ? [] : [t('办理过程')], ...facts.files === undefined ? [] : [t('附件清单')]]
}
