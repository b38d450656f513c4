import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import type { Approver, Directory, Question, RuleUse } from '../../src/features/approvals/define.ts'
import { askRule, questionOf, ruleOf } from '../../src/features/approvals/rules/ask.ts'
import { faultsOf } from '../../src/features/approvals/rules/check-flow.ts'
import { phrases, textIn } from '../../src/platform/text.ts'
import { approval } from './entries.ts'

const folder = join(import.meta.dirname, '../../src/catalogue/approvers')
const names = readdirSync(folder).map(name => basename(name, '.ts'))
const approvers = new Map(await Promise.all(names.map(async (name): Promise<[string, Approver]> => {
  const { default: approver }: { default: Approver } = await import(join(folder, `${name}.ts`))
  return [approver.name, approver]
})))
const t = textIn('zh')

/** 周青 (zhou) studies at cs, below the faculty; 李敏 (li) tutors, 陈刚 (chen) heads cs with 丁宇 (ding) as deputy, 高远 (gao) the faculty. */
const UNITS = [{ id: 'faculty', code: '0100', name: '理工学部', parent_id: null }, { id: 'cs', code: '0103', name: '计算机学院', parent_id: 'faculty' }, { id: 'lost', code: '0109', name: '筹建学院', parent_id: 'nowhere' }]
const LEADERS: Record<string, string> = { zhou: 'li', li: 'ding', ding: 'chen', chen: 'gao', round: 'about', about: 'round' }
const HEADS: Record<string, string> = { cs: 'chen', faculty: 'gao' }
const POSTS: Record<string, string> = { '教学秘书 cs': 'shi', '档案员 faculty': 'dang' }
const directory: Directory = {
  person: async id => ({ id, name: id, number: id, unit_id: 'cs' }), people: async ids => ids.map(id => ({ id, name: id, number: id, unit_id: 'cs' })),
  personByNumber: async number => number.startsWith('T') ? { id: number.toLowerCase(), name: number, number, unit_id: 'cs' } : null,
  tutorOf: async id => id === 'zhou' ? 'li' : null,
  holdersOf: async (role, unit_id) => role === 'registrar' ? unit_id === undefined ? ['jing', 'mei'] : unit_id === 'cs' ? ['jing'] : [] : [],
  headOf: async id => HEADS[id] ?? null, deputiesOf: async id => id === 'cs' ? ['ding'] : [], leaderOf: async id => LEADERS[id] ?? null,
  holdersOfPost: async (post, unit_id) => Object.entries(POSTS).filter(([key]) => unit_id === undefined ? key.startsWith(`${post} `) : key === `${post} ${unit_id}`).map(([, id]) => id),
  group: async word => word === 'board' ? { name: '评审小组', people: ['gao', 'chen'] } : null,
  unit: async id => UNITS.find(unit => unit.id === id) ?? null, unitByCode: async code => UNITS.find(unit => unit.code === code) ?? null,
  roleName: role => role === 'registrar' ? '教务员' : role, admins: async () => ['sun'], samples: async () => [],
}

type Story = { applicant?: string; unit_id?: string | null; form?: Question['form']; chosen?: Question['chosen'] }
const circumstances = ({ applicant = 'zhou', unit_id = 'cs', form = {}, chosen = {} }: Story) => ({ applicant: { id: applicant, name: applicant, number: null, unit_id }, form, directory, step: 'here', chosen })
async function found(use: RuleUse, story: Story = {}): Promise<string[]> {
  return (await askRule(approvers, use, circumstances(story))).map(({ id, why }) => why ? `${id} ${t(why.phrase, why.params)}` : id)
}

