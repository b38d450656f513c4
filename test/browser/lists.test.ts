import assert from 'node:assert/strict'
import { test } from 'node:test'
import { applyForCertificate } from '../support/certificate.ts'
import { cast } from '../support/people.ts'
import { look } from './look.ts'
import { startStage } from './stage.ts'

const stage = await startStage()
const { student } = await cast(stage.app)
const phone = await stage.phone(student.userid)
await applyForCertificate(phone)
const cookies = [...phone.cookies].map(([name, value]) => ({ name, value, url: stage.origin }))

test('from a page the way back leads to the list as it was narrowed; the page is printed at a press', async t => {
  const page = await stage.desk(t, 1280)
  await page.context().addCookies(cookies)
  await page.addInitScript('window.print = () => document.documentElement.setAttribute("data-printed", "yes")')
  await page.goto('/sent')
  await page.getByRole('link', { name: /进行中/ }).click()
  await page.waitForURL(/state=running/)
  await page.getByRole('link', { name: /在读证明/ }).first().click()
  await page.getByRole('heading', { level: 1, name: '在读证明' }).waitFor()
  await page.getByRole('button', { name: '打印' }).click()
  assert.equal(await page.locator('html').getAttribute('data-printed'), 'yes')
  await look(page)
  await page.getByRole('link', { name: '我发出的' }).and(page.locator('.page-back')).click()
  await page.waitForURL(/\/sent\?.*state=running/)
})

test('what was typed before the script had come is looked for as soon as it is there', async t => {
  const page = await stage.desk(t, 1280)
  await page.context().addCookies(cookies)
  const { promise: typed, resolve: hasTyped } = Promise.withResolvers<void>()
  await page.route(/live-search/, async route => {
    await typed
    await route.continue()
  })
  await page.goto('/services', { waitUntil: 'commit' })
  await page.getByRole('searchbox').fill('请假')
  hasTyped()
  await page.locator('#found').getByRole('link', { name: '学生请假' }).waitFor()
  await page.waitForURL(/q=/)
})
