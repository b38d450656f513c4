import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Condition } from '../../src/platform/condition.ts'
import type { CommonField } from '../../src/features/services/fields/field.ts'
import type { Flow, Step } from '../../src/features/approvals/index.ts'
import { faultsOf } from '../../src/features/approvals/rules/check-flow.ts'
import { checkText, fileText, type ServiceDefinition } from '../../src/features/services/catalogue.ts'
import { faultLines } from '../../src/features/services/pages/faults.ts'
import { branchFindings } from '../../src/features/services/rules/check-branches.ts'
import { differencesBetween } from '../../src/features/services/rules/differences.ts'
import { openForm } from '../../src/features/services/rules/form.ts'
import { textIn } from '../../src/platform/text.ts'

const t = textIn('zh')
const folder = join(import.meta.dirname, '../../src/catalogue/services')
const text = readFileSync(join(folder, 'enrolment-certificate.json'), 'utf8')
const base = (): ServiceDefinition => JSON.parse(text)
const approval = (id: string, more: object = {}) => ({ id, kind: 'approval' as const, label: `环节${id}`, approver: { rule: 'tutor' }, mode: 'any' as const, ...more })

// --- as a file and back

const words = fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' })
const field = fc.record({ label: words, help: fc.option(words, { nil: undefined }), required: fc.boolean() }, { requiredKeys: ['label'] }).chain(common => fc.oneof(
  fc.record({ type: fc.constantFrom('text', 'long-text', 'date', 'time', 'email', 'phone', 'rating', 'signature', 'location', 'department'), ...constants(common) }),
  fc.record({ type: fc.constant('number'), min: fc.integer({ min: -9, max: 0 }), max: fc.integer({ min: 1, max: 99 }), ...constants(common) }),
  fc.record({ type: fc.constantFrom('select', 'multi-select'), options: fc.uniqueArray(words, { minLength: 2, maxLength: 5 }).map(labels => labels.map((label, at) => ({ value: `o${at}`, label }))), ...constants(common) }),
))

function constants(common: object): Record<string, fc.Arbitrary<unknown>> {
  return Object.fromEntries(Object.entries(common).filter(([, value]) => value !== undefined).map(([name, value]) => [name, fc.constant(value)]))
}

const steps = fc.array(fc.tuple(fc.constantFrom('any' as const, 'all' as const, 'vote' as const), words, fc.constantFrom('approval', 'cc', 'parallel', 'condition')), { minLength: 1, maxLength: 5 }).map(list => list.map(([mode, label, kind], at) => {
  const inner = approval(`inner${at}`, { mode, label })
  if (kind === 'cc') return { id: `s${at}`, kind, label, to: { rule: 'tutor' } }
  if (kind === 'parallel') return { id: `s${at}`, kind, label, branches: [[inner], []] }
  return kind === 'condition' ? { id: `s${at}`, kind, label, branches: [{ label, when: { field: 'f0', filled: true }, nodes: [inner] }], otherwise: [] } : { ...inner, id: `s${at}` }
}))

const services = fc.record({
  title: words, keywords: fc.array(words, { maxLength: 4 }), days: fc.integer({ min: 1, max: 365 }), fields: fc.array(field, { minLength: 1, maxLength: 12 }), nodes: steps, revoke: fc.option(fc.boolean(), { nil: undefined }),
}).map(({ title, keywords, days, fields, nodes, revoke }) => {
  const { summary, category, icon, audience, guide } = base()
  return {
    title, summary, category, icon, audience, keywords, guide: { ...guide, promise: { working_days: days } }, form: { fields: fields.map((one, at) => ({ key: `f${at}`, ...one })) },
    flow: { nodes, ...revoke !== undefined && { revoke } }, sample: {},
  }
})

test('whatever a service is, its export imported again is the same service', () => {
  const approvers = new Map(['tutor'].map(name => [name, { name, label: name, find: () => Promise.resolve([]) }]))
  const flowFaults = (flow: unknown) => faultsOf(flow, approvers).map(fault => fault.sentence)
  fc.assert(fc.property(services, made => {
    const first = checkText('x', JSON.stringify(made), flowFaults)
    assert.ok('service' in first, JSON.stringify(first))
    const again = checkText('x', `\uFEFF${fileText(first.service.definition)}`, flowFaults)
    assert.ok('service' in again)
    assert.deepEqual(again.service.definition, made)
    assert.equal(again.service.hash, first.service.hash)
    assert.deepEqual(differencesBetween(first.service.definition, again.service.definition), [])
  }), { numRuns: 300 })
})

