import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { staffColumns, studentColumns, unitColumns } from '../../src/features/identity/roster/columns.ts'
import { cells } from '../../src/integrations/sources/index.ts'
import type { TestApp } from '../support/app.ts'
import { applyForCertificate } from '../support/certificate.ts'
import type { Client, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { csvOf, students } from '../support/roster.ts'
import { peopleOf } from '../security/access-world.ts'
import type { Column } from '../security/access.ts'
import { PNG } from '../services/campus.ts'
import { issue } from './issued.ts'

/** As long as names come. */
const LONG_NAME = '古丽巴哈尔·艾合买提·阿布都热依木'
/** What people of this story typed. */
const typed = {
  comment: '请写明签证中心的名称', problem: '打开证明时显示“没有找到”，已经试过两次', trouble: '收不到验证码，登录页说账号已锁定',
  notice: '关于国庆节放假、调休上课和期间校园管理安排的通知（含研究生与来华留学生）', office: '教务处学籍与考试管理科', slide: '迎新周：校园一卡通、宿舍与图书馆的使用', words: '就学证明',
  post: '高级辅导员兼学院学生工作办公室副主任（主持工作）', nonsense: '不对', file: '新生', school: '计算机学院',
}

const APPLY = '/services/enrolment-certificate/apply'

/** The sample university in the middle of its work: no list is empty that could be full, and there is one of each thing that has a page. Answers with somebody signed in for each role. */
export async function busyHall(hall: TestApp): Promise<ReadonlyMap<Column, Client>> {
  await letAMailDie(hall)
  const { tutor } = await cast(hall.app)
  const people = new Map<Column, Client>([...await peopleOf(hall), ['tutor', await hall.phone(tutor.userid)]])
  const of = (column: Column): Client => people.get(column) ?? assert.fail(column)
  await applyInEveryWay(of('student'), of('tutor'))
  await announce(of('admin'))
  await of('student').submit(await of('student').get('/services/enrolment-certificate'), '/favourites')
  await ask(of('student'), typed.problem)
  await ask(of('stranger'), `${LONG_NAME}${typed.trouble}`)
  await differ(hall, of('admin'))
  await importWithMistakes(of('admin'))
  await hall.drain()
  return people
}

/** What stays Chinese in English, by page: names and what people typed, messages as they were sent, the columns of files, what authors of services write for one language. */
export async function chineseContent({ app: { config, database: { db } } }: TestApp): Promise<(path: string) => string[]> {
  const names = [
    config.school.name, LONG_NAME, Object.values(typed), students(12).map(row => row['姓名']),
    ...await db.selectFrom('identity_people').select('name').execute(), ...await db.selectFrom('identity_units').select('name').execute(),
    ...await db.selectFrom('identity_numbers').select(['title', 'level', 'major', 'class_name']).execute(), ...await db.selectFrom('identity_grants').select('reason').execute(),
    ...await db.selectFrom('identity_groups').select(['name', 'purpose']).execute(),
  ]
  const sent = await db.selectFrom('messages_messages').select(['title', 'text', 'facts']).execute()
  const columns = [unitColumns, staffColumns, studentColumns].map(of => Object.values(of(cells)).flatMap(column => [column.header, 'words' in column ? column.words : []]))
  const lists = { always: longestFirst(names), messages: longestFirst([names, sent]), files: longestFirst([names, columns]), services: longestFirst([names, written()]) }
  return path => lists[/^\/(messages|account\/data)$/.test(path) ? 'messages' : path.startsWith('/admin/import') ? 'files' : path.startsWith('/admin/services') ? 'services' : 'always']
}

const catalogue = join(import.meta.dirname, '../../src/catalogue/services')

/** What the authors of services write for one language: words to search by, and a form filled in as a sample. */
function written(): unknown {
  return readdirSync(catalogue).map(file => {
    const { keywords, sample }: Record<string, unknown> = JSON.parse(readFileSync(join(catalogue, file), 'utf8'))
    return { keywords, sample }
  })
}

/** Every text with a Chinese character that is anywhere in it. */
function longestFirst(value: unknown): string[] {
  const found = new Set<string>()
  const look = (part: unknown): void => {
    if (typeof part === 'object' && part !== null) for (const each of Object.values(part)) look(each)
    else if (typeof part === 'string' && /^[[{]/.test(part)) look(JSON.parse(part))
    else if (typeof part === 'string' && /\p{Script=Han}/u.test(part)) found.add(part)
  }
  look(value)
  return [...found].toSorted((one, other) => other.length - one.length)
}

/** The mail server does not speak with us for so long that the mail with a certificate is given up. */
async function letAMailDie(hall: TestApp): Promise<void> {
  hall.simulator.trouble.mailClosed = true
  await issue(hall, 0)
  const dead = () => hall.app.database.db.selectFrom('jobs').select('id').where('status', '=', 'dead').executeTakeFirst()
  for (let hours = 0; hours < 12 && !await dead(); hours++) {
    hall.clock.advance(3_600_000)
    await hall.drain()
  }
  hall.simulator.trouble.mailClosed = false
}

/** One running, one returned, one not sent yet. */
async function applyInEveryWay(student: Client, tutor: Client): Promise<void> {
  const returned = await applyForCertificate(student, { remark: `${LONG_NAME}，`.repeat(4) })
  const page = await tutor.get(returned.path)
  const action = page.root.querySelector('form[action^="/tasks/"]')?.getAttribute('action') ?? assert.fail('nothing to decide')
  await tutor.submit(page, action, { decision: 'return', comment: typed.comment })
  await applyForCertificate(student)
  await student.submit(await student.get(APPLY), APPLY, { purpose: 'visa', intent: 'draft' })
}

/** Something to read on the first page, a picture, and words to search by. */
async function announce(admin: Client): Promise<void> {
  for (const fields of [{ audience: 'all', pinned: '1' }, { audience: 'student', pinned: '' }]) await admin.submit(await admin.get('/admin/announcements/new'), '/admin/announcements', { title: typed.notice, text: `${typed.notice}\n\nhttps://example.edu.cn/notice`, office: typed.office, ...fields })
  await admin.submit(await admin.get('/admin/slides/new'), '/admin/slides', { title: typed.slide, link: '/services', audience: 'all', file: { filename: 'a.png', type: 'image/png', content: PNG.content } })
  const words = '/admin/synonyms/enrolment-certificate'
  await admin.submit(await admin.get(words), words, { words: typed.words })
}

async function ask(client: Client, problem: string): Promise<Page> {
  return await client.submit(await client.get('/help'), '/help', { name: LONG_NAME, number: '20231010101', school: typed.school, contact: 'reader@example.com', problem })
}

/** WeCom's address book says otherwise: of a post, of a member who is nobody here, of one who is disabled. */
async function differ({ app, simulator }: TestApp, admin: Client): Promise<void> {
  const { classmate, tutor } = await cast(app, 4)
  await simulator.admin.updateMember(tutor.userid, { position: typed.post })
  await simulator.admin.addMember({ userid: 'a-very-long-account-name.of-somebody@contractor.example', name: LONG_NAME, department: [1], mobile: '13700000001' })
  await simulator.admin.setEnabled(classmate.userid, false)
  await admin.submit(await admin.get('/admin/contacts'), '/admin/contacts/reading')
}

async function importWithMistakes(admin: Client): Promise<void> {
  const rows = students(12).map((row, at) => at % 4 === 0 ? { ...row, 性别: typed.nonsense, 电子邮箱: typed.nonsense } : row)
  await admin.submit(await admin.get('/admin/import'), '/admin/import', { kind: 'students', encoding: '', file: { filename: `${typed.file}.csv`, type: 'text/csv', content: await csvOf(rows) } })
}
