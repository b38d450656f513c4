import assert from 'node:assert/strict'
import { test } from 'node:test'
import { columns, whoMay } from '../security/access.ts'
import { peopleOf } from '../security/access-world.ts'
import { startTestApp } from '../support/app.ts'
import type { Page } from '../support/client.ts'

const wordsOf = (page: Page, selector: string) => page.root.querySelectorAll(selector).map(each => each.structuredText.trim())

test('the menu holds what one may open, its sub-menus in the order of the day, and says where one is', async t => {
  const hall = await startTestApp(t)
  const people = await peopleOf(hall)
  for (const column of columns) {
    const client = people.get(column)
    assert.ok(client)
    if (column === 'stranger') {
      assert.equal((await client.get('/verify')).root.querySelector('.menu'), null)
      continue
    }
    const home = await client.get('/')
    const addresses = home.root.querySelectorAll('.menu a').map(link => link.getAttribute('href') ?? '')
    assert.deepEqual(addresses.filter(address => !whoMay.get(`GET ${address}`)?.includes(column)), [], column)
    assert.equal(addresses.includes('/admin'), whoMay.get('GET /admin')?.includes(column), column)
  }
  const student = people.get('student')
  assert.ok(student)
  const records = await student.get('/documents')
  assert.deepEqual(wordsOf(records, '.menu > li > a, .menu summary'), ['首页', '我的服务', '我收到的', '我发出的', '成绩与证明', '我的', '帮助'])
  assert.deepEqual(wordsOf(records, '.menu [aria-current]'), ['成绩与证明', '申请记录'])
  assert.deepEqual(wordsOf(await student.get('/account/history'), '.menu [aria-current]'), ['我的', '账户信息'])
  assert.deepEqual(wordsOf(await student.get('/account/history'), '.tabs [aria-current]'), ['我的'])
})

test('every page says who is signed in, under which number, and leads to the others', async t => {
  const hall = await startTestApp(t)
  const people = await peopleOf(hall)
  const admin = people.get('admin')
  assert.ok(admin)
  const number = (await admin.get('/account')).root.querySelectorAll('dd')[1]?.text.trim() ?? ''
  assert.match(number, /^\d+$/)
  for (const path of ['/', '/sent', '/verify', '/help', '/privacy', '/admin', '/admin/people', '/account/identity', '/nowhere', '/admin/nothing', '/admin/events']) {
    const who = (await admin.get(path)).root.querySelector('.who')
    assert.equal(who?.getAttribute('href'), '/account/identity', path)
    assert.ok(who.text.includes(number) && who.text.includes('切换身份'), path)
  }
})

test('who works in the console stays there when something is not found or not theirs', async t => {
  const people = await peopleOf(await startTestApp(t))
  const [admin, student] = [people.get('admin'), people.get('student')]
  assert.ok(admin && student)
  for (const path of ['/admin/nothing', '/admin/events']) {
    const page = await admin.get(path)
    assert.ok(page.status === 404 || page.status === 403, path)
    assert.equal((await admin.get(page.link('回到总览'))).heading, '总览', path)
  }
  assert.ok((await student.get('/admin/people')).has('回到首页'))
})

test('an address asked with a method that it does not take says which it takes', async t => {
  const { origin } = await startTestApp(t)
  const ask = async (method: string, path: string) => {
    const { status, headers } = await fetch(new URL(path, origin), { method, redirect: 'manual' })
    return [status, headers.get('allow')]
  }
  assert.deepEqual(await ask('DELETE', '/sent'), [405, 'GET, HEAD'])
  assert.deepEqual(await ask('PUT', '/login'), [405, 'GET, HEAD, POST'])
  assert.deepEqual(await ask('GET', '/verify/file/more'), [404, null])
  assert.deepEqual(await ask('POST', '/nowhere'), [404, null])
  const opened = await fetch(new URL('/account/data/copy', origin), { headers: { accept: 'text/html' } })
  assert.equal(opened.status, 405)
  assert.match(await opened.text(), /这个地址要从页面上的按钮或链接进入/)
})
