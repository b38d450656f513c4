import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentText } from '../../src/features/hall/rules/showing.ts'
import { PDF, PNG, startCampus } from '../services/campus.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'

const LIST = '/admin/slides'
const DAY = 86_400_000
const JPG = { filename: 'a.jpg', type: 'image/jpeg', content: Buffer.from('ffd8ffe000104a46494600010100000100010000ffdb', 'hex') }

test('an administrator puts pictures on the first page', async t => {
  const campus = await startCampus(t)
  const { admin: someone } = await cast(campus.app)
  const desk = () => campus.phone(someone.userid)
  const add = async (admin: Client, fields: Fields): Promise<Page> => admin.submit(await admin.get(`${LIST}/new`), LIST, { link: '/services', audience: 'all', file: PNG, ...fields })
  const shown = async (client: Client) => (await client.get('/')).root.querySelectorAll('.carousel img').map(img => img.getAttribute('alt'))

  await t.test('the picture is shown with its words and leads where it should; it is as it was uploaded', async () => {
    const [{ client }, admin] = [await campus.student(), await desk()]
    const list = await add(admin, { title: '迎新须知', link: '/services/enrolment-certificate' })
    assert.ok(list.path === LIST && list.has('图片已添加') && list.has('显示中'))
    assert.equal(list.root.querySelector('.preview img')?.getAttribute('alt'), '迎新须知', 'the console shows what readers see')
    const home = await client.get('/')
    const slide = home.root.querySelector('.carousel a')
    assert.equal(slide?.getAttribute('href'), '/services/enrolment-certificate')
    const picture = await client.get(slide?.querySelector('img')?.getAttribute('src') ?? '')
    assert.deepEqual(Buffer.from(picture.bytes), PNG.content)
    assert.deepEqual(['content-type', 'x-content-type-options', 'content-security-policy'].map(name => picture.headers.get(name)), ['image/png', 'nosniff', "default-src 'none'; sandbox"])
    assert.match(picture.headers.get('cache-control') ?? '', /^private, max-age=\d{8}, immutable$/)
  })

  await t.test('with English words it speaks to who reads English, and in Chinese to the rest', async () => {
    const [{ client }, admin] = [await campus.student(), await desk()]
    const row = await campus.app.database.db.selectFrom('hall_slides').selectAll().where('title', '=', '迎新须知').executeTakeFirstOrThrow()
    const form = await admin.get(`${LIST}/${row.id}`)
    const typed = { title: '迎新须知', link: row.link, audience: 'all', picture: row.picture }
    const long = await admin.submit(form, form.path, { ...typed, title_en: 'w'.repeat(121) })
    assert.deepEqual([long.status, long.has('英文文字最多 120 个字符')], [422, true])
    await admin.submit(form, form.path, { ...typed, title_en: 'Welcome' })
    assert.deepEqual(await shown(client), ['迎新须知'])
    client.cookies.set('language', 'en')
    assert.deepEqual(await shown(client), ['Welcome'])
  })

  await t.test('they stand in the order that is given to them, for whom they are meant, at their time', async () => {
    const [{ client }, admin] = [await campus.student(), await desk()]
    const now = campus.clock.now()
    await add(admin, { title: '校园开放日', file: JPG })
    await add(admin, { title: '教师节', audience: 'staff' })
    await add(admin, { title: '下周的', starts: momentText(now + 7 * DAY) })
    assert.deepEqual(await shown(client), ['迎新须知', '校园开放日'])
    assert.deepEqual(await shown(await campus.as('李敏')), ['迎新须知', '校园开放日', '教师节'])
    const list = await admin.get(LIST)
    const second = list.root.querySelectorAll('form.acts')[1]?.getAttribute('action') ?? ''
    await admin.submit(list, second, { by: 'up' })
    assert.deepEqual(await shown(client), ['校园开放日', '迎新须知'])
    campus.clock.advance(7 * DAY + 60_000)
    const later = await campus.student()
    assert.deepEqual(await shown(later.client), ['校园开放日', '迎新须知', '下周的'])
  })

  await t.test('what is wrong comes back with sentences; the picture need not be chosen again', async () => {
    const admin = await desk()
    const back = await add(admin, { title: '', link: 'javascript:alert(1)', file: JPG })
    assert.equal(back.status, 422)
    assert.ok(back.has('请填写文字，看不到图片的人靠它知道内容') && back.has('请填写大厅里的地址'))
    assert.equal(back.value('link'), 'javascript:alert(1)')
    const again = await admin.submit(back, LIST, { title: '改好了', link: 'https://example.edu.cn/', audience: 'all' })
    assert.ok(again.path === LIST && again.has('改好了'))
    for (const link of ['//evil.example', '/\\evil.example', 'http://plain.example', 'data:text/html,x', '']) assert.equal((await add(admin, { title: '不行', link })).status, 422, link)
  })

  await t.test('a picture is told by its content, and nothing else of the file store is shown as one', async () => {
    const admin = await desk()
    const wrong = await add(admin, { title: '不是图片', file: { ...PDF, filename: 'a.png', type: 'image/png' } })
    assert.ok(wrong.status === 422 && wrong.has('这个文件不是 PNG、JPG 或 WebP 图片，请换一个') && wrong.value('title') === '不是图片')
    assert.equal((await add(admin, { title: '没有图片', file: { ...PNG, content: Buffer.alloc(0) } })).status, 422)
    assert.equal((await add(admin, { title: '太大', file: { ...PNG, content: Buffer.concat([PNG.content, Buffer.alloc(5 * 1024 * 1024)]) } })).status, 422)
    const other = await campus.app.database.db.selectFrom('services_attachments').select('sha256').executeTakeFirst()
    for (const sha of ['0'.repeat(64), '..%2f..%2fetc%2fpasswd', other?.sha256 ?? 'f'.repeat(64)]) assert.equal((await admin.get(`/pictures/${sha}`)).status, 404, sha)
    const form = await admin.get(`${LIST}/new`)
    assert.equal((await admin.submit(form, LIST, { title: '别人的文件', link: '/', audience: 'all', picture: 'f'.repeat(64) })).status, 422)
  })

  await t.test('a look at it adds nothing; changed and deleted it is so for everybody at once', async () => {
    const [{ client }, admin] = [await campus.student(), await desk()]
    const before = await shown(client)
    const preview = await add(admin, { title: '先看看', intent: 'preview' })
    assert.equal(preview.root.querySelector('.preview img')?.getAttribute('alt'), '先看看')
    assert.deepEqual(await shown(client), before)
    const entry = (await admin.get(LIST)).root.querySelectorAll('.slides a.cell-title').find(each => each.text === '迎新须知')
    const edit = await admin.get(entry?.getAttribute('href') ?? '')
    await admin.submit(edit, edit.path, { title: '迎新须知（新）', link: '/', audience: 'all' })
    assert.ok((await shown(client)).includes('迎新须知（新）'))
    const question = await admin.get(`${edit.path}/removal`)
    await admin.submit(question, question.path)
    assert.ok(!(await shown(client)).includes('迎新须知（新）'))
  })
})
