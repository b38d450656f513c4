import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { createVault } from '../../src/features/identity/vault.ts'
import { applySlice } from '../../src/features/identity/verbs/import/apply.ts'
import { beginImport } from '../../src/features/identity/verbs/import/decide.ts'
import { askMark, markSlice } from '../../src/features/identity/verbs/import/mark.ts'
import { registerImport } from '../../src/features/identity/verbs/import/receive.ts'
import { endGrant } from '../../src/features/identity/verbs/roles.ts'
import { checkFile } from '../../src/features/identity/roster/check-file.ts'
import { checkDigitOf } from '../../src/platform/id-number.ts'
import * as sources from '../../src/integrations/sources/index.ts'
import { openIdentity, staffRows, unitRows, workbookOf } from './world.ts'

type Row = (typeof staffRows)[number]
type World = Awaited<ReturnType<typeof openIdentity>>

/** The small roster: 10001 is the system's administrator, 10003 security's, 10004 audit's; 10002 is a tutor. */
async function opened(t: TestContext): Promise<World> {
  const world = await openIdentity(t)
  for (const [kind, rows] of [['units', unitRows], ['staff', staffRows]] as const) assert.deepEqual((await world.identity.importRoster(kind, await workbookOf(rows), { file_name: kind })).errors, [])
  return world
}

const personOf = async ({ identity, db }: World, number: string): Promise<string> => (await identity.personByNumber(db, number))?.id ?? ''

const holders = async ({ identity, db }: World, role: string): Promise<string[]> => await Promise.all((await identity.holdersOf(db, role)).map(async id => (await identity.personById(db, id))?.number ?? ''))

/** The staff as the roster has them, with these cells changed. */
const changed = (changes: Record<string, Row>, rows: readonly Row[] = staffRows): Row[] => rows.map(row => ({ 在职状态: '在职', ...row, ...changes[String(row['工号'])] }))

/** Teachers enough that the last row of the file is planned apart from the first. */
const fillers: Row[] = Array.from({ length: 250 }, (_, at) => {
  const digits = `11019919900115${String(201 + 2 * at).padStart(3, '0')}`
  return { ...staffRows[1], 工号: String(30001 + at), 姓名: '高明', 证件号码: digits + checkDigitOf(digits), 角色: null, 手机号: null, 电子邮箱: null }
})
const [head = {}, ...others] = staffRows

const cases: { title: string; rows: Row[]; refused: [row: number, column: string, role: string][]; also?: { number: string; role: string } }[] = [
  { title: 'no role for the last system administrator', rows: changed({ 10001: { 角色: null } }), refused: [[2, '角色', '系统管理员']] },
  { title: 'no role for the last security administrator', rows: changed({ 10003: { 角色: null } }), refused: [[4, '角色', '安全管理员']] },
  { title: 'no role for the last audit administrator', rows: changed({ 10004: { 角色: null } }), refused: [[5, '角色', '审计管理员']] },
  { title: 'another role instead', rows: changed({ 10001: { 角色: '教务员(全校)' } }), refused: [[2, '角色', '系统管理员']] },
  { title: 'an empty column', rows: changed(Object.fromEntries(staffRows.map(row => [String(row['工号']), { 角色: null }]))), refused: [[2, '角色', '系统管理员'], [4, '角色', '安全管理员'], [5, '角色', '审计管理员']] },
  { title: 'the last one has left', rows: changed({ 10004: { 在职状态: '离职' } }), refused: [[5, '在职状态', '审计管理员']] },
  { title: 'handed over in a row above', rows: changed({ 10002: { 角色: '安全管理员' }, 10003: { 角色: null } }), refused: [] },
  { title: 'handed over in a row below, which is not there yet', rows: changed({ 10001: { 角色: null }, 10002: { 角色: '系统管理员' } }), refused: [[2, '角色', '系统管理员']] },
  { title: 'somebody else was given the role by hand', rows: changed({ 10004: { 角色: null } }), also: { number: '10002', role: 'audit' }, refused: [] },
  { title: 'both of two in one file', rows: changed({ 10001: { 角色: null, 在职状态: '离职' }, 10002: { 在职状态: '离职' } }), also: { number: '10002', role: 'admin' }, refused: [[3, '在职状态', '系统管理员']] },
  { title: 'both of two, far from each other in the file', rows: changed({ 10001: { 角色: null }, 10002: { 在职状态: '离职' } }, [head, ...fillers, ...others]), also: { number: '10002', role: 'admin' }, refused: [[253, '在职状态', '系统管理员']] },
  { title: 'a file without the column', rows: staffRows.map(row => Object.fromEntries(Object.entries(row).filter(([title]) => title !== '角色'))), refused: [] },
]

