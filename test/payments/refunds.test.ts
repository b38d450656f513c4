import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import { startTestApp } from '../support/app.ts'
import { sealOf } from '../support/corpus.ts'
import { holderOf } from '../support/desks.ts'
import { HOUR, MINUTE, startShop, told } from './cashier.ts'

const DAY = 24 * HOUR

test('退款和对账', async t => {
  const shop = await startShop(t)
  const { app, desk, db, student, simulator, clock } = shop
  const { database: { write } } = app
  const finance = await holderOf(shop, 'finance')
  const client = await shop.atDesk(student.userid)

  async function paid(title = '英语在读证明') {
    const order = await shop.order({ title })
    // Sessions end; whoever comes back the next day signs in again.
    const { number } = await shop.choose(await shop.atDesk(student.userid), order.path)
    desk.pay(number)
    await shop.drain()
    assert.equal(await shop.status(order.id), 'paid')
    return { ...order, number }
  }
  const refundsOf = (id: string) => db.selectFrom('payments_refunds').select(['id', 'status', 'fault']).where('order_id', '=', id).orderBy('id').execute()
  const heardOf = async (kind: string, subject: string) => (await db.selectFrom('messages_messages').select(['person_id', 'url']).where('kind', '=', kind).where('subject', '=', subject).execute()).map(({ person_id, url }) => [person_id, url])
  const last = async (id: string) => (await refundsOf(id)).at(-1)

  await t.test('the feature gives the money back: once, however often it says so', async () => {
    const { id, subject, path } = await paid()
    for (const _ of [1, 2]) await write(tx => app.payments.refund(tx, id, '证明没有开出来'))
    await shop.drain()
    assert.equal(await shop.status(id), 'refunding')
    assert.ok((await client.get(path)).has('正在退款'))
    await shop.later(5000)
    assert.equal(await shop.status(id), 'refunded')
    assert.deepEqual(await shop.heard(subject), ['order-opened', 'order-paid', 'refund-asked', 'order-refunded'])
    assert.equal((await refundsOf(id)).length, 1)
    assert.ok((await client.get(path)).has('费用已经退回') && (await client.get(path)).has('证明没有开出来'))
    assert.equal(told(shop, '费用已经退回'), 1)
  })

  await t.test('what was not paid cannot be refunded', async () => {
    const { id } = await shop.order()
    await assert.rejects(write(tx => app.payments.refund(tx, id, '原因')), /还没有付款/)
  })

  await t.test('without a notification, and with a lost answer, it is one refund all the same', async () => {
    const { id } = await paid()
    Object.assign(simulator.trouble, { payErrorAfter: 1, payNoCallback: 1 })
    await write(tx => app.payments.refund(tx, id, '重复申请'))
    await shop.drain()
    await shop.later(5000)
    await shop.later(2 * MINUTE)
    assert.equal(await shop.status(id), 'refunded')
    assert.equal(desk.refunds.all().filter(({ reason }) => reason === '重复申请').length, 1)
  })

  await t.test('the balance does not cover it: staff reads why, and it gets on by itself once it does', async () => {
    const { id } = await paid('中文在读证明')
    simulator.trouble.payNotEnough = 1
    const office = await shop.phone(finance.userid)
    assert.ok((await office.get(`/admin/payments/${id}`)).root.querySelector(`a[href="/admin/payments/${id}/refund"]`))
    const asked = await office.get(`/admin/payments/${id}/refund`)
    const empty = await office.submit(asked, `/admin/payments/${id}/refund`, { reason: ' ' })
    assert.deepEqual([empty.status, empty.has('请写明退款原因')], [422, true])
    await office.submit(asked, `/admin/payments/${id}/refund`, { reason: '学生申请撤销' })
    await shop.drain()
    assert.ok((await office.get(`/admin/payments/${id}`)).has('余额不够退款'))
    assert.equal(await shop.status(id), 'refunding')
    await shop.later(HOUR)
    await shop.later(5000)
    assert.equal(await shop.status(id), 'refunded')
  })

  await t.test('a refund that failed is repaired by staff and then done; one that was closed gets a new number', async () => {
    for (const [trouble, fault] of [['payRefundAbnormal', 'ABNORMAL'], ['payRefundClosed', 'CLOSED']] as const) {
      const { id, subject } = await paid(fault)
      simulator.trouble[trouble] = 1
      await write(tx => app.payments.refund(tx, id, fault))
      await shop.drain()
      await shop.later(5000)
      assert.deepEqual([await shop.status(id), (await last(id))?.fault], ['failed', fault])
      const office = await shop.phone(finance.userid)
      const page = await office.get(`/admin/payments/${id}`)
      assert.ok(page.has('重新退款'))
      if (fault === 'ABNORMAL') desk.repairRefund((await last(id))?.id ?? '')
      else assert.ok((await office.submit(page, `/admin/payments/${id}/refund/again`)).has('已重新发起退款'))
      await shop.drain()
      await shop.later(5000)
      assert.equal(await shop.status(id), 'refunded', fault)
      assert.equal((await refundsOf(id)).length, fault === 'CLOSED' ? 2 : 1)
      assert.ok((await shop.heard(subject)).includes('refund-failed'))
    }
  })

  await t.test('an account that takes nothing back fails at once', async () => {
    const { id } = await paid()
    simulator.trouble.payPayerAbnormal = 1
    await write(tx => app.payments.refund(tx, id, '无'))
    await shop.drain()
    assert.deepEqual([await shop.status(id), (await last(id))?.fault], ['failed', 'pay:USER_ACCOUNT_ABNORMAL'])
    assert.deepEqual(await heardOf('payments.refund-failed', id), [[finance.person_id, `/admin/payments/${id}`]], 'who looks after the money hears of it')
  })

  await t.test('the bill of a good day agrees', async () => {
    await shop.later(DAY)
    await tick()
    const [check] = await db.selectFrom('payments_checks').selectAll().orderBy('id', 'desc').execute()
    assert.ok(check && check.payments >= 6 && check.refunds >= 5, JSON.stringify(check))
    assert.deepEqual(await db.selectFrom('payments_differences').select(['kind', 'number']).execute(), [])
  })

  await t.test('a payment that only the bill knows, one that it does not know, a wrong amount and a refund made elsewhere are listed once, and settled by staff', async () => {
    const [unheard, missing, odd] = [await shop.order({ title: '没有听说', expires_at: clock.now() + 3 * DAY }), await paid('账单漏了'), await paid('金额不对')]
    const { number } = await shop.choose(await shop.atDesk(student.userid), unheard.path)
    simulator.trouble.payNoCallback = 1
    desk.pay(number)
    // The hall is told nothing, and does not ask: its job is dead.
    await db.updateTable('jobs').set({ status: 'dead' }).where('name', '=', 'payments.watch').where('status', '=', 'waiting').execute()
    await shop.later(DAY)
    assert.equal(await shop.status(unheard.id), 'paying')
    desk.bendBill(bill => bill.split('\r\n').filter(line => !line.includes(missing.number)).map(line => line.includes(odd.number) ? line.replaceAll('10.00', '9.99') : line)
      .flatMap(line => line.includes(number) ? [line, line.replace(number, 'MADE-ELSEWHERE-1'), line.replace(number, 'OF-ANOTHER-SYSTEM').replace('wecom-hall', 'canteen')] : [line]).join('\r\n'))
    await tick()
    const found = () => db.selectFrom('payments_differences').select(['kind', 'number']).orderBy('kind').execute()
    const expected = [['amount', odd.number], ['unbilled', missing.number], ['unknown', 'MADE-ELSEWHERE-1'], ['unpaid', number]]
    assert.deepEqual((await found()).map(({ kind, number: of }) => [kind, of]), expected)
    assert.equal(await shop.status(unheard.id), 'paid', 'it was asked about at once')
    const day = new Date(clock.now() - DAY + 8 * HOUR).toISOString().slice(0, 10)
    assert.deepEqual(await heardOf('payments.difference-found', day), [[finance.person_id, '/admin/payments/checks']], 'one message for the whole bill')
    const [check] = await db.selectFrom('payments_checks').select('others').orderBy('id', 'desc').execute()
    assert.equal(check?.others, 1)

    const office = await shop.phone(finance.userid)
    const page = await office.get('/admin/payments/checks')
    assert.ok(page.has('账单里没有这一笔') && page.has('大厅没有这一笔') && page.has('¥9.99'))
    const one = await office.get(page.link('金额不一致'))
    const empty = await office.submit(one, one.path, { note: '' })
    assert.deepEqual([empty.status, empty.has('请写明怎样处理的')], [422, true])
    assert.ok((await office.submit(one, one.path, { note: '已在商户平台核对' })).has('已记下处理结果'))
    assert.ok((await office.get(one.path)).has('已在商户平台核对'))
    // The same day again finds nothing new.
    await office.submit(page, '/admin/payments/checks', { date: day })
    await shop.drain()
    assert.equal((await heardOf('payments.difference-found', day)).length, 1)
    assert.deepEqual((await found()).map(({ kind, number: of }) => [kind, of]), expected)
    assert.equal((await office.post('/admin/payments/checks', { date: '2020-01-01', _csrf: page.value('_csrf') })).status, 422)
  })

  await t.test('the console finds an order by the payer’s number, by its own and by its title, and counts the days', async () => {
    const office = await shop.phone(finance.userid)
    const [one] = await db.selectFrom('payments_orders').select(['id', 'title']).where('title', '=', '账单漏了').execute()
    for (const q of [student.number, one?.id ?? '', '账单']) assert.ok((await office.get(`/admin/payments?q=${encodeURIComponent(q)}`)).has('账单漏了'), q)
    assert.ok((await office.get('/admin/payments?q=nothing')).has('没有符合条件的订单'))
    for (const status of ['paid', 'refunded', 'failed', 'closed', 'odd']) assert.equal((await office.get(`/admin/payments?status=${status}`)).status, 200, status)
    const figures = await office.get('/admin/payments/statistics')
    assert.match(figures.text, /收款笔数/)
    assert.equal(figures.root.querySelectorAll('tbody tr').length, 2)
  })

  await t.test('records go after three years, all of an order together; a difference about none of them goes once somebody has looked into it', async () => {
    const stray = () => db.selectFrom('payments_differences').select('number').where('order_id', 'is', null).orderBy('number').execute()
    const [known] = await db.selectFrom('payments_differences').selectAll().where('number', '=', 'MADE-ELSEWHERE-1').execute()
    assert.ok(known)
    const office = await shop.phone(finance.userid)
    const page = await office.get(`/admin/payments/differences/${known.id}`)
    await db.insertInto('payments_differences').values({ ...known, id: newId(), number: 'NOT-LOOKED-INTO' }).execute()
    await office.submit(page, page.path, { note: '在商户平台办的退款' })
    await shop.later(3 * 366 * DAY + DAY)
    await shop.later(MINUTE)
    await run('payments.forget')
    const left = await db.selectFrom('payments_orders').select('status').execute()
    assert.deepEqual([...new Set(left.map(({ status }) => status))].filter(status => status !== 'failed'), [])
    assert.deepEqual(await db.selectFrom('payments_charges as charge').leftJoin('payments_orders as order', 'order.id', 'charge.order_id').select('charge.id').where('order.id', 'is', null).execute(), [])
    assert.deepEqual((await stray()).map(({ number }) => number), ['NOT-LOOKED-INTO'])
  })

  async function tick(): Promise<void> {
    // 10:30 of the school's day, when the bill is fetched.
    await shop.later(3 * HOUR)
    await run('payments.check-bills')
  }

  async function run(name: string): Promise<void> {
    await app.runner.tick()
    await shop.drain()
    assert.ok(await db.selectFrom('jobs').select('id').where('name', '=', name).executeTakeFirst(), name)
  }
})

