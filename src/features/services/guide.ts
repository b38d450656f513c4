import type { Db } from '../../platform/db.ts'
import type { T } from '../../platform/text.ts'
import type { Context, Person } from './deps.ts'
import { stopFor, takenOf, unitNames } from './limits.ts'
import { limitRows, stopNotice } from './pages/limits.ts'
import { guidePage } from './pages/service.ts'
import { canApply } from './rules/application.ts'
import { dueAt } from './rules/standing.ts'
import { findDraft, listApplications } from './store/applications.ts'
import { usualTimeOf } from './store/usual-times.ts'
import { keyOf } from './verbs/draft.ts'

const MINE = 5

/** 办事指南 of one service as this person reads it, with their own applications of it. Throws `not-found`. */
export async function guideOf(context: Context, db: Db, t: T, person: Person, key: string) {
  const { catalogue, clock, workingTime } = context
  const service = catalogue.get(key)
  const { audience, limits, guide: { promise } } = service.definition
  const mayApply = canApply(audience, person.standing)
  const draft = await findDraft(db, keyOf(person, service))
  const sent = await listApplications(db, { person_id: person.person_id, service_key: key, limit: MINE })
  return guidePage(t, service, {
    draft: draft?.saved_at ? draft : undefined, sent, mayApply, stop: mayApply ? stopNotice(t, await stopFor(context, db, person, service)) : null,
    limits: limitRows(t, limits, { units: await unitNames(context, db, t, limits), taken: limits ? await takenOf(db, key, limits) : 0 }),
    due: dueAt(workingTime, promise, clock.now()), usual: await usualTimeOf(db, key),
  })
}