for (const { title, rows, refused, also } of cases) {
  test(`no roster takes the last administrator of a kind away: ${title}`, async t => {
    const world = await opened(t)
    const { identity, database } = world
    if (also) await database.write(async tx => identity.grantRole(tx, null, { person_id: await personOf(world, also.number), role: also.role, scope_kind: 'all', scope_id: '', reason: '接替' }))
    const report = await identity.importRoster('staff', await workbookOf(rows), { file_name: 'staff.xlsx', goodRows: true })
    assert.deepEqual(report.errors.map(({ row, column, params }) => [row, column, params?.['role']]), refused)
    assert.ok(report.errors.every(({ sentence }) => sentence.includes('请先把这个角色授予另一个人')))
    for (const role of ['admin', 'security', 'audit']) assert.equal((await holders(world, role)).length >= 1, true, `somebody is ${role}`)
  })
}

/** A file that is checked and begun, and its first slice. */
async function begun({ database, keyring, clock }: World, rows: readonly Row[]) {
  const vault = createVault(keyring)
  const content = await workbookOf(rows)
  const id = await database.write(tx => registerImport(tx, null, { kind: 'staff', file_name: 'staff.xlsx', bytes: content }))
  await checkFile({ database, sources, vault, clock }, id, content)
  const run = await database.write(tx => beginImport(tx, null, id, { goodRows: true }))
  return { id, write: () => database.write(tx => applySlice(tx, vault, id, 0, run)) }
}

test('who became the last one between preview and writing stays, and the report says why', async t => {
  const world = await opened(t)
  const { identity, database, db } = world
  const grant_id = await database.write(async tx => identity.grantRole(tx, null, { person_id: await personOf(world, '10002'), role: 'audit', scope_kind: 'all', scope_id: '', reason: '接替' }))
  const { id, write } = await begun(world, changed({ 10004: { 角色: null } }))
  const security = await personOf(world, '10003')
  await database.write(tx => endGrant(tx, { person_id: security, number: '10003' }, { grant_id, reason: '不接了' }))
  await write()
  assert.deepEqual(await holders(world, 'audit'), ['10004'])
  const row = await db.selectFrom('identity_import_rows').select(['outcome', 'told']).where('import_id', '=', id).where('number', '=', '10004').executeTakeFirstOrThrow()
  assert.equal(row.outcome, 'refused')
  assert.match(row.told, /最后一位/)
})

test('the button keeps the last of each of the three', async t => {
  const world = await opened(t)
  const { database, db } = world
  for (const [role, other] of [['admin', '10003'], ['security', '10004'], ['audit', '10003']] as const) {
    const { id } = await db.selectFrom('identity_grants').select('id').where('role', '=', role).executeTakeFirstOrThrow()
    const actor = { person_id: await personOf(world, other), number: other }
    await assert.rejects(database.write(tx => endGrant(tx, actor, { grant_id: id, reason: '换人' })), { kind: 'conflict', message: /最后一位/ }, role)
  }
})

test('people missing from the file are marked as left, but not the last administrator of a kind', async t => {
  const world = await opened(t)
  const { database, db } = world
  const { id, write } = await begun(world, fillers.slice(0, 3))
  await write()
  const actor = { person_id: await personOf(world, '10001'), number: '10001' }
  await database.write(tx => askMark(tx, actor, { import_id: id, standing: 'left', reason: '已核对' }))
  const mark = await db.selectFrom('identity_import_marks').select('id').executeTakeFirstOrThrow()
  while (await database.write(tx => markSlice(tx, mark.id)));
  const here = await db.selectFrom('identity_numbers').select('number').where('standing', '=', 'employed').orderBy('number').execute()
  assert.deepEqual(here.map(row => row.number), ['10001', '10003', '10004', '30001', '30002', '30003'])
})
