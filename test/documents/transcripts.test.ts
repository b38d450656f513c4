import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, test } from 'node:test'
import writeXlsxFile from 'write-excel-file/node'
import { drawDocument } from '../../src/features/documents/jobs.ts'
import { getTemplate } from '../../src/features/documents/store.ts'
import { enqueue } from '../../src/platform/jobs.ts'
import { printed, workshop } from '../integrations/seal-material.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Page } from '../support/client.ts'
import { cast, type Someone } from '../support/people.ts'
import { sharedCleaner } from './office.ts'

const shared = sharedCleaner(after)
let hall: TestApp
before(async () => { hall = await startTestApp(shared) })

const HEADS = ['学号', '学年', '学期', '课程代码', '课程名称', '英文课程名称', '课程性质', '学分', '成绩', '考试性质']
type Row = readonly (string | number)[]

/** A registrar imports grades as of a day. */
async function bring(rows: readonly Row[], data_on: string): Promise<Page> {
  const { admin } = await cast(hall.app)
  const desk = await hall.phone(admin.userid)
  const content = new Uint8Array(await writeXlsxFile([HEADS, ...rows].map(row => row.map(value => ({ value }))), { sheet: '成绩' }).toBuffer())
  return desk.submit(await desk.get('/admin/grades'), '/admin/grades', { data_on, file: { filename: 'grades.xlsx', type: 'application/octet-stream', content } })
}

const grade = (number: string, code: string, course: string, english: string, credits: number, mark: string | number, exam = '正常考试', term = '1'): Row => [number, '2025-2026', term, code, course, english, '必修', credits, mark, exam]

async function somebody(which: number): Promise<{ student: Someone; phone: Client }> {
  const { student } = await cast(hall.app, which)
  return { student, phone: await hall.phone(student.userid) }
}

/** The student chooses a kind and has it sent to the phone; ends on the request's last page. */
async function ask(phone: Client, kind: string): Promise<Page> {
  const preview = await phone.submit(await phone.get('/documents/new/transcripts'), '/documents/requests', { kind })
  const form = await phone.get(preview.link('没有错误，继续'))
  const sent = await phone.submit(form, form.root.querySelector('form.form')?.getAttribute('action') ?? '', { to: 'phone' })
  await hall.drain()
  return sent
}

const newest = async (number: string) => hall.app.database.db.selectFrom('documents_documents').selectAll().where('person_number', '=', number).orderBy('id', 'desc').executeTakeFirstOrThrow()

async function textOf(t: { after(clean: () => unknown): void }, phone: Client, id: string): Promise<string> {
  const { file } = await workshop(t)
  const { bytes } = await phone.get(`/documents/${id}/file`)
  return (await printed('pdftotext', '-layout', await file('transcript.pdf', bytes), '-')).replace(/\s+/g, ' ')
}

test('a transcript says each course, what counts and by which rule, and of which day the grades are', async t => {
  const { student, phone } = await somebody(0)
  const rows = [
    grade(student.number, 'A1', '高等数学', 'Advanced Mathematics', 5, 95), grade(student.number, 'A2', '大学物理', 'College Physics', 3, 54), grade(student.number, 'A2', '大学物理', 'College Physics', 3, 78, '补考'),
    grade(student.number, 'A3', '体育', 'Physical Education', 1, '良好', '正常考试', '2'), grade(student.number, 'A4', '军训', 'Military Training', 2, '合格', '正常考试', '2'), grade(student.number, 'A5', '实习', 'Internship', 0, 88, '正常考试', '2'),
  ]
  assert.equal((await bring(rows, '2026-11-01')).status, 200)
  await ask(phone, 'transcript-zh-gpa')
  const document = await newest(student.number)
  assert.equal(document.status, 'issued', document.reason ?? '')
  const text = await textOf(t, phone, document.id)
  // (5×95 + 3×60 + 1×85) ÷ 9 and (5×3.953125 + 3×1 + 1×3.578125) ÷ 9
  for (const words of [student.name, student.number, '高等数学', '大学物理（补考）', '第二学期', '82.22', '2.93 / 4.0', '连续', '补考、重修通过的按', '11 月 1 日', '第 1 页，共 1 页', document.number]) assert.ok(text.replaceAll(' ', '').includes(words.replaceAll(' ', '')), `${words}: ${text}`)
  assert.match(text, /修读学分 11 .*取得学分 11 /)

  await ask(phone, 'transcript-en-average')
  const english = await newest(student.number)
  const said = await textOf(t, phone, english.id)
  for (const words of ['Academic Transcript', 'College Physics (Resit)', 'Good', 'First Semester', 'Weighted average', '82.22', 'Grades as of 1 November 2026', 'Page 1 of 1']) assert.ok(said.includes(words), `${words}: ${said}`)
  assert.doesNotMatch(said, /GPA/)

  await ask(phone, 'transcript-zh-flat')
  const flat = await textOf(t, phone, (await newest(student.number)).id)
  assert.ok(flat.includes('高等数学'))
  assert.doesNotMatch(flat, /第二学期|加权平均分|绩点/)
})

