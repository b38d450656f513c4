import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkFile } from '../../src/features/identity/roster/check-file.ts'
import { createVault } from '../../src/features/identity/vault.ts'
import { applySlice } from '../../src/features/identity/verbs/import/apply.ts'
import { beginImport } from '../../src/features/identity/verbs/import/decide.ts'
import { registerImport } from '../../src/features/identity/verbs/import/receive.ts'
import { setPhone } from '../../src/features/identity/verbs/phone.ts'
import * as sources from '../../src/integrations/sources/index.ts'
import { importCommand } from '../../src/main/import.ts'
import type { Page } from '../support/client.ts'
import { cast } from '../support/people.ts'
import { countsOf, csvOf, type Desk, openDesk, stateOf, student, students, xlsxOf } from './import-desk.ts'

/** An import that is checked, with the means to write its slices one by one. */
async function checked(desk: Desk, content: Buffer) {
  const { database, keyring } = desk.app
  const vault = createVault(keyring)
  const id = await database.write(tx => registerImport(tx, null, { kind: 'students', file_name: 'x.csv', bytes: content }))
  await checkFile({ database, sources, vault, clock: desk.clock }, id, content)
  const run = await database.write(tx => beginImport(tx, null, id, { goodRows: true }))
  const slices = await database.db.selectFrom('identity_import_slices').select('position').where('import_id', '=', id).orderBy('position').execute()
  return { id, positions: slices.map(slice => slice.position), write: (position: number) => database.write(tx => applySlice(tx, vault, id, position, run)) }
}

test('two thousand rows with twenty bad ones: the twenty are told, the others come in', async t => {
  const desk = await openDesk(t)
  const bad = new Set(Array.from({ length: 20 }, (_, at) => at * 97))
  const page = await desk.uploadRows((function* () {
    for (let at = 0; at < 2000; at++) yield bad.has(at) ? student(at, at % 2 === 0 ? { 证件号码: '110105194912310021' } : { 手机号: '12345' }) : student(at)
  })())
  assert.deepEqual(countsOf(page), { 不能导入: 20, 修改: 0, 新增: 1980, 不变: 0, 不在名单里: desk.here })
  assert.equal((await desk.list(page, 'refused')).length, 20)
  const done = await desk.apply(page)
  assert.ok(done.has('已经写入：新增 1980，修改 0；20 行不能导入'), done.text)
  const { count } = await desk.app.database.db.selectFrom('identity_numbers').select(each => each.fn.countAll<number>().as('count')).where('number', 'like', '2025______').executeTakeFirstOrThrow()
  assert.equal(Number(count), 1980)

  await t.test('a list is shown a page at a time, and only what belongs to a department where that is asked', async () => {
    const first = await desk.desk.get(`${page.path}?tab=created`)
    const second = await desk.desk.get(`${page.path}${first.link('下一页')}`)
    assert.equal(first.root.querySelectorAll('#rows tbody tr').length, 50)
    assert.notEqual(first.root.querySelector('#rows tbody tr')?.text, second.root.querySelector('#rows tbody tr')?.text)
    const units = await desk.app.identity.listUnits(desk.app.database.db)
    const other = await desk.desk.get(`${page.path}?tab=created&unit=${units.find(unit => unit.code === '0102')?.id}`)
    assert.equal(other.root.querySelectorAll('#rows tbody tr').length, 0)
  })

  await t.test('and fetched whole', async () => {
    const text = new TextDecoder().decode((await desk.download(page, 'created.csv')).bytes)
    assert.equal(text.trim().split('\r\n').length, 1981)
  })
})

