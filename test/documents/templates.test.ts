import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { canTryOnPeople } from '../../src/features/documents/rules.ts'
import { keepTemplate } from '../../src/features/documents/store.ts'
import { readTemplate, type Template, readTemplates } from '../../src/features/documents/templates.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast, type Someone } from '../support/people.ts'
import { sharedCleaner } from './office.ts'
import { asked, phoneOf } from './transcript.ts'

const KIND = 'transcript-zh-gpa'
const HERE = `/admin/documents/templates/${KIND}`
const STUDENT = '20241060101'
const present = readTemplates(`${import.meta.dirname}/../../src/catalogue/documents`).get(KIND)
/** As it was before its last change. */
const earlier = present && readTemplate(KIND, present.source.replaceAll('修读学分', '所修学分'))

const shared = sharedCleaner(after)
let hall: TestApp
let admin: Someone
let desk: Client
before(async () => {
  hall = await startTestApp(shared, { grades: true })
  admin = (await cast(hall.app)).admin
  await keep(earlier)
  const now = hall.clock.now()
  await hall.app.database.write(tx => tx.updateTable('documents_templates').set({ kept_at: now - 30 * 86_400_000 }).where('hash', '=', earlier?.hash ?? '').execute())
  await keep(present)
  desk = await hall.phone(admin.userid)
})

async function keep(template: Template | undefined): Promise<void> {
  assert.ok(template)
  await hall.app.database.write(tx => keepTemplate(tx, template))
}

const rowsOf = (page: Page) => page.root.querySelectorAll('tbody tr').map(row => row.querySelectorAll('td').map(cell => cell.structuredText.replace(/\s+/g, ' ').trim()))
const events = async () => hall.app.database.db.selectFrom('events').select(['subject', 'actor_id', 'data']).where('name', '=', 'documents.template-tried').execute()

test('each of the ten kinds stands in the list with its present version, and each text that a kind had with its use', async () => {
  const list = await desk.get('/admin/documents/templates')
  for (const title of ['中文成绩单（含加权平均分）', '中文成绩单（不分学期）', '中文成绩单（含绩点，加权平均分）', '英文成绩单（含加权平均分）', '英文成绩单（不分学期）', '英文成绩单（含绩点，加权平均分）', '中文在读证明', '英语在读证明', '中文在读证明（含GPA）', '英语在读证明（含GPA）']) assert.ok(list.has(title), title)
  const row = () => desk.get('/admin/documents/templates').then(page => rowsOf(page).find(([title]) => title?.startsWith('中文成绩单（含绩点')))
  assert.match((await row())?.join('|') ?? '', new RegExp(`第 2 版${present?.hash.slice(0, 8)}.*\\|0$`))

  await asked(hall, await phoneOf(hall, STUDENT), KIND)
  assert.match((await row())?.join('|') ?? '', /\|1$/)
  const versions = rowsOf(await desk.get(HERE))
  assert.deepEqual(versions.map(([version, , first, , papers, state]) => [version?.slice(0, 5), first === '—', papers, state]), [['第 2 版', false, '1', '现行'], ['第 1 版', true, '0', '旧版']])
  // The night that counts the day does not change what is shown.
  hall.clock.advance(86_400_000)
  desk = await hall.phone(admin.userid)
  await hall.app.runner.tick()
  await hall.drain()
  assert.equal((await hall.app.database.db.selectFrom('documents_figures').select('about').where('figure', '=', 'version').execute()).length, 1)
  assert.equal(rowsOf(await desk.get(HERE))[0]?.[4], '1')
  assert.equal((await desk.get('/admin/documents/templates/no-such-kind')).status, 404)
})

test('what is in the catalogue is kept by itself, whether or not it ever gave a paper', async () => {
  hall.clock.advance(3_600_000)
  await hall.app.runner.tick()
  await hall.drain()
  const kept = await hall.app.database.db.selectFrom('documents_templates').select('kind').where('kind', '=', 'enrolment-en').execute()
  assert.equal(kept.length, 1)
})