const registrars: RuleUse = { rule: 'role', params: { role: 'registrar' } }
const rows: [what: string, use: RuleUse, expected: string[], story?: Story][] = [
  ['named people, as far as they are known', { rule: 'person', params: { numbers: ['T1', 'X9', 'T2', 'T1'] } }, ['t1', 't2']],
  ['the tutor', { rule: 'tutor' }, ['li']],
  ['holders of a role', registrars, ['jing 担任教务员', 'mei 担任教务员']],
  ['holders of a role for the applicant’s department', { rule: 'role', params: { role: 'registrar', within: 'unit' } }, ['jing 计算机学院的教务员']],
  ['holders of a role for a named department', { rule: 'role', params: { role: 'registrar', unit: '0103' } }, ['jing 计算机学院的教务员'], { unit_id: null }],
  ['holders of a role for who has no department', { rule: 'role', params: { role: 'registrar', within: 'unit' } }, [], { unit_id: null }],
  ['a post anywhere', { rule: 'post', params: { post: '教学秘书' } }, ['shi 担任教学秘书']],
  ['a post in the applicant’s department', { rule: 'post', params: { post: '教学秘书', within: 'unit' } }, ['shi 计算机学院的教学秘书']],
  ['a post in the nearest department above', { rule: 'post', params: { post: '档案员', within: 'unit' } }, ['dang 理工学部的档案员']],
  ['a post in a named department, and not above it', { rule: 'post', params: { post: '档案员', unit: '0103' } }, []],
  ['a post under a department whose upper one is gone', { rule: 'post', params: { post: '档案员', within: 'unit' } }, [], { unit_id: 'lost' }],
  ['the head of the applicant’s department', { rule: 'department-head' }, ['chen 计算机学院负责人']],
  ['the head of the department above', { rule: 'department-head', params: { above: 1 } }, ['gao 理工学部负责人']],
  ['the head of one further up than there is', { rule: 'department-head', params: { above: 2 } }, []],
  ['the head and the deputies of a named department', { rule: 'department-head', params: { unit: '0103', who: 'all' } }, ['chen 计算机学院负责人', 'ding 计算机学院副职']],
  ['the deputies', { rule: 'department-head', params: { who: 'deputies' } }, ['ding 计算机学院副职']],
  ['a department that is not there', { rule: 'department-head', params: { unit: '0999' } }, []],
  ['the members of a group, in its order', { rule: 'group', params: { group: 'board' } }, ['gao 评审小组成员', 'chen 评审小组成员']],
  ['a group that is not there', { rule: 'group', params: { group: 'nowhere' } }, []],
  ['the direct superior', { rule: 'leader', params: { level: 1 } }, ['li 直接上级']],
  ['the second superior', { rule: 'leader', params: { level: 2 } }, ['ding 二级上级']],
  ['a level above the top', { rule: 'leader', params: { level: 9 } }, []],
  ['the superiors up to a level, nearest first', { rule: 'leader', params: { up_to: 3 } }, ['li 直接上级', 'ding 二级上级', 'chen 三级上级']],
  ['every superior', { rule: 'leader', params: { all: true } }, ['li 直接上级', 'ding 二级上级', 'chen 三级上级', 'gao 四级上级']],
  ['superiors in a circle', { rule: 'leader', params: { all: true } }, ['about 直接上级'], { applicant: 'round' }],
  ['nobody’s superior', { rule: 'leader', params: { all: true } }, [], { applicant: 'gao' }],
  ['whom the applicant chose', { rule: 'applicant-choice' }, ['ann'], { chosen: { here: ['ann', 'ben'], there: ['eve'] } }],
  ['whom the applicant chose, several', { rule: 'applicant-choice', params: { most: 2 } }, ['ann', 'ben'], { chosen: { here: ['ann', 'ben', 'cai'] } }],
  ['whom the applicant may choose, and nobody else', { rule: 'applicant-choice', params: { among: registrars, most: 3 } }, ['mei'], { chosen: { here: ['eve', 'mei'] } }],
  ['a choice not made yet', { rule: 'applicant-choice', params: { among: registrars } }, []],
  ['whom an earlier approver chose', { rule: 'previous-choice', params: { by: 'first' } }, ['ann'], { chosen: { here: ['ann'] } }],
  ['people named in the form', { rule: 'form-person', params: { field: 'guests' } }, ['ann', 'ben'], { form: { guests: ['ann', 'ben', 7, null, 'ann'] } }],
  ['a person named in the form', { rule: 'form-person', params: { field: 'host' } }, ['ann'], { form: { host: 'ann' } }],
  ['a field of the form that is empty', { rule: 'form-person', params: { field: 'host' } }, []],
  ['a field of every object’s', { rule: 'form-person', params: { field: 'constructor' } }, []],
  ['the head of a department named in the form', { rule: 'form-department', params: { field: 'unit' } }, ['gao 理工学部负责人'], { form: { unit: 'faculty' } }],
  ['a role of a department named in the form', { rule: 'form-department', params: { field: 'unit', role: 'registrar' } }, ['jing 计算机学院的教务员'], { form: { unit: ['cs', 'gone'] } }],
]
for (const [what, use, expected, story] of rows) test(`who acts: ${what}`, async () => assert.deepEqual(await found(use, story), expected))

test('who acts: the first condition that holds, and the inner rule says why', async () => {
  const use: RuleUse = { rule: 'expression', params: {
    cases: [{ when: { field: 'days', over: 7 }, use: { rule: 'leader', params: { level: 3 } } }, { when: { any: [{ field: 'days', over: 3 }, { field: 'abroad', is: true }] }, use: { rule: 'department-head' } }],
    otherwise: { rule: 'tutor' },
  } }
  assert.deepEqual(await found(use, { form: { days: 9 } }), ['chen 三级上级'])
  assert.deepEqual(await found(use, { form: { days: 2, abroad: true } }), ['chen 计算机学院负责人'])
  assert.deepEqual(await found(use, { form: { days: 2 } }), ['li 申请人的辅导员'])
})

