import type { Browser } from '../../integrations/browser/index.ts'
import type { Files } from '../../integrations/files/index.ts'
import type { Feed, Sources } from '../../integrations/sources/index.ts'
import type { CheckSignature, Seal } from '../../integrations/seal/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database, Db } from '../../platform/db.ts'
import { defineReaction } from '../../platform/events.ts'
import type { Feature } from '../../platform/feature.ts'
import type { Keyring } from '../../platform/keys.ts'
import type { Identity as WholeIdentity, SeparateConsents } from '../identity/index.ts'
import type { Messages as AllMessages } from '../messages/index.ts'
import { orderClosed, orderPaid, type Payments as AllPayments } from '../payments/index.ts'
import { applicationApproved, applicationRevoked, type Offers, type Services as AllServices } from '../services/index.ts'
import type { Entry } from '../hall/index.ts'
import { adminRoutes } from './admin-routes.ts'
import { problems, scopes } from './api/calls.ts'
import { apiRoutes } from './api/routes.ts'
import { createApiVerbs } from './api/verbs.ts'
import { correctionLabels } from './corrections/events.ts'
import { correctionMachine } from './corrections/rules.ts'
import { correctionConsole, correctionRoutes } from './corrections/routes.ts'
import { correctionVerbs } from './corrections/verbs.ts'
import { ownerCredentialRoutes } from './credentials/owner-routes.ts'
import { credentialRoutes } from './credentials/routes.ts'
import { createCredentials } from './credentials/sign.ts'
import { createBatches } from './batches/create.ts'
import type { BatchVerbs } from './batches/verbs.ts'
import { documentImpossible, documentIssued, labels } from './events.ts'
import { logRoutes } from './log/routes.ts'
import { holdLabels } from './holds/events.ts'
import { importHolds } from './holds/import.ts'
import { holdRoutes } from './holds/routes.ts'
import { holdMachine } from './holds/rules.ts'
import { readHoldTypes } from './holds/types.ts'
import { holdVerbs } from './holds/verbs.ts'
import { entries } from './entries.ts'
import { createHindrances, type Hindrance, sealWarnings } from './hindrances.ts'
import { type GradeReport, importGrades, type ImportOptions } from './grades/import.ts'
import { gradeRoutes } from './grades/routes.ts'
import { gradeRunLabels, gradesNotFetched } from './grades/runs/events.ts'
import { gradeWarnings, tellOfFailure } from './grades/runs/failures.ts'
import { gradeRunWork } from './grades/runs/jobs.ts'
import { gradeRunMachine } from './grades/runs/rules.ts'
import type { Schemes } from './grades/schemes.ts'
import { createJobs, keptTemplates } from './jobs.ts'
import { publicRoutes } from './public-routes.ts'
import { recordOffer } from './pages/record.ts'
import { shareLabels } from './shares/events.ts'
import { sharePublicRoutes } from './shares/public-routes.ts'
import { shareRoutes } from './shares/routes.ts'
import { shareMachine } from './shares/rules.ts'
import { sharesOfPerson } from './shares/store.ts'
import { createShareVerbs } from './shares/verbs.ts'
import { recordRoutes } from './record-routes.ts'
import { reissueVerb } from './replacements.ts'
import { routes } from './routes.ts'
import { requestedData } from './requests/data.ts'
import { closeForsakenWork } from './requests/jobs.ts'
import { ownRevocation } from './requests/revocation.ts'
import { requestRoutes } from './requests/routes.ts'
import { requestMachine } from './requests/rules.ts'
import { type OpenShare, requestVerbs } from './requests/verbs.ts'
import { TAGS } from './pages/list.ts'
import { canAskRecord, documentMachine } from './rules.ts'
import { documentFilesAmong, listOfPerson } from './store.ts'
import { readTemplates } from './templates.ts'
import { createForgotten } from './sealing/forgotten.ts'
import { sealingLabels } from './sealing/events.ts'
import { sealingWork } from './sealing/jobs.ts'
import { sealingVerbs } from './sealing/verbs.ts'
import { figuresWork } from './statistics/jobs.ts'
import { statisticsRoutes } from './statistics/routes.ts'
import { terminalConsole } from './terminals/console.ts'
import { deviceRoutes } from './terminals/device.ts'
import { terminalLabels } from './terminals/events.ts'
import { printsOfPerson } from './terminals/personal.ts'
import { printRoutes } from './terminals/routes.ts'
import { printMachine, terminalMachine } from './terminals/rules.ts'
import { terminalVerbs } from './terminals/verbs.ts'
import { createVerbs } from './verbs.ts'
import { versionLabels } from './versions/events.ts'
import { keepingWork } from './versions/jobs.ts'
import { templateRoutes } from './versions/routes.ts'
import { createVerification } from './verify.ts'

