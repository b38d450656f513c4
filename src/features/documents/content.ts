import type { Db } from '../../platform/db.ts'
import { dataDate, gradesOf } from './grades/store.ts'
import type { Schemes } from './grades/schemes.ts'
import { GRADE_FACTS, transcriptFacts } from './grades/transcript.ts'
import type { Identity } from './index.ts'
import type { Facts, Template } from './templates.ts'

/** Of whom, and under which of the person's numbers (学号、工号). */
export type Owner = { person_id: string; person_number: string }

type Deps = { identity: Pick<Identity, 'factsOf'>; schemes: Schemes }

/**
 * What a paper of this kind says of a person, as it is known now; one place for preview, issue and drawing again. What cannot be told is
 * absent, and `whyNotDraw` says why. Of the grades only what the paper prints is in it.
 */
export async function contentOf(db: Db, { identity, schemes }: Deps, template: Pick<Template, 'facts' | 'language'>, { person_id, person_number }: Owner): Promise<Facts> {
  const person = await identity.factsOf(db, person_id, person_number)
  const printed = new Set(template.facts.map(({ key }) => key))
  if (printed.isDisjointFrom(GRADE_FACTS)) return person
  const [grades, data_on] = [await gradesOf(db, person_number), await dataDate(db, person_number)]
  const told = transcriptFacts({ scheme: schemes.of(person), grades, data_on, language: template.language })
  return { ...person, ...Object.fromEntries(Object.entries(told).filter(([key]) => printed.has(key) || key === 'trouble')) }
}
