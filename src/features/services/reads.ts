import type { Db } from '../../platform/db.ts'
import { type T, textIn } from '../../platform/text.ts'
import type { Reach } from '../identity/index.ts'
import type { Context, Person } from './deps.ts'
import { usesOfGroup } from './group-uses.ts'
import { guideOf } from './guide.ts'
import { knownIn } from './known.ts'
import { stopsFor } from './limits.ts'
import { serviceLine, type ServiceLine } from './pages/service.ts'
import { canApply, type Status } from './rules/application.ts'
import { answers, type Values } from './rules/form.ts'
import { type Outcome, outcomeOf } from './rules/outcome.ts'
import { recordOf } from './record.ts'
import { openSecrets } from './secrets.ts'
import { type ApplicationRow, getApplication } from './store/applications.ts'

/** An application as later features see it. */
export type ApplicationView = Omit<ApplicationRow, 'saved_at' | 'status'> & {
  status: Status
  form: Values
  /** what its approval leads to, with the form's answers filled in */
  outcome: Outcome
}

/** A service with the words that people may look for it by, and the sentences of its guide. `own`: meant for this kind of person; `audience`: for which standings. */
export type Findable = ServiceLine & { words: readonly string[]; guide: readonly string[]; own: boolean; audience: readonly string[] }

/** What later features may ask. */
export function createReads(context: Context) {
  const { catalogue, versions } = context
  const lists = new Map<T, Map<string, readonly Findable[]>>()
  let listed = catalogue.all

  function listFor(t: T, standing: string): readonly Findable[] {
    return catalogue.all.map(service => {
      const { title, keywords, audience, guide: { who, materials, steps, contact } } = service.definition
      const line = serviceLine(t, service)
      const guide = [line.summary, line.category, ...[who, ...materials, ...steps, contact.office, contact.place ?? ''].filter(Boolean).map(text => t(text))]
      return Object.freeze({ ...line, words: [...new Set([title, ...keywords])], guide, audience, own: canApply(audience, standing) })
    }).toSorted((a, b) => Number(b.own) - Number(a.own))
  }

  return {
    /** Throws `not-found`. */
    async applicationById(db: Db, id: string): Promise<ApplicationView> {
      const row = await getApplication(db, id)
      const { definition, form } = await versions.get(db, row.version_id)
      const { number, title, service_key, status, person_id, person_number, person_name, instance_id, submitted_at, due_at, ended_at, expires_at, forgotten_at } = row
      const values = row.form ?? {}
      return { id, number, title, service_key, status, person_id, person_number, person_name, instance_id, submitted_at, due_at, ended_at, expires_at, forgotten_at, form: values, outcome: outcomeOf(definition, form, values, await knownIn(context, db, form, values)) }
    },

    /** What a paper about it says. Throws `not-found`. */
    recordOf: (db: Db, id: string) => recordOf(context, db, id),

    /** Label and value of each answer, for exports and consoles. */
    async answersOf(db: Db, t: T, id: string): Promise<{ key: string; label: string; text: string }[]> {
      const { form, version_id } = await getApplication(db, id)
      const version = await versions.get(db, version_id)
      return answers(version.form, form ?? {}, t, await knownIn(context, db, version.form, form ?? {}))
    },

    /** The same for the person's own copy: what is masked on the screen goes along whole. */
    async ownAnswers(db: Db, id: string): Promise<{ label: string; value: string; whole?: string }[]> {
      const row = await getApplication(db, id)
      if (row.forgotten_at !== null) return []
      const { form } = await versions.get(db, row.version_id)
      const secrets = new Map(Object.entries(await openSecrets(context, db, form, { application_id: id, revision: row.revision })))
      return answers(form, row.form ?? {}, textIn('zh'), await knownIn(context, db, form, row.form ?? {})).map(({ key, label, text }) => {
        const whole = secrets.get(key)
        return { label, value: text, ...(whole !== undefined && { whole }) }
      })
    },

    /** 办事指南 of one service as this person reads it. Throws `not-found`. */
    guideOf: (db: Db, t: T, person: Person, key: string) => guideOf(context, db, t, person, key),

    /** Keys of the services that somebody's reach takes in: those named, and those that its departments answer for; null for all. */
    async ownedWithin(db: Db, { everything, units, services }: Reach): Promise<readonly string[] | null> {
      if (everything) return null
      const codes = new Set(units.length === 0 ? [] : (await context.identity.listUnits(db)).filter(unit => units.includes(unit.id)).map(unit => unit.code))
      return [...catalogue.all, ...catalogue.withdrawn.values()].filter(({ key, definition }) => services.includes(key) || codes.has(definition.department ?? '')).map(({ key }) => key)
    },

    /** Of the services for this person those that cannot be applied for now, by key, with the word that says why. */
    async stopsOf(db: Db, t: T, person: Person): Promise<ReadonlyMap<string, string>> {
      const stops = await stopsFor(context, db, person, catalogue.all.filter(({ definition }) => canApply(definition.audience, person.standing)))
      return new Map([...stops].map(([key, { tag }]) => [key, t(tag)]))
    },

    /** Where a 工作组 is called by its word: as services are offered or withdrawn, in drafts, and in older versions on which applications are under way. */
    usesOfGroup: (db: Db, word: string) => usesOfGroup(context, db, word),

    /** Every service by its key, with its Chinese title and the code of the department that answers for it. */
    titles: (): { key: string; title: string; department: string | null }[] => [...catalogue.all, ...catalogue.withdrawn.values()].map(({ key, definition }) => ({ key, title: definition.title, department: definition.department ?? null })),

    /** Every service in the reader's language, those for people of this standing first; the same list each time, until something is published. */
    all(t: T, standing: string): readonly Findable[] {
      if (listed !== catalogue.all) lists.clear()
      listed = catalogue.all
      const byStanding = lists.get(t) ?? new Map<string, readonly Findable[]>()
      lists.set(t, byStanding)
      const list = byStanding.get(standing) ?? listFor(t, standing)
      byStanding.set(standing, list)
      return list
    },
  }
}
