import { type Db, isDuplicate, type Tx } from '../../platform/db.ts'
import { newId } from '../../platform/ids.ts'
import type { Service, ServiceDefinition } from './catalogue.ts'
import { type Form, openForm } from './rules/form.ts'
import { findVersion, findVersionByHash, insertVersion, lastVersion } from './store/versions.ts'

/** A service as it was published: what an application was sent with. */
export type Version = { readonly id: string; readonly service_key: string; readonly number: number; readonly definition: ServiceDefinition; readonly form: Form }
export type Versions = {
  /** The version of this very text, made now when the text is new. */
  publish(tx: Tx, service: Service): Promise<string>
  get(db: Db, id: string): Promise<Version>
}

/** Published versions never change, so what was read once is kept. */
export function createVersions(): Versions {
  const known = new Map<string, Version>()
  return {
    publish: publishVersion,
    async get(db, id) {
      const kept = known.get(id)
      if (kept) return kept
      const row = await findVersion(db, id)
      if (!row) throw new Error(`an application without its version ${id}`)
      const definition: ServiceDefinition = JSON.parse(row.definition)
      const version = { id, service_key: row.service_key, number: row.version, definition, form: openForm(definition.form.fields) }
      known.set(id, version)
      return version
    },
  }
}

async function publishVersion(tx: Tx, service: Service): Promise<string> {
  const { key, definition, hash } = service
  const known = await findVersionByHash(tx, key, hash)
  if (known) return known.id
  const row = { id: newId(), service_key: key, version: await lastVersion(tx, key) + 1, definition: JSON.stringify(definition), hash, published_at: tx.bus.clock.now() }
  try {
    await insertVersion(tx, row)
    return row.id
  } catch (error) {
    // Another node published the same text, or another text under the same number: look again.
    if (isDuplicate(error)) return publishVersion(tx, service)
    throw error
  }
}
