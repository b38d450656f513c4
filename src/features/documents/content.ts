import type { Db } from '../../platform/db.ts'
import type { Identity } from './index.ts'
import type { Facts, Template } from './templates.ts'

/** Of whom, and under which of the person's numbers (学号、工号). */
export type Owner = { person_id: string; person_number: string }

type Deps = { identity: Pick<Identity, 'factsOf'> }

/** What a paper of this kind says of a person, as it is known now; one place for preview, issue and drawing again. */
export async function contentOf(db: Db, { identity }: Deps, _template: Template, { person_id, person_number }: Owner): Promise<Facts> {
  return identity.factsOf(db, person_id, person_number)
}