test('the work goes on where it stopped', async t => {
  const desk = await openDesk(t)
  const { app: { database }, app } = desk
  const vault = createVault(app.keyring)

  await t.test('a reading that was killed passes over the slices that are there, and comes to the same', async () => {
    const content = await csvOf([...students(700), student(3, { 学号: 'M2025001', 入学日期: '2026-09-01' })])
    const ids: string[] = []
    for (let at = 0; at < 2; at++) ids.push(await database.write(tx => registerImport(tx, null, { kind: 'students', file_name: 'x.csv', bytes: content })))
    const [whole = '', killed = ''] = ids
    assert.equal(await checkFile({ database, sources, vault, clock: desk.clock }, whole, content), true)
    const controller = new AbortController()
    let held = 0
    assert.equal(await checkFile({ database, sources, vault, clock: desk.clock }, killed, content, { signal: controller.signal, hold: async () => { if (++held === 2) controller.abort() } }), false)
    const half = await database.db.selectFrom('identity_import_slices').select('position').where('import_id', '=', killed).execute()
    assert.ok(half.length > 0 && half.length < 4, `${half.length} slices`)
    assert.equal(await checkFile({ database, sources, vault, clock: desk.clock }, killed, content), true)
    const rows = async (id: string) => JSON.stringify(await database.db.selectFrom('identity_import_rows').select(['line', 'outcome', 'number', 'told']).where('import_id', '=', id).orderBy('line').execute())
    assert.equal(await rows(killed), await rows(whole))
  })

  await t.test('a slice whose transaction fails leaves nothing, and is written once afterwards', async () => {
    const { write, positions, id } = await checked(desk, await csvOf(students(500, 1000)))
    await write(0)
    await assert.rejects(database.write(async tx => {
      await applySlice(tx, vault, id, 1, 1)
      throw new Error('killed')
    }), /killed/)
    assert.equal(await app.identity.personByNumber(database.db, '2025001300'), null)
    for (const position of [0, 1, ...positions]) await write(position)
    const rows = await database.db.selectFrom('identity_numbers').select('number').where('number', 'like', '202500____').where('number', '>=', '2025001000').execute()
    assert.equal(rows.length, 500)
    const done = await database.db.selectFrom('identity_imports').select('status').where('id', '=', id).executeTakeFirst()
    assert.equal(done?.status, 'done')
  })

  /** Begun by the administrator, and one slice written: as it stands in the midst, whatever runs jobs here. */
  async function halfWay(page: Page): Promise<Page> {
    const id = page.path.split('/').at(-1) ?? ''
    const run = await database.write(tx => beginImport(tx, desk.admin, id, { goodRows: false }))
    await database.write(tx => applySlice(tx, vault, id, 0, run))
    return await desk.desk.get(page.path)
  }

  await t.test('somebody stops it, another import has its turn, and it is gone on with', async () => {
    const first = await desk.uploadRows(students(450, 2000), { name: '第一份.xlsx' })
    const second = await desk.uploadRows(students(10, 3000), { name: '第二份.xlsx' })
    const running = await halfWay(first)
    assert.ok(running.has('正在写入，可以离开这一页') && running.has('已处理 200 / 450 行'), running.text)
    const refused = await desk.desk.post(`${second.path}/application`, { _csrf: second.value('_csrf') })
    assert.deepEqual([refused.status, refused.has(`${desk.admin.name}正在导入“第一份.xlsx”。请等它结束，或者请对方先停止`)], [409, true], refused.text)
    assert.ok((await desk.desk.get(second.path)).has('等它结束后这一份才能开始'))
    const stopped = await desk.desk.submit(running, `${first.path}/pause`)
    assert.ok(stopped.has('已停止：写入了 200 行，还有 250 行没有写入'), stopped.text)
    assert.ok((await desk.apply(await desk.desk.get(second.path))).has('新增 10'))
    await desk.desk.submit(await desk.desk.get(first.path), `${first.path}/continuation`)
    await desk.drain()
    assert.ok((await desk.desk.get(first.path)).has('已经写入：新增 450，修改 0'))
  })

  await t.test('a stopped one that nobody wants to go on with says what was written and what was not', async () => {
    const running = await halfWay(await desk.uploadRows(students(300, 4000)))
    const stopped = await desk.desk.submit(running, `${running.path}/pause`)
    const ended = await desk.desk.submit(stopped, `${running.path}/end`)
    assert.ok(ended.has('已经写入：新增 200，修改 0；100 行在停止后没有写入'), ended.text)
    assert.deepEqual([countsOf(ended)['新增'], countsOf(ended)['没有写入']], [200, 100])
  })
})

test('a person who changed between the preview and the writing is passed over and told', async t => {
  const desk = await openDesk(t)
  const { app: { database, identity, keyring } } = desk
  await desk.apply(await desk.uploadRows(students(4)))
  const page = await desk.uploadRows([student(0, { 班级: '中文2700' }), student(1, { 手机号: '19811111111' }), student(2, { 班级: '中文2702' }), student(3, { 班级: '中文2703' }), student(9)])
  const [zero, one, two] = await Promise.all(['2025000000', '2025000001', '2025000002'].map(number => identity.personByNumber(database.db, number)))
  // One class changes by hand, one phone is proven by its owner, and one person gets what the file says from somewhere else.
  await database.db.updateTable('identity_numbers').set({ class_name: '中文9999' }).where('number', '=', zero?.number ?? '').execute()
  await database.write(tx => setPhone(tx, createVault(keyring), null, { person_id: one?.id ?? '', phone: '19822222222', proven: true }))
  await database.db.updateTable('identity_numbers').set({ class_name: '中文2702' }).where('number', '=', two?.number ?? '').execute()
  const done = await desk.apply(page)
  assert.ok(done.has('已经写入：新增 1，修改 1；1 行在检查之后又变了，没有写入'), done.text)
  assert.deepEqual(await desk.list(done, 'conflict'), ['2 2025000000 陈思远 检查以后这个人的信息又变了，没有写入。请核对后重新上传这一行班级：中文9999 → 中文2700'])
  assert.equal((await identity.factsOf(database.db, zero?.id ?? '', '2025000000'))['class_name'], '中文9999')
  assert.equal((await identity.contactOf(database.db, one?.id ?? '')).phone, '19822222222')
  const text = new TextDecoder().decode((await desk.download(done, 'conflict-rows.csv')).bytes)
  assert.match(text, /2025000000,陈思远.*,2,检查以后/)
})

