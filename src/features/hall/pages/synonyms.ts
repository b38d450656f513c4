import type { T } from '../../../platform/text.ts'
import type { Findable } from '../../services/index.ts'
import { languageOf, translated } from './words.ts'

const PAGE = 50

/** Every service with the words it is found by besides its title. `found`: in the order of the search, where one was asked. */
export function synonymsPage(t: T, found: readonly Findable[], added: ReadonlyMap<string, readonly string[]>, { q }: { q: string }) {
  return {
    title: t('搜索词'), lead: t('别人可能怎么称呼一项服务。添加以后马上能搜到，不用发布新版本'), lang: languageOf(found.flatMap(service => service.words).join('')),
    filters: { action: '/admin/synonyms', target: 'synonyms', search: { value: q, label: t('服务名称或搜索词') }, ...(q && { clear: '/admin/synonyms' }) },
    more: found.length > PAGE ? t('共 {n} 项，这里是前 {most} 项。写下名称可以找到其余的', { n: found.length, most: PAGE }) : null,
    rows: found.slice(0, PAGE).map(({ key, title, words }) => ({ id: key, href: `/admin/synonyms/${key}`, cells: { title: { text: title }, own: wordsOf(words, title), added: (added.get(key) ?? []).join(t('、')) } })),
    empty: { icon: 'search', title: t('没有找到'), note: t('换个说法试试，也可以用拼音或首字母，如 zdzm') },
  }
}

const wordsOf = (words: readonly string[], title: string) => words.filter(word => word !== title).join('、')

type Form = { service: Findable; typed: string; faults?: Record<string, string> }

export function synonymsForm(t: T, { service: { key, title, words }, typed, faults = {} }: Form) {
  const errors = translated(t, faults)
  return {
    title, back: { label: t('搜索词'), href: '/admin/synonyms' }, action: `/admin/synonyms/${key}`, errors, own: wordsOf(words, title), lang: languageOf(words.join('')),
    field: { name: 'words', label: t('添加的词'), type: 'textarea', rows: 8, value: typed, error: errors['words'], help: t('一行一个。例如“盖章”“公章”可以找到用印申请；拼音和首字母不用写') },
  }
}
