import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { test } from 'node:test'
import type { Flow, Step } from '../../src/features/approvals/index.ts'
import { allSteps } from '../../src/features/approvals/rules/tree.ts'
import { flowSchema } from '../../src/features/approvals/schema.ts'
import { fieldTypes } from '../../src/features/services/fields/index.ts'

const catalogue = join(import.meta.dirname, '../../src/catalogue')
type Definition = { flow: Flow; form: { fields: { type: string; of?: string }[] } }
const services = readdirSync(join(catalogue, 'services')).map((name): Definition => JSON.parse(readFileSync(join(catalogue, 'services', name), 'utf8')))
const steps = services.flatMap(({ flow }) => allSteps(flow.nodes))

/** What the engine's own schema allows at a place of a step: the words of its lists, 'object' for what is spelled out. */
function allowed(kind: Step['kind'], ...path: string[]): string[] {
  const schema: unknown = JSON.parse(JSON.stringify(flowSchema))
  const members = [at(schema, 'properties', 'nodes', 'items', '$defs', 'Step', 'anyOf')].flat()
  const member = members.find(one => at(one, 'properties', 'kind', 'const') === kind)
  return wordsOf(path.reduce((from, name) => at(from, 'properties', name), member))
}

function wordsOf(schema: unknown): string[] {
  const [words, others] = [at(schema, 'enum'), at(schema, 'anyOf')]
  if (Array.isArray(words)) return words.map(String)
  return Array.isArray(others) ? others.flatMap(wordsOf) : ['object']
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((from, name) => typeof from === 'object' && from !== null ? new Map(Object.entries(from)).get(name) : undefined, value)
}

/** What the services say there. */
function said(kind: Step['kind'], ...path: string[]): Set<string> {
  const values = steps.filter(step => step.kind === kind).map(step => at(step, ...path)).filter(value => value !== undefined)
  return new Set(values.map(value => typeof value === 'object' ? 'object' : String(value)))
}

const missing = (wanted: Iterable<string>, found: Iterable<string>) => [...new Set(wanted).difference(new Set(found))]

/** Every rule that is named anywhere, those within rules too. */
function rulesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) => key === 'rule' && typeof inner === 'string' ? [inner] : rulesIn(inner))
}

test('the services together use every kind of step', () => {
  const kinds = [at(JSON.parse(JSON.stringify(flowSchema)), 'properties', 'nodes', 'items', '$defs', 'Step', 'anyOf')].flat().map(one => String(at(one, 'properties', 'kind', 'const')))
  assert.ok(kinds.length >= 9)
  assert.deepEqual(missing(kinds, steps.map(step => step.kind)), [])
})

test('every rule for naming people', () => {
  const rules = readdirSync(join(catalogue, 'approvers')).map(name => basename(name, '.ts'))
  assert.deepEqual(missing(rules, services.flatMap(({ flow }) => rulesIn(flow))), [])
})

for (const path of [['mode'], ['nobody'], ['self'], ['again'], ['limit', 'over']]) {
  test(`every word of ${path.join('.')}`, () => {
    const words = allowed('approval', ...path)
    assert.ok(words.length >= 3, String(words))
    assert.deepEqual(missing(words, said('approval', ...path)), [])
  })
}

test('a sub-process that is waited for and one that is not, whose rejection counts and does not', () => {
  assert.deepEqual(said('sub-process', 'wait'), new Set(['true', 'false']))
  assert.deepEqual(missing(allowed('sub-process', 'rejected'), said('sub-process', 'rejected')), [])
})

test('a delay of some time and one until a day, a trigger that fills in and one that calls', () => {
  assert.ok(said('delay', 'minutes').size > 0 && said('delay', 'until').size > 0)
  assert.ok(said('trigger', 'does', 'set').size > 0 && said('trigger', 'does', 'call').size > 0)
})

test('a vote by weights, a limit by the clock on the wall, a revocation after the end, fields that a step writes and others that are hidden from one', () => {
  assert.ok(said('approval', 'vote', 'weights').size > 0 && said('approval', 'limit', 'clock').has('clock') && services.some(({ flow }) => flow.revoke))
  const rights = steps.flatMap(step => step.kind === 'approval' ? Object.values(step.fields ?? {}) : [])
  assert.ok(rights.includes('write') && rights.includes('hidden'))
})

test('every type of field, ranges of days, times and numbers', () => {
  const fields = services.flatMap(({ form }) => form.fields)
  assert.deepEqual(missing(fieldTypes.keys(), fields.map(field => field.type)), [])
  assert.deepEqual(missing(['date', 'time', 'number'], fields.flatMap(field => field.of ?? [])), [])
})
