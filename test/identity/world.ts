import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import writeXlsxFile from 'write-excel-file/node'
import { createIdentity, type SeparateConsents, type WecomSignIn } from '../../src/features/identity/index.ts'
import { checkDigitOf } from '../../src/platform/id-number.ts'
import type { Mail } from '../../src/integrations/mail/index.ts'
import type { Sms } from '../../src/integrations/sms/index.ts'
import * as sources from '../../src/integrations/sources/index.ts'
import { createHttp } from '../../src/edges/http/server.ts'
import { loadConfig } from '../../src/platform/config.ts'
import type { Feature } from '../../src/platform/feature.ts'
import { testClock } from '../../src/platform/clock.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { AppError } from '../../src/platform/errors.ts'
import '../support/cheap-passwords.ts'
import { type Client, createClient, type Page } from '../support/client.ts'
import { contactSettings, noCallbacks, noContacts } from '../support/contacts.ts'
import { openTestDatabase, quietLog } from '../support/database.ts'

const folder = join(import.meta.dirname, '../../src/catalogue/sample')

export const sample = (kind: string): Promise<Buffer> => readFile(join(folder, `${kind}.xlsx`))

/** A WeCom that hands out codes for members: each works once. */
export function fakeWecom() {
  const codes = new Map<string, string | null>()
  const wecom: WecomSignIn & { down: boolean } = {
    down: false,
    authorizeUrl: ({ redirectUri, state }) => `https://wecom.test/authorize?redirect_uri=${encodeURIComponent(redirectUri)}&state=${state}`,
    loginUrl: ({ redirectUri, state }) => `https://wecom.test/qr?redirect_uri=${encodeURIComponent(redirectUri)}&state=${state}`,
    async visitor(code) {
      if (this.down) throw new AppError('upstream', '企业微信没有回应', { code: 'wecom:unreachable' })
      const member = codes.get(code)
      codes.delete(code)
      if (member === undefined) throw new AppError('invalid', '授权码无效', { code: 'wecom:40029' })
      return { userid: member }
    },
  }
  let next = 0
  return {
    wecom,
    /** a code for the member, or for somebody who is none */
    codeFor(userid: string | null): string {
      const code = `CODE${next += 1}`
      codes.set(code, userid)
      return code
    },
  }
}

/** Everybody has agreed to everything: what is asked separately has stories of its own. */
const allAgreed: SeparateConsents = {
  noticeFor: () => ({ html: '', hash: '' }), agreed: async () => true, agreedAmong: async (_db, person_ids) => new Set(person_ids), agree: async () => {}, agreeOnce: async () => {},
}

/** What a school may set otherwise. */
export type Choices = { digits?: number } & Partial<Pick<Parameters<typeof createIdentity>[0], 'campusAuth' | 'firstUseProof' | 'initialPasswordDays'>>

/** Identity on an empty database; the initial password opens an account by itself unless said otherwise. */
export async function openIdentity(t: TestContext, { digits = 6, ...more }: Choices = {}) {
  const sms: Sms[] = []
  const mails: Mail[] = []
  const clock = testClock()
  const fake = fakeWecom()
  const database = await openTestDatabase(t, { clock })
  const keyring = createKeyring([Buffer.alloc(32, 7)])
  const identity = createIdentity({
    database, clock, keyring, wecom: fake.wecom, callbacks: noCallbacks, contacts: { ...noContacts, joinCode: () => Promise.reject(new Error('no code')), joinCodeUntil: async () => 0 }, contactSettings, consents: () => allAgreed, unbindDeletesMember: false, sources, scanner: null, publicUrl: 'http://hall.test', campusAuth: null, initialPasswordDigits: digits, initialPasswordDays: 90, firstUseProof: 'off', ...more,
    sms: { send: async sent => ({ id: String(sms.push(sent)) }) }, smsPerAddressPerHour: 1000, phonesAbroad: false, campusNetworks: ['10.0.0.0/8'],
    mailer: { send: async sent => { mails.push(sent); return { accepted: true, response: '250 ok' } } }, mailFrom: 'hall@minghu.example',
  })
  return { ...fake, clock, database, db: database.db, keyring, identity, sms, mails }
}

/** Identity behind the real web server, with the small roster below. */
export async function openHall(t: TestContext, options: Choices = {}) {
  const world = await openIdentity(t, options)
  const { identity, database, clock, keyring } = world
  const more = moreStudents(30)
  for (const [kind, rows] of [['units', unitRows], ['staff', staffRows], ['students', [...studentRows, ...more]]] as const) {
    const { errors } = await identity.importRoster(kind, await workbookOf(rows), { file_name: kind })
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
  }
  const config = loadConfig({
    SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University', HALL_SECRET: Buffer.alloc(32, 7).toString('base64'), WECOM_CORP_ID: 'ww1', WECOM_AGENT_ID: '1', WECOM_SECRET: 's',
    WECOM_TOKEN: 't', WECOM_ENCODING_AES_KEY: 'a'.repeat(43),
  })
  const home: Feature = { name: 'home', routes: async app => { app.get('/', async (request, reply) => reply.send({ name: request.person.name, number: request.person.number })) } }
  const http = await createHttp({
    config, features: [identity, home], database, keyring, clock, log: quietLog, sessionStore: identity.sessionStore, faultOfFiles: async () => null, countsOf: async () => ({ todo: 0 }),
  })
  const origin = await http.listen({ port: 0, host: '127.0.0.1' })
  t.after(() => http.close())
  const browser = (userAgent = DESK): Client => createClient(origin, { 'user-agent': userAgent })
  return {
    ...world, origin, browser, phone: () => browser(PHONE),
    /** a student whom no test has met, and the first password */
    newcomer(): { number: string; first: string } {
      const row = more.shift()
      if (!row) throw new Error('no students left')
      return { number: String(row['学号']), first: String(row['证件号码']).slice(-6) }
    },
  }
}

