import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { cast } from '../support/people.ts'
import { look } from './look.ts'
import { startStage } from './stage.ts'

const stage = await startStage()
const { student } = await cast(stage.app)
const cookies = [...(await stage.phone(student.userid)).cookies].map(([name, value]) => ({ name, value, url: stage.origin }))

const menuOf = (page: Page) => page.getByRole('navigation', { name: '主菜单' })

async function home(t: Parameters<typeof stage.desk>[0], options: BrowserContextOptions = {}): Promise<Page> {
  const page = await stage.desk(t, 1280, options)
  await page.context().addCookies(cookies)
  await page.goto('/')
  return page
}

test('at the desk the sub-menus open by keyboard, one at a time, and close on Escape', async t => {
  const page = await home(t)
  const [records, mine] = [menuOf(page).getByText('成绩与证明'), menuOf(page).getByText('我的', { exact: true })]
  const [list, account] = [menuOf(page).getByRole('link', { name: '申请记录' }), menuOf(page).getByRole('link', { name: '账户信息' })]
  await menuOf(page).getByRole('link', { name: '我发出的' }).focus()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await list.waitFor()
  await look(page)
  await page.keyboard.press('Escape')
  await list.waitFor({ state: 'hidden' })
  assert.equal(await page.evaluate(() => document.activeElement?.textContent?.trim()), '成绩与证明')
  await records.click()
  await mine.click()
  await account.waitFor()
  await list.waitFor({ state: 'hidden' })
  await page.mouse.click(640, 700)
  await account.waitFor({ state: 'hidden' })
  await records.click()
  await list.click()
  await page.getByRole('heading', { level: 1, name: '申请记录' }).waitFor()
  await look(page)
})

test('without script a sub-menu opens and closes too, and one sees who is signed in', async t => {
  const page = await home(t, { javaScriptEnabled: false })
  const account = menuOf(page).getByRole('link', { name: '账户信息' })
  await menuOf(page).getByText('我的', { exact: true }).click()
  await account.waitFor()
  await page.mouse.click(640, 700)
  await account.waitFor({ state: 'hidden' })
  await page.getByRole('link', { name: new RegExp(`${student.name} ${student.number} 切换身份`) }).click()
  await page.getByRole('heading', { level: 1, name: '切换身份' }).waitFor()
})

test('on the phone the tabs carry the menu, and the head stays one line high', async t => {
  const page = await home(t, { viewport: { width: 320, height: 640 } })
  assert.equal(await menuOf(page).isVisible(), false)
  await page.getByRole('navigation', { name: '底部菜单' }).getByRole('link', { name: '我的' }).waitFor()
  const { height = 0 } = await page.getByRole('banner').boundingBox() ?? {}
  assert.ok(height > 0 && height <= 48, `${height} px`)
  await look(page)
})
