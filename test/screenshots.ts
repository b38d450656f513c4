// `npm run screenshots`: plays a short story on a hall of its own and writes the README's pictures to docs/pictures/.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { qrSvg } from '../src/features/documents/qr.ts'
import { readTemplates, renderDocument } from '../src/features/documents/templates.ts'
import { createBrowser, outline } from '../src/integrations/browser/index.ts'
import { sealPicture } from '../src/integrations/seal/picture.ts'
import { testClock } from '../src/platform/clock.ts'
import { issue } from './browser/issued.ts'
import { agreeOnCard, answers, cardOf, decide, fillForm, openCard, openFromMenu, openHall, sendForm, signInFirst } from './browser/scenes.ts'
import { phoneOn, type Stage, startStage } from './browser/stage.ts'
import { applyForCertificate } from './support/certificate.ts'
import { type Cleaner, quietLog } from './support/database.ts'
import { cast, type Someone } from './support/people.ts'

const folder = path.join(import.meta.dirname, '../docs/pictures')
const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2 }
const DESK: BrowserContextOptions = { viewport: { width: 1280, height: 800 } }
const SIMULATOR: BrowserContextOptions = { viewport: { width: 1560, height: 820 } }
const MINUTE = 60_000

class MissingType extends Error {}

const cleanups: (() => unknown)[] = []
const owner: Cleaner = { after: clean => cleanups.push(clean) }
const clock = testClock()
let failure: unknown
try {
  await mkdir(folder, { recursive: true })
  await play(await startStage(owner, { clock, port: Number(process.env.PORT ?? 8080), env: { HALL_SPECIMEN: '1' } }))
} catch (error) {
  failure = error
}
for (const clean of cleanups.toReversed()) await clean()
if (failure) {
  console.error(failure instanceof MissingType ? failure.message : failure)
  process.exitCode = 1
}

async function play(stage: Stage): Promise<void> {
  const { student, tutor, registrars: [registrar], admin } = await cast(stage.app)
  if (!registrar) throw new Error('the sample has no registrar')
  const hers = await openPhone(stage, student)
  await demandChineseType(hers.page)
  await issue(stage, 1)

  const hall = await openHall(hers.phone)
  await hall.getByRole('link', { name: '在读证明' }).first().click()
  await fillForm(hall, answers)
  await hall.getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded()
  await take(hers.page, 'apply-phone')
  await sendForm(hall)
  await stage.drain()

  const his = await openPhone(stage, tutor)
  await his.phone.conversation()
  await cardOf(his.phone, student.name).waitFor()
  await take(his.page, 'card-phone')
  clock.advance(24 * MINUTE)
  await agreeOnCard(his.phone, student.name, tutor.name)
  await stage.drain()
  await take(his.page, 'card-decided-phone')

  await openFromMenu(hers.phone, '我的', '我发出的')
  await hall.getByRole('link', { name: '在读证明' }).first().click()
  await hall.getByRole('heading', { name: '办理过程' }).waitFor()
  await take(hers.page, 'application-phone')
  await openHall(hers.phone)
  await take(hers.page, 'home-phone')

  clock.advance(35 * MINUTE)
  const desk = await openPhone(stage, registrar)
  const decision = await openCard(desk.phone, student.name)
  await decision.getByLabel('审批意见').fill('情况属实')
  await decision.getByLabel('审批意见').scrollIntoViewIfNeeded()
  await take(desk.page, 'decision-phone')
  await decide(decision, '同意', '情况属实')
  await stage.drain()
  await hers.phone.conversation()
  await hers.phone.frame.getByText(/^中文在读证明-.*\.pdf$/).waitFor()
  await take(hers.page, 'certificate-phone')

  const file = await issued(stage, student)
  takePaper(file, 'certificate')
  await takeKinds()
  await verify(stage, file)
  await showSimulator(stage, [student, tutor, registrar])
  await showConsole(stage, admin)
}

type Hand = { page: Page; phone: ReturnType<typeof phoneOn> }

/** One person's phone, filling the picture. */
async function openPhone(stage: Stage, { userid }: Someone): Promise<Hand> {
  const page = await stage.desk(owner, 390, PHONE)
  await page.clock.setFixedTime(clock.now())
  await page.goto(`${stage.simulator.phoneOrigin(userid)}/__phone/`)
  return { page, phone: phoneOn(page) }
}

/** The newest sealed file of somebody, as downloaded. */
async function issued(stage: Stage, { userid }: Someone): Promise<Buffer> {
  const client = await stage.phone(userid)
  const document = await client.get((await client.get('/documents')).link('中文在读证明'))
  return Buffer.from((await client.get(document.link('下载文件'))).bytes)
}

