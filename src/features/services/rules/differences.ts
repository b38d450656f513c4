import { branchesOf, type Flow, type Step } from '../../approvals/index.ts'
import type { ServiceDefinition } from '../catalogue.ts'

/** One property that is another; undefined where it is not there. */
export type Detail = { what: string; before: unknown; after: unknown }
export type Part = 'basics' | 'limits' | 'guide' | 'fields' | 'steps' | 'outcome' | 'sample'
/** What became of one thing: a field, a step, or a whole part. `name`: its label as it is now, or was. */
export type Difference = { part: Part; change: 'added' | 'removed' | 'moved' | 'changed'; name: string; details: readonly Detail[] }

/** What somebody who knows the one must be told about the other, in the order of the page. */
export function differencesBetween(before: ServiceDefinition, after: ServiceDefinition): Difference[] {
  return [
    ...whole('basics', basicsOf(before), basicsOf(after)),
    ...whole('limits', before.limits ?? {}, after.limits ?? {}),
    ...whole('guide', flat(before.guide), flat(after.guide)),
    ...each('fields', before.form.fields.map(field => ({ id: field.key, name: field.label, place: '', own: field })), after.form.fields.map(field => ({ id: field.key, name: field.label, place: '', own: field }))),
    ...each('steps', stepItems(before.flow), stepItems(after.flow)),
    ...whole('outcome', flat(before.outcome?.document ?? {}), flat(after.outcome?.document ?? {})),
    ...whole('sample', before.sample, after.sample),
  ]
}

type Own = Readonly<Record<string, unknown>>
/** `place`: in which list it stands; `own`: what it says itself */
type Item = { id: string; name: string; place: string; own: Own }

const OTHER_PARTS = new Set(['limits', 'guide', 'form', 'fields', 'flow', 'nodes', 'outcome', 'sample'])

/** Whatever is said besides the parts that are compared by themselves. */
function basicsOf(definition: ServiceDefinition): Own {
  return Object.fromEntries([definition, definition.form, definition.flow].flatMap(said => Object.entries(said)).filter(([name]) => !OTHER_PARTS.has(name)))
}

/** One level of what is inside, by its path: `contact.phone`. */
function flat(own: object): Own {
  return Object.fromEntries(Object.entries(own).flatMap(([name, value]): [string, unknown][] =>
    name === 'contact' && typeof value === 'object' && value !== null ? Object.entries(value).map(([inner, one]) => [`${name}.${inner}`, one]) : [[name, value]]))
}

function whole(part: Part, before: Own, after: Own): Difference[] {
  const details = detailsOf(before, after)
  return details.length === 0 ? [] : [{ part, change: 'changed', name: '', details }]
}

function each(part: Part, before: readonly Item[], after: readonly Item[]): Difference[] {
  const [old, now] = [new Map(before.map(item => [item.id, item])), new Map(after.map(item => [item.id, item]))]
  const stayed = keptInOrder(before.filter(item => now.has(item.id)), after.filter(item => old.has(item.id)))
  return [
    ...after.flatMap(({ id, name, place, own }): Difference[] => {
      const earlier = old.get(id)
      if (!earlier) return [{ part, change: 'added', name, details: [] }]
      const details = detailsOf(earlier.own, own)
      return [
        ...details.length > 0 ? [{ part, change: 'changed', name, details } satisfies Difference] : [],
        ...stayed.has(id) && place === earlier.place ? [] : [{ part, change: 'moved', name, details: place === earlier.place ? [] : [{ what: 'place', before: earlier.place, after: place }] } satisfies Difference],
      ]
    }),
    ...before.filter(item => !now.has(item.id)).map(({ name }): Difference => ({ part, change: 'removed', name, details: [] })),
  ]
}

function detailsOf(before: Own, after: Own): Detail[] {
  const names = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return names.map(what => ({ what, before: before[what], after: after[what] })).filter(detail => JSON.stringify(detail.before) !== JSON.stringify(detail.after))
}

/** Every step with the branch it stands in; what it holds are items of their own. */
function stepItems(flow: Flow): Item[] {
  const inside = (steps: readonly Step[], place: string): Item[] => steps.flatMap(step => [
    { id: step.id, name: step.label, place, own: ownOf(step) },
    ...branchesOf(step).flatMap((list, index) => inside(list, `${step.label} / ${branchName(step, index)}`)),
  ])
  return inside(flow.nodes, '')
}

/** What a branch of a step is called; numbered where it has no name. */
export function branchName(step: Step, index: number): string {
  if (step.kind === 'condition' || step.kind === 'inclusive') return step.branches[index]?.label ?? '其他情况'
  return step.kind === 'parallel' ? String(index + 1) : step.label
}

function ownOf(step: Step): Own {
  switch (step.kind) {
    case 'condition': case 'inclusive': return { ...step, branches: step.branches.map(({ label, when }) => ({ label, when })), otherwise: undefined }
    case 'parallel': return { ...step, branches: step.branches.length }
    case 'sub-process': return { ...step, nodes: undefined }
    default: return step
  }
}

/** Ids that stand in the same order in both: the longest such list, so that moving one names that one alone. */
function keptInOrder(before: readonly Item[], after: readonly Item[]): ReadonlySet<string> {
  const lengths = Array.from({ length: before.length + 1 }, () => Array.from({ length: after.length + 1 }, () => 0))
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0
  for (let row = before.length - 1; row >= 0; row--) {
    for (let column = after.length - 1; column >= 0; column--) {
      const line = lengths[row]
      if (line) line[column] = before[row]?.id === after[column]?.id ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1))
    }
  }
  const kept = new Set<string>()
  for (let row = 0, column = 0; row < before.length && column < after.length;) {
    const id = before[row]?.id
    if (id !== undefined && id === after[column]?.id) {
      kept.add(id)
      row++
      column++
    } else if (at(row + 1, column) >= at(row, column + 1)) row++
    else column++
  }
  return kept
}
