import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVault } from '../../src/features/identity/vault.ts'
import { createPlaces } from '../../src/features/identity/rules/place.ts'
import { startTestApp } from '../support/app.ts'
import type { Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

const DAY = 86_400_000

const devices = (page: Page) => page.root.querySelectorAll('li.cell').map(cell => cell.structuredText.replace(/\s+/g, ' '))

test('a person sees every device that is signed in, and ends one or all others', async t => {
  const hall = await startTestApp(t, { env: { FIRST_USE_PROOF: 'off' } })
  const { student, classmate } = await cast(hall.app)
  const [phone, second] = [await hall.phone(student.userid), await hall.phone(student.userid)]
  const third = await hall.phone(student.userid)
  await hall.phone(classmate.userid)
  const page = await phone.get('/account/devices')
  const shown = devices(page)
  assert.equal(shown.length, 3)
  assert.ok(shown[0]?.includes('本机') && shown[0].includes('iPhone · 企业微信') && shown[0].includes('服务器上'), shown[0])
  assert.equal(shown.filter(text => text.includes('本机 ') || text.endsWith('本机')).length, 1)
  const own = page.root.querySelectorAll('form').map(form => form.getAttribute('action') ?? '').filter(action => action.endsWith('/end') && action !== '/account/sessions/end')
  assert.equal(own.length, 2, 'the present device has no button')
  await phone.submit(page, own[0] ?? '')
  assert.equal([await second.get('/account'), await third.get('/account')].filter(each => each.heading === '账户信息').length, 1)
  const after = await phone.submit(await phone.get('/account/devices'), '/account/sessions/end')
  assert.equal(devices(after).length, 1)
  assert.equal((await phone.get('/account')).heading, '账户信息')
  assert.equal([await second.get('/account'), await third.get('/account')].filter(each => each.heading === '账户信息').length, 0)
})

test('nobody ends a device of somebody else', async t => {
  const hall = await startTestApp(t)
  const { student, classmate } = await cast(hall.app)
  const [mine, theirs] = [await hall.phone(student.userid), await hall.phone(classmate.userid)]
  const { id } = await hall.app.database.db.selectFrom('identity_sessions').select('id').where('person_id', '=', classmate.person_id).executeTakeFirstOrThrow()
  assert.equal((await mine.post(`/account/sessions/${id}/end`, { _csrf: (await mine.get('/account')).value('_csrf') })).status, 404)
  assert.equal((await theirs.get('/account')).heading, '账户信息')
})

test('the sign-in history tells success, failure and lock-out apart, for 90 days and only to the owner', async t => {
  const hall = await startTestApp(t, { env: { FIRST_USE_PROOF: 'off' } })
  const { student, classmate } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const stranger = hall.stranger()
  for (let n = 0; n < 6; n++) await stranger.submit(await stranger.get('/login'), '/login', { account: student.number, password: 'wrong' })
  const history = await phone.get('/account/history')
  const rows = history.root.querySelectorAll('li .cell').map(cell => cell.structuredText.replace(/\s+/g, ' '))
  assert.ok(rows.some(row => row.includes('登录成功') && row.includes('iPhone · 企业微信')))
  assert.equal(rows.filter(row => row.includes('密码不对')).length, 5)
  assert.equal(rows.filter(row => row.includes('账号锁定')).length, 1)
  assert.ok((await (await hall.phone(classmate.userid)).get('/account/history')).root.querySelectorAll('li .cell').length === 1)
  hall.clock.advance(91 * DAY)
  const later = await hall.phone(student.userid)
  assert.equal((await later.get('/account/history')).root.querySelectorAll('li .cell').length, 1)
})

test('a long history has pages', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  let phone = await hall.phone(student.userid)
  for (let n = 0; n < 24; n++) phone = await hall.phone(student.userid)
  const first = await phone.get('/account/history')
  const second = await phone.get(`/account/history${first.link('下一页')}`)
  assert.deepEqual([first, second].map(page => page.root.querySelectorAll('li .cell').length), [20, 5])
  assert.ok(second.has('没有更多了'))
})

test('the account page masks what it shows and leads to everything', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const page = await phone.get('/account')
  const { document_sealed, phone_sealed, email } = await hall.app.database.db.selectFrom('identity_people').select(['document_sealed', 'phone_sealed', 'email']).where('id', '=', student.person_id).executeTakeFirstOrThrow()
  const vault = createVault(hall.app.keyring)
  for (const secret of [vault.open('document', document_sealed), vault.open('phone', phone_sealed ?? ''), email ?? 'none']) assert.ok(!page.html.includes(secret))
  for (const words of ['修改密码', '设置手机', '设置邮箱', '已登录的设备', '登录记录', '解除绑定']) assert.equal((await phone.get(page.link(words))).status, 200, words)
  assert.ok(page.has(student.number) && page.has(student.userid) && page.has('退出登录'))
})

const places: [string, string][] = [['10.1.2.3', 'campus'], ['::ffff:10.1.2.3', 'campus'], ['2001:db8:1::5', 'campus'], ['127.0.0.1', 'local'], ['::1', 'local'], ['8.8.8.8', 'outside'], ['2400::1', 'outside'], ['', 'outside']]
for (const [address, place] of places) {
  test(`${address || 'no address'} is ${place}`, () => assert.equal(createPlaces(['10.0.0.0/8', '2001:db8::/32'])(address), place))
}
