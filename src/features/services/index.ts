import { join } from 'node:path'
import type { Db } from '../../platform/db.ts'
import type { Feature } from '../../platform/feature.ts'
import { textIn } from '../../platform/text.ts'
import { urged } from '../approvals/index.ts'
import { createCaseReads } from './cases.ts'
import { type FlowFaults, loadCatalogue } from './catalogue.ts'
import type { Context, Deps } from './deps.ts'
import { applicationAmended, applicationApproved, applicationEnded, applicationForgotten, applicationHeld, applicationRejected, applicationReleased, applicationResubmitted, applicationRevoked, applicationSubmitted, applicationWithdrawn, attachmentInfected, serviceActLabels, wholeSeen } from './events.ts'
import { closingWork } from './jobs/closing.ts'
import { scanWork } from './jobs/scan.ts'
import { keepingWork } from './jobs/keeping.ts'
import { usualTimeWork } from './jobs/usual-time.ts'
import { createOffering } from './offering.ts'
import { createReactions } from './reactions.ts'
import { createReads } from './reads.ts'
import { applicationMachine } from './rules/application.ts'
import { absenceRoutes } from './routes/absences.ts'
import { applicationRoutes } from './routes/applications.ts'
import { editionRoutes } from './routes/console/editions.ts'
import { keepingRoutes } from './routes/console/keeping.ts'
import { passRoutes } from './routes/console/passes.ts'
import { previewRoutes } from './routes/console/preview.ts'
import { serviceRoutes as oneServiceRoutes } from './routes/console/service.ts'
import { servicesRoutes } from './routes/console/services.ts'
import { trialRoutes } from './routes/console/trial.ts'
import { batchRoutes } from './routes/batch.ts'
import { correctionRoutes } from './routes/corrections.ts'
import { fillingRoutes } from './routes/filling.ts'
import { forecastRoutes } from './routes/forecast.ts'
import { formRoutes } from './routes/forms.ts'
import { listRoutes } from './routes/lists.ts'
import { passingRoutes } from './routes/passing.ts'
import { returningRoutes } from './routes/returning.ts'
import { talkRoutes } from './routes/talk.ts'
import { taskRoutes } from './routes/tasks.ts'
import { draftsOf, latestOf, listApplications } from './store/applications.ts'
import { countWaiting } from './store/attachments.ts'
import { createVerbs, type Verbs } from './verbs/index.ts'
import { sealedColumns } from './secrets.ts'
import { attachedAmong } from './store/keeping.ts'
import { createVersions } from './versions.ts'
import { scanMachine } from './rules/scan.ts'
import { STATUS_TAGS } from './rules/standing.ts'

export type { Deps as ServicesDeps, Offer, Offered, Offers, Person } from './deps.ts'
export { applicationApproved, applicationForgotten, applicationRejected, applicationResubmitted, applicationReturned, applicationRevoked, applicationSubmitted, applicationWithdrawn } from './events.ts'
export { choosingPage } from './pages/choosing.ts'
export { applicationCell } from './pages/service.ts'
export type { ApplicationRecord } from './record.ts'
export type { ApplicationView, Findable } from './reads.ts'
export type { CaseFilters } from './store/cases.ts'
export type { VersionForecast } from './verbs/change-version.ts'
export { ENDED, type Status } from './rules/application.ts'
export { STATUS_TAGS } from './rules/standing.ts'
export type { ApplicationRow, Filters, ShortRow } from './store/applications.ts'

export type Services = Feature & Verbs & ReturnType<typeof createReads> & ReturnType<typeof createCaseReads> & {
  /** What has been sent, newest first; `before`: id of the last row of the page before. */
  listApplications: typeof listApplications
  /** What a person began and has not sent, last touched first. */
  draftsOf: typeof draftsOf
  latestOf: typeof latestOf
  /** What keeps uploads from being read, for the console. */
  hindrances(db: Db): Promise<{ text: string; params: Record<string, string> }[]>
}

/** A scanner at work looks at a file within seconds; ms. */
const TOO_LONG = 10 * 60_000

/** Of a person's own applications in 我的信息. */
const MOST = 500