export { documentImpossible, documentIssued, documentMailed, documentReserved, documentRevoked, gradesImported } from './events.ts'
export { readSchemes } from './grades/schemes.ts'
export type { Hindrance } from './hindrances.ts'

export type Identity = Pick<WholeIdentity, 'factsOf' | 'knownNumbers' | 'numbersOf' | 'personById' | 'personByNumber' | 'holdersOf' | 'reachOf' | 'admins' | 'contactOf' | 'studentsOf' | 'peopleByNumbers' | 'searchPeople' | 'listUnits' | 'unitTree'>
export type Messages = Pick<AllMessages, 'tell' | 'tellAll' | 'mail' | 'resend' | 'deliveriesOf' | 'begunBetween'>
export type Payments = Pick<AllPayments, 'on' | 'open' | 'refund'>
export type Consents = () => Pick<SeparateConsents, 'noticeFor' | 'agreeOnce'>
export type Services = Pick<AllServices, 'applicationById' | 'recordOf'>

type Deps = {
  database: Database; clock: Clock; keyring: Keyring
  browser: Browser; files: Files
  /** null where no certificate is configured: documents wait */
  seal: Seal | null
  checkSignature: CheckSignature
  /** PEM certificates of the school's seals, this one and earlier ones: those that verified files may carry */
  roots: readonly string[]
  identity: Identity; messages: Messages; services: Services; sources: Sources
  payments: Payments
  /** where a document goes to somebody else, its owner is asked */
  consents: Consents
  publicUrl: string
  school: { name: string; nameEn: string }
  /** PEM of the key that signs digital credentials; without one it comes from HALL_SECRET */
  credentialKey?: string | undefined
  /** documents say 样张 */
  specimen: boolean
  /** folder of the document kinds */
  catalogue: string
  /** folder of the types of holds */
  holds: string
  /** the school's own grades; null where they come as spreadsheets alone */
  gradeFeed: Feed | null
  /** what a reading finds different is written only when a registrar says so */
  gradeReview: boolean
  /** which GPA scheme a student's transcript follows */
  schemes: Schemes
}

export type Documents = Feature & {
  /** 办结单, on the page of an application that has ended. */
  offer: Offers
  /** what is found among the services of the hall */
  entries: readonly Entry[]
  /** keys of the kinds of documents there are */
  kinds: readonly string[]
  /** those of a person, with their titles */
  kindsOfPeople: readonly { kind: string; title: string }[]
  /** 批量出具: what can be done with a batch. */
  bulk: BatchVerbs
  /** What keeps documents waiting here, with what to do; empty when nothing does. */
  hindrances(): Promise<Hindrance[]>
  /** What will keep them waiting before long, or keeps what they say behind. */
  warnings(): Promise<Hindrance[]>
  /** What is put into a mail about a link when it goes out; kept nowhere. */
  secretsOf(db: Db, kind: string, subject: string): Promise<Record<string, string>>
  /** Reads and writes a spreadsheet of grades; nothing is written where it has errors. */
  importGrades(bytes: Uint8Array, options?: ImportOptions): Promise<GradeReport>
}

const DAY = 24 * 3_600_000
/** Of a person's own documents in 我的信息. */
const MOST = 500

