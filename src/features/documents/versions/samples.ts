import type { Facts, Template } from '../templates.ts'

/** How much the people of a preview with sample data have to tell. */
export const SAMPLES = { usual: '一般情况', required: '只有必填的内容', long: '姓名很长、课程很多' } as const
export type SampleName = keyof typeof SAMPLES

export function readSample(name: string): SampleName {
  return name === 'required' || name === 'long' ? name : 'usual'
}

/** More courses than a page holds. */
const MANY = 96

/** The template's own sample, whole, without what may be missing, or with more of it than usual. */
export function sampleFacts({ sample, facts }: Pick<Template, 'sample' | 'facts'>, name: SampleName): Facts {
  if (name === 'usual') return sample
  if (name === 'required') return Object.fromEntries(facts.filter(({ required }) => required).map(({ key }) => [key, sample[key] ?? '']))
  const { name: called, courses } = sample
  return { ...sample, ...called && { name: [called, called, called, called].join('·') }, ...courses && { courses: JSON.stringify(repeated(courses)) } }
}

function repeated(courses: string): unknown[] {
  const list: unknown = JSON.parse(courses)
  if (!Array.isArray(list) || list.length === 0) return []
  return Array.from({ length: MANY }, (_, index): unknown => list[Math.floor(index * list.length / MANY)])
}
