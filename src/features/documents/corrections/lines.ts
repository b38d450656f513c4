import { type Static, Type } from 'typebox'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import type { Facts, Template } from '../templates.ts'
import { FACTS } from '../trouble.ts'

/** A line of a paper that can be pointed at; `key` names it for as long as it is printed. */
export type Line = { key: string; label: string; value: string }

const WORDS: Record<string, string> = { male: '男', female: '女' }

/** The printed lines as they stand: each fact, and of a list each entry. `rest` is what no line says. */
export function linesOf(template: Template, facts: Facts, t: T): Line[] {
  const lines = template.facts.flatMap(({ key }): Line[] => {
    const value = facts[key] ?? ''
    if (value === '') return []
    const list = listIn(value)
    return list ? entryLines(key, list) : [{ key, label: t(FACTS[key] ?? key), value: WORDS[value] ? t(WORDS[value]) : value }]
  })
  return [...lines, { key: REST, label: t('其他地方'), value: t('上面没有列出的内容，或者少了一项') }]
}

export const REST = 'rest'

const Entries = Type.Array(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])))
type Entry = Static<typeof Entries>[number]

function listIn(value: string): Entry[] | null {
  if (!value.startsWith('[')) return null
  const parsed: unknown = JSON.parse(value)
  return fits<Entry[]>(Entries, parsed) ? parsed : null
}

function entryLines(key: string, entries: readonly Entry[]): Line[] {
  return entries.map((entry, place) => {
    const [name = '', ...others] = Object.values(entry).map(part => String(part ?? '')).filter(Boolean)
    return { key: `${key}.${place}`, label: name, value: others.join(' · ') }
  })
}