/** Certificates: drawn and sealed by job once approved, delivered, verified by anyone, revoked. */
export function createDocuments(deps: Deps): Documents {
  const { database, identity, sources } = deps
  const grades = (bytes: Uint8Array, options?: ImportOptions) => importGrades({ database, clock: deps.clock, sources, knownNumbers: identity.knownNumbers }, bytes, options)
  const hindrances = createHindrances(deps)
  const forgottenSeals = createForgotten(deps)
  const templates = readTemplates(deps.catalogue)
  const verbs = createVerbs({ ...deps, templates })
  const issuer = { publicUrl: deps.publicUrl.replace(/\/$/, ''), name: deps.school.name }
  const credentials = createCredentials({ ...deps, issuer })
  const shares = createShareVerbs({ ...deps, templates })
  const terminals = terminalVerbs(deps)
  const verification = createVerification({ ...deps, shares })
  const holdTypes = readHoldTypes(deps.holds)
  const holds = holdVerbs({ ...deps, types: holdTypes })
  const openShare: OpenShare = (tx, actor, document_id, { days, views, passcode }, recipient) => shares.open(tx, actor, document_id, {
    expires_at: tx.bus.clock.now() + days * DAY, views, passcode, to: recipient === null ? null : { name: recipient, address: null }, withDocument: true,
  })
  const requests = requestVerbs({ ...deps, holdTypes, templates, documents: verbs, openShare })
  const corrections = correctionVerbs({ ...deps, templates })
  const asking = { ...deps, templates, holdTypes, requests, corrections, documents: verbs, openShare, hindrances }
  const templateOf = keptTemplates(database.db)
  const batches = createBatches({ ...deps, holdTypes, verbs, templates, hindrances, templateOf })
  return {
    name: 'documents',
    api: { scopes, problems, routes: apiRoutes({ ...deps, templates, verification, credentials, verbs: createApiVerbs({ ...deps, templates, holdTypes, verbs }) }) },
    machineRoutes: deviceRoutes({ ...deps, terminals }),
    async publicRoutes(app) {
      await app.register(publicRoutes({ ...deps, verification, credentials, templateOf }))
      await app.register(credentialRoutes({ credentials, issuer, templates }))
      await app.register(sharePublicRoutes({ ...deps, shares }))
    },
    async routes(app) {
      await app.register(routes({ ...deps, templates, verbs, hindrances }))
      await app.register(recordRoutes({ ...deps, verbs }))
      await app.register(ownerCredentialRoutes({ database, credentials }))
      await app.register(requestRoutes(asking))
      await app.register(ownRevocation({ database, verbs }))
      await app.register(correctionRoutes(asking))
      await app.register(shareRoutes({ ...deps, shares }))
      await app.register(logRoutes(deps))
      await app.register(printRoutes({ ...deps, terminals }))
    },
    offer: async (_db, t, application, viewer) => canAskRecord(viewer, application) ? recordOffer(t, application.id) : null,
    console: [
      { right: 'documents.manage', routes: batches.routes },
      { right: 'documents.manage', routes: adminRoutes({ database, verbs, reissue: reissueVerb({ ...deps, templates, documents: verbs }), content: { ...deps, templates }, identity, templates, hindrances }) },
      { right: 'documents.manage', routes: templateRoutes({ ...deps, templates }) },
      { right: 'documents.manage', routes: terminalConsole({ ...deps, terminals }) },
      { right: 'documents.manage', routes: statisticsRoutes({ ...deps, templates }) },
      { right: 'documents.manage', routes: correctionConsole(asking) },
      { right: 'documents.manage', routes: holdRoutes({ ...deps, types: holdTypes, holds, importHolds: (bytes, actor, options) => importHolds({ ...deps, types: holdTypes, holds }, bytes, actor, options) }) },
      { right: 'grades.import', routes: gradeRoutes({ ...deps, feed: deps.gradeFeed, review: deps.gradeReview, importGrades: grades }) },
    ],
    hallMenu: [{ group: '成绩与证明', label: '电子成绩单', href: '/documents/new/transcripts' }, { group: '成绩与证明', label: '电子证明', href: '/documents/new/certificates' }, { group: '成绩与证明', label: '申请记录', href: '/documents' }, { group: '成绩与证明', label: '自助打印', href: '/prints' }, { group: '成绩与证明', label: '真伪认证', href: '/verify' }],
    consoleMenu: [
      { group: '业务', label: '证明文件', href: '/admin/documents', icon: 'certificate', right: 'documents.manage' },
      { group: '业务', label: '更正报告', href: '/admin/corrections', icon: 'edit', right: 'documents.manage' },
      { group: '业务', label: '开具限制', href: '/admin/holds', icon: 'lock', right: 'documents.manage' },
      { group: '业务', label: '文件模板', href: '/admin/documents/templates', icon: 'file', right: 'documents.manage' },
      { group: '业务', label: '自助终端', href: '/admin/terminals', icon: 'print', right: 'documents.manage' },
      { group: '业务', label: '文件统计', href: '/admin/documents/statistics', icon: 'chart', right: 'documents.manage' },
      { group: '人员', label: '导入成绩', href: '/admin/grades', icon: 'upload', right: 'grades.import' },
    ],
    hindrances,
    entries,
    warnings: async () => [...sealWarnings(deps.seal, deps.clock.now()), ...await forgottenSeals(), ...deps.gradeFeed ? await gradeWarnings(database.db) : []],
    kinds: [...templates.keys()],
    kindsOfPeople: [...templates.values()].filter(({ about }) => about === 'person').map(({ kind, title }) => ({ kind, title })),
    bulk: batches.verbs,
    importGrades: grades,
    secretsOf: shares.secretsOf,
    personal: async (db, person_id) => [{
      label: '证明文件', purpose: '出具证明，供第三方核验真伪', source: '学校的名单和成绩，你的申请', term: '按学校的档案规定',
      entries: (await listOfPerson(db, person_id, { limit: MOST })).map(row => ({ title: row.title, at: row.created_at, facts: [{ label: '文件编号', value: row.number }, { label: '状态', value: TAGS[row.status].text }] })),
    }, ...await requestedData(db, { identity, templates, holdTypes }, person_id), await sharesOfPerson(db, person_id, MOST), await printsOfPerson(db, person_id, MOST)],
    filesNeeded: documentFilesAmong,
    reactions: [
      defineReaction(applicationApproved, (tx, { application_id }) => verbs.reserve(tx, application_id)),
      defineReaction(applicationRevoked, (tx, { application_id }) => verbs.voidRecords(tx, application_id)),
      defineReaction(documentIssued, (tx, { document_id }) => requests.issued(tx, document_id)),
      defineReaction(orderPaid, (tx, _, { subject }) => requests.paid(tx, subject)),
      defineReaction(orderClosed, (tx, _, { subject }) => requests.unpaid(tx, subject)),
      defineReaction(documentImpossible, (tx, { document_id }) => requests.impossible(tx, document_id)),
      defineReaction(gradesNotFetched, (tx, { run_id }) => tellOfFailure(tx, deps, run_id)),
      ...batches.reactions,
    ],
    jobs: [...createJobs({ ...deps, verbs, hindrances, templateOf }), ...batches.jobs, ...sealingWork({ ...deps, sealing: sealingVerbs(deps) }), closeForsakenWork({ ...deps, requests }), figuresWork(deps), keepingWork({ database, templates }), ...gradeRunWork({ database, sources, feed: deps.gradeFeed, review: deps.gradeReview, knownNumbers: identity.knownNumbers })],
    machines: [documentMachine, batches.machine, requestMachine, correctionMachine, holdMachine, shareMachine, gradeRunMachine, terminalMachine, printMachine],
    labels: { ...labels, ...sealingLabels, ...correctionLabels, ...holdLabels, ...shareLabels, ...terminalLabels, ...gradeRunLabels, ...versionLabels(templates) },
  }
}
