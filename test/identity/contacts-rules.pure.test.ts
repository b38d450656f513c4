import assert from 'node:assert/strict'
import { test } from 'node:test'
import { marksOf, mobileMark } from '../../src/features/identity/compose-members.ts'
import { compareMember, type Theirs } from '../../src/features/identity/rules/compare-members.ts'
import { isContactEvent, readContactEvent } from '../../src/features/identity/rules/contact-events.ts'
import { paced } from '../../src/features/identity/rules/contact-run.ts'
import { fieldsToWrite, type MemberContent, placeMember, wantedState } from '../../src/features/identity/rules/member-content.ts'
import { planDepartments } from '../../src/features/identity/rules/plan-departments.ts'
import { departmentName, linkUnits, wantedDepartments } from '../../src/features/identity/rules/unit-departments.ts'
import { createKeyring } from '../../src/platform/keys.ts'

const unit = (id: string, name: string, parent_id: string | null = null, created_at = 0) => ({ id, code: id, name, parent_id, created_at })
const there = (id: number, name: string, parentid: number) => ({ id, name, parentid })

const names: [string, string][] = [
  ['教务处', '教务处'], [' 教务处 ', '教务处'], ['a\\b:c*d?e"f<g>h｜i', 'a＼b：c＊d？e＂f＜g＞h-i'], ['', '-'], ['长'.repeat(80), '长'.repeat(64)],
]
for (const [name, taken] of names) test(`the name ${name.slice(0, 12)} is one that WeCom takes`, () => assert.equal(departmentName(name), taken))

test('units come parents first, twins carry their code, and a circle has an end', () => {
  const wanted = wantedDepartments([unit('3', '科', '2'), unit('2', '处'), unit('4', '科', '2'), unit('5', '甲', '6'), unit('6', '乙', '5')])
  assert.deepEqual(wanted.slice(0, 1).map(each => each.name), ['处'])
  assert.deepEqual(wanted.filter(each => each.parent === '2').map(each => each.name), ['科', '科（4）'])
})

test('units are joined to departments of the same name in the same place, and to no other', () => {
  const wanted = wantedDepartments([unit('a', '教务处'), unit('b', '学籍科', 'a'), unit('c', '学籍科')])
  const links = linkUnits(wanted, [there(1, '大学', 0), there(2, '教务处', 1), there(3, '学籍科', 2)], new Map(), 1)
  assert.deepEqual([...links], [['a', 2], ['b', 3]])
  const known = linkUnits(wanted, [there(1, '大学', 0), there(2, '换了名字', 1), there(3, '学籍科', 2)], new Map([['a', 2], ['c', 99]]), 1)
  assert.deepEqual([...known], [['a', 2], ['b', 3]], 'what is known stays, what is gone does not')
})

test('a school that is its own first unit stands at the root', () => {
  const links = linkUnits(wantedDepartments([unit('a', '明湖大学'), unit('b', '教务处', 'a')]), [there(1, '明湖大学', 0), there(2, '教务处', 1)], new Map(), 1)
  assert.deepEqual([...links], [['a', 1], ['b', 2]])
})

test('a department is made when its parent is there, when it is new or asked for, and not below the fifteenth level', () => {
  const deep = Array.from({ length: 15 }, (_, at) => there(at + 1, `第${at + 1}级`, at))
  const plan = (isNew: boolean, asked: string[] = [], ignored: string[] = []) => planDepartments({
    wanted: wantedDepartments([unit('a', '处'), unit('b', '科', 'a')]), there: [there(1, '大学', 0)], links: new Map(), rows: [], root: 1,
    isIgnored: subject => ignored.includes(subject), isNew: () => isNew, asked: new Set(asked),
  }).map(act => act.act)
  assert.deepEqual([plan(true), plan(false), plan(false, ['u:a']), plan(true, [], ['u:a'])], [['create'], [], ['create'], []])
  const acts = planDepartments({ wanted: wantedDepartments([unit('a', '处')]), there: deep, links: new Map(), rows: [], root: 15, isIgnored: () => false, isNew: () => true, asked: new Set() })
  assert.deepEqual(acts, [{ act: 'refuse', unit_id: 'a', problem: 'contacts:too-deep' }])
})

const settings = { push: 'joined', leavers: 'disable' } as const
const states: [Parameters<typeof wantedState>[0], Parameters<typeof wantedState>[1], string | null][] = [
  [{ standing: 'enrolled', wish: null, present: false }, settings, null], [{ standing: 'enrolled', wish: null, present: true }, settings, 'present'],
  [{ standing: 'enrolled', wish: 'present', present: false }, settings, 'present'], [{ standing: 'enrolled', wish: null, present: false }, { ...settings, push: 'everyone' }, 'present'],
  [{ standing: 'graduated', wish: null, present: true }, settings, 'present'], [{ standing: 'graduated', wish: null, present: false }, { ...settings, push: 'everyone' }, null],
  [{ standing: 'left', wish: null, present: true }, settings, 'disabled'], [{ standing: 'left', wish: 'present', present: true }, { ...settings, leavers: 'delete' }, 'gone'],
  [{ standing: 'left', wish: null, present: true }, { ...settings, leavers: 'keep' }, null], [{ standing: 'left', wish: null, present: false }, settings, null],
  [{ standing: 'enrolled', wish: 'gone', present: true }, settings, 'gone'],
]
for (const [each, how, state] of states) {
  test(`${each.standing}, ${each.present ? 'there' : 'not there'}, wished ${each.wish}, with ${how.push} and ${how.leavers}: ${state}`, () => assert.equal(wantedState(each, how), state))
}

