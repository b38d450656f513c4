import assert from 'node:assert/strict'
import { test } from 'node:test'
import { composeMembers, readTree } from '../../src/features/identity/compose-members.ts'
import { superiorNumbers } from '../../src/features/identity/rules/superior.ts'
import { startTestApp } from '../support/app.ts'
import { makeSample } from '../support/make-sample.ts'
import { csvOf } from '../support/roster.ts'

test('the superior is whom the roster names, then the heads upwards; nobody is their own', () => {
  const units = new Map([
    ['cs', { id: 'cs', parent_id: 'faculty', head_number: 'H1' }], ['faculty', { id: 'faculty', parent_id: 'top', head_number: 'H2' }],
    ['top', { id: 'top', parent_id: null, head_number: null }], ['round', { id: 'round', parent_id: 'round', head_number: 'H9' }],
  ])
  const rows: [string, Parameters<typeof superiorNumbers>[1], string[]][] = [
    ['named', { number: 'a', unit_id: 'cs', leader_number: 'b' }, ['b', 'H1', 'H2']], ['not named', { number: 'a', unit_id: 'cs', leader_number: null }, ['H1', 'H2']],
    ['the head', { number: 'H1', unit_id: 'cs', leader_number: null }, ['H2']], ['the topmost head', { number: 'H2', unit_id: 'faculty', leader_number: null }, []],
    ['the head, named too', { number: 'a', unit_id: 'cs', leader_number: 'H1' }, ['H1', 'H2']], ['a circle of departments', { number: 'a', unit_id: 'round', leader_number: null }, ['H9']],
    ['a department that is gone', { number: 'a', unit_id: 'gone', leader_number: 'b' }, ['b']],
  ]
  for (const [what, placed, expected] of rows) assert.deepEqual(superiorNumbers(units, placed), expected, what)
})

/** The staff of the sample as a file, with changes by number; only what a roster must say and the superior. */
async function staffFile(change: Record<string, Record<string, string>>): Promise<Buffer> {
  const head = ['工号', '姓名', '性别', '证件号码', '部门编号', '入职日期', '直接上级工号', '在职状态']
  const rows = (makeSample()['staff']?.rows ?? []).map(row => ({ ...Object.fromEntries(head.map(name => [name, String(row[name] ?? '')])), ...change[String(row['工号'])] }))
  return await csvOf(rows, head)
}

test('posts, superiors and deputies come with the rosters, go to WeCom, and follow who leaves', async t => {
  const { app, drain } = await startTestApp(t)
  const { identity, database: { db } } = app
  const directory = identity.directory(db)
  const placeOf = (number: string) => db.selectFrom('identity_numbers').select(['person_id', 'unit_id', 'tutor_id']).where('number', '=', number).executeTakeFirstOrThrow()
  const [tutor, deputy, head] = [await placeOf('10002'), await placeOf('10005'), await placeOf('10001')]
  const student = await db.selectFrom('identity_numbers').select('person_id').where('tutor_id', '=', tutor.person_id).where('standing', '=', 'enrolled').orderBy('number').limit(1).executeTakeFirstOrThrow()
  async function line(from: string): Promise<string[]> {
    const next = await directory.leaderOf(from)
    return next === null ? [] : [next, ...await line(next)]
  }

  assert.deepEqual(await line(student.person_id), [tutor.person_id, deputy.person_id, head.person_id])
  assert.deepEqual(await directory.deputiesOf(head.unit_id), [deputy.person_id])
  assert.deepEqual(await directory.holdersOfPost('副院长', head.unit_id), [deputy.person_id])
  assert.equal((await directory.holdersOfPost('副院长')).length, 8)
  assert.deepEqual(await directory.unitByCode('0101'), await directory.unit(head.unit_id))

  // What WeCom is told of the superior is the same answer.
  const told = async (number: string) => (await composeMembers(db, { root: 1, consents: () => app.privacy }, await readTree(db), [number])).get(number)?.content.direct_leader
  assert.deepEqual([await told('10002'), await told('10005')], ['10005', '10001'])

  // The deputy goes: those who answered to the deputy answer to the head, and no rule finds the deputy any more.
  const gone = await identity.importRoster('staff', await staffFile({ 10005: { 在职状态: '离职' } }), { file_name: 'staff.csv' })
  assert.deepEqual([gone.errors, gone.changed], [[], 1])
  await drain()
  const after = identity.directory(db)
  assert.deepEqual([await after.leaderOf(tutor.person_id), await after.deputiesOf(head.unit_id), await after.holdersOfPost('副院长', head.unit_id)], [head.person_id, [], []])

  // Another superior, further down in the same file; oneself is refused.
  const moved = await identity.importRoster('staff', await staffFile({ 10002: { 直接上级工号: '10046' }, 10005: { 在职状态: '离职' } }), { file_name: 'staff.csv' })
  assert.deepEqual([moved.errors, moved.changed], [[], 1])
  assert.equal(await identity.directory(db).leaderOf(tutor.person_id), (await identity.personByNumber(db, '10046'))?.id)
  const refused = await identity.importRoster('staff', await staffFile({ 10003: { 直接上级工号: '10003' } }), { file_name: 'staff.csv' })
  assert.deepEqual(refused.errors.map(({ column, sentence }) => [column, sentence]), [['直接上级工号', '直接上级不能是本人']])
})

test('deputies are a list of numbers; what is none is told in its cell', async t => {
  const { app: { identity, database: { db } } } = await startTestApp(t)
  const file = (deputies: string) => csvOf([{ 部门编号: '0101', 部门名称: '文学院', 副职工号: deputies }], ['部门编号', '部门名称', '副职工号'])
  const sent = async (deputies: string) => await identity.importRoster('units', await file(deputies), { file_name: 'units.csv' })
  assert.deepEqual([(await sent('10003、 10004')).changed, (await sent('10003，10004')).unchanged], [1, 1])
  const directory = identity.directory(db)
  const unit = await directory.unitByCode('0101')
  const numbers = (await directory.people(await directory.deputiesOf(unit?.id ?? ''))).map(person => person.number)
  assert.deepEqual(numbers.toSorted(), ['10003', '10004'])
  for (const wrong of ['李敏', '1'.repeat(33), Array.from({ length: 11 }, (_, at) => `100${at}`).join('、')]) {
    assert.deepEqual((await sent(wrong)).errors.map(({ column }) => column), ['副职工号'], wrong)
  }
  assert.equal((await sent('')).changed, 1)
  assert.deepEqual(await identity.directory(db).deputiesOf(unit?.id ?? ''), [])
})
