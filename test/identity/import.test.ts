import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { createVault } from '../../src/features/identity/vault.ts'
import { applySlice, queueSlice } from '../../src/features/identity/verbs/import/apply.ts'
import { beginImport } from '../../src/features/identity/verbs/import/decide.ts'
import { receiveImport } from '../../src/features/identity/verbs/import/receive.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { quietLog } from '../support/database.ts'
import { openIdentity, sample, staffRows, studentRows, unitRows, workbookOf } from './world.ts'

type World = Awaited<ReturnType<typeof openIdentity>>

const put = async ({ identity }: World, kind: 'units' | 'staff' | 'students', rows: Parameters<typeof workbookOf>[0], goodRows = false) => {
  const { created, changed, unchanged, written, errors } = await identity.importRoster(kind, await workbookOf(rows), { file_name: `${kind}.xlsx`, goodRows })
  return { counts: { created, changed, unchanged }, written, errors }
}

async function opened(t: TestContext): Promise<World> {
  const world = await openIdentity(t)
  await put(world, 'units', unitRows)
  await put(world, 'staff', staffRows)
  await put(world, 'students', studentRows)
  return world
}

async function idOf({ identity, db }: World, number: string): Promise<string> {
  const person = await identity.personByNumber(db, number)
  assert.ok(person, `nobody has the number ${number}`)
  return person.id
}

const edited = (rows: typeof studentRows, at: number, changes: Record<string, string | number | null>) => rows.map((row, index) => (index === at ? { ...row, ...changes } : row))

