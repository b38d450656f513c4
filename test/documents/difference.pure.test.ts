import assert from 'node:assert/strict'
import { test } from 'node:test'
import { difference, hunksOf } from '../../src/features/documents/versions/difference.ts'

const lines = (...each: string[]) => each.join('\n')
const shown = (before: string, after: string) => difference(before, after).map(({ sign, text }) => sign + text)

test('a line that was changed is taken out and put in, all others stay', () => {
  assert.deepEqual(shown(lines('a', 'b', 'c'), lines('a', 'x', 'c')), [' a', '-b', '+x', ' c'])
  assert.deepEqual(shown(lines('a', 'c'), lines('a', 'b', 'c')), [' a', '+b', ' c'])
  assert.deepEqual(shown(lines('a', 'b', 'c'), lines('a', 'c')), [' a', '-b', ' c'])
  assert.deepEqual(shown('', 'a'), ['-', '+a'])
  assert.deepEqual(shown('a', 'a'), [' a'])
})

test('of two texts that have nothing in common the one is taken out and the other put in, at once', () => {
  const [before, after] = ['a', 'b'].map(letter => lines(...Array.from({ length: 4000 }, (_, index) => letter + index)))
  const found = difference(before ?? '', after ?? '')
  assert.deepEqual(found.map(({ sign }) => sign).join(''), '-'.repeat(4000) + '+'.repeat(4000))
})

test('each line has its number in the text it stands in', () => {
  assert.deepEqual(difference(lines('a', 'b'), lines('x', 'a', 'c')).map(({ before, after }) => [before, after]), [[null, 1], [1, 2], [2, null], [null, 3]])
})

test('what is put together again is the one text and the other, and no more lines change than must', () => {
  const words = ['a', 'b', 'c', 'd']
  let seed = 7
  const next = (most: number) => { seed = (seed * 1103515245 + 12345) % 2 ** 31; return seed % most }
  for (let round = 0; round < 300; round++) {
    const [before, after] = [0, 0].map(() => Array.from({ length: next(9) }, () => words[next(4)] ?? ''))
    const found = difference(lines(...before ?? []), lines(...after ?? []))
    assert.equal(lines(...found.filter(({ sign }) => sign !== '+').map(({ text }) => text)), lines(...before ?? []))
    assert.equal(lines(...found.filter(({ sign }) => sign !== '-').map(({ text }) => text)), lines(...after ?? []))
    assert.equal(found.filter(({ sign }) => sign === ' ').length, longest(lines(...before ?? []).split('\n'), lines(...after ?? []).split('\n')))
  }
})

/** The longest common subsequence as its definition reads. */
function longest([one, ...rest]: string[], [other, ...others]: string[]): number {
  if (one === undefined || other === undefined) return 0
  return one === other ? 1 + longest(rest, others) : Math.max(longest(rest, [other, ...others]), longest([one, ...rest], others))
}

test('equal lines far from any change are left out, and said to be', () => {
  const before = Array.from({ length: 40 }, (_, index) => `line ${index}`)
  const after = before.with(10, 'ten').with(30, 'thirty')
  const hunks = hunksOf(difference(lines(...before), lines(...after)), 2)
  assert.deepEqual(hunks.map(({ skipped, lines: own }) => [skipped, own.length]), [[8, 6], [15, 6]])
  assert.deepEqual(hunksOf(difference('a', 'a')), [])
})
