import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type Condition, conditionSchema, evaluate, isTooDeep } from '../../src/platform/condition.ts'
import { fits } from '../../src/platform/schema.ts'
import { calculate, type Expression } from '../../src/features/services/rules/expression.ts'

const values = { kind: 'trip', days: 4, needs: ['bus', 'room'], day: '2026-12-01', empty: [], period: { from: '2026-12-01', to: '2026-12-05' }, fee: 1050, people: 3, start: '2026-12-01', rows: [{ price: 10, n: 1 }, { price: 20 }, {}] }

const conditions: [Condition, boolean][] = [
  [{ field: 'kind', is: 'trip' }, true], [{ field: 'kind', is: 'lecture' }, false], [{ field: 'kind', 'is-not': 'trip' }, false], [{ field: 'nothing', 'is-not': 'trip' }, true],
  [{ field: 'kind', in: ['trip', 'other'] }, true], [{ field: 'kind', in: ['other'] }, false], [{ field: 'needs', is: 'room' }, true], [{ field: 'needs', in: ['money', 'bus'] }, true], [{ field: 'needs', 'is-not': 'money' }, true],
  [{ field: 'days', over: 3 }, true], [{ field: 'days', over: 4 }, false], [{ field: 'days', under: 5 }, true], [{ field: 'days', over: 3, under: 4 }, false], [{ field: 'nothing', over: -1 }, false], [{ field: 'nothing', under: 1 }, false],
  [{ field: 'day', under: '2026-12-02' }, true], [{ field: 'day', over: 3 }, false], [{ field: 'rows', over: 2 }, true],
  [{ field: 'kind', filled: true }, true], [{ field: 'empty', filled: true }, false], [{ field: 'nothing', filled: false }, true],
  [{ all: [{ field: 'kind', is: 'trip' }, { field: 'days', over: 3 }] }, true], [{ all: [{ field: 'kind', is: 'trip' }, { field: 'days', over: 9 }] }, false],
  [{ any: [{ field: 'kind', is: 'x' }, { field: 'days', over: 3 }] }, true], [{ any: [{ field: 'kind', is: 'x' }] }, false], [{ not: { field: 'kind', is: 'x' } }, true],
  [{ not: { all: [{ any: [{ field: 'kind', is: 'x' }, { field: 'days', is: 4 }] }] } }, false],
  [{ field: 'constructor', filled: true }, false], [{ field: '__proto__', filled: true }, false], [{ field: 'toString', filled: true }, false],
]

for (const [condition, holds] of conditions) {
  test(`${JSON.stringify(condition)} ${holds ? 'holds' : 'does not hold'}`, () => {
    assert.ok(fits(conditionSchema, condition))
    assert.equal(evaluate(condition, values), holds)
  })
}

test('what is no condition is not taken for one', () => {
  for (const wrong of [{}, { field: 'a' }, { is: 'b' }, { field: 'a', is: 'b', run: 'process.exit()' }, { all: [] }, { field: 'a', over: {} }, { field: 'a', in: [] }, 'a', null, { not: {} }, JSON.parse('{"__proto__":{"field":"a","is":"b"}}')]) {
    assert.ok(!fits(conditionSchema, wrong), JSON.stringify(wrong))
  }
})

test('a tree that would take the stack is too deep before anything walks it', () => {
  let deep: unknown = { field: 'a', is: 'b' }
  for (let at = 0; at < 100_000; at++) deep = { not: deep }
  assert.ok(isTooDeep(deep))
  assert.ok(!isTooDeep({ not: { any: [{ all: [{ field: 'a', is: 'b' }] }] } }))
})

const sums: [Expression, number | undefined][] = [
  [{ field: 'days' }, 4], [{ sum: [{ field: 'days' }, 1, 0.1, 0.2] }, 5.3], [{ product: [{ field: 'fee' }, { field: 'people' }] }, 3150], [{ difference: [{ field: 'fee' }, { field: 'days' }] }, 1046],
  [{ quotient: [{ field: 'fee' }, 2] }, 525], [{ quotient: [1, 0] }, undefined], [{ quotient: [0, 0] }, undefined], [{ least: [3, 1, 2] }, 1], [{ most: [3, 1, 2] }, 3],
  [{ days: 'period' }, 5], [{ days: ['start', 'day'] }, 0], [{ days: ['start', 'nothing'] }, undefined], [{ days: 'kind' }, undefined], [{ count: 'needs' }, 2], [{ count: 'nothing' }, 0],
  [{ total: { table: 'rows', column: 'price' } }, 30], [{ total: { table: 'nothing', column: 'price' } }, 0], [{ field: 'kind' }, undefined], [{ sum: [{ field: 'nothing' }, 1] }, undefined],
  [{ field: 'constructor' }, undefined], [{ total: { table: 'rows', column: 'constructor' } }, 0], [{ product: Array.from({ length: 50 }, () => 1e300) }, undefined],
]

for (const [expression, result] of sums) test(`${JSON.stringify(expression).slice(0, 80)} is ${result}`, () => assert.equal(calculate(expression, values), result))

test('working days are those that the school works; where nobody says which, there is no number', () => {
  const isWorkday = (day: string) => !['2026-12-02', '2026-12-05'].includes(day)
  assert.deepEqual([calculate({ working_days: 'period' }, values, isWorkday), calculate({ working_days: 'day' }, values, isWorkday), calculate({ working_days: 'period' }, values)], [3, undefined, undefined])
  assert.equal(calculate({ working_days: 'all' }, { all: { from: '0001-01-01', to: '9999-12-31' } }, isWorkday), undefined, 'nobody is away for ages')
})

test('whatever stands in the values, a condition is true or false and a calculation a number or nothing', () => {
  const anything = fc.dictionary(fc.constantFrom('kind', 'days', 'needs', 'period', 'rows', 'fee', 'people', 'start', 'day'), fc.anything(), { noNullPrototype: true })
  fc.assert(fc.property(anything, found => {
    for (const [condition] of conditions) assert.equal(typeof evaluate(condition, found), 'boolean')
    for (const [expression] of sums) {
      const result = calculate(expression, found)
      assert.ok(result === undefined || Number.isFinite(result))
    }
  }), { numRuns: 100 })
})