describe('a roster', () => {
  it('makes people, their numbers, tutors, heads, roles and bindings', async t => {
    const world = await opened(t)
    const { identity, db } = world
    const student = await idOf(world, '20230101')
    const unit = (await identity.personById(db, student))?.unit_id ?? ''
    assert.equal((await identity.tutorOf(db, student))?.name, '李敏')
    assert.equal((await identity.headOf(db, unit))?.name, '李敏')
    assert.equal((await identity.unitById(db, unit))?.name_en, 'School of Letters')
    assert.deepEqual(await identity.holdersOf(db, 'registrar', unit), [await idOf(world, '10001')])
    assert.deepEqual(await identity.admins(db), [await idOf(world, '10001')])
    assert.equal(await identity.wecomUseridOf(db, student), '20230101')
    assert.deepEqual(await identity.contactOf(db, student), { email: 'chen@minghu.example', phone: '19900000003' })
  })

  it('keeps neither ID numbers nor phones readable', async t => {
    const { db } = await opened(t)
    const text = JSON.stringify([await db.selectFrom('identity_people').selectAll().execute(), await db.selectFrom('identity_import_slices').selectAll().execute(), await db.selectFrom('identity_imports').selectAll().execute()])
    for (const secret of ['110199200508090019', '19900000003']) assert.ok(!text.includes(secret), `${secret} can be read`)
  })

  it('changes nothing the second time', async t => {
    const world = await opened(t)
    const before = JSON.stringify(await world.db.selectFrom('identity_people').selectAll().orderBy('id').execute())
    assert.deepEqual((await put(world, 'units', unitRows)).counts, { created: 0, changed: 0, unchanged: 3 })
    assert.deepEqual((await put(world, 'staff', staffRows)).counts, { created: 0, changed: 0, unchanged: staffRows.length })
    assert.deepEqual((await put(world, 'students', studentRows)).counts, { created: 0, changed: 0, unchanged: 2 })
    assert.equal(JSON.stringify(await world.db.selectFrom('identity_people').selectAll().orderBy('id').execute()), before)
  })

  it('changes what the file says and nothing about which it is silent', async t => {
    const world = await opened(t)
    const silent = studentRows.map(({ 手机号: _phone, 电子邮箱: _mail, ...row }) => row)
    assert.deepEqual((await put(world, 'students', edited(silent, 0, { 班级: '中文2302' }))).counts, { created: 0, changed: 1, unchanged: 1 })
    const id = await idOf(world, '20230101')
    assert.deepEqual(await world.identity.contactOf(world.db, id), { email: 'chen@minghu.example', phone: '19900000003' })
    assert.equal((await world.identity.factsOf(world.db, id, '20230101'))['class_name'], '中文2302')
    await put(world, 'students', edited(studentRows, 0, { 手机号: null }))
    assert.equal((await world.identity.contactOf(world.db, id)).phone, null, 'an empty cell says there is none')
  })

  it('writes nothing when a row is wrong, and tells which cell', async t => {
    const world = await openIdentity(t)
    await put(world, 'units', unitRows)
    await put(world, 'staff', staffRows)
    const wrong = [...edited(studentRows, 0, { 证件号码: '110199200508090018' }), { ...studentRows[1], 学号: '20230103', 证件号码: '110199200102030032', 院系编号: '9999' }, { ...studentRows[1], 学号: '20230104', 证件号码: '110199199009090051', 辅导员工号: '77777' }]
    const report = await put(world, 'students', wrong)
    assert.equal(report.written, false)
    assert.deepEqual(report.errors, [
      { row: 2, column: '证件号码', sentence: '身份证号的校验位不对，请核对有没有抄错' },
      { row: 4, column: '院系编号', sentence: '没有编号是 {code} 的部门，请先导入部门', params: { code: '9999' } },
      { row: 5, column: '辅导员工号', sentence: '没有工号是 {number} 的教职工，请先导入教职工', params: { number: '77777' } },
    ])
    assert.equal(await world.identity.personByNumber(world.db, '20230102'), null)
  })

  it('writes the good rows alone when asked to', async t => {
    const world = await openIdentity(t)
    await put(world, 'units', unitRows)
    await put(world, 'staff', staffRows)
    const report = await put(world, 'students', edited(studentRows, 0, { 性别: '?' }), true)
    assert.deepEqual([report.written, report.counts.created, report.errors.length], [true, 1, 1])
    assert.equal(await world.identity.personByNumber(world.db, '20230101'), null)
    assert.ok(await world.identity.personByNumber(world.db, '20230102'))
  })

  it('gives a new number to the person whose ID number it is', async t => {
    const world = await opened(t)
    const { identity, db } = world
    const master = { ...studentRows[0], 学号: 'M2027001', 培养层次: '硕士研究生', 入学日期: '2027-09-01', 预计毕业日期: '2030-06-30', 电子邮箱: 'master@minghu.example' }
    const both = [...edited(studentRows, 0, { 学籍状态: '毕业' }), master]
    assert.deepEqual((await put(world, 'students', both)).counts, { created: 1, changed: 1, unchanged: 1 })
    const id = await idOf(world, '20230101')
    assert.equal(await idOf(world, 'M2027001'), id)
    assert.equal((await identity.personById(db, id))?.number, 'M2027001')
    assert.equal((await identity.contactOf(db, id)).email, 'master@minghu.example')
    assert.deepEqual((await put(world, 'students', both)).counts, { created: 0, changed: 0, unchanged: 3 }, 'the line of the earlier number undoes nothing')
    assert.equal(await identity.wecomUseridOf(db, id), 'M2027001')
  })

  it('refuses one ID number under two names, and a number of the wrong kind', async t => {
    const world = await opened(t)
    const stolen = { ...studentRows[1], 学号: '20230109', 证件号码: '110199200508090019' }
    assert.deepEqual((await put(world, 'students', [stolen])).errors.map(error => [error.column, error.sentence]), [['姓名', '同一证件号码已经是{name}（{number}）的，姓名不一致']])
    const staff = { ...staffRows[1], 工号: '20230101', 证件号码: '110199200102030032' }
    assert.deepEqual((await put(world, 'staff', [staff])).errors.map(error => error.column), ['工号'])
  })

  it('takes a role back that the file no longer gives, and leaves those given by hand', async t => {
    const world = await opened(t)
    const { identity, db, database } = world
    const id = await idOf(world, '10002')
    await database.write(tx => identity.grantRole(tx, null, { person_id: id, role: 'operator', scope_kind: 'all', scope_id: '', reason: '迎新现场' }))
    await put(world, 'staff', edited(staffRows, 1, { 角色: null }))
    assert.deepEqual([await identity.holdersOf(db, 'tutor'), await identity.holdersOf(db, 'operator')], [[], [id]])
  })

  it('does not bind again what was unbound, unless the file names the member', async t => {
    const world = await opened(t)
    const { identity, db, database } = world
    const id = await idOf(world, '20230101')
    await database.write(tx => identity.unbind(tx, { person_id: id, number: '20230101' }, '20230101'))
    await put(world, 'students', edited(studentRows, 0, { 班级: '中文2303' }))
    assert.equal(await identity.wecomUseridOf(db, id), null)
    await put(world, 'students', edited(studentRows, 0, { 企业微信账号: 'ChenSiyuan' }))
    assert.equal(await identity.wecomUseridOf(db, id), 'ChenSiyuan')
    assert.equal((await identity.personByWecomUserid(db, 'chensiyuan'))?.number, '20230101')
    const taken = await put(world, 'students', edited(studentRows, 1, { 企业微信账号: 'CHENSIYUAN' }))
    assert.deepEqual(taken.errors.map(error => error.column), ['企业微信账号'])
  })

  it('refuses a unit above itself', async t => {
    const world = await opened(t)
    const circle = unitRows.map(row => (row['部门编号'] === '0100' ? { ...row, 上级部门编号: '0101' } : row))
    assert.deepEqual((await put(world, 'units', circle)).errors.map(error => error.sentence), ['部门不能是自己的上级'])
  })

  it('of departments says nothing about columns that it has not', async t => {
    const world = await opened(t)
    const short = unitRows.map(({ 部门编号, 部门名称 }) => ({ 部门编号: 部门编号 ?? null, 部门名称: `${String(部门名称)}（新）` }))
    assert.deepEqual((await put(world, 'units', short)).counts, { created: 0, changed: 3, unchanged: 0 })
    const letters = (await world.identity.listUnits(world.db)).find(unit => unit.code === '0101')
    assert.deepEqual([letters?.name, letters?.name_en, letters?.kind, letters?.head_number, letters?.parent_id !== null], ['文学院（新）', 'School of Letters', 'school', '10002', true])
  })

  it('of the sample university comes in whole, and again without a change', async t => {
    const world = await openIdentity(t)
    for (const round of ['created', 'unchanged'] as const) {
      for (const [kind, rows] of [['units', 15], ['staff', 80], ['students', 348]] as const) {
        const report = await world.identity.importRoster(kind, await sample(kind), { file_name: kind })
        assert.deepEqual([report[round], report.errors], [rows, []])
      }
    }
    assert.equal((await world.identity.searchPeople(world.db, { q: 'glbhe' })).people[0]?.name, '古丽巴哈尔·艾合买提')
  })
})

