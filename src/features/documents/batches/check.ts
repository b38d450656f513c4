import type { Browser } from '../../../integrations/browser/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import { schoolTime } from '../../../platform/dates.ts'
import type { Db } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { contentOf } from '../content.ts'
import { stopping } from '../holds/rules.ts'
import { holdsOn } from '../holds/store.ts'
import type { HoldType } from '../holds/types.ts'
import type { Identity } from '../index.ts'
import { troubleIn } from '../jobs.ts'
import { holdsPaper } from '../store.ts'
import type { Template } from '../templates.ts'
import { type Problem, said, saidBy, UNKNOWN_NUMBER } from './problems.ts'
import type { BatchItemsTable, BatchRow } from './tables.ts'

export type CheckDeps = Parameters<typeof contentOf>[1] & { identity: Pick<Identity, 'numbersOf'>; browser: Pick<Browser, 'unprintable'>; clock: Clock; holdTypes: ReadonlyMap<string, HoldType> }

type Item = Pick<BatchItemsTable, 'number'> & { person_id: string }

/** Why this person cannot get the paper of the batch now; null: nothing is in the way. */
export async function problemOf(db: Db, deps: CheckDeps, template: Template, { facts, again }: BatchRow, { person_id, number }: BatchItemsTable): Promise<Problem | null> {
  if (person_id === null) return UNKNOWN_NUMBER
  try {
    const item = { person_id, number }
    return await heldBy(db, deps, template, item) ?? await standingOf(db, deps, template, item)
      ?? (again ? null : await paperOf(db, template, item)) ?? await troubleOf(db, deps, template, facts, item)
  } catch (error) {
    if (!(error instanceof AppError) || error.kind === 'upstream') throw error
    return saidBy(error)
  }
}

async function heldBy(db: Db, { holdTypes, clock }: CheckDeps, { family }: Template, { number }: Item): Promise<Problem | null> {
  const found = stopping(await holdsOn(db, number), holdTypes, family, schoolTime(clock.now()).date)
  return found ? said('有开具限制：{label}（{reason}）', { label: found.type.label, reason: found.hold.reason }) : null
}

async function standingOf(db: Db, { identity }: CheckDeps, { standings }: Template, { person_id, number }: Item): Promise<Problem | null> {
  if (standings.length === 0) return null
  const own = (await identity.numbersOf(db, person_id)).find(each => each.number === number)
  return own && standings.includes(own.standing) ? null : said('只给在读的学号开具，这个学号不在读')
}

async function paperOf(db: Db, { kind }: Template, { number }: Item): Promise<Problem | null> {
  const held = await holdsPaper(db, { person_number: number, kind })
  return held ? said('已经有有效的同种文件，编号 {number}', { number: held.number }) : null
}

async function troubleOf(db: Db, deps: CheckDeps, template: Template, facts: BatchRow['facts'], { person_id, number }: Item): Promise<Problem | null> {
  const known = { ...await contentOf(db, deps, template, { person_id, person_number: number }), ...facts }
  return await troubleIn(template, { facts: known }, deps.browser)
}
