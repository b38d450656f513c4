import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { createHttp } from './edges/http/server.ts'
import { createAdmin, jobPhrase, type Warning } from './features/admin/index.ts'
import { createApi } from './features/api/index.ts'
import { type Approver, createApprovals } from './features/approvals/index.ts'
import { createCallbacks, type Endpoint, type Notifier } from './features/callbacks/index.ts'
import { createCases } from './features/cases/index.ts'
import { createConnections } from './features/connections/index.ts'
import { createDocuments, readSchemes } from './features/documents/index.ts'
import { createHall } from './features/hall/index.ts'
import { createHelpdesk } from './features/helpdesk/index.ts'
import { createIdentity, type ScopePlace } from './features/identity/index.ts'
import { createMessages } from './features/messages/index.ts'
import { createPayments } from './features/payments/index.ts'
import { createPrivacy } from './features/privacy/index.ts'
import { createRatings } from './features/ratings/index.ts'
import { createServices } from './features/services/index.ts'
import { createBrowser } from './integrations/browser/index.ts'
import { createCampusAuth } from './integrations/campus-auth/index.ts'
import { createFiles } from './integrations/files/index.ts'
import { createBounceBox, createMailer } from './integrations/mail/index.ts'
import { createOutbound } from './integrations/outbound/index.ts'
import { createPay, type Pay } from './integrations/pay/index.ts'
import { createScanner } from './integrations/scan/index.ts'
import { createChecker, createSeal, type KeySource, type Seal } from './integrations/seal/index.ts'
import { createSms } from './integrations/sms/index.ts'
import * as sources from './integrations/sources/index.ts'
import { createWecom } from './integrations/wecom/index.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import type { Config } from './platform/config.ts'
import { filesIn } from './platform/config-seal.ts'
import { ConfigError } from './platform/environment.ts'
import { AppError } from './platform/errors.ts'
import { schoolTime } from './platform/dates.ts'
import type { Dispatcher } from './platform/dispatch.ts'
import { createEmbeddedDispatcher } from './platform/dispatch-embedded.ts'
import { type Database, openDatabase } from './platform/db.ts'
import type { Listeners } from './platform/events.ts'
import type { Feature } from './platform/feature.ts'
import { createKeyring } from './platform/keys.ts'
import { createLeases } from './platform/lease.ts'
import { createLog, type Log } from './platform/log.ts'
import { restsUnderOldKey } from './platform/reseal.ts'
import { createRunner, type Runner } from './platform/run-jobs.ts'
import { readCalendar, type WorkCalendar } from './platform/work-calendar.ts'
import { createWorkingTime } from './platform/working-time.ts'

const catalogue = join(import.meta.dirname, 'catalogue')

type Options = { clock?: Clock; log?: Log; /** folder of the service files, where they are not the product's */ serviceFiles?: string | undefined; /** and of the documents' */ documentFiles?: string | undefined; /** and of the GPA schemes */ schemeFiles?: string | undefined; onQuery?: Parameters<typeof openDatabase>[0]['onQuery'] }