describe('an import as a job', () => {
  it('is applied slice by slice, and a slice that runs twice writes once', async t => {
    const world = await opened(t)
    const { database, clock, identity, db } = world
    const runner = createRunner({ database, works: identity.jobs, clock, log: quietLog })
    const drain = () => createEmbeddedDispatcher({ database, runner, log: quietLog }).drain()
    const vault = createVault(world.keyring)
    await identity.importRoster('units', await sample('units'), { file_name: 'units' })
    await identity.importRoster('staff', await sample('staff'), { file_name: 'staff', goodRows: true })
    const bytes = await sample('students')
    const id = await database.write(tx => receiveImport(tx, vault, null, { kind: 'students', file_name: 'students.xlsx', bytes }))
    await drain()
    const run = await database.write(async tx => {
      const begun = await beginImport(tx, null, id, { goodRows: false })
      await queueSlice(tx, id, begun)
      return begun
    })
    await assert.rejects(database.write(tx => beginImport(tx, null, id, { goodRows: false })), (error: unknown) => error instanceof AppError && error.message === '这份名单正在导入')
    await drain()
    const done = await db.selectFrom('identity_imports').select(['status', 'finished_at']).where('id', '=', id).executeTakeFirst()
    assert.deepEqual({ ...done }, { status: 'done', finished_at: clock.now() })
    await database.write(tx => applySlice(tx, vault, id, 0, run))
    const { people } = await db.selectFrom('identity_people').select(each => each.fn.countAll<number>().as('people')).executeTakeFirstOrThrow()
    assert.equal(Number(people), 422 + 2)
  })
})
