import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test, type TestContext } from 'node:test'
import { createPay, type NewOrder } from '../../src/integrations/pay/index.ts'
import { unseal } from '../../src/integrations/pay/sign.ts'
import { testClock } from '../../src/platform/clock.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { AppError } from '../../src/platform/errors.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { corp } from '../support/app.ts'
import { merchant } from '../support/pay.ts'

const least = { HALL_SECRET: Buffer.alloc(32, 7).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University', WECOM_CORP_ID: corp.corpId, WECOM_AGENT_ID: '1000002', WECOM_SECRET: 'kept', WECOM_TOKEN: 'QDG6eK', WECOM_ENCODING_AES_KEY: corp.encodingAesKey }

async function shop(t: TestContext) {
  const clock = testClock()
  const { simulator: pay, settings } = merchant(corp.corpId)
  const simulator = await startSimulator({ ...corp, now: clock.now, hallOrigin: 'http://localhost:9', departments: [{ id: 1, name: '明湖大学', parentid: 0 }], members: [{ userid: 'li', name: '李一', department: [1] }], pay })
  t.after(() => simulator.close())
  const config = loadConfig({ ...least, ...settings, WECHAT_PAY_API_BASE: simulator.origin })
  const client = createPay(config.pay, { clock })
  const desk = simulator.pay
  assert.ok(client && desk)
  return { clock, simulator, client, desk, order: orderAt(clock.now() + 1800_000) }
}

const orderAt = (expires_at: number) => (more: Partial<NewOrder> = {}): NewOrder => ({ out_trade_no: '01JD0000000000000000000001', description: '中文成绩单', amount: 1000, expires_at, notify_url: 'http://localhost:9/pay/wechat/notify', ...more })

const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => {
  const error: unknown = await work.then(() => null, (thrown: unknown) => thrown)
  assert.ok(error instanceof AppError, String(error))
  return `${error.kind} ${error.code}`
}

test('the text of the platform’s own example is unsealed', () => {
  const sealed = { nonce: 'fdasflkja484', associated_data: 'transaction', ciphertext: 'Hp5R24XRFv6g9nShX6Gj4j7GKbaNUS1+k7/JzB9zJCm5abQjrFU6vwyfaGTpHhu2rX4jpwiduqUNoBDxcOJQI2zVth05KfXCPdyq4hkrm5+H/lcF' }
  assert.equal(unseal('a'.repeat(32), sealed), '{"mchid":"1230000109","out_trade_no":"1217752501201407033233368018"}')
  assert.throws(() => unseal('b'.repeat(32), sealed), AppError)
})

test('an order from its QR code to the end: unpaid, paid, refunded, and all of it in the bill', async t => {
  const { client, desk, simulator, clock, order } = await shop(t)
  const code = await client.native(order())
  const token = /^weixin:\/\/wxpay\/bizpayurl\?pr=(.+)$/.exec(code)?.[1] ?? ''
  assert.equal((await client.transaction(order().out_trade_no))?.state, 'NOTPAY')
  assert.notEqual(await client.native(order()), code, 'asked again, a fresh code for the same order')
  assert.equal(await codeOf(client.native(order({ amount: 900 }))), 'invalid pay:OUT_TRADE_NO_USED')
  desk.pay(desk.orderOf(token)?.out_trade_no ?? '', { coupon: 100 })
  const paid = await client.transaction(order().out_trade_no)
  assert.deepEqual([paid?.state, paid?.total, paid?.paid_at], ['SUCCESS', 1000, clock.now()])
  assert.equal(await codeOf(client.close(order().out_trade_no)), 'invalid pay:INVALID_REQUEST')

  const refund = { out_refund_no: 'R1', out_trade_no: order().out_trade_no, reason: '证明开不出来', refund: 1000, total: 1000, notify_url: 'http://localhost:9/pay/wechat/refund-notify' }
  assert.equal((await client.refund(refund)).status, 'PROCESSING')
  assert.equal((await client.refund(refund)).status, 'PROCESSING', 'the same number is the same refund')
  assert.equal(await codeOf(client.refund({ ...refund, out_refund_no: 'R2' })), 'invalid pay:INVALID_REQUEST')
  clock.advance(5000)
  desk.tick()
  assert.equal((await client.findRefund('R1'))?.status, 'SUCCESS')
  assert.equal(await client.findRefund('R9'), null)
  assert.equal(await client.transaction('01JD0000000000000000000009'), null)

  const day = new Date(clock.now() + 8 * 3600_000).toISOString().slice(0, 10)
  assert.equal(await codeOf(client.bill(day)), 'invalid pay:INVALID_REQUEST')
  clock.advance(24 * 3600_000)
  assert.deepEqual((await client.bill(day)).map(({ kind, number, amount, ours }) => [kind, number, amount, ours]), [['payment', order().out_trade_no, 1000, true], ['refund', 'R1', 1000, true]])
  simulator.trouble.payBrokenBill = 1
  assert.equal(await codeOf(client.bill(day)), 'upstream pay:broken-bill')
  assert.deepEqual(await client.bill('2026-01-01'), [], 'a day without trade has no bill')
})

test('a payment that is called up inside WeCom is signed for the payer alone', async t => {
  const { client, desk, order } = await shop(t)
  const openids = [...desk.openids()]
  const prepay = await client.jsapi(order(), openids[0] ?? '')
  assert.equal(desk.calledUp(client.callUp(prepay), openids[0] ?? '').out_trade_no, order().out_trade_no)
  assert.throws(() => desk.calledUp(client.callUp(prepay), 'somebody else'))
  assert.throws(() => desk.calledUp({ ...client.callUp(prepay), nonceStr: 'changed' }, openids[0] ?? ''))
  assert.equal(await codeOf(client.jsapi(order({ out_trade_no: '01JD0000000000000000000002' }), 'o-of-another-app')), 'invalid pay:PARAM_ERROR')
})

test('answers that are not the platform’s are not believed, and what is not known is asked again', async t => {
  const { client, simulator, order, desk } = await shop(t)
  for (const name of ['payWrongSignature', 'payProbe', 'payStale', 'payWrongSerial'] as const) {
    simulator.trouble[name] = 1
    assert.equal(await codeOf(client.native(order())), 'upstream pay:unproven', name)
  }
  simulator.trouble.payOtherKey = true
  assert.equal(await codeOf(client.native(order())), 'upstream pay:unproven', 'a key that was not configured')
  simulator.trouble.payOtherKey = false
  for (const name of ['payError', 'payErrorAfter', 'payBusy'] as const) {
    simulator.trouble[name] = 1
    assert.match(await codeOf(client.native(order())) ?? '', /^upstream /, name)
  }
  assert.equal(desk.orders.all().length, 1)
})

test('a notification is proven before it is opened', async t => {
  const { client, desk, simulator, order } = await shop(t)
  const taken: { headers: Record<string, string>; body: string }[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part)).on('end', () => {
      taken.push({ headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])), body: Buffer.concat(parts).toString() })
      response.writeHead(204).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  await client.native(order({ notify_url: `http://127.0.0.1:${port}/notify` }))
  desk.pay(order().out_trade_no)
  await simulator.waitIdle()
  const [{ headers, body } = { headers: {}, body: '' }] = taken
  const { text: plain, event } = client.readNotification(headers, body)
  const resource = client.readResource(event, plain)
  assert.deepEqual([event, resource.kind === 'transaction' && resource.transaction.state], ['TRANSACTION.SUCCESS', 'SUCCESS'])
  const refused = (how: Record<string, string>, text = body) => assert.throws(() => client.readNotification({ ...headers, ...how }, text), (error: unknown) => error instanceof AppError && error.kind === 'forbidden')
  refused({}, body.replace('TRANSACTION', 'TRANSACTI0N'))
  refused({ 'wechatpay-signature': `WECHATPAY/SIGNTEST/${headers['wechatpay-signature']}` })
  refused({ 'wechatpay-serial': 'B'.repeat(40) })
  refused({ 'wechatpay-timestamp': String(Number(headers['wechatpay-timestamp']) + 1) })
})

