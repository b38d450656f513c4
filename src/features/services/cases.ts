import type { Db } from '../../platform/db.ts'
import { eventsOf } from '../../platform/events.ts'
import type { T } from '../../platform/text.ts'
import type { Context } from './deps.ts'
import { isFileId } from './fields/files.ts'
import { knownIn } from './known.ts'
import { flowPage } from './pages/flow.ts'
import { attachmentsOf } from './store/attachments.ts'
import { saidIn, timelinePage } from './pages/timeline.ts'
import { answers } from './rules/form.ts'
import { STATUS_TAGS, standingSentence } from './rules/standing.ts'
import { getApplication } from './store/applications.ts'
import { formColumns, answersById } from './sheet.ts'
import { casesByIds, countCases, findCases, idsToMove, versionsFor } from './store/cases.ts'
import { backlogOf, endedBetween, firstSentAt, sentBetween } from './store/figures.ts'
import { foreseeVersion, type VersionForecast } from './verbs/change-version.ts'

/** What the console asks about applications that have been sent. */
export function createCaseReads(context: Context) {
  return {
    findCases, countCases, casesByIds, idsToMove, versionsFor, firstSentAt, sentBetween, backlogOf,
    endedBetween: (db: Db, span: { from: number; until: number }) => endedBetween(db, context.catalogue.all.map(({ key }) => key), span),
    formColumns: (db: Db, t: T, service_key: string) => formColumns(context, db, t, service_key),
    answersById: (db: Db, t: T, ids: readonly string[]) => answersById(context, db, t, ids),
    caseOf: (db: Db, t: T, id: string) => caseOf(context, db, t, id),
    foreseeVersion: (db: Db, application_id: string, version_id: string): Promise<VersionForecast> => foreseeVersion(context, db, application_id, version_id),
  }
}

/** All that is known of one application, for who keeps the service running: every answer, what happened, where it stands. */
async function caseOf(context: Context, db: Db, t: T, id: string) {
  const { approvals, clock, identity, versions } = context
  const application = await getApplication(db, id)
  const { instance_id, status, form } = application
  const version = await versions.get(db, application.version_id)
  const instance = instance_id === null ? null : await approvals.instanceOf(db, instance_id)
  const { nodes, choices } = instance_id === null ? { nodes: [], choices: new Map<string, readonly number[]>() } : await approvals.pictureOf(db, instance_id)
  const [decisions, remarks, copies] = instance_id === null ? [[], [], []] : [await approvals.decisionsOf(db, instance_id), await approvals.remarksOf(db, instance_id), await approvals.copiesOf(db, instance_id)]
  const events = await eventsOf(db, id)
  const names = new Map((await identity.peopleByIds(db, [...new Set(events.flatMap(event => event.actor_id ?? []))])).map(person => [person.id, person.name]))
  // The picture itself is for those whom the application concerns.
  const drawn = new Map(decisions.flatMap(({ signature }) => signature !== null && isFileId(signature) ? [[signature, { text: t('已手写签名') }] as const] : []))
  const suspended = status === 'running' && (instance?.suspended_at ?? null) !== null
  const holding = nodes.map(node => ({ label: node.label, since: node.started_at, names: node.tasks.filter(task => task.status === 'open').map(task => task.person_name) })).filter(node => node.names.length > 0)
  return {
    application, instance, version: { id: version.id, number: version.number }, nodes, decisions,
    state: { sentence: standingSentence(t, status, { holding, promise: version.definition.guide.promise, now: clock.now(), own: false, suspended }), meaning: suspended ? 'grey' : STATUS_TAGS[status].meaning },
    answers: answers(version.form, form ?? {}, t, await knownIn(context, db, version.form, form ?? {})),
    timeline: timelinePage(t, { events, decisions, remarks, copies, nodes, now: context.clock.now(), labels: context.labels(), names, drawn, said: saidIn(await attachmentsOf(db, id), file => ({ label: file.name, href: null })) }),
    steps: flowPage(t, version.definition.flow, { nodes, copies, status, choices, next: status === 'running' && instance_id !== null ? await approvals.foreseeRest(db, t, instance_id) : [], now: clock.now() }),
  }
}
