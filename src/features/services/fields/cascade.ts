import { Type } from 'typebox'
import type { Branch } from './control.ts'
import { defineField, readLine } from './field.ts'
import { OptionValue } from './options.ts'

const DEEPEST = 4
const MOST_LEAVES = 500

const level = <Deeper extends Type.TSchema>(deeper: Deeper) => Type.Object({
  value: OptionValue,
  label: Type.String({ minLength: 1, maxLength: 40 }),
  children: Type.Optional(Type.Array(deeper, { minItems: 1, maxItems: MOST_LEAVES })),
}, { additionalProperties: false })
const Leaf = Type.Object({ value: OptionValue, label: Type.String({ minLength: 1, maxLength: 40 }) }, { additionalProperties: false })

/** One leaf of a tree of options (校区, 楼, 房间), kept as the path to it. */
export const cascadeField = defineField({
  name: 'cascade',
  extra: Type.Object({ options: Type.Array(level(level(level(Leaf))), { minItems: 1, maxItems: MOST_LEAVES }) }),
  faults({ options }) {
    const paths = leavesOf(options).map(leaf => leaf.path.join('/'))
    const twice = paths.flatMap((path, at) => paths.indexOf(path) === at ? [] : [`options: ${path} is there twice`])
    return paths.length > MOST_LEAVES ? [`options: ${paths.length} leaves, at most ${MOST_LEAVES}`] : twice
  },
  value: () => Type.Array(OptionValue, { minItems: 1, maxItems: DEEPEST }),
  control: ({ options }) => ({ kind: 'levels', options }),
  read: (typed, { options }) => readLine(typed, text => {
    const leaf = leavesOf(options).find(({ path }) => path.join('/') === text)
    return leaf ? { value: leaf.path } : { fault: { sentence: '“{label}”请从给出的选项里选择' } }
  }),
  typed: path => path.join('/'),
  summary: (path, { options }, t) => leavesOf(options).find(leaf => leaf.path.join('/') === path.join('/'))?.labels.map(label => t(label)).join(' / ') ?? '',
})

/** Every leaf with the values and labels that lead to it. */
export function leavesOf(options: readonly Branch[], path: readonly string[] = [], labels: readonly string[] = []): { path: readonly string[]; labels: readonly string[] }[] {
  return options.flatMap(({ value, label, children }) => {
    const here = { path: [...path, value], labels: [...labels, label] }
    return children ? leavesOf(children, here.path, here.labels) : [here]
  })
}
