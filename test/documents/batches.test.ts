import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import writeXlsxFile from 'write-excel-file/node'
import { startTestApp, type TestApp } from '../support/app.ts'
import type { Client, Fields, Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { sharedCleaner, upload } from './office.ts'

const FORM: Fields = { kind: 'enrolment-zh', name: '', purpose: '', by: 'numbers', unit: '', class_name: '', entered: '', numbers: '', deliver: 'none' }

describe('bulk issue', () => {
  const cleaner = sharedCleaner(after)
  let hall: TestApp
  let desk: Client
  let signIn: () => Promise<void>
  before(async () => {
    hall = await startTestApp(cleaner)
    const { registrars } = await cast(hall.app)
    const whole = await hall.app.database.db.selectFrom('identity_grants').select('person_id').where('role', '=', 'registrar').where('scope_kind', '=', 'all').execute()
    const registrar = registrars.find(({ person_id }) => whole.some(grant => grant.person_id === person_id)) ?? assert.fail('nobody manages documents')
    signIn = async () => { desk = await hall.phone(registrar.userid) }
    await signIn()
  })

  const numbersOf = async (count: number, from = 0): Promise<string[]> =>
    (await hall.app.database.db.selectFrom('identity_numbers').select('number').where('kind', '=', 'student').where('standing', '=', 'enrolled').orderBy('number').offset(from).limit(count).execute()).map(row => row.number)

  async function prepared(fields: Fields): Promise<Page> {
    const page = await desk.submit(await desk.get('/admin/documents/batches/new'), '/admin/documents/batches', { ...FORM, ...fields })
    await hall.drain()
    return await desk.get(page.path)
  }

  const act = async (page: Page, noun: string) => await desk.submit(await desk.get(page.path), `${page.path}/${noun}`)
  const documents = async () => await hall.app.database.db.selectFrom('documents_documents').select(['id', 'person_number', 'status', 'number', 'code', 'sha256']).orderBy('id').execute()

  test('is checked first, issues each paper once, and ends in an archive with an index', async () => {
    const [barred, ...numbers] = await numbersOf(46)
    await hall.app.database.db.updateTable('identity_numbers').set({ major: null }).where('number', '=', barred ?? '').execute()
    const ready = await prepared({ numbers: [barred, ...numbers, numbers[0], '99999'].join('\n'), name: '交流项目' })
    assert.ok(ready.has('检查完了：45 人可以出具'), ready.text)
    assert.equal((await documents()).length, 0, 'nothing is issued by checking')
    const why = await desk.get(`${ready.path}?view=barred`)
    assert.ok(why.has('名单里没有这个学号') && why.has('名单里缺少：专业'), why.text)

    await act(ready, 'beginning')
    await hall.drain()
    const done = await desk.get(ready.path)
    assert.ok(done.has('已完成') && done.has('45 / 45'), done.text)
    const issued = await documents()
    assert.deepEqual(issued.map(row => row.person_number).toSorted(), numbers)
    assert.ok(issued.every(row => row.status === 'issued'))
    assert.equal(new Set(issued.flatMap(row => [row.number, row.code, row.sha256])).size, 3 * 45)
    const reader = hall.stranger()
    const { bytes } = await desk.get(`/documents/${issued[7]?.id}/file`)
    assert.ok((await upload(reader, bytes)).has('真实有效'))

    const archive = await desk.get(done.link('下载全部（zip）'))
    const files = unpacked(archive.bytes)
    assert.equal(files.length, 46)
    assert.equal(files.filter(name => /^\d+-.+-中文在读证明\.pdf$/.test(name)).length, 45)
    assert.ok(files.includes('目录.xlsx'))
    const trail = await hall.app.database.db.selectFrom('events').select('data').where('name', '=', 'documents.batch-fetched').execute()
    assert.equal(trail.length, 1)
    assert.deepEqual(await hall.app.database.db.selectFrom('messages_messages').select('id').execute(), [], 'nobody was to be told')

    const again = await prepared({ numbers: numbers.slice(0, 3).join(' ') })
    assert.ok(again.has('没有可以出具的人') && again.has('已经有有效的同种文件'), again.text)
    const wanted = await prepared({ numbers: numbers.slice(0, 3).join('，'), again: 'on' })
    assert.ok(wanted.has('3 人可以出具'), wanted.text)
    await desk.submit(await desk.get(`${wanted.path}/stop`), `${wanted.path}/stop`)
    assert.ok((await desk.get(wanted.path)).has('已经停止'))
    await hall.app.database.db.updateTable('identity_numbers').set({ major: '软件工程' }).where('number', '=', barred ?? '').execute()
  })

  test('is held on the way and goes on where it was; its owners are told slowly', async () => {
    const earlier = (await documents()).length
    const ready = await prepared({ numbers: (await numbersOf(150, 100)).join(' '), deliver: 'wecom' })
    const pdf = hall.app.browser.pdf
    let drawn = 0
    hall.app.browser.pdf = async (html, options) => {
      drawn += 1
      if (drawn === 26) await act(ready, 'pause')
      return await pdf(html, options)
    }
    await act(ready, 'beginning')
    await hall.drain()
    const paused = await desk.get(ready.path)
    assert.ok(paused.has('已经暂停'), paused.text)
    const half = (await documents()).length - earlier
    assert.ok(half >= 20 && half < 150, String(half))
    await act(ready, 'resumption')
    for (let round = 0; round < 9; round++) { await hall.drain(); hall.clock.advance(5000) }
    hall.app.browser.pdf = pdf
    assert.ok((await desk.get(ready.path)).has('150 / 150'))
    const rows = (await documents()).slice(earlier)
    assert.equal(new Set(rows.map(row => row.person_number)).size, 150)
    assert.equal(rows.filter(row => row.status === 'issued').length, 150)
    const told = await hall.app.database.db.selectFrom('messages_messages').select('subject').execute()
    assert.deepEqual(told.map(row => row.subject).toSorted(), rows.map(row => row.id))
  })

  test('what the browser could not draw is said and can be tried again; all of it can be revoked', async () => {
    const ready = await prepared({ by: 'group', entered: '2024', again: 'on', deliver: 'none', kind: 'enrolment-en' })
    const wanted = Number(/检查完了：(\d+) 人/.exec(ready.text)?.[1])
    assert.ok(wanted > 5, ready.text)
    const pdf = hall.app.browser.pdf
    hall.app.browser.pdf = () => Promise.reject(new Error('no ink'))
    await act(ready, 'beginning')
    for (let round = 0; round < 9; round++) { await hall.drain(); hall.clock.advance(3_600_000) }
    hall.app.browser.pdf = pdf
    await signIn() // hours went by
    const failed = await desk.get(ready.path)
    assert.ok(failed.has('没有成功') && failed.has('服务器几次都没有做成'), failed.text)
    await act(ready, 'retry')
    await hall.drain()
    const done = await desk.get(ready.path)
    assert.ok(done.has(`${wanted} / ${wanted}`) && done.has('已完成'), done.text)
    const empty = await desk.submit(await desk.get(`${ready.path}/revocation`), `${ready.path}/revocation`, { reason: ' ' })
    assert.equal(empty.status, 422)
    await desk.submit(empty, `${ready.path}/revocation`, { reason: '印错了学期' })
    await hall.drain()
    const revoked = await desk.get(ready.path)
    assert.ok(revoked.has('这一批已经作废。原因：印错了学期'), revoked.text)
    const kinds = await hall.app.database.db.selectFrom('documents_documents').select('status').where('kind', '=', 'enrolment-en').execute()
    assert.deepEqual([kinds.length, new Set(kinds.map(row => row.status))], [wanted, new Set(['revoked'])])
  })

  test('takes its people from a list in a file, and tells by row what is wrong with it', async () => {
    const [one = '', other = ''] = await numbersOf(2, 300)
    const send = async (content: Uint8Array, filename: string, fields: Fields = {}) => await desk.submit(await desk.get('/admin/documents/batches/new'), '/admin/documents/batches', { ...FORM, by: 'file', name: '交流名单', ...fields, file: { filename, type: 'application/octet-stream', content } })
    const xlsx = async (rows: readonly (readonly string[])[]) => new Uint8Array(await writeXlsxFile(rows.map(row => row.map(value => ({ value }))), { sheet: '名单' }).toBuffer())
    const csv = (...lines: string[]) => Buffer.from(lines.join('\r\n'))
    const faults = (page: Page) => page.root.querySelectorAll('tbody tr').map(row => row.querySelectorAll('td').map(cell => cell.text.trim()))

    const earlier = (await hall.app.database.db.selectFrom('documents_batches').select('id').execute()).length
    const wrong = await send(await xlsx([['交流项目名单', ''], ['姓名', '学号'], ['甲', one], ['乙', '99999'], ['丙', ''], ['丁', one], ['戊', '学号？']]), 'list.xlsx')
    assert.deepEqual([wrong.status, wrong.value('name'), wrong.root.querySelector('[name=by][checked]')?.getAttribute('value')], [422, '交流名单', 'file'], wrong.text)
    assert.deepEqual(faults(wrong).map(([row, column]) => [row, column]), [['4', '学号'], ['5', '学号'], ['6', '学号'], ['7', '学号']])
    for (const sentence of ['名单有 4 处错误，没有开始', '名单里没有这个学号', '请改好后重新选择文件']) assert.ok(wrong.has(sentence), `${sentence}: ${wrong.text}`)
    for (const [content, filename] of [[csv('姓名', '甲'), 'a.csv'], [csv('学号'), 'b.csv'], [Buffer.from('%PDF-1.7 no list'), 'c.pdf'], [Buffer.alloc(0), 'd.xlsx']] as const) assert.equal((await send(content, filename)).status, 422, filename)
    assert.ok((await send(Buffer.alloc(0), 'd.xlsx')).has('请选择学号名单（.xlsx 或 .csv）'))
    assert.equal((await hall.app.database.db.selectFrom('documents_batches').select('id').execute()).length, earlier, 'nothing is begun while there is an error')

    const taken = await send(csv('学号,姓名', `${one},甲`, '', `${other},乙`), 'list.csv', { again: 'on' })
    await hall.drain()
    const ready = await desk.get(taken.path)
    assert.ok(ready.has('检查完了：2 人可以出具') && ready.has(one) && ready.has(other) && ready.has('交流名单'), ready.text)
    assert.ok((await desk.get((await send(await xlsx([['学工号'], [other]]), 'list.xlsx', { again: 'on' })).path)).has(other))
    await hall.drain()
  })

  test('says at the field what is wrong, and keeps what was typed', async () => {
    const form = await desk.get('/admin/documents/batches/new')
    const send = (fields: Fields) => desk.submit(form, '/admin/documents/batches', { ...FORM, ...fields })
    const wrong: [Fields, string][] = [
      [{ numbers: ' ' }, '请填写学号'], [{ by: 'group', entered: '23' }, '请填写四位数的年份'], [{ by: 'group', class_name: '没有的班' }, '没有找到这样的学生'],
      [{ numbers: '1', name: '长'.repeat(41) }, '名称不能超过 40 个字'], [{ numbers: 'x'.repeat(40) }, '不像学号'],
    ]
    for (const [fields, sentence] of wrong) {
      const page = await send(fields)
      assert.equal(page.status, 422)
      assert.ok(page.has(sentence), `${sentence}: ${page.text}`)
    }
    assert.ok((await send({ numbers: '1', purpose: '长'.repeat(61) })).root.toString().includes('长'.repeat(61)))
  })
})

function unpacked(bytes: Uint8Array): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'hall-zip-'))
  try {
    writeFileSync(join(folder, 'a.zip'), bytes)
    execFileSync('python3', ['-c', 'import sys, zipfile; z = zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; z.extractall(sys.argv[2])', join(folder, 'a.zip'), join(folder, 'out')])
    return readdirSync(join(folder, 'out'))
  } finally {
    rmSync(folder, { recursive: true })
  }
}