test('what changed between two versions is read line by line, with signs and not by colour alone', async () => {
  desk = await hall.phone(admin.userid)
  const page = await desk.get((await desk.get(HERE)).link('和上一版比较'))
  const [removed, added] = [page.root.querySelector('del')?.text, page.root.querySelector('ins')?.text]
  assert.ok(removed?.includes('所修学分') && added?.includes('修读学分') && !added.includes('所修学分'), page.text)
  assert.deepEqual([...new Set(page.root.querySelectorAll('.difference-sign').map(sign => sign.text.replace(/\s+/g, '')))].toSorted(), ['', '+增加的行', '−删除的行'].toSorted())
  assert.ok(page.has('略去相同的'))
  assert.ok((await desk.get(`${HERE}/difference?from=2&until=2`)).has('这两版的全文一样'))
  assert.equal((await desk.get(`${HERE}/difference?from=2&until=9`)).status, 404)
})

test('an old version is drawn with sample data, as the text was; another sample is another picture', async () => {
  const drawn: string[] = []
  const { picture } = hall.app.browser
  hall.app.browser.picture = (html, options) => { drawn.push(html); return picture(html, options) }
  try {
    const old = await desk.get(`${HERE}/1`)
    const image = await desk.get(old.root.querySelector('.preview img')?.getAttribute('src') ?? '')
    assert.deepEqual([image.status, image.headers.get('content-type'), image.headers.get('cache-control')], [200, 'image/jpeg', 'no-store'])
    for (const sample of ['required', 'long']) await desk.get(`${HERE}/2/sample.jpg?of=${sample}`)
  } finally {
    hall.app.browser.picture = picture
  }
  const [old = '', required = '', long = ''] = drawn
  assert.ok(old.includes('所修学分') && required.includes('修读学分') && !required.includes('所修学分'))
  for (const html of drawn) assert.ok(html.includes('预览') && !html.includes('class="seal"'), 'marked as a preview, without a seal')
  assert.ok(old.includes('计科2301班') && !required.includes('计科2301班'))
  assert.ok(long.split('<section class="sheet').length > 2, 'more courses than a page holds')
  assert.deepEqual(await events(), [], 'nobody’s data were read')
})

test('with real data a student is searched, the picture is their own, and it is written down who looked', async () => {
  const search = await desk.get(`${HERE}/2?data=person`)
  const found = await desk.get(`${HERE}/2?${new URLSearchParams({ data: 'person', q: STUDENT })}`)
  assert.ok(search.has('记入事件记录') && found.has(STUDENT), found.text)
  const chosen = await desk.get(found.root.querySelectorAll('a').find(link => link.text.includes(STUDENT))?.getAttribute('href') ?? '')
  assert.ok(!chosen.path.includes(STUDENT) && chosen.has(STUDENT), chosen.path)
  assert.deepEqual(await events(), [])
  const image = await desk.get(chosen.root.querySelector('.preview img')?.getAttribute('src') ?? '')
  assert.equal(image.headers.get('content-type'), 'image/jpeg')
  const { person_id } = await hall.app.database.db.selectFrom('identity_numbers').select('person_id').where('number', '=', STUDENT).executeTakeFirstOrThrow()
  assert.deepEqual((await events()).map(event => ({ ...event, data: JSON.parse(String(event.data)) })), [{ subject: person_id, actor_id: admin.person_id, data: { kind: KIND, version: 2 } }])
  assert.ok((await desk.get(`${HERE}/2?data=person&q=${encodeURIComponent('没有这个人')}`)).has('没有找到这样的学生'))
  assert.equal((await desk.get(`${HERE}/2/person.jpg?person=01ARZ3NDEKTSV4RRFFQ69G5FAV&at=0`)).status, 404)
})

test('who lacks what a paper asks is told so in the picture’s place', async () => {
  const { student } = await cast(hall.app, 5)
  await hall.app.database.write(tx => tx.deleteFrom('documents_grades').where('number', '=', student.number).execute())
  const page = await desk.get(`${HERE}/2?${new URLSearchParams({ data: 'person', person: student.person_id, at: '0' })}`)
  assert.ok(page.has('这个学号还没有成绩') && !page.root.querySelector('.preview'), page.text)
})

test('only who manages papers and handles grades previews with somebody’s own; students see none of it', async () => {
  assert.deepEqual(([['documents.manage', 'grades.import'], ['documents.manage'], ['grades.import'], []] as const).map(rights => canTryOnPeople({ rights })), [true, false, false, false])
  const phone = await phoneOf(hall, STUDENT)
  for (const path of ['/admin/documents/templates', HERE, `${HERE}/2`, `${HERE}/2/sample.jpg`, `${HERE}/2/person.jpg`]) assert.equal((await phone.get(path)).status, 403, path)
})