test('a rule that waits for a choice says who may be chosen', async () => {
  const candidates = (use: RuleUse) => ruleOf(approvers, use).candidates?.(questionOf(approvers, use, circumstances({})))
  assert.deepEqual(await candidates({ rule: 'applicant-choice', params: { among: registrars } }), ['jing', 'mei'])
  assert.equal(await candidates({ rule: 'previous-choice', params: { by: 'first' } }), null)
})

test('each rule says what is wrong with its params, and what is right passes', () => {
  const said = (use: RuleUse) => faultsOf({ nodes: [approval('x', { approver: use })] }, approvers).map(fault => t(fault.sentence, fault.params))
  for (const [what, use] of rows) assert.deepEqual(said(use), [], what)
  const deep = (n: number): RuleUse => n === 0 ? registrars : { rule: 'applicant-choice', params: { among: deep(n - 1) } }
  const wrong: [RuleUse, string][] = [
    [{ rule: 'leader' }, '上级的级数要写一种：level、up_to 或 all'], [{ rule: 'leader', params: { level: 1, all: true } }, '上级的级数要写一种：level、up_to 或 all'],
    [{ rule: 'leader', params: { level: 0 } }, '上级的级数应是 1 到 10 的整数'], [{ rule: 'leader', params: { up_to: 1.5 } }, '上级的级数应是 1 到 10 的整数'], [{ rule: 'leader', params: { all: 'yes' } }, '上级的级数应是 1 到 10 的整数'],
    [{ rule: 'post' }, '没有写明岗位'], [{ rule: 'post', params: { post: '秘书', within: 'school' } }, '岗位的范围只能是申请人所在部门'], [{ rule: 'post', params: { post: '秘书', within: 'unit', unit: '0103' } }, '岗位的范围只能写一种：unit 或 within'],
    [{ rule: 'post', params: { post: '秘书', unit: '' } }, '没有写明部门的编号'], [{ rule: 'role', params: { role: 'a', unit: 7 } }, '没有写明部门的编号'], [{ rule: 'role', params: { role: 'a', unit: '7', within: 'unit' } }, '角色的范围只能写一种：unit 或 within'],
    [{ rule: 'department-head', params: { unit: 3 } }, '没有写明部门的编号'], [{ rule: 'department-head', params: { above: -1 } }, '往上的级数应是 0 到 10 的整数'], [{ rule: 'department-head', params: { who: 'me' } }, '部门的办理人只能是 head、deputies 或 all'],
    [{ rule: 'applicant-choice', params: { most: 0 } }, '最多选几人应是 1 到 50 的整数'], [{ rule: 'applicant-choice', params: { among: 'all' } }, '没有写明可以选谁'], [{ rule: 'applicant-choice', params: { among: { rule: 'oracle' } } }, '没有叫“oracle”的办理人规则'],
    [{ rule: 'applicant-choice', params: { among: { rule: 'role' } } }, '没有写明角色'], [deep(3), '办理人规则套得太深'],
    [{ rule: 'group' }, '没有写明工作组的代号'], [{ rule: 'previous-choice' }, '没有写明由哪个环节来选'], [{ rule: 'form-person' }, '没有写明表单的字段'], [{ rule: 'form-department', params: { field: 'a', role: '' } }, '没有写明角色'],
    [{ rule: 'expression', params: { cases: [] } }, '条件要写成 1 到 50 个，每个有 when 和 use'], [{ rule: 'expression', params: { cases: [{ when: { field: 'a' }, use: registrars }] } }, '条件的格式不正确'],
    [{ rule: 'expression', params: { cases: [{ when: { field: 'a', is: 1 }, use: registrars }], otherwise: 'x' } }, '没有写明其他情况由谁办理'],
  ]
  for (const [use, sentence] of wrong) {
    assert.deepEqual(said(use), [sentence], JSON.stringify(use))
    assert.ok(phrases().has(sentence) || sentence.includes('oracle'), sentence)
  }
})

test('a file is called as its rule, and all its Chinese has English', () => {
  for (const name of names) {
    assert.equal(approvers.get(name)?.name, name)
    const source = readFileSync(join(folder, `${name}.ts`), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '')
    for (const [, words = ''] of source.matchAll(/'([^'\n]*\p{Script=Han}[^'\n]*)'/gu)) assert.ok(phrases().has(words), `${name}: ${words}`)
  }
})
