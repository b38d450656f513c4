import type { Db } from '../../platform/db.ts'
import type { GroupUse } from '../identity/index.ts'
import type { ServiceDefinition } from './catalogue.ts'
import type { Context } from './deps.ts'
import { listProposals } from './store/proposals.ts'
import { findVersion, underWay } from './store/versions.ts'

/** Which services call the group: present ones, drafts, and older versions that applications are still under way on. */
export async function usesOfGroup({ approvals, catalogue }: Pick<Context, 'approvals' | 'catalogue'>, db: Db, word: string): Promise<GroupUse[]> {
  const stepsIn = ({ flow }: ServiceDefinition) => approvals.stepsBy(flow, { rule: 'group', params: { group: word } }).map(step => step.label)
  const use = (service_key: string, definition: ServiceDefinition, where: GroupUse['in'], running = 0): GroupUse[] => {
    const steps = stepsIn(definition)
    return steps.length === 0 ? [] : [{ service_key, title: definition.title, steps, in: where, running }]
  }
  const present = [...catalogue.all, ...catalogue.withdrawn.values()].flatMap(({ key, definition }) => use(key, definition, 'present'))
  const drafts = (await listProposals(db)).flatMap(({ service_key, definition }) => use(service_key, read(definition), 'draft'))
  const older: GroupUse[] = []
  for (const { version_id, service_key, number } of await underWay(db)) {
    const version = await findVersion(db, version_id)
    const now = catalogue.find(service_key) ?? catalogue.withdrawn.get(service_key)
    if (version && version.hash !== now?.hash) older.push(...use(service_key, read(version.definition), 'older', number))
  }
  return [...present, ...drafts, ...older]
}

function read(text: string): ServiceDefinition {
  const definition: ServiceDefinition = JSON.parse(text)
  return definition
}