const DESK = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36'
const PHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1 Language/zh ColorScheme/Light'

export type Hall = Awaited<ReturnType<typeof openHall>>

/** What the small home page of these tests says of who is signed in. */
export function whoIs({ bytes }: Page): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)).number
  } catch {
    return null
  }
}

/** Begins a sign-in through WeCom and gives the state that was sent along. */
export async function stateOf(client: Client, path = '/auth/wecom?to=%2F'): Promise<string> {
  const { location } = await client.get(path)
  return new URL(location ?? 'about:blank').searchParams.get('state') ?? ''
}

/** Signs in with the campus account, changing the first password on the way. */
export async function signIn(client: Client, account: string, first: string, password = 'Minghu#2026'): Promise<Page> {
  const login = await client.get('/login')
  const change = await client.submit(login, '/login', { account, password: first })
  return await client.submit(change, '/account/password', { current: first, password, again: password })
}

type Row = Record<string, string | number | null>

export async function workbookOf(rows: readonly Row[]): Promise<Buffer> {
  const heads = [...new Set(rows.flatMap(row => Object.keys(row)))]
  return await writeXlsxFile([heads.map(value => ({ value })), ...rows.map(row => heads.map(head => ({ value: row[head] ?? undefined })))]).toBuffer()
}

export const unitRows: Row[] = [
  { 部门编号: '0200', 部门名称: '教务处', 类型: '部门', 上级部门编号: null, 负责人工号: '10001' },
  { 部门编号: '0101', 部门名称: '文学院', 英文名称: 'School of Letters', 类型: '学院', 上级部门编号: '0100', 负责人工号: '10002' },
  { 部门编号: '0100', 部门名称: '人文学部', 类型: '学院', 上级部门编号: null, 负责人工号: null },
]

export const staffRows: Row[] = [
  { 工号: '10001', 姓名: '周静', 性别: '女', 证件号码: '110199198001010024', 部门编号: '0200', 岗位: '处长', 入职日期: '2010-01-01', 角色: '教务员(全校)、系统管理员', 手机号: '19900000001', 电子邮箱: 'zhou@minghu.example' },
  { 工号: '10002', 姓名: '李敏', 性别: '女', 证件号码: '110199198502020028', 部门编号: '0101', 岗位: '辅导员', 入职日期: '2012-01-01', 角色: '辅导员', 手机号: '19900000002', 电子邮箱: 'li@minghu.example' },
  { 工号: '10003', 姓名: '沈安', 性别: '男', 证件号码: '110199198803030019', 部门编号: '0200', 岗位: '科员', 入职日期: '2014-01-01', 角色: '安全管理员', 手机号: null, 电子邮箱: null },
  { 工号: '10004', 姓名: '严审', 性别: '女', 证件号码: '110199198904040021', 部门编号: '0200', 岗位: '科员', 入职日期: '2015-01-01', 角色: '审计管理员', 手机号: null, 电子邮箱: null },
]

/** Students beyond the two that tests know by name, each for a test of its own. */
function moreStudents(count: number): Row[] {
  return Array.from({ length: count }, (_, at) => {
    const digits = `11019920040115${201 + 2 * at}`
    return { ...studentRows[0], 学号: String(20240001 + at), 姓名: '高明', 证件号码: digits + checkDigitOf(digits), 电子邮箱: null, 手机号: null }
  })
}

export const studentRows: Row[] = [
  { 学号: '20230101', 姓名: '陈思远', 性别: '男', 证件号码: '110199200508090019', 院系编号: '0101', 专业: '汉语言文学', 英文专业: 'Chinese', 班级: '中文2301', 培养层次: '本科', 学制: 4, 入学日期: '2023-09-01', 预计毕业日期: '2027-06-30', 学籍状态: '在读', 辅导员工号: '10002', 手机号: '19900000003', 电子邮箱: 'chen@minghu.example' },
  { 学号: '20230102', 姓名: '古丽巴哈尔·艾合买提', 性别: '女', 证件号码: '110199200503140021', 院系编号: '0101', 专业: '汉语言文学', 英文专业: 'Chinese', 班级: '中文2301', 培养层次: '本科', 学制: 4, 入学日期: '2023-09-01', 预计毕业日期: '2027-06-30', 学籍状态: '在读', 辅导员工号: '10002', 手机号: null, 电子邮箱: null },
]
