import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cast } from '../support/people.ts'
import { issue } from './issued.ts'
import { look } from './look.ts'
import { startStage, stepsOf } from './stage.ts'

const stage = await startStage()

test('a terminal is connected once, shows what a phone hands over, prints it at a touch, and returns to its start', async t => {
  const { student, number, file } = await issue(stage, 0)
  const { admin } = await cast(stage.app)
  const [office, phone] = [await stage.phone(admin.userid), await stage.phone(student.userid)]
  const page = await office.submit(await office.get('/admin/terminals/new'), '/admin/terminals', { name: '图书馆一号机', place: '图书馆一楼', copies: '' })
  const token = page.root.querySelector('.code-large')?.text ?? assert.fail(page.text)
  const screen = await stage.desk(t, 1280)
  // What a browser without a viewer of PDF cannot show: that it was given the file, and asked to print it.
  await screen.addInitScript(() => {
    const made = URL.createObjectURL.bind(URL)
    URL.createObjectURL = (given: Blob) => {
      document.documentElement.dataset.given = `${given.type} ${given.size}`
      return made(new Blob(['<p>paper</p>'], { type: 'text/html' }))
    }
    document.addEventListener('load', event => { if (event.target instanceof HTMLIFrameElement && event.target.contentWindow) event.target.contentWindow.print = () => { document.documentElement.dataset.printed = 'yes' } }, true)
  })
  await screen.clock.install()
  const step = stepsOf(t)
  const handOver = async () => {
    await screen.locator('[data-slot="code"]').filter({ hasText: /\d{3} \d{3}/ }).waitFor()
    const code = (await screen.locator('[data-slot="code"]').innerText()).replace(' ', '')
    const choice = await phone.submit(await phone.get('/prints'), '/prints/terminal', { code })
    const form = await phone.submit(choice, '/prints', { document: choice.root.querySelector('input[name=document]')?.getAttribute('value') ?? '' })
    assert.ok(form.has('请在终端上点“打印”'), form.text)
    await screen.locator('[data-panel="handed"] h1').waitFor()
    return form.path
  }

  await step('it asks for its token, and says where that is wrong', async () => {
    await screen.goto('/terminal')
    await screen.getByLabel('令牌').fill('AAAA-AAAA-AAAA-AAAA')
    await screen.getByRole('button', { name: '连接' }).click()
    await screen.getByText('终端的令牌不对').waitFor()
    await look(screen)
    await screen.getByLabel('令牌').fill(token.toLowerCase())
    await screen.getByRole('button', { name: '连接' }).click()
    await screen.getByText('图书馆一号机').waitFor()
    assert.deepEqual(await screen.context().cookies(), [], 'no session')
    await look(screen)
  })

  await step('a paper is printed at a touch', async () => {
    const path = await handOver()
    assert.equal(await screen.locator('[data-panel="handed"] h1').innerText(), '中文在读证明')
    assert.equal(await screen.getByText(number).count(), 0)
    await look(screen)
    await screen.getByRole('button', { name: '打印' }).click()
    await screen.getByText('正在打印，请在出纸口取走').waitFor()
    await screen.locator('html[data-printed="yes"]').waitFor()
    assert.equal(await screen.locator('html').getAttribute('data-given'), `application/pdf ${file.length}`)
    await screen.getByRole('button', { name: '完成' }).click()
    await screen.getByAltText('终端的二维码').waitFor()
    assert.ok((await phone.get(path)).has('已打印'))
  })

  await step('after a minute without a touch it is at its start, and what it had is its owner’s again', async () => {
    await screen.getByRole('button', { name: 'English' }).click()
    await screen.getByRole('heading', { name: 'Print at a terminal' }).waitFor()
    const path = await handOver()
    await screen.clock.fastForward('01:05')
    await screen.getByRole('heading', { name: '自助打印' }).waitFor()
    assert.ok((await phone.get(path)).has('没有人在终端上确认'))
  })
})

test('a terminal that is cut off says so, and goes on by itself', async t => {
  const { admin } = await cast(stage.app)
  const office = await stage.phone(admin.userid)
  const page = await office.submit(await office.get('/admin/terminals/new'), '/admin/terminals', { name: '二号机', place: '教学楼', copies: '' })
  // A browser of its own: it complains of a network that is away, as it should.
  const context = await (await stage.desk(t, 1280)).context().browser()?.newContext({ baseURL: stage.origin }) ?? assert.fail()
  t.after(() => context.close())
  const screen = await context.newPage()
  await screen.goto('/terminal')
  await screen.getByLabel('令牌').fill(page.root.querySelector('.code-large')?.text ?? '')
  await screen.getByRole('button', { name: '连接' }).click()
  await screen.getByText('二号机').waitFor()
  await context.setOffline(true)
  await screen.getByRole('heading', { name: '终端没有联网' }).waitFor()
  await context.setOffline(false)
  await screen.getByText('二号机').waitFor()
})