test('each service of the catalogue survives the way out and back', () => {
  for (const name of readdirSync(folder)) {
    const definition: ServiceDefinition = JSON.parse(readFileSync(join(folder, name), 'utf8'))
    assert.deepEqual(JSON.parse(fileText(definition)), definition)
  }
})

// --- what differs

const changes: [what: string, change: (service: ServiceDefinition) => void, expected: string[]][] = [
  ['nothing', () => {}, []],
  ['a word of the guide', service => { service.guide.contact.phone = '110' }, ['guide changed : contact.phone']],
  ['the title and the audience', service => { Object.assign(service, { title: '别的', audience: ['graduated'] }) }, ['basics changed : title audience']],
  ['a field more', service => { service.form.fields.push({ key: 'copies', type: 'number', label: '份数' }) }, ['fields added 份数: ']],
  ['a field less', service => { service.form.fields.splice(4, 1) }, ['fields removed 附件: ']],
  ['a field of another kind', service => { Object.assign(service.form.fields[3] ?? {}, { type: 'text', required: false }) }, ['fields changed 接收邮箱: type required']],
  ['one field moved to the end is one move', service => { service.form.fields.push(...service.form.fields.splice(0, 1)) }, ['fields moved 用途: ']],
  ['a field with another key is another field', service => { Object.assign(service.form.fields[3] ?? {}, { key: 'mail' }) }, ['fields added 接收邮箱: ', 'fields removed 接收邮箱: ']],
  ['steps in another order', service => { service.flow.nodes.reverse() }, ['steps moved 辅导员审批: ']],
  ['a step within a branch', service => { service.flow.nodes = [{ id: 'both', kind: 'parallel', label: '会办', branches: [service.flow.nodes.slice(0, 1), service.flow.nodes.slice(1)] }] },
    ['steps added 会办: ', 'steps moved 辅导员审批: place', 'steps moved 教务员审批: place']],
  ['who acts, and how', service => { Object.assign(service.flow.nodes[0] ?? {}, { mode: 'all', approver: { rule: 'leader' } }) }, ['steps changed 辅导员审批: approver mode']],
  ['what is issued', service => { Object.assign(service.outcome?.document ?? {}, { language: 'zh' }) }, ['outcome changed : language']],
  ['the sample', service => { service.sample.remark = '别的' }, ['sample changed : remark']],
]

for (const [what, change, expected] of changes) {
  test(`what differs is said: ${what}`, () => {
    const after = base()
    change(after)
    assert.deepEqual(differencesBetween(base(), after).map(one => `${one.part} ${one.change} ${one.name}: ${one.details.map(detail => detail.what).join(' ')}`), expected)
  })
}

// --- branches

const fields: CommonField[] = JSON.parse(`[
  { "key": "days", "type": "number", "label": "天数", "required": true, "min": 1, "max": 30 }, { "key": "note", "type": "text", "label": "备注" }, { "key": "fee", "type": "number", "label": "费用" },
  { "key": "kind", "type": "select", "label": "类型", "required": true, "options": [{ "value": "a", "label": "甲" }, { "value": "b", "label": "乙" }] },
  { "key": "needs", "type": "multi-select", "label": "需要", "options": [{ "value": "x", "label": "甲" }, { "value": "y", "label": "乙" }] }
]`)
const form = openForm(fields)
const condition = (whens: Condition[], otherwise: Step[] = [approval('z')], kind: 'condition' | 'inclusive' = 'condition'): Flow => ({ nodes: [{ id: 'c', kind, label: '选择', branches: whens.map((when, at) => ({ label: `分支${at + 1}`, when, nodes: [approval(`n${at}`)] })), otherwise }] })
const route = (when: Condition): Flow => ({ nodes: [{ id: 'r', kind: 'route', label: '跳转', to: 'last', when }, approval('mid'), approval('last')] })

