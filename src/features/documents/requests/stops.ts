import { schoolTime } from '../../../platform/dates.ts'
import type { Db } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { contentOf, type Owner } from '../content.ts'
import type { Schemes } from '../grades/schemes.ts'
import { stopping } from '../holds/rules.ts'
import { holdsOn } from '../holds/store.ts'
import type { HoldType } from '../holds/types.ts'
import type { Identity } from '../index.ts'
import type { Facts, Template } from '../templates.ts'
import { troubleSentence, whyNotDraw } from '../trouble.ts'
import type { T } from '../../../platform/text.ts'

export type StopDeps = { identity: Pick<Identity, 'factsOf' | 'numbersOf'>; holdTypes: ReadonlyMap<string, HoldType>; schemes: Schemes }

/** Why a paper cannot be issued now, in words, and where to go. */
export type Stop = { text: string; note?: string; action?: { label: string; href: string } }

/** Said before anything else: a hold, the number's standing, what the school does not know. null: it can be issued. `now` in ms. */
export async function stopOf(db: Db, deps: StopDeps, template: Template, owner: Owner, now: number, t: T): Promise<Stop | null> {
  return heldBy(await holdsOn(db, owner.person_number), deps, template, now, t) ?? await standingStop(db, deps, template, owner, t) ?? await contentStop(db, deps, template, owner, t)
}

function heldBy(holds: Awaited<ReturnType<typeof holdsOn>>, { holdTypes }: StopDeps, template: Template, now: number, t: T): Stop | null {
  const found = stopping(holds, holdTypes, template.family, schoolTime(now).date)
  if (!found) return null
  const { type: { label, sentence, ask }, hold: { reason } } = found
  return {
    text: t('{label}：{sentence}（{reason}）', { label: t(label), sentence: t(sentence), reason }), note: t('请找{office}。{text}', { office: t(ask.office), text: t(ask.text) }),
    ...(ask.href !== null && { action: { label: t(ask.label), href: ask.href } }),
  }
}

async function standingStop(db: Db, { identity }: StopDeps, { standings }: Template, { person_id, person_number }: Owner, t: T): Promise<Stop | null> {
  if (standings.length === 0) return null
  const number = (await identity.numbersOf(db, person_id)).find(each => each.number === person_number)
  return number && standings.includes(number.standing) ? null : { text: t('只给在读的学号开具，这个学号不在读') }
}

async function contentStop(db: Db, deps: StopDeps, template: Template, owner: Owner, t: T): Promise<Stop | null> {
  const facts: Facts | AppError = await contentOf(db, deps, template, owner).catch(refusal)
  if (facts instanceof AppError) return { text: t(facts.message, facts.params) }
  const trouble = whyNotDraw(template, facts)
  return trouble && { text: troubleSentence(trouble, t), note: t('请联系学院教务补全，补全以后就能办理') }
}

function refusal(error: unknown): AppError {
  if (error instanceof AppError && error.kind !== 'upstream') return error
  throw error
}
