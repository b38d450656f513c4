import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { FrameLocator } from 'playwright-core'
import { cast, type Someone } from '../support/people.ts'
import { firstPassword } from './scenes.ts'
import { type Phones, startStage, stepsOf, type Width } from './stage.ts'

const NEWCOMER = { person_id: '', number: '', name: '还没有加入企业的微信', userid: '@wechat' }
const PASSWORD = 'Willow-Lake-2026'

type Scene = { phones: Phones; frame: FrameLocator; web: FrameLocator; who: Someone }

const stage = await startStage()
const { student, classmate } = await cast(stage.app)

/** The phone of somebody whose WeChat is in no corporation, and a student of the roster who has no member. */
async function begin(t: TestContext, width: Width, who: Someone): Promise<Scene> {
  await stage.app.wecom.members.delete(who.userid)
  const phones = await stage.phones(t, width, [NEWCOMER])
  const frame = phones.page.frameLocator(`iframe[title="手机 ${NEWCOMER.name}"]`)
  return { phones, frame, web: frame.frameLocator('iframe[title="应用内浏览器"]'), who }
}

/** From the code on the wall to the code that is to be followed. */
async function register({ frame, web, who }: Scene, mobile: string): Promise<void> {
  await frame.getByRole('button', { name: '扫一扫' }).click()
  await frame.getByRole('button', { name: '用户注册二维码' }).click()
  await web.getByRole('button', { name: '在校师生' }).click()
  await web.getByLabel('学号或工号').fill(who.number)
  await web.getByLabel('密码').fill(await firstPassword(who.number))
  await web.getByRole('main').getByRole('button', { name: '登录' }).click()
  await web.getByLabel('初始密码').fill(await firstPassword(who.number))
  await web.getByRole('textbox', { name: '新密码', exact: true }).fill(PASSWORD)
  await web.getByLabel('再输入一次新密码').fill(PASSWORD)
  await web.getByRole('main').getByRole('button', { name: '修改密码' }).click()
  await web.getByLabel('换一个号码').fill(mobile)
  await web.getByRole('button', { name: '下一步' }).click()
  const code = web.getByRole('img', { name: '学校企业微信的二维码' })
  await code.waitFor()
  // A long press; the button of the mouse that asks for a menu does the same.
  const [box, page] = [await code.boundingBox(), frame.owner().page()]
  assert.ok(box)
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.mouse.down()
  await frame.getByRole('button', { name: '识别图中的二维码' }).waitFor()
  await page.mouse.up()
  await frame.getByRole('button', { name: '识别图中的二维码' }).click()
  await web.getByRole('heading', { name: '加入企业', exact: true }).waitFor()
}

test('a newcomer scans the code on the wall, registers, follows by a long press, and is done', async t => {
  const scene = await begin(t, 390, student)
  const { frame, web } = scene
  const step = stepsOf(t)
  await step('from the wall to the join code', () => register(scene, '13900001234'))
  await step('the WeChat has this number: its member joins, and the page that waited says 注册完成', async () => {
    await web.getByRole('link', { name: `${student.name} 13900001234` }).click()
    await web.getByRole('button', { name: '返回刚才的网页' }).click()
    await web.getByText('注册完成').waitFor()
    assert.deepEqual(stage.simulator.state.callbacks.filter(({ event }) => event === 'subscribe').map(({ userid }) => userid), [student.number])
  })
  await step('the same phone opens the hall from WeCom, without a password', async () => {
    await frame.getByRole('button', { name: '关闭' }).click()
    await frame.getByRole('button', { name: /^办事大厅/ }).click()
    await frame.getByRole('button', { name: '办事大厅', exact: true }).click()
    await web.getByRole('link', { name: new RegExp(student.name) }).first().waitFor()
  })
  await step('the phone changes hands for the next newcomer', async () => {
    await frame.getByRole('button', { name: '关闭' }).click()
    await frame.getByRole('button', { name: '返回' }).click()
    await frame.getByRole('button', { name: '我', exact: true }).click()
    await frame.getByRole('button', { name: '换成还没有加入企业的微信' }).click()
    await frame.getByText('还没有加入学校的企业微信').waitFor()
    await frame.getByRole('button', { name: '扫一扫' }).click()
    await frame.getByLabel('二维码里的网址').fill(`${stage.origin}/help`)
    await frame.getByRole('button', { name: '打开' }).click()
    await web.getByRole('heading', { name: '联系客服' }).waitFor()
  })
})

test('with another phone’s WeChat: followed, then 关注身份验证 with the number named before', async t => {
  const scene = await begin(t, 1280, classmate)
  const { phones, frame, web } = scene
  const step = stepsOf(t)
  await step('from the wall to the join code', () => register(scene, '13900001235'))
  await step('none of the numbers is this WeChat’s: a new member', async () => {
    await web.getByRole('link', { name: '都不是' }).click()
    await web.getByRole('link', { name: '进入企业微信' }).click()
  })
  await step('the menu’s 关注身份验证, the same number, the code of the SMS, 完成', async () => {
    await frame.getByRole('button', { name: /^办事大厅/ }).click()
    await frame.getByRole('button', { name: /我的$/ }).click()
    await frame.getByRole('button', { name: '关注身份验证' }).click()
    stage.clock.advance(61_000)
    await web.getByLabel('手机号码').fill('13900001235')
    await web.getByRole('button', { name: '获取验证码' }).click()
    const page = await phones.panel('短信')
    const sms = await page.getByLabel('短信', { exact: true }).getByText('验证码').first().textContent()
    await web.getByLabel('短信验证码').fill(/(?<!\d)\d{6}(?!\d)/.exec(sms ?? '')?.[0] ?? '')
    await web.getByRole('button', { name: '完成' }).click()
    await web.getByRole('heading', { name: '认证完成' }).waitFor()
    await web.getByRole('link', { name: '进入办事大厅' }).click()
    await web.getByRole('link', { name: new RegExp(classmate.name) }).first().waitFor()
  })
})
