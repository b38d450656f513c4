import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextNumber } from '../../src/features/services/store/counters.ts'
import { openTestDatabase } from '../support/database.ts'

test('numbers of a day follow each other without a gap or a double, also for those who come at once and for who gives up', async t => {
  const { write } = await openTestDatabase(t)
  const given = await Promise.all(Array.from({ length: 20 }, (_, n) => write(async tx => {
    const number = await nextNumber(tx, '2026-11-21')
    if (n % 5 === 4) throw new Error('gives up')
    return number
  }).catch(() => null)))
  const kept = given.filter(number => number !== null).toSorted()
  assert.deepEqual(kept, Array.from({ length: 16 }, (_, n) => `20261121-${String(n + 1).padStart(4, '0')}`))
  assert.equal(await write(tx => nextNumber(tx, '2026-11-22')), '20261122-0001')
})