/** The only wiring: platform, then integrations, then features, one line each. */
export async function createApp(config: Config, { clock = systemClock, log = createLog(config.logLevel), serviceFiles = join(catalogue, 'services'), documentFiles = join(catalogue, 'documents'), schemeFiles = join(catalogue, 'gpa'), onQuery }: Options = {}) {
  const listeners: Listeners = { reactions: new Map(), jobs: new Map() }
  const database = openDatabase({ url: config.databaseUrl, clock, listeners, onQuery })
  const { db } = database
  const keyring = createKeyring(config.secrets)
  const leases = createLeases({ database, keyring, clock })
  const { publicUrl, school, specimen } = config
  const workingTime = createWorkingTime({ calendar: await calendarOf(config), hours: config.workHours })

  const wecom = createWecom({ ...config.wecom, leases, clock, log })
  const campusAuth = createCampusAuth(config.campusAuth, { clock, log })
  const mailer = createMailer(config.smtpUrl)
  const sms = createSms(config.sms)
  const files = createFiles(config.filesUrl, { clock })
  const scanner = createScanner(config.clamdUrl)
  const browser = createBrowser({ chromiumPath: config.chromiumPath, log })
  const roots = await readRoots(config)
  const outbound = createOutbound({ networks: config.connectionsPrivate })
  const gradeFeed = sources.createFeed(config.gradeSource, { get: (request, signal) => outbound.call({ ...request, method: 'GET', body: null }, signal) })
  const seal = await openSeal(config, { roots, clock, log })
  const checker = createChecker()
  const credentialKey = config.credentialKey && await readFile(config.credentialKey, 'utf8')

  const pay = createPay(config.pay, { clock })

  const callbacks = createCallbacks({ database, clock, endpoints: callbackEndpoints(config), notifiers: payNotifiers(pay) })
  const identity = createIdentity({ database, clock, keyring, wecom, callbacks, contacts: wecom, contactSettings: config.contacts, sources, sms, mailer, mailFrom: config.mailFrom ?? '', publicUrl, campusAuth, campusPasswordUrl: config.campusPasswordUrl, scanner, initialPasswordDigits: config.initialPasswordDigits, initialPasswordDays: config.initialPasswordDays, firstUseProof: config.firstUseProof, smsPerAddressPerHour: config.smsPerAddressPerHour, phonesAbroad: config.phonesAbroad, phoneMaintenanceUrl: config.phoneMaintenanceUrl, unbindDeletesMember: config.unbindDeletesMember, campusNetworks: config.campusNetworks, separateAdmins: config.separateAdmins, secondFactor: config.secondFactor.wanted, issuer: config.school.name, places, groupUses: (at, word) => services.usesOfGroup(at, word), consents: () => privacy })
  const messages = createMessages({ database, clock, wecom, mailer, files, wecomUseridOf: identity.wecomUseridOf, wecomUseridsOf: identity.wecomUseridsOf, contactOf: identity.contactOf, peopleByIds: identity.peopleByIds, keyring, bounces: createBounceBox(config.bounceImapUrl), mailPerMinute: config.mailPerMinute, secretsOf: (at, kind, subject) => documents.secretsOf(at, kind, subject), publicUrl, mailFrom: config.mailFrom ?? '' })
  const payments = createPayments({ database, clock, pay, wecom, callbacks, identity, messages, publicUrl })
  const connections = createConnections({ database, clock, keyring, outbound })
  const approvals = createApprovals({ database, clock, workingTime, approvers: await approversIn(join(catalogue, 'approvers')), directory: identity.directory, messages, callbacks, identity, connections })
  const services = createServices({ database, clock, workingTime, keyring, identity, messages, approvals, files, scanner, labels: () => labels, documentKinds: () => documents.kinds, offers: () => [ratings.offer, documents.offer], folder: serviceFiles })
  const hall = createHall({ database, clock, files, scanner, services, approvals, entries: () => documents.entries })
  const ratings = createRatings({ database, clock, workingTime, identity, messages, services })
  const api = createApi({ database, clock, identity, messages, features: () => features, kinds: () => documents.kindsOfPeople, publicUrl, school })
  const documents = createDocuments({ payments, gradeFeed, gradeReview: config.gradeSource?.review ?? false, database, clock, keyring, browser, files, seal, checkSignature: checker.check, roots: seal?.roots ?? roots, identity, messages, services, sources, consents: () => privacy, publicUrl, school, specimen, credentialKey, catalogue: documentFiles, holds: join(catalogue, 'holds'), schemes: readSchemes(schemeFiles) })
  const helpdesk = createHelpdesk({ database, keyring, identity, messages, school, ...config.help })
  const privacy = createPrivacy({ database, clock, identity, school, folder: join(catalogue, 'notices'), features: () => features })
  const cases = createCases({ database, clock, files, sources, identity, approvals, services, jobTitle: jobPhrase })
  const admin = createAdmin({ database, clock, log, files, features: () => features, identity, messages, services, labels: () => labels, warnings })
  const features: readonly Feature[] = [callbacks, identity, messages, payments, connections, approvals, services, hall, ratings, api, documents, helpdesk, privacy, cases, admin]

  const labels = new Map(features.flatMap(feature => Object.entries(feature.labels ?? {})))
  listen(listeners, features)
  const runner = createRunner({ database, works: features.flatMap(feature => feature.jobs ?? []), clock, log })
  const dispatcher = await createDispatcher(config, { database, runner, clock, log })
  const redis = config.redisUrl ? new (await import('ioredis')).Redis(config.redisUrl, { maxRetriesPerRequest: 1, lazyConnect: true }) : undefined
  redis?.on('error', error => log.error({ err: error }, 'redis'))

  /** What roles may be granted for besides departments. */
  function places(): ScopePlace[] {
    return services.titles().map(({ key, title }) => ({ kind: 'service', id: key, name: title }))
  }

  async function warnings(): Promise<Warning[]> {
    const columns = features.flatMap(feature => feature.sealed ?? [])
    const aged = config.secrets.length > 1 && await restsUnderOldKey(database, keyring, columns)
    return [...await documents.hindrances(), ...await documents.warnings(), ...payments.warnings(), ...calendarWarnings(), ...await services.hindrances(db), ...aged ? [{ text: 'HALL_SECRET 有多个密钥，还有个人信息由旧密钥保护。请运行 npm run rotate-keys，再去掉旧密钥' }] : [], ...unconfigured(config)]
  }

  function calendarWarnings(): Warning[] {
    const at = [clock.now(), clock.now() + CALENDAR_WANTED].find(each => !workingTime.knows(each))
    return at === undefined ? [] : [{ text: '还没有 {year} 年的节假日安排，办理时限按周一至周五计算。请在 WORK_CALENDAR 的文件里补上', params: { year: schoolTime(at).date.slice(0, 4) } }]
  }

  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    await dispatcher.stop()
    await browser.close()
    await checker.close()
    redis?.disconnect()
    await database.close()
  }

  return {
    config, database, features, identity, services, approvals, documents, messages, payments, privacy, wecom, campusAuth, browser, runner, dispatcher, keyring, log, warnings,
    http: (): Promise<FastifyInstance> => createHttp({
      config, features, database, keyring, clock, log, sessionStore: identity.sessionStore, faultOfFiles: files.fault,
      countsOf: async ({ person_id }) => ({ todo: await approvals.openCountOf(db, person_id) }), ...(redis && { redis }),
    }),
    /** Lets running work end, then lets go of everything; again, it waits for the same end. */
    close: () => closing ??= close(),
  }
}

