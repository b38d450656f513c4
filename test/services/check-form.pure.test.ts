import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { readService } from '../../src/features/services/catalogue.ts'
import { readForm } from '../../src/features/services/rules/form.ts'

const text = readFileSync(join(import.meta.dirname, 'catalogue/every-field.json'), 'utf8')
const open = (definition: string) => readService('x', definition, { file: 'x.json', flowFaults: () => [] })
type Draft = { form: { fields: Record<string, unknown>[] }; flow: { nodes: Record<string, unknown>[] } }
const field = (draft: Draft, key: string) => draft.form.fields.find(one => one.key === key) ?? assert.fail(key)

function faultsOf(definition: string): string {
  try {
    open(definition)
  } catch (error) {
    return String(Object(error).params?.faults ?? error)
  }
  return ''
}

test('the service with every type is a good one, and its sample is accepted', () => {
  const { form, definition } = open(text)
  assert.deepEqual(Object.entries(readForm({ fields: form.fields.filter(one => one.definition.by !== 'approver' && one.names === null) }, definition.sample).faults), [])
})

const deep = (times: number) => Array.from({ length: times }).reduce<unknown>(inner => ({ not: inner }), { field: 'kind', is: 'trip' })
const plain = (n: number) => ({ key: `f${n}`, type: 'text', label: `第${n}项` })
const wrong: [string, (draft: Draft) => void, RegExp][] = [
  ['a thousand fields', draft => { draft.form.fields = Array.from({ length: 1000 }, (_, n) => plain(n)) }, /^\/form\/fields: there are 1000 fields, at most 200 are allowed$/],
  ['more cells than a page can send', draft => { field(draft, 'items').max_rows = 500; draft.form.fields.push({ ...field(draft, 'items'), key: 'more' }) }, /inputs with every table filled, at most 3000/],
  ['a table of a thousand rows', draft => { field(draft, 'items').max_rows = 1000 }, /max_rows must be <= 500/],
  ['a condition of a thousand levels', draft => { field(draft, 'kind_other').when = deep(1000) }, /nested more than 60 levels deep/],
  ['a condition of seven levels', draft => { field(draft, 'kind_other').when = deep(7) }, /\/when: nested too deep to be read/],
  ['a key that is a name of JavaScript', draft => { draft.form.fields.push({ key: 'constructor', type: 'text', label: '甲' }) }, /constructor has a name that JavaScript keeps for itself/],
  ['a column that is one', draft => { Object.assign(field(draft, 'items'), { columns: [{ key: 'constructor', type: 'text', label: '甲' }], sums: [] }); Object.assign(field(draft, 'budget'), { value: 1 }) }, /JavaScript keeps for itself/],
  ['a key that is the prototype', draft => { draft.form.fields.push({ key: '__proto__', type: 'text', label: '甲' }) }, /\/key must match pattern/],
  ['a pattern of the author', draft => { field(draft, 'title').pattern = '.*' }, /additional properties: pattern/],
  ['a reference of the author', draft => { field(draft, 'title').$ref = '#' }, /additional properties: \$ref/],
  ['a condition on what comes later', draft => { field(draft, 'title').when = { field: 'kind', is: 'trip' } }, /no earlier field kind$/],
  ['a condition that cannot hold', draft => { field(draft, 'kind_other').when = { any: [{ field: 'kind', is: 'moon' }] } }, /no earlier field kind can be moon/],
  ['a number that should be over a word', draft => { field(draft, 'insurance').when = { field: 'days', over: 'three' } }, /days is never over or under three/],
  ['a condition on what rests sealed', draft => { field(draft, 'kind_other').when = { field: 'id_number', is: '1' } }, /only 'filled' can be asked/],
  ['a condition on a note', draft => { field(draft, 'kind_other').when = { field: 'tip', filled: true } }, /no earlier field tip/],
  ['a calculation over words', draft => { field(draft, 'income').value = { field: 'title' } }, /no earlier field title is a number/],
  ['a calculation over itself', draft => { field(draft, 'income').value = { field: 'income' } }, /no earlier field income is a number/],
  ['a calculation that is code', draft => { field(draft, 'income').value = 'process.exit()' }, /\/form\/fields\/20/],
  ['days of a number', draft => { field(draft, 'days').value = { days: 'title' } }, /no earlier field title is a range of days/],
  ['the total of no column', draft => { field(draft, 'budget').value = { total: { table: 'items', column: 'name' } } }, /is a table with a column of numbers name/],
  ['a sum of words in a table', draft => { field(draft, 'items').sums = ['name'] }, /no column name can be added up/],
  ['a table in a table', draft => { field(draft, 'items').columns = [{ key: 'a', type: 'table', label: '甲' }] }, /no column can be of type table/],
  ['a column with a condition', draft => { field(draft, 'items').columns = [{ key: 'a', type: 'text', label: '甲', when: { field: 'kind', is: 'trip' } }] }, /a column has no when/],
  ['an option twice', draft => { field(draft, 'kind').options = [{ value: 'a', label: '甲' }, { value: 'a', label: '乙' }] }, /options: a is there twice/],
  ['a leaf twice', draft => { field(draft, 'place').options = [{ value: 'a', label: '甲' }, { value: 'a', label: '乙' }] }, /options: a is there twice/],
  ['bounds that cross', draft => { Object.assign(field(draft, 'people'), { min: 5, max: 1 }) }, /min: is more than max/],
  ['a name prefilled into a number', draft => { field(draft, 'people').prefill = 'name' }, /a number cannot hold name/],
  ['a calculation that must be typed', draft => { field(draft, 'days').required = true }, /required: nobody types it/],
  ['a step that fills in no field', draft => { draft.flow.nodes.push({ id: 'ask', kind: 'trigger', label: '查询', does: { call: 'erp', take: { moon: '/a' } } } as never) }, /step ask fills in a field moon/],
  ['a step that names no field', draft => { Object.assign(draft.flow.nodes[0] ?? {}, { fields: { moon: 'read' } }) }, /step tutor names a field moon/],
  ['a step that writes a calculation', draft => { Object.assign(draft.flow.nodes[0] ?? {}, { fields: { days: 'write' } }) }, /cannot write days/],
  ['a calculation that doubles itself twelve times', draft => { field(draft, 'days').value = Array.from({ length: 12 }).reduce(value => ({ product: [value, value] }), { field: 'people' }) }, /value: of more than 500 parts/],
  ['a step that asks anew what it may not write', draft => { Object.assign(draft.flow.nodes[0] ?? {}, { anew: ['title'] }) }, /step tutor asks title anew and may not write it/],
  ['an approver’s field that no step writes', draft => { Object.assign(draft.flow.nodes[1] ?? {}, { fields: {} }) }, /granted is an approver's, and no step may write it/],
  ['an example of a shape that nobody types', draft => { Object.assign(draft, { sample: { title: 5 } }) }, /^\/sample\/title must be one of string, array, object$/],
]

for (const [what, change, sentence] of wrong) {
  test(`a form with ${what} does not load, and the sentence says why`, () => {
    const draft: Draft = JSON.parse(text)
    change(draft)
    assert.match(faultsOf(JSON.stringify(draft)), sentence)
  })
}

test('an approver’s field that a trigger alone fills in is filled in', () => {
  const draft: Draft = JSON.parse(text)
  Object.assign(draft.flow.nodes[1] ?? {}, { fields: {} })
  draft.flow.nodes.push({ id: 'set', kind: 'trigger', label: '记下金额', does: { set: { granted: 0, stamp: null } } })
  assert.equal(faultsOf(JSON.stringify(draft)), '')
})

test('a definition too large or too deep to be looked at is refused before it is', () => {
  assert.match(faultsOf(text.replace('活动申请', '甲'.repeat(600_000))), /KB, at most 512 KB are allowed/)
  assert.match(faultsOf(`{"form":{"fields":${'['.repeat(50_000)}${']'.repeat(50_000)}}}`), /nested more than 60 levels deep/)
  assert.match(faultsOf(text.replace('"keywords"', '"__proto__": { "title": "x" }, "keywords"')), /__proto__/)
})

test('the longest form that may be loads in no time to speak of', () => {
  const draft: Draft = JSON.parse(text)
  draft.form.fields = [...draft.form.fields, ...Array.from({ length: 200 - draft.form.fields.length }, (_, n) => plain(n))]
  assert.equal(faultsOf(JSON.stringify(draft)), '')
})
