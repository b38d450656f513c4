import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import { cast } from '../support/people.ts'
import { startStage } from './stage.ts'

const stage = await startStage(undefined, { pay: 'here' })
const { app, simulator, origin } = stage
const { student } = await cast(app)

const order = (title: string) => app.database.write(tx => app.payments.open(tx, { subject: newId(), person_id: student.person_id, title, amount: 1000, back: '/documents' }))

test('a student pays inside WeCom, thinks twice, and pays', async t => {
  const id = await order('中文成绩单（含加权平均分）')
  const { frame, web } = await (await stage.phones(t, 390, [student])).of(student)
  await frame.getByRole('button', { name: '扫一扫' }).first().click()
  await frame.getByLabel('二维码里的网址').fill(`${origin}/pay/${id}`)
  await frame.getByRole('button', { name: '打开', exact: true }).click()
  await web.getByRole('button', { name: '微信支付' }).click()
  const sheet = frame.getByRole('dialog', { name: '微信支付' })
  await sheet.getByText('¥10.00').waitFor()
  await sheet.getByRole('button', { name: '取消' }).click()
  await web.getByRole('button', { name: '立即付款' }).click()
  await sheet.getByRole('button', { name: '确认支付' }).click()
  await web.getByText('缴费成功').first().waitFor()
  await web.getByRole('link', { name: '继续办理' }).waitFor()
  assert.equal((await app.payments.orderById(app.database.db, id))?.status, 'paid')
})

test('at the desk the code is scanned with the phone, and the page follows', async t => {
  const id = await order('英语在读证明')
  const desk = await stage.desk(t, 1280)
  const { cookies } = await stage.phone(student.userid)
  await desk.context().addCookies([...cookies].map(([name, value]) => ({ name, value, url: origin })))
  await desk.goto(`/pay/${id}`)
  await desk.getByRole('button', { name: '微信扫码付款' }).click()
  await desk.getByRole('img', { name: '微信支付二维码' }).waitFor()
  const { frame } = await (await stage.phones(t, 390, [student])).of(student)
  await frame.getByRole('button', { name: '扫一扫' }).first().click()
  await frame.getByRole('button', { name: '付款码：英语在读证明 ¥10.00' }).click()
  await frame.getByRole('dialog', { name: '微信支付' }).getByRole('button', { name: '确认支付' }).click()
  await desk.getByText('缴费成功').first().waitFor()
  assert.ok(simulator.pay?.orders.all().some(({ state, trade_type }) => state === 'SUCCESS' && trade_type === 'NATIVE'))
})
