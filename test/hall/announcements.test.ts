import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentText } from '../../src/features/hall/rules/showing.ts'
import { startCampus } from '../services/campus.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

const NEW = '/admin/announcements/new'
const LIST = '/admin/announcements'
const DAY = 86_400_000

const write = async (admin: Client, fields: Fields): Promise<Page> => admin.submit(await admin.get(NEW), LIST, { audience: 'all', office: '教务处', text: '请按时办理。', ...fields })

test('the school announces something', async t => {
  const campus = await startCampus(t)
  const { admin: someone } = await cast(campus.app)
  const admin = await campus.phone(someone.userid)
  const tutor = await campus.as('李敏')

  await t.test('it stands on the first page with a dot until it is opened', async () => {
    const { client } = await campus.student()
    assert.equal((await write(admin, { title: '国庆放假安排', text: '十月一日至七日放假。\n\n详见 https://example.edu.cn/notice?id=1。' })).path, LIST)
    const home = await client.get('/')
    assert.ok(home.root.querySelector('#notices .unread'))
    assert.equal(home.root.querySelectorAll('.tally').find(each => each.text.includes('未读公告'))?.querySelector('strong')?.text, '1')
    const page = await client.get(home.link('国庆放假安排'))
    assert.ok(page.heading === '国庆放假安排' && page.has('教务处'))
    assert.equal(page.link('https://example.edu.cn/notice?id=1'), 'https://example.edu.cn/notice?id=1')
    assert.ok(!(await client.get('/')).root.querySelector('#notices .unread') && !(await client.get('/announcements')).root.querySelector('.unread'))
    assert.ok((await tutor.get('/')).root.querySelector('#notices .unread'), 'the others have not read it')
  })

  await t.test('with its English it is read in either language; half of it is told at the other half', async () => {
    const { client } = await campus.student()
    const half = await write(admin, { title: '图书馆闭馆', title_en: 'Library closed' })
    assert.deepEqual([half.status, half.has('写了英文标题，请再填写英文内容'), half.value('title_en')], [422, true, 'Library closed'])
    await write(admin, { title: '图书馆闭馆', text: '本周六闭馆。', title_en: 'Library closed', text_en: 'The library is closed this Saturday.' })
    assert.ok((await client.get((await client.get('/')).link('图书馆闭馆'))).has('本周六闭馆。'))
    client.cookies.set('language', 'en')
    for (const list of ['/', '/announcements']) {
      const page = await client.get((await client.get(list)).link('Library closed'))
      assert.ok(page.heading === 'Library closed' && page.has('The library is closed this Saturday.') && !page.has('本周六闭馆'))
    }
    assert.ok((await client.get('/announcements')).has('国庆放假安排'), 'without English it is as it was written')
    const form = await admin.get((await admin.get(LIST)).link('图书馆闭馆'))
    assert.deepEqual([form.value('title_en'), form.value('text_en').trim()], ['Library closed', 'The library is closed this Saturday.'])
  })

  await t.test('what is for staff reaches staff alone, in every place', async () => {
    const { client } = await campus.student()
    await write(admin, { title: '监考安排', audience: 'staff' })
    const href = (await tutor.get('/announcements')).link('监考安排')
    assert.equal((await tutor.get(href)).status, 200)
    assert.ok(!(await client.get('/')).has('监考安排') && !(await client.get('/announcements')).has('监考安排'))
    assert.equal((await client.get(href)).status, 404)
  })

  await t.test('it appears and goes at its time, by itself', async () => {
    const { client } = await campus.student()
    const now = campus.clock.now()
    await write(admin, { title: '选课开始', starts: momentText(now + DAY), ends: momentText(now + 2 * DAY) })
    const shown = async () => (await client.get('/')).has('选课开始') && (await client.get('/announcements')).has('选课开始')
    assert.equal(await shown(), false)
    assert.ok((await admin.get(LIST)).has('未开始'))
    campus.clock.advance(DAY + 60_000)
    const again = await campus.student()
    assert.ok((await again.client.get('/')).has('选课开始') && (await again.client.get('/announcements')).has('选课开始'))
    campus.clock.advance(DAY)
    const last = await campus.student()
    assert.ok(!(await last.client.get('/')).has('选课开始') && !(await last.client.get('/announcements')).has('选课开始'))
  })

  await t.test('a pinned one stands above newer ones', async () => {
    const [{ client }, desk] = [await campus.student(), await campus.phone(someone.userid)]
    await write(desk, { title: '长期有效的提醒', pinned: '1' })
    campus.clock.advance(60_000)
    await write(desk, { title: '更新的公告' })
    for (const path of ['/', '/announcements']) {
      const titles = (await client.get(path)).root.querySelectorAll(path === '/' ? '#notices .cell-title' : '.list .cell-title').map(each => each.structuredText.replace('未读', '').trim())
      assert.deepEqual(titles.slice(0, 2), ['长期有效的提醒', '更新的公告'], path)
    }
  })

  await t.test('what is not filled in comes back with sentences, and everything typed is kept', async () => {
    const desk = await campus.phone(someone.userid)
    const back = await write(desk, { title: '', text: '写好的内容', starts: '2026-12-02T08:00', ends: '2026-12-01T08:00', office: '', audience: 'staff' })
    assert.equal(back.status, 422)
    for (const sentence of ['请填写标题', '结束时间要晚于开始时间', '请填写发布部门']) assert.ok(back.has(sentence), sentence)
    assert.deepEqual([back.value('text').trim(), back.value('starts'), back.value('audience')], ['写好的内容', '2026-12-02T08:00', 'staff'])
    assert.ok(!(await desk.get(LIST)).has('写好的内容'))
  })

  await t.test('a look at it publishes nothing', async () => {
    const [{ client }, desk] = [await campus.student(), await campus.phone(someone.userid)]
    const preview = await write(desk, { title: '还在写', text: '第一段', intent: 'preview' })
    assert.ok(preview.root.querySelector('#preview')?.text.includes('第一段') && preview.value('title') === '还在写')
    assert.ok(!(await client.get('/announcements')).has('还在写'))
    assert.equal((await desk.submit(preview, LIST, { title: '写完了', text: '第一段', office: '教务处', audience: 'all' })).path, LIST)
    assert.ok((await client.get('/announcements')).has('写完了'))
  })

  await t.test('sent twice it is one; changed it reads anew at once; deleted it is gone', async () => {
    const [{ client }, desk] = [await campus.student(), await campus.phone(someone.userid)]
    const form = await desk.get(NEW)
    const fields = { title: '只有一条', text: '内容', office: '教务处', audience: 'all' }
    await Promise.all([desk.submit(form, LIST, fields), desk.submit(form, LIST, fields)])
    const list = await client.get('/announcements')
    assert.equal(list.text.split('只有一条').length - 1, 1)
    const edit = await desk.get((await desk.get(LIST)).link('只有一条'))
    await desk.submit(edit, edit.path, { ...fields, title: '改过的一条' })
    assert.ok((await client.get('/')).has('改过的一条') && !(await client.get('/')).has('只有一条'))
    const question = await desk.get(`${edit.path}/removal`)
    assert.ok(question.has('删除公告“改过的一条”？'))
    await desk.submit(question, question.path)
    assert.ok(!(await client.get('/')).has('改过的一条') && !(await client.get('/announcements')).has('改过的一条'))
    assert.equal((await client.get(edit.path.replace('/admin', ''))).status, 404)
  })

  await t.test('a long list goes on page by page, without one lost or twice', async () => {
    const [{ client }, desk] = [await campus.student(), await campus.phone(someone.userid)]
    for (let number = 1; number <= 25; number++) await write(desk, { title: `第${number}号通知`, ...(number % 10 === 0 && { pinned: '1' }) })
    const titles: string[] = []
    for (let path: string | undefined = '/announcements'; path;) {
      const page: Page = await client.get(path)
      titles.push(...page.root.querySelectorAll('.list .cell-title').map(each => each.structuredText.replace('未读', '').trim()))
      path = page.root.querySelector('[rel=next]')?.getAttribute('href') ?? undefined
    }
    assert.equal(new Set(titles).size, titles.length)
    for (let number = 1; number <= 25; number++) assert.ok(titles.includes(`第${number}号通知`), `第${number}号通知`)
  })

  await t.test('the trail knows who did it', async () => {
    const { audit } = await cast(campus.app)
    assert.ok((await (await campus.phone(audit.userid)).get('/admin/events?name=hall.')).has(`${someone.name} 发布了公告`))
  })
})
