import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR, MINUTE, startShop, told } from './cashier.ts'

test('缴费', async t => {
  const shop = await startShop(t)
  const { desk, db, student, classmate, simulator, app } = shop
  const client = await shop.atDesk(student.userid)

  await t.test('an order is paid by scanning: the page follows, the receipt arrives, who asked for it hears of it once', async () => {
    const { id, subject, path } = await shop.order()
    const page = await client.get(path)
    assert.ok(page.has('中文成绩单（含加权平均分）') && page.has('10.00') && page.has('微信扫码付款'))
    const { number, page: code } = await shop.choose(client, path)
    assert.ok(code.root.querySelector('.qr svg') && code.root.querySelector('#paying') && code.has('请用手机微信扫一扫'))
    await client.post(`${path}/charges`, { way: 'native', _csrf: code.value('_csrf') })
    assert.equal((await shop.charges(id)).length, 1, 'sent again it is the same charge')
    desk.pay(number, { coupon: 200 })
    await shop.drain()
    assert.equal(await shop.status(id), 'paid')
    const paid = await client.get(path)
    assert.ok(paid.has('缴费成功') && !paid.root.querySelector('#paying'))
    assert.equal(paid.link('继续办理'), '/documents')
    assert.equal(told(shop, '缴费成功'), 1)
    assert.deepEqual(await shop.heard(subject), ['order-opened', 'order-paid'])
    assert.ok((await client.get('/pay')).has('已付款'))
  })

  await t.test('nobody else sees an order, pays for it or cancels it', async () => {
    const { path } = await shop.order()
    const other = await shop.phone(classmate.userid)
    const token = (await other.get('/account')).value('_csrf')
    assert.equal((await other.get(path)).status, 404)
    for (const action of ['charges', 'cancellation']) assert.equal((await other.post(`${path}/${action}`, { way: 'native', _csrf: token })).status, 404, action)
    assert.ok(!(await other.get('/pay')).has('中文成绩单'))
  })

  await t.test('inside WeCom it is called up, for this payer, with a signature that the platform takes', async () => {
    const { id, path } = await shop.order()
    const phone = await shop.phone(student.userid)
    const { number, page } = await shop.choose(phone, path, 'jsapi')
    const call: unknown = JSON.parse(page.root.querySelector('[data-enhance="wechat-pay"]')?.getAttribute('data-call') ?? 'null')
    const openid = desk.orders.find(number)?.openid ?? ''
    assert.equal(desk.calledUp(callOf(call), openid).out_trade_no, number)
    // The same order at the desk: a code of its own, and whichever is paid first closes the other.
    const scanned = await shop.choose(client, path)
    assert.notEqual(scanned.number, number)
    desk.pay(number)
    await shop.drain()
    assert.deepEqual([await shop.status(id), desk.orders.find(scanned.number)?.state], ['paid', 'CLOSED'])
  })

  await t.test('no notification comes: the hall asks, and loses nothing', async () => {
    const { id, subject, path } = await shop.order()
    const { number } = await shop.choose(client, path)
    simulator.trouble.payNoCallback = 1
    desk.pay(number)
    await shop.drain()
    assert.equal(await shop.status(id), 'paying')
    await shop.later(2 * MINUTE)
    assert.equal(await shop.status(id), 'paid')
    assert.deepEqual(await shop.heard(subject), ['order-opened', 'order-paid'])
  })

  await t.test('the notification comes twice, and again a day later: it is one payment', async () => {
    const { id, subject, path } = await shop.order()
    const { number } = await shop.choose(client, path)
    simulator.trouble.payTwice = 1
    desk.pay(number)
    await shop.drain()
    const notice = desk.notices.log.findLast(each => each.number === number)
    await desk.notices.again(notice?.id ?? '')
    await shop.later(2 * MINUTE)
    assert.equal(await shop.status(id), 'paid')
    assert.deepEqual(await shop.heard(subject), ['order-opened', 'order-paid'])
    assert.deepEqual(await db.selectFrom('payments_refunds').select('id').where('order_id', '=', id).execute(), [])
  })

  await t.test('a forged, stale, probing or wrongly sealed notification is refused, and the right one is taken afterwards', async () => {
    for (const trouble of ['payWrongSignature', 'payProbe', 'payStale', 'payWrongSerial', 'payWrongKey'] as const) {
      const { id, path } = await shop.order()
      const { number } = await shop.choose(client, path)
      simulator.trouble[trouble] = 1
      desk.pay(number)
      await shop.drain()
      assert.equal(await shop.status(id), 'paying', trouble)
      const notice = desk.notices.log.findLast(each => each.number === number)
      assert.equal(notice?.tries[0]?.status, 401, trouble)
      await shop.later(15_000)
      assert.equal(await shop.status(id), 'paid', trouble)
    }
    const bare = await fetch(new URL('/pay/wechat/notify', shop.origin), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"event_type":"TRANSACTION.SUCCESS"}' })
    assert.equal(bare.status, 401)
  })

  await t.test('a notification of another amount pays nothing and waits for staff; what the platform says when asked counts', async () => {
    const { id, path } = await shop.order()
    const { number } = await shop.choose(client, path)
    desk.pay(number, { told: 1 })
    await shop.drain()
    assert.equal(await shop.status(id), 'paying')
    const found = await db.selectFrom('payments_differences').select(['kind', 'ours', 'theirs']).where('number', '=', number).execute()
    assert.deepEqual(found.map(({ kind, ours, theirs }) => [kind, Number(ours), Number(theirs)]), [['amount', 1000, 1]])
    await shop.later(2 * MINUTE)
    assert.equal(await shop.status(id), 'paid')
  })

  await t.test('the notification is there before the answer to the order', async () => {
    const { id, path } = await shop.order()
    // Done at the platform, but the answer is lost; the payer is quicker than the second try.
    simulator.trouble.payErrorAfter = 1
    await client.submit(await client.get(path), `${path}/charges`, { way: 'native' })
    await app.dispatcher.drain()
    const [charge] = await shop.charges(id)
    assert.equal(charge?.token, null)
    desk.pay(charge?.id ?? '')
    await shop.drain()
    assert.equal(await shop.status(id), 'paid')
    await shop.later(5000)
    assert.deepEqual((await shop.charges(id)).map(({ status }) => status), ['paid'])
  })

  await t.test('what is not paid in its time is closed, here and there; who comes back reads that nothing was charged', async () => {
    const { id, subject, path } = await shop.order()
    const { number } = await shop.choose(client, path)
    await shop.later(30 * MINUTE)
    await shop.later(1000)
    assert.deepEqual([await shop.status(id), desk.orders.find(number)?.state], ['closed', 'CLOSED'])
    assert.ok((await client.get(path)).has('订单已经关闭，没有扣款'))
    assert.deepEqual(await shop.heard(subject), ['order-opened', 'order-closed'])
    assert.notEqual((await shop.order({ subject })).id, id, 'asked again it is a new order')
  })

  await t.test('an order can be cancelled; one that nobody has chosen a way for, too', async () => {
    for (const chosen of [true, false]) {
      const { id, path } = await shop.order()
      if (chosen) await shop.choose(client, path)
      const asked = await client.get((await client.get(path)).link('取消订单'))
      assert.ok(asked.has('还没有付款'))
      await client.submit(asked, `${path}/cancellation`)
      await shop.drain()
      assert.equal(await shop.status(id), 'closed')
    }
  })

  await t.test('paid while it is being cancelled: the payment counts', async () => {
    const { id, subject, path } = await shop.order()
    const { number } = await shop.choose(client, path)
    const asked = await client.get(`${path}/cancellation`)
    simulator.trouble.payNoCallback = 1
    desk.pay(number)
    await client.submit(asked, `${path}/cancellation`)
    await shop.drain()
    await shop.later(MINUTE)
    assert.equal(await shop.status(id), 'paid')
    assert.deepEqual(await shop.heard(subject), ['order-opened', 'order-paid'])
  })

  await t.test('money that comes after the closing, or a second time, goes back by itself', async () => {
    const late = await shop.order()
    const { number } = await shop.choose(client, late.path)
    await shop.app.database.db.updateTable('payments_orders').set({ status: 'closed' }).where('id', '=', late.id).execute()
    desk.pay(number)
    await shop.drain()
    await shop.later(MINUTE)
    await shop.later(MINUTE)
    assert.equal(await shop.status(late.id), 'refunded')
    assert.deepEqual((await shop.heard(late.subject)).slice(-1), ['order-refunded'])

    const twice = await shop.order()
    const phone = await shop.phone(student.userid)
    const [one, other] = [await shop.choose(client, twice.path), await shop.choose(phone, twice.path, 'jsapi')]
    desk.pay(one.number)
    desk.pay(other.number)
    await shop.drain()
    await shop.later(MINUTE)
    await shop.later(MINUTE)
    assert.equal(await shop.status(twice.id), 'paid')
    assert.deepEqual(desk.refunds.all().filter(refund => [one.number, other.number].includes(refund.out_trade_no)).map(({ refund, state }) => [refund, state]), [[1000, 'SUCCESS']])
  })

  await t.test('the platform refuses: the page says so and something else can be tried; it is down: it is tried again', async () => {
    const { id, path } = await shop.order({ title: '在读证明' })
    simulator.trouble.payError = 1
    await client.submit(await client.get(path), `${path}/charges`, { way: 'native' })
    await shop.drain()
    assert.ok((await client.get(path)).has('正在向微信支付下单'))
    await shop.later(2000)
    assert.ok((await client.get(path)).root.querySelector('.qr svg'))
    assert.equal(await shop.status(id), 'paying')
  })

  await t.test('a job that runs twice places one order, and an old code is renewed', async () => {
    const { id, path } = await shop.order({ expires_at: shop.clock.now() + 5 * HOUR })
    const { number } = await shop.choose(client, path)
    const job = await db.selectFrom('jobs').select('id').where('name', '=', 'payments.place').where('input', 'like', `%${number}%`).executeTakeFirstOrThrow()
    await db.updateTable('jobs').set({ status: 'waiting', attempts: 0 }).where('id', '=', job.id).execute()
    await shop.drain()
    assert.equal((await shop.charges(id)).length, 1)
    const before = (await shop.charges(id))[0]?.token
    await shop.later(2 * HOUR)
    const again = await shop.atDesk(student.userid)
    assert.ok(!(await again.get(path)).root.querySelector('.qr svg'), 'the code has ended')
    await shop.choose(again, path)
    const [charge] = await shop.charges(id)
    assert.ok(charge?.token && charge.token !== before)
  })
})

test('where the merchant’s app is not the corporation’s, the phone shows a code and says how to scan it', async t => {
  const shop = await startShop(t, { pay: 'elsewhere' })
  const { path } = await shop.order()
  const phone = await shop.phone(shop.student.userid)
  assert.ok(!(await phone.get(path)).root.querySelector('[value=jsapi]'))
  assert.ok((await shop.choose(phone, path)).page.has('长按识别和相册里的图片不能付款'))
})

function callOf(value: unknown) {
  assert.ok(typeof value === 'object' && value !== null)
  const text = (name: string) => String(new Map<string, unknown>(Object.entries(value)).get(name))
  return { appId: text('appId'), timeStamp: text('timeStamp'), nonceStr: text('nonceStr'), package: text('package'), signType: text('signType'), paySign: text('paySign') }
}
