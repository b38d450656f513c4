import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { FrameLocator, Locator, Page } from 'playwright-core'
import readXlsxFile from 'read-excel-file/node'
import type { Phone } from './stage.ts'

/** Where the hall is open: a page of its own, or the app's browser on a phone. */
export type Place = Page | FrameLocator

const rosters = join(import.meta.dirname, '../../src/catalogue/sample')
const NEW_PASSWORD = 'Willow-Lake-2026'

/** The first password of somebody in the sample: the last six of the ID number, as the roster has it. */
export async function firstPassword(number: string): Promise<string> {
  for (const file of ['staff.xlsx', 'students.xlsx']) {
    const [sheet] = await readXlsxFile(await readFile(join(rosters, file)))
    const rows = sheet?.data ?? []
    const head = rows.find(row => row.includes('证件号码')) ?? []
    const row = rows.find(cells => cells[head.findIndex(cell => cell === '学号' || cell === '工号')] === number)
    if (row) return String(row[head.indexOf('证件号码')]).slice(-6)
  }
  throw new Error(`${number} is in no roster of the sample`)
}

/** Signs in with the campus account for the first time, and changes the first password as one must. */
export async function signInFirst(page: Page, number: string): Promise<void> {
  const password = await firstPassword(number)
  await signIn(page, number, password)
  await page.getByRole('heading', { level: 1, name: '修改密码' }).waitFor()
  await page.getByLabel('初始密码').fill(password)
  await page.getByRole('textbox', { name: '新密码', exact: true }).fill(NEW_PASSWORD)
  await page.getByLabel('再输入一次新密码').fill(NEW_PASSWORD)
  await page.getByRole('main').getByRole('button', { name: '修改密码' }).click()
  await page.getByText('密码已修改').waitFor()
}

/** Signs in with the campus account, the first password already changed. */
export async function signIn(page: Page, number: string, password = NEW_PASSWORD): Promise<void> {
  await page.getByLabel('学号或工号').fill(number)
  await page.getByLabel('密码').fill(password)
  await page.getByRole('main').getByRole('button', { name: '登录' }).click()
}

/** Opens a page of the hall on a phone through the app's menu. */
export async function openFromMenu({ conversation, menu, web }: Phone, ...names: string[]): Promise<FrameLocator> {
  await conversation()
  await menu(...names)
  await web.getByRole('main').waitFor()
  return web
}

/** Opens the hall's home on a phone: no question is asked on the way. */
export async function openHall(phone: Phone): Promise<FrameLocator> {
  const web = await openFromMenu(phone, '办事大厅')
  await web.getByRole('searchbox').waitFor()
  return web
}

export type Answers = { purpose: string; language: string; mailbox: string; remark?: string; attachment?: { name: string; mimeType: string; buffer: Buffer } }

export const answers: Answers = { purpose: '办理签证', language: '中文', mailbox: 'reader@example.com' }

/** From the guide to the form, filled in but not sent. */
export async function fillForm(place: Place, { purpose, language, mailbox, remark, attachment }: Answers = answers): Promise<void> {
  await place.getByRole('link', { name: '开始办理' }).click()
  await place.getByRole('radio', { name: purpose }).check()
  await place.getByRole('radio', { name: language }).check()
  await place.getByLabel('接收邮箱').fill(mailbox)
  if (remark) await place.getByLabel('备注').fill(remark)
  if (attachment) await place.getByLabel('附件').setInputFiles(attachment)
}

/** Sends what is filled in; ends on the application's page. */
export async function sendForm(place: Place): Promise<void> {
  await place.getByRole('button', { name: '提交', exact: true }).last().click()
  await place.getByRole('heading', { name: '办理过程' }).waitFor()
}

/** The newest card about somebody's application. */
export function cardOf({ frame }: Phone, applicant: string, title = '在读证明', wants = '等待审批'): Locator {
  return frame.getByRole('article', { name: `${applicant}的${title}${wants}` }).last()
}

/** The newest card about somebody's application on which nothing is left to do. */
export function overCardOf({ frame }: Phone, applicant: string, title = '在读证明'): Locator {
  return frame.getByRole('article', { name: `${applicant}的${title}`, exact: true }).last()
}

/** 同意 on the card itself; ends when the card says who decided. */
export async function agreeOnCard(phone: Phone, applicant: string, decider: string, title?: string): Promise<void> {
  await phone.conversation()
  await cardOf(phone, applicant, title).getByRole('button', { name: '同意', exact: true }).click()
  await overCardOf(phone, applicant, title).getByText(`${decider} 已同意`).first().waitFor()
}

/** Opens the page behind the card. */
export async function openCard(phone: Phone, applicant: string, title?: string): Promise<FrameLocator> {
  await phone.conversation()
  await cardOf(phone, applicant, title).getByRole('button', { name: applicant }).click()
  await phone.web.getByLabel('审批意见').waitFor()
  return phone.web
}

/** Decides on the page, with words. */
export async function decide(place: Place, decision: '同意' | '驳回' | '退回申请人修改', comment: string): Promise<void> {
  await place.getByLabel('审批意见').fill(comment)
  if (decision === '退回申请人修改') await place.getByRole('button', { name: '更多' }).or(place.locator('summary').filter({ hasText: '更多' })).first().click()
  await place.getByRole('button', { name: decision, exact: true }).click()
  await place.getByLabel('审批意见').waitFor({ state: 'detached' })
}
