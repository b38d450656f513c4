import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { Client } from '../support/client.ts'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { startShop } from '../payments/cashier.ts'

const KIND = 'enrolment-zh'

/** The documents' files, one of them at a price: 10 yuan, the first one a year free. */
function priced(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'hall-priced-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(import.meta.dirname, '../../src/catalogue/documents'), folder, { recursive: true })
  const file = join(folder, `${KIND}.eta`)
  writeFileSync(file, readFileSync(file, 'utf8').replace('price: 0', 'price: 1000\nfree: 1'))
  return folder
}

/** From the list to the end of the form; the page after it. */
async function ask(client: Client) {
  const preview = await client.submit(await client.get('/documents/new/certificates'), '/documents/requests', { kind: KIND })
  const form = await client.get(preview.link('没有错误，继续'))
  return { form, after: await client.submit(form, form.root.querySelector('form.form')?.getAttribute('action') ?? '', { to: 'phone' }) }
}

test('收费的文件', async t => {
  const shop = await startShop(t, { pay: 'here', documentFiles: priced(t) })
  const { db, desk, student } = shop
  const client = await shop.atDesk(student.userid)
  const requests = () => db.selectFrom('documents_requests').selectAll().where('person_number', '=', student.number).orderBy('id').execute()
  const documents = () => db.selectFrom('documents_documents').selectAll().where('person_number', '=', student.number).orderBy('id').execute()

  await t.test('the first one of the year is free, and the list says how many are left', async () => {
    assert.ok((await client.get('/documents/new/certificates')).has('免费，今年还有 1 份'))
    await ask(client)
    await shop.drain()
    assert.deepEqual((await requests()).map(({ status, price, order_id }) => [status, price, order_id]), [['done', 0, null]])
    assert.ok(!(await client.get(`/documents/${(await requests())[0]?.document_id}/revocation`)).has('付过的费用不退'), 'nothing was paid')
    assert.ok((await client.get('/documents/new/certificates')).has('10.00 元'))
  })

  await t.test('the next one is paid for, then made; a second look at the form leads to the till', async () => {
    const { form, after } = await ask(client)
    assert.ok(form.has('这份文件收费 10.00 元'), form.text)
    const [, request] = await requests()
    assert.deepEqual([request?.status, request?.price, after.path], ['awaiting-payment', 1000, `/pay/${request?.order_id}`])
    assert.equal((await client.get(form.path)).path, after.path)
    assert.ok((await client.get('/documents')).has('等待付款'))
    assert.equal((await documents()).length, 1)
    const { number } = await shop.choose(client, after.path)
    desk.pay(number)
    await shop.drain()
    assert.equal((await requests())[1]?.status, 'done')
    const [, document] = await documents()
    assert.equal(document?.status, 'issued')
    const page = await client.get((await client.get(after.path)).link('继续办理'))
    assert.equal(page.path, `/documents/${document?.id}`)
    assert.ok(page.has('付款 10.00 元'), page.text)
    assert.ok((await client.get(page.link('作废'))).has('付过的费用不退'))
  })

  await t.test('what nobody pays is cancelled, and can be asked for anew', async () => {
    const { after } = await ask(client)
    await shop.later(3 * 86_400_000)
    assert.equal((await requests())[2]?.status, 'cancelled')
    const again = await shop.atDesk(student.userid)
    assert.notEqual((await ask(again)).after.path, after.path)
  })

  await t.test('where a hold came before the money, nothing is made and the money goes back', async () => {
    const again = await shop.atDesk(student.userid)
    const [request] = (await requests()).filter(({ status }) => status === 'awaiting-payment')
    const path = `/pay/${request?.order_id}`
    const { number } = await shop.choose(again, path)
    await shop.app.database.write(tx => tx.insertInto('documents_holds').values({ id: 'hold', number: student.number, type: 'fees', reason: '欠费', source: 'console', since: '2020-01-01', until: null, status: 'on', open_key: `${student.number}:fees`, lifted_reason: null, created_at: 1, ended_at: null }).execute())
    desk.pay(number)
    await shop.drain()
    await shop.later(60_000)
    assert.equal((await requests()).at(-1)?.status, 'impossible')
    assert.equal(await shop.status(request?.order_id ?? ''), 'refunded')
    assert.equal((await documents()).length, 2)
    const record = await (await shop.atDesk(student.userid)).get('/documents')
    assert.ok(record.has('没有生成') && record.has('点开看原因和退款'), record.text)
    const order = await (await shop.atDesk(student.userid)).get(record.root.querySelector(`a[href="${path}"]`)?.getAttribute('href') ?? '')
    assert.ok(order.has('费用已经退回') && order.has('欠费'), order.text)
    await shop.later(30 * 86_400_000)
    assert.ok(!(await (await shop.atDesk(student.userid)).get('/documents')).has('点开看原因和退款'), 'for a month')
  })
})

test('where the school takes no money, what has a price is not offered, with the reason', async t => {
  const hall = await startTestApp(t, { documentFiles: priced(t) })
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  await ask(phone)
  await hall.drain()
  const list = await phone.get('/documents/new/certificates')
  assert.ok(list.has('学校还没有开通在线支付'), list.text)
  assert.ok(list.root.querySelector(`input[value=${KIND}]`)?.hasAttribute('disabled'))
})
