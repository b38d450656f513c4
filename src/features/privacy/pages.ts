import type { PersonalKind } from '../../platform/personal.ts'
import { eachIn, type Language, type T } from '../../platform/text.ts'
import { type Notice, titles } from './notices.ts'
import type { Consent } from './store.ts'

const SHOWN = 30

const wordsOf = (notice: Notice, language: Language): string => language === 'en' ? notice.en : notice.zh

/** What stands above a question of its own: the text as it is today. */
export function noticeFor(notices: ReadonlyMap<string, Notice>, name: string, language: Language): { html: string; hash: string } {
  const notice = notices.get(name)
  if (!notice) throw new Error(`there is no notice ${name}`)
  return { html: wordsOf(notice, language), hash: notice.hash }
}

/** The notice to read; with `ask`, the question under it. */
export function noticePage(t: T, language: Language, notice: Notice, ask?: { to: string }) {
  return { title: t(titles.get(notice.name)?.title ?? '隐私说明'), text: wordsOf(notice, language), hash: notice.hash, ask: ask !== undefined, to: ask?.to ?? '' }
}

/** What is kept about the person, kind by kind, and what they have agreed to. */
export function dataPage(t: T, kinds: readonly PersonalKind[], consents: readonly Consent[]) {
  return {
    title: t('我的信息'),
    consents: consents.filter(consent => consent.lasting !== null).map(consent => ({
      title: t(titles.get(consent.name)?.title ?? consent.name), at: consent.agreed_at, href: `/privacy/${consent.hash}`, withdraw: `/account/data/consents/${consent.name}/withdrawal`,
    })),
    kinds: kinds.map(({ label, purpose, source, term, entries }) => ({
      title: t('{label}（{count}）', { label: t(label), count: entries.length }),
      rows: [{ label: t('用途'), value: t(purpose) }, { label: t('来源'), value: t(source) }, { label: t('保存多久'), value: t(term) }],
      entries: entries.slice(0, SHOWN).map(entry => ({
        title: eachIn(t, entry.title), at: entry.at,
        rows: entry.facts.filter(({ value }) => value !== null && value !== '').map(({ label: name, value, at }) => ({ label: t(name), ...(at && typeof value === 'number' ? { time: value } : { value: typeof value === 'string' ? t(value) : value }) })),
      })),
      more: entries.length > SHOWN ? t('这里显示最近 {count} 条，导出的文件里是全部', { count: SHOWN }) : undefined,
    })),
  }
}

/** Before a consent is withdrawn: what follows. */
export function withdrawalPage(t: T, name: string, { title, after }: { title: string; after: readonly string[] }) {
  return {
    title: t('撤回同意'),
    confirm: {
      title: t('撤回同意'), danger: true, label: t('撤回同意'), back: '/account/data', action: `/account/data/consents/${name}/withdrawal`,
      sentence: t('撤回对“{title}”的同意？', { title: t(title) }), effects: after.map(each => t(each)),
    },
  }
}

/** The question before a whole number is shown, and the answer. */
export function showingPage(t: T, { id, name, shown, typed = '', error }: { id: string; name: string; shown?: { label: string; value: string }; typed?: string; error?: string | undefined }) {
  return {
    title: t('查看完整的号码或邮箱'), back: { label: name, href: `/admin/people/${id}` }, id, shown,
    options: Object.entries(WHOLE).map(([value, { label }]) => ({ value, text: t(label) })),
    reason: { name: 'reason', label: t('原因'), type: 'textarea', rows: 2, required: true, maxlength: 200, value: typed, error: error && t(error), help: t('本人会在“我的信息”里看到你的工号、时间和原因') },
  }
}

/** What may be shown whole. */
export const WHOLE = { document: { label: '证件号码' }, phone: { label: '手机号' }, email: { label: '电子邮箱' } } as const