test('a phone that was proven by SMS goes before the roster', async t => {
  const desk = await openDesk(t)
  const { app: { database, identity, keyring } } = desk
  await desk.apply(await desk.uploadRows(students(2)))
  const [zero, one] = await Promise.all(['2025000000', '2025000001'].map(number => identity.personByNumber(database.db, number)))
  await database.write(tx => setPhone(tx, createVault(keyring), null, { person_id: zero?.id ?? '', phone: '19833333333', proven: true }))
  const page = await desk.uploadRows([student(0), student(1, { 手机号: '19833333333' })])
  assert.deepEqual(await desk.list(page, 'unchanged'), [
    '2 2025000000 陈思远 文学院 手机号：本人用短信验证过另一个手机号，保留本人的', '3 2025000001 李思远 文学院 手机号：这个手机号已由另一个人用短信验证过，没有写入',
  ])
  assert.equal((await identity.contactOf(database.db, one?.id ?? '')).phone, student(1)['手机号'])
})

test('people who are not in the file are listed, and stay until somebody says otherwise', async t => {
  const desk = await openDesk(t)
  const { app: { database: { db }, identity } } = desk
  const { security, audit } = await cast(desk.app)
  await desk.apply(await desk.uploadRows(students(30)))
  const page = await desk.uploadRows(students(28))
  assert.equal(countsOf(page)['不在名单里'], desk.here + 2)
  const unit = (await identity.listUnits(db)).find(each => each.code === '0101')
  const here = await db.selectFrom('identity_numbers').select('number').where('unit_id', '=', unit?.id ?? '').where('kind', '=', 'student').where('standing', 'in', ['enrolled', 'suspended']).execute()
  const list = await desk.desk.get(`${page.path}?tab=missing&unit=${unit?.id}`)
  const question = await desk.desk.get(list.link('更改这些人的状态'))
  assert.ok(question.has(`${here.length - 28} 人在系统里，但不在“学生.xlsx”里`), question.text)

  await t.test('which takes a standing and a reason', async () => {
    const again = await desk.desk.submit(question, `${page.path}/standing`, {})
    assert.deepEqual([again.status, again.has('请选择要改成的状态') && again.has('请写明原因')], [422, true])
    const odd = await desk.desk.submit(question, `${page.path}/standing`, { standing: 'enrolled', reason: 'x' })
    assert.equal(odd.status, 422)
  })

  await t.test('then those of that department have left, with who said so and why, and nobody else', async () => {
    await desk.desk.submit(question, `${page.path}/standing`, { standing: 'graduated', reason: '2025 年毕业' })
    await desk.drain()
    const after = await desk.desk.get(`${page.path}?tab=missing`)
    assert.ok(after.has(`${here.length - 28} 人改为“毕业”`) && after.has('2025 年毕业'), after.text)
    assert.equal(countsOf(after)['不在名单里'], desk.here + 2 - (here.length - 28))
    const gone = await identity.personByNumber(db, '2025000029')
    assert.equal(gone?.standing, 'graduated')
    const event = await db.selectFrom('events').select(['actor_id', 'data']).where('subject', '=', gone?.id ?? '').where('name', '=', 'identity.standing-marked').executeTakeFirst()
    assert.equal(event?.actor_id, desk.admin.person_id)
    assert.equal((await identity.personByNumber(db, '2025000000'))?.standing, 'enrolled')
  })

  await t.test('the staff who ask leave themselves out, and nobody takes the last administrator of a kind', async () => {
    const staff = await desk.upload({ kind: 'staff', content: await xlsxOf([{ 工号: '70001', 姓名: '新同事', 性别: '男', 证件号码: student(5000)['证件号码'] ?? '', 部门编号: '0201', 入职日期: '2026-01-01' }], ['工号', '姓名', '性别', '证件号码', '部门编号', '入职日期']) })
    await desk.desk.submit(await desk.desk.get(`${staff.path}/standing`), `${staff.path}/standing`, { standing: 'left', reason: '试一试' })
    await desk.drain()
    const left = await db.selectFrom('identity_numbers').select('number').where('kind', '=', 'staff').where('standing', '=', 'employed').orderBy('number').execute()
    assert.deepEqual(left.map(row => row.number), [desk.admin.number, security.number, audit.number].toSorted())
  })
})

