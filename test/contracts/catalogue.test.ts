import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import type { Approver } from '../../src/features/approvals/index.ts'
import { faultsOf } from '../../src/features/approvals/rules/check-flow.ts'
import { loadCatalogue, readService, type ServiceDefinition } from '../../src/features/services/catalogue.ts'
import { applicantsPart, readForm } from '../../src/features/services/rules/form.ts'
import type { Known } from '../../src/features/services/fields/field.ts'
import { outcomeOf } from '../../src/features/services/rules/outcome.ts'
import { phrases } from '../../src/platform/text.ts'

const catalogue = join(import.meta.dirname, '../../src/catalogue')
const folder = join(catalogue, 'services')
const approvers = new Map(await Promise.all(readdirSync(join(catalogue, 'approvers')).map(async (name): Promise<[string, Approver]> => {
  const { default: approver }: { default: Approver } = await import(join(catalogue, 'approvers', name))
  return [approver.name, approver]
})))
const flowFaults = (flow: unknown) => faultsOf(flow, approvers).map(fault => fault.sentence)
const { all } = loadCatalogue(folder, flowFaults)
const documents = readdirSync(join(catalogue, 'documents')).map(name => basename(name, '.eta'))
const icons = readFileSync(join(import.meta.dirname, '../../views/components/icon.eta'), 'utf8')

/** Whom a sample names where its form wants a person or a department: any of the university. */
const SOMEBODY = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const directory: Known = {
  people: new Map([[SOMEBODY, { id: SOMEBODY, name: '某人', unit: '某部门', number: '', kind: 'staff', gone: false }]]), units: new Map([[SOMEBODY, { id: SOMEBODY, name: '某部门' }]]), isWorkday: () => true,
}

test('there are services', () => assert.ok(all.length > 0))

for (const { key, definition, form } of all) {
  test(`service ${key}: its sample is accepted`, () => assert.deepEqual(readForm(applicantsPart(form), definition.sample, { known: directory }).faults, {}))

  test(`service ${key}: its document is of a kind that exists`, () => {
    const kind = definition.outcome?.document?.kind
    const named = kind === undefined ? [] : typeof kind === 'string' ? [kind] : Object.values(kind.of)
    assert.deepEqual(named.filter(one => !documents.includes(one)), [])
    if (kind !== undefined) assert.ok(outcomeOf(definition, form, readForm(form, definition.sample).values).document)
  })

  test(`service ${key}: its icon is drawn`, () => assert.ok(icons.includes(`'${definition.icon}':`)))

  test(`service ${key}: everything a person reads has its English`, () => {
    const inEnglish = phrases()
    assert.deepEqual(wordsOf(definition).filter(word => /\p{Script=Han}/u.test(word) && !inEnglish.has(word)), [])
  })
}

function wordsOf({ title, summary, category, guide, form, flow }: ServiceDefinition): string[] {
  const { who, materials, steps, contact } = guide
  const fields = labelsIn(form.fields)
  const nodes = labelsIn(flow.nodes).flatMap(label => [label, label.replace(/审批$/, '')])
  return [title, summary, category, who, ...materials, ...steps, contact.office, contact.place ?? '', contact.hours ?? '', ...fields, ...nodes]
}

/** Labels, helps, units and words of fields, of their options and columns, and of what these hold. */
function labelsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => typeof inner === 'string' ? ['label', 'help', 'unit'].includes(key) ? [inner] : [] : key === 'words' && Array.isArray(inner) ? inner.map(String) : labelsIn(inner))
}

const text = readFileSync(join(folder, 'enrolment-certificate.json'), 'utf8')
type Draft = { [name: string]: unknown; form: { fields: Record<string, unknown>[] }; flow: { nodes: Record<string, unknown>[] }; outcome: { document: Record<string, unknown> } }
const broken: [string, (service: Draft) => void, RegExp][] = [
  ['a title that is missing', service => { delete service.title }, /required.*title|title.*required/],
  ['an unknown key', service => { service.colour = 'red' }, /additional properties: colour/],
  ['an unknown field type', service => { service.form.fields[0] = { key: 'a', type: 'hologram', label: '甲' } }, /\/form\/fields\/0\/type: there is no field type hologram/],
  ['a field setting that the type does not have', service => { Object.assign(service.form.fields[3] ?? {}, { max_mb: 3 }) }, /\/form\/fields\/3 .*max_mb/],
  ['a field twice', service => { service.form.fields.push({ key: 'mailbox', type: 'text', label: '又一个' }) }, /mailbox is there twice/],
  ['a condition that can never hold', service => { Object.assign(service.form.fields[1] ?? {}, { when: { field: 'purpose', is: 'moon' } }) }, /\/form\/fields\/1\/when: no earlier field purpose can be moon/],
  ['a choice without its document', service => { service.outcome.document.kind = { by: 'language', of: { zh: 'enrolment-zh' } } }, /says nothing for en/],
  ['a mailbox that is no field', service => { service.outcome.document.mail_to = 'letterbox' }, /there is no field letterbox/],
  ['an approver rule that does not exist', service => { Object.assign(service.flow.nodes[0] ?? {}, { approver: { rule: 'oracle' } }) }, /办理人规则/],
]

for (const [what, change, sentence] of broken) {
  test(`a service file with ${what} stops the start with its name and the place`, () => {
    const service: Draft = JSON.parse(text)
    change(service)
    assert.throws(() => readService('x', JSON.stringify(service), { file: 'catalogue/services/x.json', flowFaults }), error => {
      assert.ok(error instanceof Error && 'params' in error)
      const { file, faults } = Object(error.params)
      assert.equal(file, 'catalogue/services/x.json')
      assert.match(faults, sentence)
      return true
    })
  })
}

test('a service file that is not JSON is named too', () => {
  assert.throws(() => readService('x', '{', { file: 'x.json', flowFaults }), { params: { file: 'x.json', faults: 'not JSON, at line 1 column 2' } })
})
