import type { T } from '../../../platform/text.ts'
import type { Findable } from '../../services/index.ts'
import { type Filter, filterPath, fitsFilter } from '../rules/filter.ts'
import { type Hit, search } from '../rules/search.ts'
import type { Shelf } from '../shelf.ts'
import { type Stops, whyClosed } from './closed.ts'
import { languageOf } from './words.ts'

/** More are not looked at: who sees so many writes another character. */
const MOST = 30

/** Words with the part that fits marked. */
type Part = { text: string; mark?: true }

/** The answer to a question; null where nothing was asked. */
export function foundPage(t: T, { index }: Shelf, filter: Filter, stops: Stops) {
  const { q } = filter
  if (q === '') return null
  const { hits, total, near } = search(index.filter(({ item }) => fitsFilter(item, filter)), q, MOST)
  const elsewhere = total > 0 ? 0 : search(index, q, 1).total
  return {
    title: near && total > 0 ? t('没有“{q}”，下面是最接近的', { q }) : t('“{q}”的搜索结果', { q }),
    items: hits.map(hit => foundLine(t, hit, stops)),
    more: total > MOST ? t('共 {n} 项，这里是最符合的 {most} 项。多写一两个字可以找得更准', { n: total, most: MOST }) : null,
    elsewhere: elsewhere > 0 ? { text: t('别的分类或身份里有 {n} 项', { n: elsewhere }), href: filterPath({ q, scope: 'all' }) } : null,
    all: filterPath({}),
  }
}

function foundLine(t: T, hit: Hit<Findable>, stops: Stops) {
  const { item: { key, title, summary, icon, href }, where } = hit
  const parts = partsOf(hit)
  return {
    key, title, icon, href, lang: languageOf(hit.text),
    titleParts: where === 'title' ? parts : [{ text: title }],
    note: where === 'synonym' ? { before: t('也叫：'), parts } : where === 'guide' && hit.text !== summary ? { before: '', parts } : { before: '', parts: where === 'guide' ? parts : [{ text: summary }] },
    closed: whyClosed(t, hit.item, stops),
  }
}

/** As much of a long sentence as says why it was found. */
const AROUND = 18

function partsOf({ text, from, to }: Pick<Hit<unknown>, 'text' | 'from' | 'to'>): Part[] {
  const start = from > AROUND * 2 ? from - AROUND : 0
  const end = text.length > to + AROUND * 2 ? to + AROUND : text.length
  return [
    { text: `${start > 0 ? '…' : ''}${text.slice(start, from)}` }, { text: text.slice(from, to), mark: true as const },
    { text: `${text.slice(to, end)}${end < text.length ? '…' : ''}` },
  ].filter(part => part.text !== '')
}
