import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type Static, Type } from 'typebox'
import { check } from '../../../platform/schema.ts'

const Shape = Type.Object({
  label: Type.String(), sentence: Type.String(),
  /** families of papers */
  stops: Type.Array(Type.String()),
  ask: Type.Object({ office: Type.String(), text: Type.String(), label: Type.String(), href: Type.Union([Type.String(), Type.Null()]) }),
})

/** Why a number's papers are held, which of them, and whom to ask: a file of `catalogue/holds`. Its words are phrases. */
export type HoldType = Static<typeof Shape> & { key: string }

/** All types of holds by key; a file that cannot be read stops the start. */
export function readHoldTypes(directory: string): Map<string, HoldType> {
  const names = readdirSync(directory).filter(name => name.endsWith('.json')).toSorted()
  return new Map(names.map(name => {
    const key = basename(name, '.json')
    const content: unknown = JSON.parse(readFileSync(join(directory, name), 'utf8'))
    return [key, { key, ...check<Static<typeof Shape>>(Shape, content) }]
  }))
}
