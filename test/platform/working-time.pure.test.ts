import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { ConfigError } from '../../src/platform/environment.ts'
import { readCalendar } from '../../src/platform/work-calendar.ts'
import { createWorkingTime, faultOfHours } from '../../src/platform/working-time.ts'

const folder = join(import.meta.dirname, '../../src/catalogue/calendar')
const files = readdirSync(folder).toSorted().map(name => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
const hours = [['08:30', '12:00'], ['14:00', '17:30']] as const
const { add, between, isWorkday, addDays, knows } = createWorkingTime({ calendar: readCalendar(files), hours })
const at = (text: string) => Date.parse(`${text.replace(' ', 'T')}:00+08:00`)
const text = (ms: number) => new Date(ms + 8 * 3600_000).toISOString().slice(0, 16).replace('T', ' ')

test('days off and make-up days are as the notices say', () => {
  const rows: [string, boolean][] = [
    ['2025-01-26', true], ['2025-01-28', false], ['2025-02-04', false], ['2025-02-05', true], ['2025-09-28', true], ['2025-10-08', false], ['2025-10-11', true],
    ['2026-01-02', false], ['2026-01-04', true], ['2026-02-14', true], ['2026-02-23', false], ['2026-02-24', true], ['2026-05-09', true], ['2026-09-20', true],
    ['2026-10-07', false], ['2026-10-10', true], ['2026-11-21', false], ['2026-11-23', true],
  ]
  for (const [day, expected] of rows) assert.equal(isWorkday(day), expected, day)
})

test('each notice gives exactly the days that it names', () => {
  const { days, years } = readCalendar(files)
  const count = (year: string, worked: boolean) => [...days].filter(([day, is]) => day.startsWith(year) && is === worked).length
  assert.deepEqual([count('2025', false), count('2025', true), count('2026', false), count('2026', true)], [28, 5, 33, 6])
  assert.deepEqual([...years], [2025, 2026])
  // A make-up day is a weekend, and a holiday begins or ends what is off: a typing error shows here.
  for (const [day, worked] of days) if (worked) assert.ok([0, 6].includes(new Date(day).getUTCDay()), day)
})

test('where a year is not known, Monday to Friday are worked, and it says so', () => {
  assert.deepEqual([isWorkday('2031-10-01'), isWorkday('2031-10-04')], [true, false])
  assert.deepEqual([knows(at('2026-12-31 23:59')), knows(at('2027-01-01 00:00'))], [true, false])
})

test('minutes go by in working hours alone', () => {
  const rows: [from: string, minutes: number, to: string][] = [
    ['2026-11-20 09:00', 60, '2026-11-20 10:00'], ['2026-11-20 11:30', 60, '2026-11-20 14:30'], ['2026-11-20 17:00', 60, '2026-11-23 09:00'],
    ['2026-11-20 17:00', 30, '2026-11-20 17:30'], ['2026-11-21 10:00', 420, '2026-11-23 17:30'], ['2026-09-30 17:29', 2, '2026-10-08 08:31'], ['2026-10-09 17:30', 1, '2026-10-10 08:31'],
    ['2026-11-21 10:00', 0, '2026-11-21 10:00'],
  ]
  for (const [from, minutes, to] of rows) assert.equal(text(add(at(from), minutes)), to, `${from} + ${minutes}`)
  assert.equal(between(at('2026-11-20 17:00'), at('2026-11-23 09:00')), 60)
  assert.equal(between(at('2026-11-23 09:00'), at('2026-11-20 17:00')), -60)
  assert.equal(between(at('2026-11-20 12:00'), at('2026-11-20 14:00')), 0)
})

test('a term in days ends with the work of its last day, and the day it begins on does not count', () => {
  const rows: [string, number, string][] = [
    ['2026-11-20 09:00', 1, '2026-11-23 17:30'], ['2026-11-21 09:00', 1, '2026-11-23 17:30'], ['2026-09-30 23:00', 3, '2026-10-10 17:30'], ['2026-02-13 09:00', 2, '2026-02-24 17:30'], ['2026-11-21 09:00', 0, '2026-11-21 09:00'],
  ]
  for (const [from, days, to] of rows) assert.equal(text(addDays(at(from), days)), to, `${from} + ${days} days`)
})

test('adding and measuring agree, and both go one way only', () => {
  const instant = fc.integer({ min: at('2024-12-01 00:00'), max: at('2027-12-31 00:00') })
  const minutes = fc.integer({ min: 0, max: 20_000 })
  fc.assert(fc.property(instant, minutes, minutes, (from, a, b) => {
    assert.equal(between(from, add(from, a)), a)
    assert.equal(add(add(from, a), b), add(from, a + b))
    assert.ok(add(from, Math.max(a, b)) >= add(from, Math.min(a, b)))
  }), { numRuns: 1000 })
  fc.assert(fc.property(instant, instant, instant, (a, b, c) => {
    assert.ok(Math.abs(between(a, b) + between(b, c) - between(a, c)) < 1e-6)
    assert.equal(between(a, b) + between(b, a), 0)
    // The earliest instant at which as much work is done is never later than the one measured to.
    if (a <= b) assert.ok(add(a, between(a, b)) <= b && between(add(a, between(a, b)), b) < 1e-6)
  }), { numRuns: 1000 })
})

test("the school's own file has the last word, and a wrong one is named", () => {
  const own = { name: 'school.json', text: '{ "years": [2027], "off": ["2026-11-23"], "work": ["2026-11-21/2026-11-22"] }' }
  const ours = createWorkingTime({ calendar: readCalendar([...files, own]), hours })
  assert.deepEqual([ours.isWorkday('2026-11-23'), ours.isWorkday('2026-11-22'), ours.knows(at('2027-05-01 00:00'))], [false, true, true])
  for (const wrong of ['{', '[]', '{ "off": ["1 Jan"] }', '{ "off": ["2026-02-02/2026-02-01"] }', '{ "off": ["2026-13-01"] }', '{ "off": ["2026-02-30"] }', '{ "offf": [] }']) {
    assert.throws(() => readCalendar([{ name: 'school.json', text: wrong }]), error => error instanceof ConfigError && /^wrong settings:\n {2}school\.json/.test(error.message), wrong)
  }
})

test('hours that are none are refused', () => {
  for (const wrong of [[], [['12:00', '08:00']], [['08:00', '12:00'], ['11:00', '13:00']], [['8', '12']], [['08:00', '24:30']]] as const) assert.ok(faultOfHours(wrong), JSON.stringify(wrong))
  assert.equal(faultOfHours([['00:00', '24:00']]), null)
})

test('a calendar without a working day says so instead of searching for ever', () => {
  const none = createWorkingTime({ hours, calendar: { years: new Set(), days: new Map(Array.from({ length: 45_000 }, (_, n) => [new Date(at('2026-01-01 12:00') + n * 86_400_000).toISOString().slice(0, 10), false])) } })
  assert.throws(() => none.addDays(at('2026-01-01 12:00'), 1), RangeError)
  assert.throws(() => none.add(at('2026-01-01 12:00'), 1), RangeError)
})