test('WECHAT_PAY_*: all or none, and everything that is wrong is told at once', () => {
  const faults = (env: Record<string, string>): string[] => {
    try {
      loadConfig({ ...least, ...env })
      return []
    } catch (error) {
      assert.ok(error instanceof Error && 'faults' in error && Array.isArray(error.faults))
      return error.faults.map(fault => String(fault).split(' ')[0] ?? '')
    }
  }
  assert.equal(loadConfig(least).pay, null)
  assert.deepEqual(faults({ WECHAT_PAY_MCH_ID: '1900000109' }), ['WECHAT_PAY_APP_ID', 'WECHAT_PAY_MCH_SERIAL', 'WECHAT_PAY_MCH_KEY', 'WECHAT_PAY_API_V3_KEY', 'WECHAT_PAY_PLATFORM_CERT'])
  const { settings } = merchant(corp.corpId)
  assert.deepEqual(faults(settings), [])
  assert.deepEqual(faults({ ...settings, WECHAT_PAY_MCH_KEY: settings['WECHAT_PAY_PUBLIC_KEY'] ?? '', WECHAT_PAY_API_V3_KEY: 'short', WECHAT_PAY_PUBLIC_KEY: '/nowhere.pem' }), ['WECHAT_PAY_MCH_KEY', 'WECHAT_PAY_API_V3_KEY', 'WECHAT_PAY_PUBLIC_KEY'])
  assert.deepEqual(faults({ ...settings, WECHAT_PAY_PUBLIC_KEY_ID: '' }), ['WECHAT_PAY_PUBLIC_KEY_ID'])
})