test('whatever rows a file has, twice is once, and the order of its slices does not matter', async t => {
  const desk = await openDesk(t)
  const row = fc.record({
    at: fc.integer({ min: 0, max: 2500 }), 班级: fc.constantFrom('中文2501', '中文2502', ''), 学籍状态: fc.constantFrom('在读', '休学', '毕业', '？'), 手机号: fc.constantFrom('', '19800000001', '+86 198 0000 0002', '1'),
    电子邮箱: fc.constantFrom('', 'A@minghu.example', 'x'), 性别: fc.constantFrom('男', '女', ' 女 '),
  })
  const files = fc.uniqueArray(row, { selector: each => each.at, minLength: 220, maxLength: 450 })
  await fc.assert(fc.asyncProperty(files, fc.infiniteStream(fc.nat()), async (rows, chance) => {
    const content = await csvOf(rows.map(({ at, ...change }) => student(at, change)))
    const { positions, write } = await checked(desk, content)
    for (const position of positions.toSorted(() => (chance.next().value ?? 0) % 2 - 0.5)) await write(position)
    const once = await stateOf(desk)
    const again = await desk.app.identity.importRoster('students', content, { file_name: 'x.csv', goodRows: true })
    assert.deepEqual([again.created, again.changed, again.conflict], [0, 0, 0])
    assert.equal(await stateOf(desk), once)
  }), { numRuns: 5 })
})

test('pages are served while thousands of rows are written', async t => {
  const desk = await openDesk(t)
  const page = await desk.uploadRows(students(4000))
  const begun = await desk.desk.submit(page, `${page.path}/application`)
  assert.ok(begun.has('正在写入，可以离开这一页'), begun.text)
  assert.ok((await desk.desk.get('/')).status === 200 && (await desk.desk.get(page.path)).has('正在写入，可以离开这一页'), 'the hall answers before the last row is written')
  await desk.drain()
  assert.ok((await desk.desk.get(page.path)).has('已经写入：新增 4000，修改 0'))
})

test('what nobody decided on is forgotten, and so are the cells that nobody corrected', async t => {
  const desk = await openDesk(t)
  const { db } = desk.app.database
  const waiting = await desk.uploadRows(students(3))
  const done = await desk.apply(await desk.uploadRows([student(10), student(11, { 性别: '?' })]))
  const kept = async (page: Page) => {
    const id = page.path.split('/').at(-1) ?? ''
    const slices = await db.selectFrom('identity_import_slices').select('rows_sealed').where('import_id', '=', id).where('rows_sealed', '!=', '').execute()
    const parts = await db.selectFrom('identity_import_parts').select('position').where('import_id', '=', id).execute()
    return [slices.length, parts.length]
  }
  assert.deepEqual([await kept(waiting), await kept(done)], [[1, 1], [1, 0]])
  const days = async (count: number) => {
    desk.clock.advance(count * 86_400_000)
    await desk.app.runner.tick()
    await desk.drain()
  }
  await days(8)
  assert.deepEqual([await kept(waiting), await kept(done)], [[0, 0], [1, 0]])
  await days(31)
  assert.deepEqual(await kept(done), [0, 0])
  const rows = await db.selectFrom('identity_import_rows').select(['line', 'outcome']).where('import_id', '=', done.path.split('/').at(-1) ?? '').orderBy('line').execute()
  assert.deepEqual(rows.map(row => [row.line, row.outcome]), [[2, 'created'], [3, 'refused']], 'what became of it stays')
})

test('a roster comes in from the command line as well', async t => {
  const desk = await openDesk(t)
  const folder = mkdtempSync(join(tmpdir(), 'hall-roster-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const path = join(folder, '学生.csv')
  const run = async (...args: string[]): Promise<[number, string[]]> => {
    const lines: string[] = []
    return [await importCommand(desk.app, args, line => lines.push(line)), lines]
  }
  writeFileSync(path, await csvOf([student(0), student(1, { 性别: '?' })]))
  assert.deepEqual(await run('students', path), [1, ['row 3, 性别: It must be one of: 男、女', 'nothing was written']])
  assert.deepEqual(await run('students', path, '--good-rows'), [0, ['row 3, 性别: It must be one of: 男、女', '2 rows: 1 new, 0 changed, 0 unchanged, 1 refused']])
  const [code, lines] = await run('students', path, '--encoding', 'gb18030')
  assert.deepEqual([code, lines.at(-1)], [1, 'nothing was written'], 'in the wrong encoding there are no columns')
  for (const wrong of [['people', path], ['students'], ['students', path, '--encoding', 'latin1'], ['students', path, '--what']]) assert.equal((await run(...wrong))[0], 2)
})