test('where WeChat Pay is known by a certificate alone, the console says before it ends that the public key is wanted', async t => {
  const { roots: [pem = ''] } = await sealOf('微信支付的平台证书')
  const folder = mkdtempSync(join(tmpdir(), 'hall-certificate-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'platform.pem'), pem)
  const end = Date.parse(new X509Certificate(pem).validTo)
  const hall = await startTestApp(t, { pay: 'here', env: { WECHAT_PAY_PUBLIC_KEY: '', WECHAT_PAY_PUBLIC_KEY_ID: '', WECHAT_PAY_PLATFORM_CERT: join(folder, 'platform.pem') } })
  const warned = async () => (await hall.app.warnings()).some(({ text }) => text.includes('平台证书'))
  hall.clock.set(end - 61 * DAY)
  assert.equal(await warned(), false)
  hall.clock.set(end - 59 * DAY)
  assert.equal(await warned(), true)
})

test('without an account nothing can be ordered, and the console says why', async t => {
  const hall = await startTestApp(t)
  assert.equal(hall.app.payments.on, false)
  await assert.rejects(hall.app.database.write(tx => hall.app.payments.open(tx, { subject: 'x', person_id: 'x', title: 'x', amount: 1 })), /还没有开通微信支付/)
  const office = await hall.phone((await holderOf(hall, 'finance')).userid)
  assert.ok((await office.get('/admin/payments')).has('没有配置微信支付'))
  assert.equal((await fetch(new URL('/pay/wechat/notify', hall.origin), { method: 'POST', body: '{}' })).status, 404)
})