export type App = Awaited<ReturnType<typeof createApp>>

/** What cannot go out for want of a setting. */
function unconfigured(config: Config): Warning[] {
  return [
    ...config.smtpUrl ? [] : [{ text: '没有配置发信服务器（SMTP_URL），邮件发不出去' }],
    ...config.clamdUrl ? [] : [{ text: '没有配置病毒检查（CLAMD_URL），上传的文件不经检查就能打开' }],
    ...config.sms ? [] : [{ text: '没有配置短信服务（SMS_PROVIDER），验证码发不出去' }],
    ...firstUseStuck(config) ? [{ text: '第一次登录要短信验证码（FIRST_USE_PROOF），而短信发不出去：还在用初始密码的人都登录不了。请配置 SMS_PROVIDER；在那之前设 FIRST_USE_PROOF=off，或者请他们从企业微信打开办事大厅' }] : [],
  ]
}

/** Must initial passwords be confirmed by a code that cannot go out? */
function firstUseStuck({ campusAuth, firstUseProof, sms }: Config): boolean {
  return campusAuth.kind === 'builtin' && firstUseProof !== 'off' && !sms
}

function callbackEndpoints({ wecom: { corpId, token, encodingAesKey, contactsToken, contactsEncodingAesKey } }: Config): Endpoint[] {
  const app: Endpoint = { path: '/wecom/callback', source: 'wecom', corpId, token, encodingAesKey }
  if (!contactsToken || !contactsEncodingAesKey) return [app]
  return [app, { path: '/wecom/contacts/callback', source: 'contacts', corpId, token: contactsToken, encodingAesKey: contactsEncodingAesKey }]
}

