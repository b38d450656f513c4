import assert from 'node:assert/strict'
import { test } from 'node:test'
import { percentile, roundedMinutes, rowsOf } from '../../src/features/cases/rules/figures.ts'
import { dayOf, lastMonth, partsOf, thisMonth } from '../../src/platform/periods.ts'

const MINUTE = 60_000
const of = (...minutes: number[]) => rowsOf('2026-11-21', minutes.map(each => ({ service_key: 'leave', figure: 'step', about: 'tutor', label: '', ms: each * MINUTE })))

test('the median and nine of ten are those of the nearest rank, however the counts are spread over days', () => {
  assert.equal(percentile([], 0.5), null)
  assert.deepEqual([percentile(of(7), 0.5), percentile(of(7), 0.9)], [7, 7])
  const hundred = Array.from({ length: 100 }, (_, at) => at + 1)
  assert.deepEqual([percentile(of(...hundred), 0.5), percentile(of(...hundred), 0.9)], [50, 90])
  const days = [...of(1, 1, 1), ...of(100), ...of(1, 5)]
  assert.deepEqual([percentile(days, 0.5), percentile(days, 0.9)], [1, 100])
})

test('times are kept so coarse that a day stays small, and so fine that nobody is told wrong: never more than a sixteenth off', () => {
  for (let minutes = 1; minutes < 400 * 1440; minutes = Math.ceil(minutes * 1.013)) {
    assert.ok(Math.abs(roundedMinutes(minutes * MINUTE) - minutes) <= Math.max(0.5, minutes / 16), String(minutes))
  }
  assert.equal(roundedMinutes(0), 1, 'what took no time took a minute')
  assert.ok(new Set(Array.from({ length: 60 * 1440 }, (_, minutes) => roundedMinutes(minutes * MINUTE))).size < 700)
})

test('those alike are one row, with how many were late', () => {
  const rows = rowsOf('2026-11-21', [true, false, true].map(late => ({ service_key: 'leave', figure: 'approved', about: '', label: '', ms: 5 * MINUTE, late })))
  assert.deepEqual(rows, [{ day: '2026-11-21', service_key: 'leave', figure: 'approved', about: '', label: '', minutes: 5, number: 3, late: 2 }])
})

test('months and parts follow the calendar of the school', () => {
  assert.equal(dayOf(Date.parse('2026-11-20T16:00:00Z')), '2026-11-21', 'its day begins before that of Greenwich')
  assert.deepEqual(thisMonth('2026-03-09'), { from: '2026-03-01', until: '2026-03-09' })
  assert.deepEqual(lastMonth('2026-03-09'), { from: '2026-02-01', until: '2026-02-28' })
  assert.deepEqual(lastMonth('2026-01-31'), { from: '2025-12-01', until: '2025-12-31' })
  assert.equal(partsOf({ from: '2026-10-01', until: '2026-10-31' }).length, 31)
  const year = partsOf({ from: '2026-01-01', until: '2026-12-31' })
  assert.ok(year.length <= 31 && year[0]?.from === '2026-01-01' && year.at(-1)?.until === '2026-12-31')
  for (const [at, part] of year.entries()) if (at > 0) assert.equal(Date.parse(part.from) - Date.parse(year[at - 1]?.until ?? ''), 86_400_000, 'one after the other')
})
