import assert from 'node:assert/strict'
import { after, before, test, type TestContext } from 'node:test'
import nodemailer from 'nodemailer'
import { chromium, type Browser, type FrameLocator, type Page } from 'playwright-core'
import { findBrowser } from '../../src/integrations/browser/find.ts'
import { violationsIn } from '../support/axe.ts'
import { agentId, buttonCard, cardMessage, corpId, listen, textMessage, world, type World } from './support.ts'

let browser: Browser
before(async () => {
  browser = await chromium.launch({ executablePath: findBrowser() ?? assert.fail('no browser is installed'), args: ['--no-sandbox'] })
})
after(() => browser.close())

/** A hall with sign-in through OAuth, a cookie, and pages that forbid frames. */
async function stage(t: TestContext): Promise<World & { hallOrigin: string }> {
  let platform = ''
  const hallAddress = await listen(t, (incoming, response) => {
    const { pathname, searchParams, host } = new URL(incoming.url ?? '', `http://${incoming.headers.host}`)
    if (pathname === '/wecom/callback') return void response.end()
    if (pathname === '/auth') return void response.writeHead(303, { location: '/', 'set-cookie': `code=${searchParams.get('code')?.slice(0, 6)}; Path=/; HttpOnly` }).end()
    if (!incoming.headers.cookie) {
      const query = new URLSearchParams({ appid: corpId, redirect_uri: `http://${host}/auth`, response_type: 'code', scope: 'snsapi_base', state: 'x' })
      return void response.writeHead(302, { location: `${platform}/connect/oauth2/authorize?${query}#wechat_redirect` }).end()
    }
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'DENY', 'content-security-policy': "default-src 'self'; frame-ancestors 'none'" })
    response.end(`<!doctype html><html lang="zh-CN"><title>大厅 ${pathname}</title><h1>我在 ${pathname}</h1><a href="http://${host}/two" target="_blank">下一页</a></html>`)
  })
  const hallOrigin = hallAddress.replace('127.0.0.1', 'localhost')
  const w = await world(t, { hallOrigin, hallAddress, now: Date.now })
  platform = w.sim.origin
  return { ...w, hallOrigin }
}

async function open(t: TestContext, w: World, width: number): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 844 } })
  t.after(() => page.close())
  page.setDefaultTimeout(10_000)
  await page.goto(`${w.sim.origin}/simulator`)
  return page
}

const phone = (page: Page, name: string): FrameLocator => page.frameLocator(`iframe[title="手机 ${name}"]`)

test('two phones side by side: a click on one, the new card on both', async (t) => {
  const w = await stage(t)
  const { response_code } = await w.call('message/send', cardMessage(buttonCard('t-1'), 'ZhangSan|lisi'))
  const page = await open(t, w, 1280)
  const [zhang, li] = [phone(page, '张三'), phone(page, '李四')]
  for (const one of [zhang, li]) await one.getByRole('button', { name: /办事大厅/ }).click()
  await zhang.getByRole('button', { name: '同意' }).click()
  await page.getByRole('button', { name: /^回调/ }).click()
  await page.getByText('点卡片按钮').waitFor()
  await w.sim.waitIdle()
  assert.deepEqual(w.sim.state.callbacks.map(({ event, userid, key }) => `${event} ${userid} ${key}`.trim()).toSorted(), ['enter_agent ZhangSan', 'enter_agent lisi', 'template_card_event ZhangSan agree'])
  await w.call('message/update_template_card', { agentid: agentId, atall: 1, response_code, button: { replace_name: '张三已同意' } })
  for (const one of [zhang, li]) {
    await one.getByText('张三已同意').waitFor()
    assert.equal(await one.getByRole('button', { name: '同意' }).count(), 0)
  }
})

