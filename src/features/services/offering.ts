import { type Database, type Db, isDuplicate, type Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { emit } from '../../platform/events.ts'
import type { Catalogue, Service } from './catalogue.ts'
import { serviceActs } from './events.ts'
import { countPublications, insertPublication, listBroughtByFiles, listStandings, type PublicationRow, type Standing } from './store/publications.ts'
import type { Versions } from './versions.ts'

export type Offering = Catalogue & {
  /** What takes no applications for now, by key. */
  readonly withdrawn: ReadonlyMap<string, Service>
  /** Keys of what was published under another release and cannot be read by this one. */
  readonly unreadable: ReadonlySet<string>
  /** Takes up what was published or withdrawn since, here or by another process. Asked before every page; costs one count where nothing was. */
  renew(db: Db): Promise<void>
  /** Publishes each file whose text is not the one that files last brought. */
  takeFiles(tx: Tx): Promise<void>
  /** The same for a process that starts, beside others that start. */
  open(database: Pick<Database, 'db' | 'write'>): Promise<void>
}

type Known = { all: readonly Service[]; byKey: ReadonlyMap<string, Service>; withdrawn: ReadonlyMap<string, Service>; unreadable: ReadonlySet<string> }

/** What the hall offers: of each service the version that was published last, by a file or in the console. Until it is renewed, what the files say. */
export function createOffering(files: readonly Service[], versions: Versions): Offering {
  let known: Known = { all: files, byKey: byKeyOf(files), withdrawn: new Map(), unreadable: new Set() }
  let seen = -1

  async function takeFiles(tx: Tx): Promise<void> {
    const standings = new Map((await listStandings(tx)).map(standing => [standing.service_key, standing]))
    const brought = new Map((await listBroughtByFiles(tx)).map(({ service_key, hash }) => [service_key, hash]))
    try {
      for (const service of files) if (brought.get(service.key) !== service.hash) await bring(tx, versions, service, standings.get(service.key))
    } catch (error) {
      // Another process brought the same files at the same moment: look again.
      if (!isDuplicate(error)) throw error
      await takeFiles(tx)
    }
  }

  async function renew(db: Db): Promise<void> {
    const number = await countPublications(db)
    if (number === seen) return
    known = await read(db, { files: byKeyOf(files), versions })
    seen = number
  }

  return {
    get all() { return known.all },
    get withdrawn() { return known.withdrawn },
    get unreadable() { return known.unreadable },
    takeFiles,
    find: key => known.byKey.get(key),
    get(key) {
      const found = known.byKey.get(key)
      if (found) return found
      const title = known.withdrawn.get(key)?.definition.title
      if (title !== undefined) throw new AppError('not-found', '“{title}”已暂停办理，现在不能提交新的申请。已经提交的申请不受影响', { params: { title } })
      throw new AppError('not-found', '没有这项服务。可能是链接不完整，或者服务已经下线')
    },
    renew,
    async open({ db, write }) {
      await write(takeFiles)
      await renew(db)
    },
  }
}

async function bring(tx: Tx, versions: Versions, service: Service, standing: Standing | undefined): Promise<void> {
  const version_id = await versions.publish(tx, service)
  await publication(tx, { service_key: service.key, act: 'published', version_id, note: '', offered: standing?.offered ?? 1, by_file: 1 }, { standing, title: service.definition.title, person: null })
}

type Done = Pick<PublicationRow, 'service_key' | 'act' | 'version_id' | 'note' | 'offered' | 'by_file'>

/** Writes down what was done with a service, after what was done before it (`standing`), and tells of it. */
export async function publication(tx: Tx, done: Done, { standing, title, person }: { standing: Pick<Standing, 'turn'> | undefined; title: string; person: { person_id: string; number: string | null; name: string } | null }): Promise<void> {
  await insertPublication(tx, { ...done, turn: (standing?.turn ?? 0) + 1, person_id: person?.person_id ?? null, person_name: person?.name ?? null, at: tx.bus.clock.now() })
  const { service_key, version_id, note } = done
  await emit(tx, serviceActs[done.act], { service_key, title, version_id, note }, { subject: service_key, actor: person && { person_id: person.person_id, number: person.number } })
}

async function read(db: Db, { files, versions }: { files: ReadonlyMap<string, Service>; versions: Versions }): Promise<Known> {
  const all: Service[] = []
  const withdrawn = new Map<string, Service>()
  const unreadable = new Set<string>()
  for (const { service_key: key, version_id, hash, offered } of await listStandings(db)) {
    const file = files.get(key)
    const service = file?.hash === hash ? file : await serviceOf(db, versions, { key, version_id, hash })
    if (service === null) unreadable.add(key)
    else if (offered === 1) all.push(service)
    else withdrawn.set(key, service)
  }
  return { all, byKey: byKeyOf(all), withdrawn, unreadable }
}

/** Null where this release does not know what is in it: one such service must not close the hall. */
async function serviceOf(db: Db, versions: Versions, { key, version_id, hash }: { key: string; version_id: string; hash: string }): Promise<Service | null> {
  try {
    const { definition, form } = await versions.get(db, version_id)
    return { key, definition, form, hash }
  } catch (error) {
    if (error instanceof TypeError) return null
    throw error
  }
}

function byKeyOf(all: readonly Service[]): ReadonlyMap<string, Service> {
  return new Map(all.map(service => [service.key, service]))
}
