import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/db.ts'
import { roleLabel } from './rules/roles.ts'
import { knownStandings, standings } from './rules/standing.ts'
import { superiorNumbers } from './rules/superior.ts'
import { peopleByIds, peopleByNumbers, type Person, personById, personByNumber } from './store/people.ts'
import { selectPostHolders } from './store/posts.ts'
import { type SampleRow, selectSamples } from './store/samples.ts'
import { selectHolders } from './store/roles.ts'
import { findGroup, presentMembers } from './store/groups.ts'
import { listUnits, type Unit, unitByCode, unitById } from './store/units.ts'

/** The tutor of the given number, or of the person's leading one, unless they have left. */
export async function tutorOf(db: Db, person_id: string, number?: string | null): Promise<Person | null> {
  const person = await personAs(db, person_id, number)
  return person?.tutor_id ? here(await personById(db, person.tutor_id)) : null
}

/** Who heads the unit; where it names nobody who is here, nobody. */
export async function headOf(db: Db, unit_id: string): Promise<Person | null> {
  const unit = await unitById(db, unit_id)
  return unit?.head_number ? here(await personByNumber(db, unit.head_number)) : null
}

/** The direct superior: a student's tutor; of the staff whom the roster names, else the nearest head above who is here. */
export async function leaderOf(db: Db, units: ReadonlyMap<string, Unit>, person: Person): Promise<Person | null> {
  if (person.kind === 'student') return person.tutor_id ? here(await personById(db, person.tutor_id)) : null
  for (const number of superiorNumbers(units, person)) {
    const found = here(await personByNumber(db, number))
    if (found && found.id !== person.id) return found
  }
  return null
}

/** One applicant for many who look alike to a rule. */
export type Sample = Omit<SampleRow, 'number'> & { person: DirectoryPerson }
export type DirectoryUnit = Pick<Unit, 'id' | 'code' | 'name' | 'parent_id'>
export type DirectoryPerson = { id: string; name: string; number: string | null; unit_id: string | null; unit_name: string }

/** The narrow reads that approver rules ask, bound to a transaction. Who has left is never returned; a graduate may still apply, but is asked for nothing. */
export function directoryOf(db: Db, clock: Clock) {
  // Some hundreds, read once for a whole chain of superiors.
  let tree: Promise<ReadonlyMap<string, Unit>> | undefined
  const units = () => tree ??= listUnits(db).then(all => new Map(all.map(unit => [unit.id, unit])))
  return {
    person: async (person_id: string, number?: string | null): Promise<DirectoryPerson | null> => short(await personAs(db, person_id, number)),
    people: async (ids: readonly string[]): Promise<DirectoryPerson[]> => (await peopleByIds(db, ids)).flatMap(person => short(person) ?? []),
    personByNumber: async (number: string): Promise<DirectoryPerson | null> => short(await personByNumber(db, number)),
    tutorOf: async (person_id: string, number?: string | null): Promise<string | null> => (await tutorOf(db, person_id, number))?.id ?? null,
    holdersOf: (role: string, unit_id?: string): Promise<string[]> => selectHolders(db, clock.now(), role, unit_id),
    headOf: async (unit_id: string): Promise<string | null> => (await headOf(db, unit_id))?.id ?? null,
    deputiesOf: async (unit_id: string): Promise<string[]> => {
      const numbers = (await unitById(db, unit_id))?.deputy_numbers?.split(',') ?? []
      const people = new Map((await peopleByNumbers(db, numbers)).map(person => [person.number, here(person)]))
      return numbers.flatMap(number => people.get(number)?.id ?? [])
    },
    leaderOf: async (person_id: string, number?: string | null): Promise<string | null> => {
      const person = await personAs(db, person_id, number)
      return person ? (await leaderOf(db, await units(), person))?.id ?? null : null
    },
    holdersOfPost: (post: string, unit_id?: string): Promise<string[]> => selectPostHolders(db, post, unit_id),
    group: async (word: string): Promise<{ name: string; people: string[] } | null> => {
      const group = await findGroup(db, word)
      return group && { name: group.name, people: await presentMembers(db, group.id) }
    },
    unit: async (unit_id: string): Promise<DirectoryUnit | null> => await unitById(db, unit_id),
    unitByCode: async (code: string): Promise<DirectoryUnit | null> => await unitByCode(db, code),
    samples: async (wanted: readonly string[]): Promise<Sample[]> => {
      const rows = await selectSamples(db, knownStandings.filter(standing => wanted.includes(standing)))
      const people = new Map((await peopleByNumbers(db, rows.map(row => row.number))).map(person => [person.number, short(person)]))
      return rows.flatMap(({ number, unit_name, kind, people: count }) => {
        const person = people.get(number)
        return person ? [{ person, unit_name, kind, people: count }] : []
      })
    },
    roleName: roleLabel,
    admins: (): Promise<string[]> => selectHolders(db, clock.now(), 'admin'),
  }
}

/** As the number has them, where it is theirs, else as the leading one. */
async function personAs(db: Db, person_id: string, number: string | null | undefined): Promise<Person | null> {
  const found = number ? await personByNumber(db, number) : null
  return found?.id === person_id ? found : await personById(db, person_id)
}

function here(person: Person | null): Person | null {
  return person && standings[person.standing].current ? person : null
}

function short(person: Person | null): DirectoryPerson | null {
  if (!person || !standings[person.standing].signsIn) return null
  return { id: person.id, name: person.name, number: person.number, unit_id: person.unit_id, unit_name: person.unit_name }
}
