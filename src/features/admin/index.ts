import type { Files } from '../../integrations/files/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { defineReaction } from '../../platform/events.ts'
import type { EventLabel, Feature } from '../../platform/feature.ts'
import type { Log } from '../../platform/log.ts'
import { factorEnrolled, factorReset, type Identity as WholeIdentity, roleEnding } from '../identity/index.ts'
import type { Messages } from '../messages/index.ts'
import type { Services as AllServices } from '../services/index.ts'
import { createJobs } from './jobs.ts'
import { jobRevived } from './events.ts'
import { tellOfEnding, tellOfFactor } from './notices.ts'
import type { Warning } from './pages.ts'
import { consoleGroups } from './routes.ts'

export { chainTrail } from './jobs.ts'
export type { Warning } from './pages.ts'
export { jobPhrase } from './words.ts'

export type Identity = Pick<WholeIdentity, 'peopleByIds' | 'holdersOf' | 'rolesEndingSoon'>
export type Services = Pick<AllServices, 'listApplications'>

export type AdminDeps = {
  database: Database
  clock: Clock
  log: Log
  identity: Identity
  messages: Pick<Messages, 'tell'>
  services: Services
  files: Pick<Files, 'sweep' | 'fault'>
  /** all of them, to ask each which files it needs */
  features(): readonly Feature[]
  /** how the events of all features read */
  labels(): ReadonlyMap<string, EventLabel>
  /** what does not work on this installation and how to mend it */
  warnings(): Promise<Warning[]>
}

/** The console's frame: overview, jobs, and the trail of what happened. */
export function createAdmin(deps: AdminDeps): Feature {
  return {
    name: 'admin',
    console: consoleGroups(deps),
    hallMenu: [{ label: '管理后台', href: '/admin', right: 'console.open' }],
    consoleMenu: [
      { group: '总览', label: '总览', href: '/admin', below: null, icon: 'chart', right: 'console.open' },
      { group: '运行', label: '后台作业', href: '/admin/jobs', icon: 'queue', right: 'jobs.run' },
      { group: '运行', label: '事件记录', href: '/admin/events', icon: 'list', right: 'audit.read' },
    ],
    reactions: [
      defineReaction(roleEnding, (tx, data, { subject }) => tellOfEnding(tx, deps, { ...data, person_id: subject })),
      defineReaction(factorEnrolled, (tx, _data, { subject }) => tellOfFactor(tx, deps, subject, 'enrolled')),
      defineReaction(factorReset, (tx, _data, { subject }) => tellOfFactor(tx, deps, subject, 'reset')),
    ],
    jobs: createJobs(deps),
    labels: { [jobRevived.name]: { text: '{actor} 重试了后台作业', tone: 'quiet' } },
  }
}