/** Services as data: guide, form, flow; drafts, applications and their life. */
export function createServices(deps: Deps): Services {
  const folder = deps.folder ?? join(import.meta.dirname, '../../catalogue/services')
  const flowFaults: FlowFaults = flow => deps.approvals.faultsOf(flow).map(({ label, sentence, params }) => `/flow ${label ?? ''} ${textIn('zh')(sentence, params)}`)
  const versions = createVersions()
  const context: Context = { ...deps, flowFaults, versions, catalogue: createOffering(loadCatalogue(folder, flowFaults).all, versions) }
  const verbs = createVerbs(context)
  const reads = createReads(context)
  return {
    name: 'services',
    machines: [applicationMachine, scanMachine],
    reactions: createReactions(context),
    jobs: [scanWork(context), usualTimeWork(context), closingWork(context, verbs), keepingWork(context)],
    sealed: sealedColumns,
    filesNeeded: attachedAmong,
    gate: async () => {
      await context.catalogue.renew(deps.database.db)
      return undefined
    },
    labels: {
      [applicationSubmitted.name]: { text: '提交申请', tone: 'quiet' },
      [applicationResubmitted.name]: { text: '修改后重新提交', tone: 'quiet' },
      [applicationWithdrawn.name]: { text: '撤回申请', tone: 'quiet' },
      [applicationApproved.name]: { text: '审批通过，申请办结', tone: 'good' },
      [applicationRejected.name]: { text: '没有通过，申请办结', tone: 'bad' },
      [applicationAmended.name]: { text: '填写了审批环节的内容', tone: 'quiet' },
      [attachmentInfected.name]: { text: '附件里查出病毒（{virus}），文件已删除', tone: 'bad' },
      [wholeSeen.name]: { text: '查看了完整的证件号码', tone: 'quiet' },
      [applicationRevoked.name]: { text: '撤销已经通过的申请', tone: 'bad' },
      [applicationEnded.name]: { text: '审批终止，申请办结', tone: 'bad' },
      [applicationForgotten.name]: { text: '保存期限已到，内容已删除', tone: 'quiet' },
      [applicationHeld.name]: { text: '{actor} 暂缓删除这份申请的内容', tone: 'wait' },
      [applicationReleased.name]: { text: '{actor} 取消了暂缓删除', tone: 'quiet' },
      [urged.name]: { text: '催办', tone: 'wait' },
      ...serviceActLabels,
    },
    hallMenu: [
      { label: '我收到的', href: '/received', below: '/tasks/', tab: 'inbox', counted: true },
      { label: '我发出的', href: '/sent', below: '/applications/', tab: 'send' },
    ],
    async routes(app) {
      // With the start and not with the first page: else an old process, asked late, would bring back what a new one has replaced.
      app.addHook('onReady', () => context.catalogue.open(deps.database))
      for (const routes of [formRoutes, forecastRoutes, applicationRoutes, fillingRoutes, correctionRoutes, taskRoutes, passingRoutes, returningRoutes, talkRoutes, batchRoutes, absenceRoutes, listRoutes]) await app.register(routes, { context, verbs })
    },
    console: [{
      right: 'services.manage',
      async routes(app) {
        for (const routes of [servicesRoutes, oneServiceRoutes, passRoutes, editionRoutes, trialRoutes, previewRoutes, keepingRoutes]) await app.register(routes, { context, verbs })
      },
    }],
    consoleMenu: [
      { group: '业务', label: '事项管理', href: '/admin/services', icon: 'list', right: 'services.manage' },
      { group: '业务', label: '保存期限', href: '/admin/keeping', icon: 'clock', right: 'services.manage' },
    ],
    personal: async (db, person_id) => [{
      label: '申请', purpose: '办理你申请的事项', source: '你填写的表单，审批人的意见', term: '办结后按事项写明的期限，没有写明的保存 3 年。到期前两周告诉你',
      entries: await Promise.all((await listApplications(db, { person_id, limit: MOST })).map(async row => ({
        title: row.title, at: row.submitted_at ?? 0,
        facts: [{ label: '申请编号', value: row.number }, { label: '状态', value: STATUS_TAGS[row.status].text },
          row.forgotten_at === null ? { label: '内容保存到', value: row.expires_at, at: true } : { label: '内容删除时间', value: row.forgotten_at, at: true }, ...await reads.ownAnswers(db, row.id)],
      }))),
    }],
    ...verbs,
    ...reads,
    ...createCaseReads(context),
    listApplications,
    draftsOf,
    latestOf,
    async hindrances(db) {
      const n = await countWaiting(db, deps.clock.now() - TOO_LONG)
      return n === 0 ? [] : [{ text: '有 {n} 个上传的文件等病毒检查超过十分钟，别人打不开。请看病毒检查服务（CLAMD_URL）有没有运行', params: { n: String(n) } }]
    },
  }
}
