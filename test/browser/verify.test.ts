import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { hash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import { cast } from '../support/people.ts'
import { type Issued, issue } from './issued.ts'
import { look } from './look.ts'
import { signInFirst } from './scenes.ts'
import { startStage, stepsOf, widths } from './stage.ts'

const stage = await startStage()
const folder = mkdtempSync(join(tmpdir(), 'hall-verify-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const genuine = await issue(stage, 0)
const revoked = await issue(stage, 1)
const paths = { genuine: join(folder, '在读证明.pdf'), altered: join(folder, '改过的.pdf'), stranger: join(folder, '别人的.pdf'), revoked: join(folder, '作废的.pdf') }
const bent = Buffer.from(genuine.file)
bent[400] = (bent[400] ?? 0) ^ 1
writeFileSync(paths.genuine, genuine.file)
writeFileSync(paths.altered, bent)
writeFileSync(paths.stranger, '%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n')
writeFileSync(paths.revoked, revoked.file)
const credentials = { genuine: await credentialOf(genuine), altered: '', revoked: await credentialOf(revoked) }
const [head, , signature] = credentials.genuine.split('.')
credentials.altered = [head, Buffer.from(JSON.stringify({ name: '博士学位证书' })).toString('base64url'), signature].join('.')

test('the administrator revokes a certificate, with a reason that whoever checks it will read', async t => {
  const { admin } = await cast(stage.app)
  const page = await stage.desk(t, 1280)
  await page.goto('/login?to=/admin/documents')
  await signInFirst(page, admin.number)
  const row = page.getByRole('row').filter({ hasText: revoked.number })
  await row.waitFor()
  await look(page)
  await row.getByRole('link', { name: '作废' }).click()
  await page.getByRole('heading', { name: '作废文件' }).waitFor()
  await look(page)
  await page.getByRole('textbox').fill('所载专业有误，已重新出具')
  await page.getByRole('button', { name: '作废' }).click()
  await page.getByText('已作废。之后核验的人会看到作废和原因').waitFor()
  await row.getByText('已作废').waitFor()
  const phone = await stage.phones(t, 1280, [revoked.student])
  const hers = await phone.of(revoked.student)
  await hers.conversation()
  await hers.frame.getByRole('button', { name: '中文在读证明已作废' }).waitFor()
})

for (const width of widths) {
  test(`at ${width} px anyone checks a document, and sees what it is worth`, async t => {
    const step = stepsOf(t)
    const page = await stage.desk(t, width)
    await page.goto('/verify')
    await look(page)

    await step('by the code on the paper, in whatever spelling', async () => {
      await askByCode(page, genuine.code.toLowerCase().replaceAll('-', ' '))
      await verdict(page, '真实有效')
      await page.getByText(genuine.number).waitFor()
      assert.equal(await page.getByText(genuine.student.name).count(), 0, 'the holder is masked')
      await look(page)
    })

    await step('by the QR code on the paper', async () => {
      const address = readQr(paths.genuine)
      assert.equal(new URL(address).origin, stage.origin)
      await page.goto(address)
      await verdict(page, '真实有效')
    })

    await step('by choosing the file, which never leaves the browser', async () => {
      await page.goto('/verify')
      const sent: string[] = []
      page.on('request', request => { if (request.method() === 'POST') sent.push(`${new URL(request.url()).pathname} ${request.postData() ?? ''}`) })
      await page.getByLabel('PDF 文件').setInputFiles(paths.genuine)
      await page.getByText('在读证明.pdf').waitFor()
      await page.getByRole('button', { name: '核验文件' }).click()
      await verdict(page, '真实有效')
      for (const words of ['签章的级别：PAdES B-B', '文件里没有证书是否被吊销的证明', '签章覆盖的内容没有改动', '签章之后没有添加任何内容', '签章的证书属于学校，签章时有效', '文件在学校的登记簿里', '没有作废']) await page.getByText(words).waitFor()
      await page.getByText(/^核验时间 \d{4}-\d\d-\d\d \d\d:\d\d$/).waitFor()
      await look(page)
      assert.deepEqual(sent, [`/verify/register revisions=${hash('sha256', genuine.file)}&organisation=`])
    })

    await step('and again on the server, if its holder wants that', async () => {
      await page.getByRole('button', { name: '在学校服务器再核验一次' }).click()
      await page.waitForURL('/verify/file')
      await verdict(page, '真实有效')
    })

    await step('by dropping the file on the page', async () => {
      await page.goto('/verify')
      await drop(page, paths.genuine)
      await page.getByText('在读证明.pdf').waitFor()
      await page.getByRole('button', { name: '核验文件' }).click()
      await verdict(page, '真实有效')
    })

    await step('of several files none is taken, and the page says so until one is dropped', async () => {
      await page.goto('/verify')
      await drop(page, paths.genuine, paths.altered)
      await page.getByText('一次只能放一个文件').waitFor()
      await drop(page, paths.genuine)
      await page.getByText('在读证明.pdf').waitFor()
      assert.equal(await page.getByText('一次只能放一个文件').count(), 0)
    })

    await step('an altered, a foreign and a revoked file are told apart', async () => {
      for (const [path, word] of [[paths.altered, '已被篡改'], [paths.stranger, '查无此件'], [paths.revoked, '已作废']] as const) {
        await page.goto('/verify')
        await page.getByLabel('PDF 文件').setInputFiles(path)
        await page.getByRole('button', { name: '核验文件' }).click()
        await verdict(page, word)
        await look(page)
        if (width < 900) assert.ok(await page.locator('.actions').evaluate(bar => Math.abs(bar.getBoundingClientRect().bottom - innerHeight) < 1), 'the bar lies at the bottom, however short the page')
      }
      await page.getByText('所载专业有误').waitFor()
    })

    await step('a digital credential is checked in the browser too, by what the school publishes', async () => {
      for (const [name, word] of [['genuine', '真实有效'], ['altered', '已被篡改'], ['revoked', '已作废']] as const) {
        await page.goto('/verify')
        const sent: string[] = []
        page.on('request', request => { if (request.method() === 'POST') sent.push(`${new URL(request.url()).pathname} ${request.postData() ?? ''}`) })
        await page.getByLabel('PDF 文件').setInputFiles({ name: `${name}.jwt`, mimeType: 'application/vc+jwt', buffer: Buffer.from(credentials[name]) })
        await page.getByRole('button', { name: '核验文件' }).click()
        await verdict(page, word)
        await look(page)
        // Its own random number, so that its holder hears of it; nothing of what it says.
        assert.deepEqual(sent, name === 'altered' ? [] : [`/verify/register credential=${idOf(credentials[name])}&organisation=`])
        assert.equal(await page.getByText(genuine.student.name).count() > 0, name === 'genuine')
      }
    })

    await step('a code that nobody was given is unknown, a revoked one says so', async () => {
      await page.getByRole('link', { name: '再核验一份' }).click()
      await askByCode(page, '0000-0000-0000-0000')
      await verdict(page, '查无此件')
      await look(page)
      await page.goto('/verify')
      await askByCode(page, revoked.code)
      await verdict(page, '已作废')
    })
  })
}

/** The random number by which a credential is known. */
function idOf(jwt: string): string {
  const { id }: { id: string } = JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString())
  return id.replace('urn:uuid:', '')
}

/** What its owner takes along for programs, while the document holds. */
async function credentialOf({ student, number }: Issued): Promise<string> {
  const phone = await stage.phone(student.userid)
  const list = await phone.get(`/documents?q=${number}`)
  return Buffer.from((await phone.get((await phone.get(list.link('中文在读证明'))).link('下载（Open Badges 3.0）'))).bytes).toString()
}

async function askByCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('验证码').fill(code)
  await page.getByRole('button', { name: '查验' }).click()
}

async function verdict(page: Page, word: string): Promise<void> {
  await page.getByRole('status').getByRole('heading', { name: word }).waitFor()
}

/** What a camera reads from the printed page. */
function readQr(path: string): string {
  execFileSync('pdftoppm', ['-r', '150', '-png', '-singlefile', path, join(folder, 'page')])
  return execFileSync('zbarimg', ['--quiet', '--raw', join(folder, 'page.png')], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim()
}

/** Drags files from outside over the zone and lets go, as the system would tell the browser. */
async function drop(page: Page, ...files: string[]): Promise<void> {
  const box = await page.getByLabel('PDF 文件').boundingBox()
  assert.ok(box)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2, data: { items: [], files, dragOperationsMask: 1 } }
  const devtools = await page.context().newCDPSession(page)
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) await devtools.send('Input.dispatchDragEvent', { type, ...at })
  await devtools.detach()
}
