import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import { enqueue } from '../../../platform/jobs.ts'
import type { Deps } from '../deps.ts'
import { connectionChanged, connectionMade, connectionRemoved, connectionTested } from '../events.ts'
import type { Settings } from '../rules.ts'
import { HEADERS } from '../sealed.ts'
import { askTest, type Connection, deleteConnection, getConnection, insertConnection, updateConnection } from '../store.ts'
import { testConnection } from '../work.ts'

type VerbDeps = Pick<Deps, 'keyring' | 'clock'>

/** Returns its id. Throws `invalid` at the name where there is one of that already. */
export async function make(deps: VerbDeps, tx: Tx, actor: Actor, settings: Settings): Promise<string> {
  const id = newId()
  try {
    await insertConnection(tx, { id, name: settings.name, ...written(deps, settings, {}) })
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('invalid', '已经有叫这个名称的连接', { fields: { name: '已经有叫这个名称的连接' } })
    throw error
  }
  await emit(tx, connectionMade, { connection_id: id }, { subject: id, actor })
  return id
}

/** Everything but its name, by which flows call it. Secrets were given to one origin; another does not get them. */
export async function change(deps: VerbDeps, tx: Tx, actor: Actor, id: string, settings: Settings): Promise<void> {
  const before = await getConnection(tx, id)
  await updateConnection(tx, id, written(deps, settings, secretsFor(deps, before, settings.origin)))
  await emit(tx, connectionChanged, { connection_id: id }, { subject: id, actor })
}

function secretsFor({ keyring }: VerbDeps, { origin, headers }: Connection, wanted: string): Record<string, string> {
  const opened = headers === null || origin !== wanted ? null : keyring.open(HEADERS, headers)
  return opened === null ? {} : JSON.parse(opened)
}

function written({ keyring, clock }: VerbDeps, { note, origin, paths, method, time_limit, headers }: Settings, kept: Record<string, string>) {
  const secrets = Object.fromEntries([...headers].map(([name, value]) => [name, value ?? kept[name] ?? '']))
  return { note, origin, paths, method, time_limit, header_names: [...headers.keys()], headers: headers.size > 0 ? keyring.seal(HEADERS, JSON.stringify(secrets)) : null, updated_at: clock.now() }
}

export async function remove(tx: Tx, actor: Actor, id: string): Promise<void> {
  if (!await deleteConnection(tx, id)) throw new AppError('not-found', '没有找到这个外部连接')
  await emit(tx, connectionRemoved, { connection_id: id }, { subject: id, actor })
}

/** A job calls it, the page waits for what it says. */
export async function test({ clock }: VerbDeps, tx: Tx, actor: Actor, id: string): Promise<void> {
  await getConnection(tx, id)
  await askTest(tx, id, clock.now())
  await enqueue(tx, testConnection, { connection_id: id }, { priority: 1, subject: id })
  await emit(tx, connectionTested, { connection_id: id }, { subject: id, actor })
}