test('the menu opens the hall, signed in without a question, and the bar leads back', async (t) => {
  const w = await stage(t)
  await w.call(`menu/create?agentid=${agentId}`, { button: [{ type: 'view', name: '大厅', url: `${w.hallOrigin}/` }] })
  const page = await open(t, w, 1280)
  const zhang = phone(page, '张三')
  await zhang.getByRole('button', { name: /办事大厅/ }).click()
  await zhang.getByRole('button', { name: '大厅', exact: true }).click()
  const web = zhang.frameLocator('iframe[title="应用内浏览器"]')
  await web.getByRole('heading', { name: '我在 /', exact: true }).waitFor()
  await web.getByRole('link', { name: '下一页' }).click()
  await web.getByRole('heading', { name: '我在 /two' }).waitFor()
  await zhang.getByRole('heading', { name: '大厅 /two' }).waitFor()
  await zhang.getByRole('button', { name: '返回' }).click()
  await web.getByRole('heading', { name: '我在 /', exact: true }).waitFor()
  await zhang.getByRole('button', { name: '关闭' }).click()
  await zhang.getByRole('list', { name: '消息' }).waitFor()
})

test('people are found and chosen, and the choice stays', async (t) => {
  const w = await stage(t)
  const page = await open(t, w, 1280)
  await page.getByRole('button', { name: '选择人员' }).click()
  await page.getByRole('searchbox').fill('王五')
  await page.getByRole('checkbox', { name: /王五/ }).check()
  await page.getByRole('button', { name: '完成' }).click()
  await page.getByRole('button', { name: '移除张三' }).click()
  await page.reload()
  await phone(page, '王五').getByRole('heading', { name: '消息' }).waitFor()
  assert.deepEqual(await page.locator('main iframe').evaluateAll((frames) => frames.map((frame) => frame.getAttribute('title'))), ['手机 李四', '手机 王五'])
})

test('at 390 px one phone at a time, the rest behind tabs, nothing wider than the screen', async (t) => {
  const w = await stage(t)
  await w.call('message/send', textMessage('第一条', { touser: 'lisi' }))
  const mailer = nodemailer.createTransport(w.sim.smtpUrl)
  await mailer.sendMail({ from: 'a@b.cn', to: 'c@d.cn', subject: '你的证明', html: '<p>好了</p>' })
  mailer.close()
  const page = await open(t, w, 390)
  await phone(page, '张三').getByRole('heading', { name: '消息' }).waitFor()
  await page.getByRole('button', { name: /^李四/ }).click()
  await phone(page, '李四').getByRole('button', { name: /第一条/ }).waitFor()
  await page.getByRole('button', { name: /^邮件/ }).click()
  await page.getByText('你的证明').click()
  await page.frameLocator('iframe[title="邮件 你的证明"]').getByText('好了').waitFor()
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth))
})

test('the page and a phone with a card have no accessibility faults, light and dark', async (t) => {
  const w = await stage(t)
  await w.call('message/send', cardMessage(buttonCard('t-1', { source: { desc: '大厅', desc_color: 3 }, horizontal_content_list: [{ keyname: '学号', value: '1' }] })))
  for (const colorScheme of ['light', 'dark'] as const) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 844 }, colorScheme })
    t.after(() => context.close())
    const page = await context.newPage()
    await page.goto(`${w.sim.origin}/simulator`)
    const zhang = phone(page, '张三')
    await zhang.getByRole('button', { name: /办事大厅/ }).click()
    await zhang.getByRole('button', { name: '同意' }).waitFor()
    await page.getByRole('button', { name: '故障' }).click()
    const violations = await violationsIn(page.mainFrame())
    assert.deepEqual(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.target.join(' ')).join(', ')}`), [], colorScheme)
  }
})

test('a switch on the page strikes, and a failed callback is delivered again from there', async (t) => {
  const w = await stage(t)
  const page = await open(t, w, 1280)
  await page.getByRole('button', { name: '故障' }).click()
  await page.getByRole('switch', { name: /系统繁忙/ }).check()
  await page.getByText('最近的接口调用').waitFor()
  await assert.doesNotReject(async () => {
    while ((await w.call('agent/list')).errcode !== -1) await new Promise((resolve) => setImmediate(resolve))
  })
  w.sim.trouble.loseCallback = 1
  const { id } = await w.sim.event('lisi', 'enter_agent')
  await page.getByRole('button', { name: /^回调/ }).click()
  await page.getByText('没有送达 · 丢失').click()
  await page.getByRole('button', { name: '重新投递' }).click()
  await page.getByText('已送达').waitFor()
  assert.equal(w.sim.state.callbacks.find((one) => one.id === id)?.state, 'delivered')
})