test('a paper that was issued says the same for ever, whatever became of the grades since', async t => {
  const { student, phone } = await somebody(1)
  await bring([grade(student.number, 'B1', '线性代数', 'Linear Algebra', 4, 81)], '2026-10-01')
  await ask(phone, 'transcript-zh-average')
  const issued = await newest(student.number)
  const first = await textOf(t, phone, issued.id)
  await bring([grade(student.number, 'B1', '线性代数（更正）', 'Linear Algebra', 4, 99)], '2026-11-10')
  // All it is drawn from is in its row and under its template's hash: neither files nor schemes are read again.
  const { source } = await getTemplate(hall.app.database.db, issued.template_hash)
  assert.equal(hash('sha256', source), issued.template_hash)
  assert.match(issued.facts, /加权平均分＝/)
  await hall.app.database.db.updateTable('documents_documents').set({ status: 'reserved', sha256: null }).where('id', '=', issued.id).execute()
  await hall.app.database.write(tx => enqueue(tx, drawDocument, { document_id: issued.id }))
  await hall.drain()
  assert.equal(await textOf(t, phone, issued.id), first)
  await ask(phone, 'transcript-zh-average')
  const fresh = await textOf(t, phone, (await newest(student.number)).id)
  assert.ok(fresh.includes('线性代数（更正）') && fresh.includes('99.00'), fresh)
})

test('why a transcript cannot be had is said before anything is issued', async () => {
  const { student, phone } = await somebody(2)
  const said = async () => (await phone.get('/documents/new/transcripts')).text
  assert.match(await said(), /这个学号还没有成绩/)
  await bring([grade(student.number, 'C1', '军训', 'Military Training', 2, '合格')], '2026-11-01')
  assert.match(await said(), /还没有能计入平均分和绩点的成绩/)
  await bring([grade(student.number, 'C2', '书法', '', 2, '甲')], '2026-11-01')
  assert.match(await said(), /成绩里有绩点算法不认识的写法：甲/)
  await bring([grade(student.number, 'C2', '书法', '', 2, '优')], '2026-11-01')
  const words = await said()
  assert.match(words, /这些课程没有英文名称：书法/)
  assert.doesNotMatch(words, /还没有能计入/)
  await bring(Array.from({ length: 40 }, (_, n) => grade(student.number, `X${n}`, `选修课${n}`, '', 2, 80)), '2026-11-01')
  assert.match(await said(), /这些课程没有英文名称：([^、]+、){5}[^、]+等/, 'some of many')
  assert.equal(await hall.app.database.db.selectFrom('documents_documents').select('id').where('person_number', '=', student.number).executeTakeFirst(), undefined)
})

test('the day of the grades is asked for, kept for each number, and an older file does not make them younger', async () => {
  const { student } = await somebody(3)
  const dateOf = async () => (await hall.app.database.db.selectFrom('documents_grade_dates').select('data_on').where('number', '=', student.number).executeTakeFirst())?.data_on
  for (const day of ['', '2026-13-40', '2099-01-01', 'yesterday']) {
    const page = await bring([grade(student.number, 'D1', '力学', 'Mechanics', 3, 70)], day)
    assert.equal(page.status, 422)
    assert.ok(page.has('请填写成绩表的日期，不晚于今天'), page.text)
    assert.equal(await dateOf(), undefined)
  }
  for (const [day, known] of [['2026-09-01', '2026-09-01'], ['2026-10-01', '2026-10-01'], ['2026-09-15', '2026-10-01']] as const) {
    await bring([grade(student.number, 'D1', '力学', 'Mechanics', 3, 70)], day)
    assert.equal(await dateOf(), known)
  }
})