const flows: [what: string, flow: Flow, expected: string[]][] = [
  ['every case has its branch', condition([{ field: 'days', over: 3 }]), []],
  ['a bound beyond what the field takes', condition([{ field: 'days', over: 30 }]), ['! 分支“分支1”任何情况下都走不到']],
  ['a branch in the shadow of one before', condition([{ field: 'days', over: 3 }, { field: 'days', over: 7 }]), ['! 分支“分支2”任何情况下都走不到']],
  ['both of an inclusive step hold', condition([{ field: 'days', over: 3 }, { field: 'days', over: 7 }], [approval('z')], 'inclusive'), []],
  ['what contradicts itself', condition([{ all: [{ field: 'kind', is: 'a' }, { field: 'kind', is: 'b' }] }]), ['! 分支“分支1”任何情况下都走不到']],
  ['nothing is left for the rest', condition([{ field: 'kind', is: 'a' }, { field: 'kind', is: 'b' }]), ['! 前面的分支已经包括所有情况，“其他情况”里的环节走不到']],
  ['nothing is left, and the rest is empty', condition([{ field: 'kind', is: 'a' }, { field: 'kind', is: 'b' }], []), []],
  ['a case without a branch', condition([{ field: 'days', over: 3 }, { field: 'kind', is: 'a' }], []), ['? 有的情况不走任何分支，直接到下一环节 {"days":1,"kind":"b"}']],
  ['of amounts the example is one that people fill in', condition([{ field: 'fee', over: 100 }], []), ['? 有的情况不走任何分支，直接到下一环节 {"fee":1}']],
  ['what need not be filled in', condition([{ field: 'note', 'is-not': '急' }], []), ['? 有的情况不走任何分支，直接到下一环节 {"note":"急"}']],
  ['fields whose values nobody can list are never called impossible', condition([{ all: [{ field: 'needs', is: 'x' }, { not: { field: 'needs', is: 'x' } }] }]), []],
  ['a jump that never happens', route({ field: 'days', under: 1 }), ['? 跳转的条件任何情况下都不成立']],
  ['a jump that always happens', route({ field: 'days', filled: true }), ['! 跳转的条件总是成立，中间的环节走不到']],
  ['a jump for some', route({ field: 'days', over: 3 }), []],
]

for (const [what, flow, expected] of flows) {
  test(`branches are looked into: ${what}`, () => {
    assert.deepEqual(branchFindings(flow, form).map(({ stops, sentence, params, example }) => [stops ? '!' : '?', t(sentence, params), ...example ? [JSON.stringify(example)] : []].join(' ')), expected)
  })
}

test('a field that the flow itself writes may hold anything', () => {
  const flow = condition([{ field: 'days', over: 30 }])
  flow.nodes.unshift({ id: 'set', kind: 'trigger', label: '设置', does: { set: { days: 99 } } })
  assert.deepEqual(branchFindings(flow, form), [])
})

// --- faults, in the words of the reader

test('every place that is wrong is told, in Chinese', () => {
  const wrong: [string, string][] = [
    ['{ "title": ', '不是 JSON，可能没有写完'], ['{\n  "title": x }', '不是 JSON：“{ "title": x }”附近有误'], ['{\n  "title" 1 }', '不是 JSON：第 2 行第 11 个字符附近有误'], ['[]', '类型不对，应是 object'], ['"x"', '类型不对，应是 object'],
    [JSON.stringify({ ...base(), colour: 1 }), '多出了不认识的内容：colour'], [JSON.stringify({ ...base(), title: '' }), '/title 太短，至少 1'],
    [JSON.stringify({ ...base(), icon: 'A b' }), '/icon 写法不对，应符合 "^[a-z-]{1,30}$"'], [JSON.stringify({ ...base(), audience: ['cats'] }), '/audience/0 不是允许的内容'],
    [JSON.stringify({ ...base(), form: { fields: [{ key: 'a', type: 'hologram', label: '甲' }] } }), '/form/fields/0/type 没有“hologram”这种字段'],
    [JSON.stringify({ ...base(), form: { fields: Array.from({ length: 1000 }, (_, at) => ({ key: `f${at}`, type: 'text', label: '甲' })) } }), '/form/fields 有 1000 个字段，最多 200 个'],
    [JSON.stringify({ ...base(), form: { fields: [{ key: 'a', type: 'text', label: '甲', when: { field: 'ghost', is: 'x' } }] }, outcome: undefined }), '/form/fields/0/when 前面没有字段“ghost”'],
    [`${'['.repeat(9000)}${']'.repeat(9000)}`, '嵌套超过 60 层'], ['x'.repeat(600_000), '有 586 KB，最多 512 KB'],
  ]
  for (const [source, expected] of wrong) {
    const read = checkText('x', source, () => [])
    assert.ok('faults' in read, source.slice(0, 80))
    const lines = faultLines(t, read.faults).map(({ place, text: line }) => `${place} ${line}`.trim())
    assert.ok(lines.includes(expected), `${expected}: ${lines.slice(0, 5).join(' | ')}`)
    assert.deepEqual(lines.filter(line => !/\p{Script=Han}/u.test(line)), [])
  }
  const named = checkText('Ä', text, () => [])
  assert.deepEqual(faultLines(t, 'faults' in named ? named.faults : []).map(line => line.text), ['事项代码只能用小写字母、数字和连字符，以字母开头，最多 40 个字符'])
})