const content: MemberContent = { name: '张三', department: 2, position: '科员', leader: 0, direct_leader: 'boss', enable: 1, mobile: 'm', email: null }
const agreeing: Theirs = { userid: 'U1', name: '张三', department: [2, 9], main_department: 2, position: '科员', is_leader_in_dept: [0, 1], direct_leader: ['BOSS'], status: 1 }
const words = { department: String, member: String }
const comparisons: [string, Partial<Theirs>, Partial<MemberContent>, string[]][] = [
  ['nothing', {}, {}, []], ['the name', { name: '张叁' }, {}, ['name']], ['the department', { department: [9], is_leader_in_dept: [1] }, {}, ['department']],
  ['the main department', { main_department: 9 }, {}, ['department']], ['the position', { position: '' }, {}, ['position']], ['a position we say nothing of', { position: '班长' }, { position: null }, []],
  ['the head', { is_leader_in_dept: [1, 0] }, {}, ['leader']], ['the superior', { direct_leader: [] }, {}, ['direct_leader']], ['a superior we say nothing of', { direct_leader: ['x'] }, { direct_leader: null }, []],
  ['being enabled', { status: 2 }, {}, ['enable']], ['not being active yet', { status: 4 }, {}, []],
]
for (const [what, theirs, ours, fields] of comparisons) {
  test(`compared: ${what}`, () => assert.deepEqual(compareMember('1', { ...content, ...ours }, 'present', { ...agreeing, ...theirs }, words).map(found => found.field), fields))
}

test('only what changed is written, and what we say nothing of is not', () => {
  assert.deepEqual(fieldsToWrite(content, { ...content, name: '李四', position: null }), ['name'])
  assert.deepEqual(fieldsToWrite(null, { ...content, mobile: null, direct_leader: null, leader: null, position: null }), ['name', 'department', 'enable'])
})

test('of a member\'s departments ours comes first, and others stay with their heads', () => {
  assert.deepEqual(placeMember({ department: 5, leader: 1 }, { department: [2, 9], is_leader_in_dept: [0, 1] }, id => id === 2), { department: [5, 9], is_leader_in_dept: [1, 1] })
  assert.deepEqual(placeMember({ department: 5, leader: null }, null, () => false), { department: [5], is_leader_in_dept: [0] })
  assert.equal(placeMember({ department: 5, leader: 0 }, { department: Array.from({ length: 40 }, (_, at) => at + 100) }, () => false).department.length, 20)
})

test('calls are counted by the minute', () => {
  let state = paced({}, 4, 5, 1_000_000)
  assert.equal(state.wait, 0)
  state = paced(state.totals, 1, 5, 1_010_000)
  assert.deepEqual([state.wait, state.totals['calls']], [50_000, 5])
  assert.equal(paced(state.totals, 1, 5, 1_060_000).wait, 0)
})

test('a phone is the same under a new key, and changes under it', () => {
  const [old, both, fresh] = [[1], [2, 1], [2]].map(keys => createKeyring(keys.map(key => Buffer.alloc(32, key))))
  assert.ok(old && both && fresh)
  const [said = ''] = marksOf(old, '+8613800000001')
  assert.deepEqual(mobileMark(said, marksOf(old, '138-0000-0001')), { mark: said, stale: false })
  assert.deepEqual(mobileMark(said, marksOf(both, '13800000001')), { mark: said, stale: true }, 'to be marked anew')
  assert.notEqual(mobileMark(said, marksOf(both, '13800000002')).mark, said)
  assert.deepEqual(mobileMark(said, marksOf(fresh, '13800000002')), { mark: said, stale: true }, 'nobody can tell: nothing is written')
  assert.ok(!said.includes('138'))
})

const events: [Record<string, string>, unknown][] = [
  [{ Event: 'subscribe' }, { kind: 'member', userid: 'who', change: 'followed', renamed: null }], [{ Event: 'unsubscribe' }, { kind: 'member', userid: 'who', change: 'left-range', renamed: null }],
  [{ ChangeType: 'update_user', UserID: 'a', NewUserID: 'b' }, { kind: 'member', userid: 'a', change: 'there', renamed: 'b' }], [{ ChangeType: 'delete_user', UserID: 'a' }, { kind: 'member', userid: 'a', change: 'gone', renamed: null }],
  [{ ChangeType: 'create_party', Id: '7', Name: '处', ParentId: '1' }, { kind: 'department', id: 7, change: 'there', name: '处', parent: 1 }], [{ ChangeType: 'update_party', Id: '7' }, { kind: 'department', id: 7, change: 'there', name: null, parent: null }],
  [{ ChangeType: 'delete_party', Id: '7' }, { kind: 'department', id: 7, change: 'gone', name: null, parent: null }], [{ Event: 'batch_job_result' }, { kind: 'import' }],
  [{ ChangeType: 'update_tag', TagId: '1' }, null], [{ ChangeType: 'create_user', UserID: '../x' }, null], [{ ChangeType: 'create_party', Id: '0' }, null],
]
for (const [fields, read] of events) {
  test(`read: ${JSON.stringify(fields)}`, () => assert.deepEqual(readContactEvent({ event: fields['Event'] ?? 'change_contact', from: 'who', fields }), read))
}

test('clicks are nobody\'s business here, nor contact changes that come over the app', () => {
  assert.deepEqual([isContactEvent('wecom', 'template_card_event'), isContactEvent('wecom', 'change_contact'), isContactEvent('contacts', 'change_contact'), isContactEvent('wecom', 'subscribe')], [false, false, true, true])
})
