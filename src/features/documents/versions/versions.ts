import type { Db } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { getTemplate } from '../store.ts'
import { readTemplate, type Template } from '../templates.ts'
import { keptVersions, type KeptVersion } from './store.ts'

/** A text that a kind has or had. `n` counts them as they came, from 1; `kept_at` null: it is in the catalogue and not kept yet. */
export type Version = { n: number; hash: string; kept_at: number | null; /** it is the one in the catalogue */ present: boolean }

type Templates = ReadonlyMap<string, Template>

/** All texts of a kind, newest first; none where nobody ever heard of it. */
export async function versionsOf(db: Db, templates: Templates, kind: string): Promise<Version[]> {
  return arranged(templates.get(kind), await keptVersions(db, kind))
}

/** The kinds there are and those that were taken away but gave papers, with their texts. */
export async function allVersions(db: Db, templates: Templates): Promise<Map<string, Version[]>> {
  const kept = Map.groupBy(await keptVersions(db), ({ kind }) => kind)
  return new Map([...new Set([...templates.keys(), ...kept.keys()])].map(kind => [kind, arranged(templates.get(kind), kept.get(kind) ?? [])]))
}

function arranged(present: Template | undefined, kept: readonly KeptVersion[]): Version[] {
  const known = kept.map(({ hash, kept_at }, index) => ({ n: index + 1, hash, kept_at, present: hash === present?.hash }))
  const fresh = present && !known.some(version => version.present) ? [{ n: known.length + 1, hash: present.hash, kept_at: null, present: true }] : []
  return [...known, ...fresh].toReversed()
}

/** A version by its number as an address has it, with its text. Throws `not-found`. */
export async function getVersion(db: Db, templates: Templates, kind: string, n: string): Promise<{ version: Version; template: Template }> {
  const version = (await versionsOf(db, templates, kind)).find(each => String(each.n) === n)
  if (!version) throw new AppError('not-found', '没有这个版本')
  const present = templates.get(kind)
  return { version, template: version.present && present ? present : readTemplate(kind, (await getTemplate(db, version.hash)).source) }
}

/** The title a kind has, or had when it was last in the catalogue. */
export async function titleOf(db: Db, templates: Templates, kind: string, versions: readonly Version[]): Promise<string> {
  const [last] = versions
  return templates.get(kind)?.title ?? (last ? readTemplate(kind, (await getTemplate(db, last.hash)).source).title : kind)
}