async function verify(stage: Stage, buffer: Buffer): Promise<void> {
  const page = await stage.desk(owner, 900, { viewport: { width: 900, height: 940 } })
  await page.goto('/verify')
  await page.getByLabel('PDF 文件').setInputFiles({ name: '在读证明.pdf', mimeType: 'application/pdf', buffer })
  await page.getByRole('button', { name: '核验文件' }).click()
  await page.getByText('真实有效').waitFor()
  await take(page, 'verify')
}

/** Phones in the middle of their work: a file has come, a card waits, a list is open. */
async function showSimulator(stage: Stage, people: [Someone, Someone, Someone]): Promise<void> {
  const { student: next } = await cast(stage.app, 2)
  await applyForCertificate(await stage.phone(next.userid))
  await stage.drain()
  const phones = await stage.phones(owner, 1560, people, SIMULATOR)
  const [student, tutor, registrar] = [await phones.of(people[0]), await phones.of(people[1]), await phones.of(people[2])]
  await student.conversation()
  await tutor.conversation()
  await cardOf(tutor, next.name).waitFor()
  await openFromMenu(registrar, '我收到的')
  await registrar.web.getByRole('link', { name: '已办' }).click()
  await registrar.web.getByRole('link', { name: '在读证明' }).first().waitFor()
  const page = await phones.panel('邮件')
  await page.getByText(`中文在读证明（${people[0].name}）`).click()
  await take(page, 'simulator')
}

async function showConsole(stage: Stage, admin: Someone): Promise<void> {
  const page = await stage.desk(owner, 1280, DESK)
  await page.goto('/admin')
  await signInFirst(page, admin.number)
  await page.goto('/admin')
  await page.getByRole('heading', { level: 1, name: '总览' }).waitFor()
  await take(page, 'console')
  await page.goto('/admin/people')
  await page.getByRole('table').waitFor()
  await take(page, 'people')
}

async function take(page: Page, name: string): Promise<void> {
  await page.clock.setFixedTime(clock.now())
  await page.locator('#toast').waitFor({ state: 'hidden' })
  const { width = 0, height = 0 } = page.viewportSize() ?? {}
  // Nothing that blinks, nothing under a pointer.
  await page.mouse.move(width - 1, height - 1)
  await page.screenshot({ path: at(name), animations: 'disabled', caret: 'hide' })
  tell(name)
}

function takePaper(file: Buffer, name: string): void {
  const directory = mkdtempSync(path.join(tmpdir(), 'hall-paper-'))
  owner.after(() => rmSync(directory, { recursive: true, force: true }))
  const pdf = path.join(directory, `${name}.pdf`)
  writeFileSync(pdf, file)
  execFileSync('pdftoppm', ['-r', '100', '-png', '-singlefile', pdf, at(name).replace(/\.png$/, '')])
  tell(name)
}

/** Each kind with its sample, as a specimen. */
async function takeKinds(): Promise<void> {
  const browser = createBrowser({ log: quietLog })
  owner.after(() => browser.close())
  const verify_url = 'https://hall.minghu.example/verify/7Q2MXK4T9ZRB3WDN'
  const seal = `data:image/svg+xml;base64,${Buffer.from(sealPicture({ school: '明湖大学', label: '样章', letters: outline })).toString('base64')}`
  const paper = { school: { name: '明湖大学', name_en: 'Minghu University' }, issued_on: '2026-11-21', number: '20261121000001', code: '7Q2M-XK4T-9ZRB-3WDN', verify_url, qr: await qrSvg(verify_url), seal, specimen: true }
  for (const { kind, family, source, sample } of readTemplates(path.join(import.meta.dirname, '../src/catalogue/documents')).values()) {
    if (family === 'transcript' || family === 'certificate') takePaper(Buffer.from(await browser.pdf(renderDocument(source, { ...paper, facts: sample }))), kind)
  }
}

function at(name: string): string {
  return path.join(folder, `${name}.png`)
}

function tell(name: string): void {
  console.log(`docs/pictures/${name}.png`.padEnd(44), `${Math.round(statSync(at(name)).size / 1024)} KB`)
}

/** Without a Chinese typeface every picture would be rows of boxes. */
async function demandChineseType(page: Page): Promise<void> {
  const drawn = await page.evaluate(() => {
    const pen = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    const picture = (character: string) => {
      if (!pen) return ''
      pen.clearRect(0, 0, 64, 64)
      pen.font = '40px sans-serif'
      pen.fillText(character, 4, 48)
      return pen.getImageData(0, 0, 64, 64).data.join()
    }
    // The last private-use character stands for all that no font has.
    return picture('证') !== picture('\u{10fffd}')
  })
  if (!drawn) throw new MissingType('This machine has no Chinese typeface. On Debian: apt-get install fonts-noto-cjk; elsewhere install Noto Sans CJK. Then run it again.')
}
