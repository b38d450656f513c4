import type { Db } from '../../platform/db.ts'
import type { T } from '../../platform/text.ts'
import type { Service } from './catalogue.ts'
import type { Context, Person } from './deps.ts'
import { instantOf, type Limits, type Stop, stopOf } from './rules/limits.ts'
import { countTaken, heldBy } from './store/limits.ts'
import { openPasses } from './store/passes.ts'

type Who = Pick<Person, 'person_id' | 'number'>
type World = Pick<Context, 'identity' | 'clock'>

/** What stands against this person applying for a service now, or null; a pass lifts it. */
export async function stopFor(context: World, db: Db, person: Who, service: Pick<Service, 'key' | 'definition'>): Promise<Stop | null> {
  return (await stopsFor(context, db, person, [service])).get(service.key) ?? null
}

/** The same for several services, by key; asks nothing of the database where none of them has limits. */
export async function stopsFor(context: World, db: Db, person: Who, services: readonly Pick<Service, 'key' | 'definition'>[]): Promise<ReadonlyMap<string, Stop>> {
  const limited = services.flatMap(({ key, definition: { limits } }) => limits ? [{ key, limits }] : [])
  if (limited.length === 0) return new Map()
  const keys = limited.map(({ key }) => key)
  const [facts, own, passes] = [await rosterFacts(context, db, person, limited.map(({ limits }) => limits)), await heldBy(db, person.person_id, keys), await openPasses(db, person.person_id, keys)]
  const stops = new Map<string, Stop>()
  for (const { key, limits } of limited.filter(each => !passes.has(each.key))) {
    const stop = stopOf(limits, { ...facts, own: own.filter(row => row.service_key === key), taken: await takenOf(db, key, limits) }, context.clock.now())
    if (stop) stops.set(key, stop)
  }
  return stops
}

/** How many of the places are held; 0 where there is no such limit. */
export async function takenOf(db: Db, key: string, { total, opens }: Limits): Promise<number> {
  return total === undefined ? 0 : await countTaken(db, key, opens === undefined ? 0 : instantOf(opens))
}

/** What the roster says of the number, as far as these limits ask. */
async function rosterFacts({ identity }: Pick<Context, 'identity'>, db: Db, { person_id, number }: Who, limits: readonly Limits[]): Promise<{ number: string; units: readonly string[]; entry_year: number | null }> {
  const year = limits.some(one => one.entry_years) ? (await identity.factsOf(db, person_id, number))['grade'] : undefined
  return { number, units: limits.some(one => one.units) ? await unitsAbove({ identity }, db, number) : [], entry_year: year === undefined ? null : Number(year) }
}

/** Codes of the department of a number and of those above it. */
async function unitsAbove({ identity }: Pick<Context, 'identity'>, db: Db, number: string): Promise<string[]> {
  const units = new Map((await identity.listUnits(db)).map(unit => [unit.id, unit]))
  const codes = new Set<string>()
  for (let unit = units.get((await identity.personByNumber(db, number))?.unit_id ?? ''); unit && !codes.has(unit.code); unit = units.get(unit.parent_id ?? '')) codes.add(unit.code)
  return [...codes]
}

/** Names of departments in the reader's language, by code. */
export async function unitNames({ identity }: Pick<Context, 'identity'>, db: Db, t: T, limits: Limits | undefined): Promise<ReadonlyMap<string, string>> {
  return new Map(limits?.units ? (await identity.listUnits(db)).map(({ code, name }) => [code, t(name)]) : [])
}