/** Where WeChat Pay sends its notifications. Without an account they are nobody's. */
function payNotifiers(pay: Pay | null): Notifier[] {
  return ['/pay/wechat/notify', '/pay/wechat/refund-notify'].map(path => ({ path, source: 'wechat-pay', read(headers, body) {
    if (!pay) throw new AppError('not-found', '学校没有开通微信支付')
    return pay.readNotification(headers, body)
  } }))
}

function listen(listeners: Listeners, features: readonly Feature[]): void {
  for (const { reactions = [], jobs = [] } of features) {
    for (const reaction of reactions) listeners.reactions.set(reaction.event, [...listeners.reactions.get(reaction.event) ?? [], reaction])
    for (const { job } of jobs) if (job.on) listeners.jobs.set(job.on, [...listeners.jobs.get(job.on) ?? [], job])
  }
}

async function createDispatcher(config: Config, deps: { database: Database; runner: Runner; clock: Clock; log: Log }): Promise<Dispatcher> {
  if (!config.redisUrl) return createEmbeddedDispatcher(deps)
  // Loaded where it is used: a process without it is up earlier.
  const { createBullmqDispatcher } = await import('./platform/dispatch-bullmq.ts')
  return createBullmqDispatcher({ ...deps, url: config.redisUrl, prefix: config.redisPrefix, works: config.role !== 'web' })
}

async function openSeal({ seal: settings }: Config, { roots, clock, log }: { roots: string[]; clock: Clock; log: Log }): Promise<Seal | null> {
  const source = await sealKey(settings)
  const image = settings.image ? await readFile(settings.image) : undefined
  return source && createSeal({ ...source, tsaUrl: settings.tsaUrl, archive: settings.archive, log, clock, roots, image }).catch(toldAsSetting)
}

/** What only the key itself shows, as that no certificate beside it is its own. */
function toldAsSetting(error: unknown): never {
  throw error instanceof AppError ? new ConfigError([error.message]) : error
}

async function sealKey({ p12, password = '', key, keyPassword, certificates, signerUrl, signerSecret }: Config['seal']): Promise<KeySource | null> {
  if (p12) return { p12: await readFile(p12), password }
  const chain = certificates ? await readFile(certificates, 'utf8') : ''
  if (key) return { key: await readFile(key), password: keyPassword, certificates: chain }
  return signerUrl && signerSecret ? { remote: { url: signerUrl, secret: signerSecret }, certificates: chain } : null
}

/** A web node needs no key to verify what the workers sealed, only the certificates. */
async function readRoots({ seal: { roots } }: Config): Promise<string[]> {
  return (await Promise.all((roots ? filesIn(roots) : []).map(async path => certificatesIn(await readFile(path, 'utf8'))))).flat()
}

function certificatesIn(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
}

/** The State Council publishes the days of a year in the November before; a month ahead of time they are missed. */
const CALENDAR_WANTED = 30 * 86_400_000

/** Every year that comes with the hall, and what the school says itself. */
async function calendarOf({ workCalendar }: Config): Promise<WorkCalendar> {
  const folder = join(catalogue, 'calendar')
  const paths = [...(await readdir(folder)).toSorted().map(name => join(folder, name)), ...workCalendar ? [workCalendar] : []]
  return readCalendar(await Promise.all(paths.map(async name => ({ name, text: await readFile(name, 'utf8') }))))
}

/** The approver rules: a file each, found by its name. */
async function approversIn(folder: string): Promise<Approver[]> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.ts')).toSorted()
  const modules: { default: Approver }[] = await Promise.all(names.map(name => import(join(folder, name))))
  return modules.map(module => module.default)
}
