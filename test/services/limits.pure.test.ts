import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkText, readService } from '../../src/features/services/catalogue.ts'
import { differencesBetween } from '../../src/features/services/rules/differences.ts'
import { minutesToFill } from '../../src/features/services/rules/effort.ts'
import { openForm } from '../../src/features/services/rules/form.ts'
import { type Applicant, type Limits, stopOf } from '../../src/features/services/rules/limits.ts'

const at = (text: string) => Date.parse(`${text}:00+08:00`)
const NOW = at('2026-11-16T10:00')
const someone: Applicant = { number: '2024010203', units: ['0101', '01'], entry_year: 2024, own: [], taken: 0 }
const tag = (limits: Limits, applicant: Partial<Applicant> = {}, now = NOW) => stopOf(limits, { ...someone, ...applicant }, now)?.tag ?? null
const FILE = readFileSync(join(import.meta.dirname, '../../src/catalogue/services/enrolment-certificate.json'), 'utf8')

test('who is named: departments with what is below them and years together, or the number alone', () => {
  const why = '不对其他人开放'
  assert.equal(tag({ units: ['01'], why }), null)
  assert.equal(tag({ units: ['0102'], why }), '不在范围')
  assert.equal(tag({ units: ['0101'], entry_years: [2025], why }), '不在范围')
  assert.equal(tag({ units: ['0101'], entry_years: [2024, 2025], why }), null)
  assert.equal(tag({ entry_years: [2024], why }, { entry_year: null }), '不在范围')
  assert.equal(tag({ numbers: ['2024010203'], why }), null)
  assert.equal(tag({ numbers: ['2024010204'], why }), '不在范围')
  assert.equal(tag({ units: ['0102'], numbers: ['2024010203'], why }), null)
})

test('open from its first minute up to its last', () => {
  const limits = { opens: '2026-11-16T10:00', closes: '2026-11-16T12:00' }
  for (const [when, wanted] of [['2026-11-16T09:59', '未开始'], ['2026-11-16T10:00', null], ['2026-11-16T11:59', null], ['2026-11-16T12:00', '已截止']] as const) assert.equal(tag(limits, {}, at(when)), wanted, when)
})

test('once a term, a school year or ever', () => {
  const sent = (when: string) => ({ own: [{ status: 'approved' as const, submitted_at: at(when) }] })
  assert.equal(tag({ once: 'term' }, sent('2026-08-01T00:00')), '已申请过')
  assert.equal(tag({ once: 'term' }, sent('2026-07-31T23:59')), null)
  assert.equal(tag({ once: 'term' }, sent('2026-12-31T12:00'), at('2027-01-20T12:00')), '已申请过', 'the term goes on after the new year')
  assert.equal(tag({ once: 'term' }, sent('2027-01-20T12:00'), at('2027-02-01T00:00')), null)
  assert.equal(tag({ once: 'year' }, sent('2026-09-01T12:00'), at('2027-07-31T12:00')), '已申请过')
  assert.equal(tag({ once: 'year' }, sent('2026-09-01T12:00'), at('2027-08-01T00:00')), null)
  assert.equal(tag({ once: 'ever' }, sent('2016-09-01T12:00')), '已申请过')
})

test('what is approved is not under way any more, and the last place is a place', () => {
  const own = (['running', 'returned', 'approved'] as const).map(status => ({ status, submitted_at: NOW }))
  assert.deepEqual([tag({ at_once: 3 }, { own }), tag({ at_once: 2 }, { own })], [null, '有未办完的'])
  assert.deepEqual([tag({ total: 3 }, { taken: 2 }), tag({ total: 3 }, { taken: 3 })], [null, '名额已满'])
})

test('limits that cannot work are refused with their place, and a change of them is a difference', () => {
  const withLimits = (limits: unknown) => JSON.stringify({ ...JSON.parse(FILE), limits })
  for (const [limits, place] of [
    [{}, '/limits'], [{ units: ['0101'] }, '/limits/why'], [{ why: '不行', total: 1 }, '/limits/why'], [{ opens: '2026-13-01T08:00' }, '/limits/opens'], [{ closes: 'tomorrow' }, '/limits/closes'],
    [{ opens: '2026-12-01T08:00', closes: '2026-12-01T08:00' }, '/limits/closes'], [{ total: 0 }, '/limits/total'], [{ often: 1 }, '/limits'],
  ] as const) {
    const read = checkText('x', withLimits(limits), () => [])
    assert.ok('faults' in read && read.faults.some(fault => fault.startsWith(place)), `${JSON.stringify(limits)}: ${JSON.stringify('faults' in read && read.faults)}`)
  }
  const [before, after] = [FILE, withLimits({ total: 30 })].map(text => readService('x', text, { file: 'x', flowFaults: () => [] }).definition)
  assert.ok(before && after)
  assert.deepEqual(differencesBetween(before, after), [{ part: 'limits', change: 'changed', name: '', details: [{ what: 'total', before: undefined, after: 30 }] }])
})

test('the time to fill a form in grows with what is asked; what is known already only has to be read', () => {
  const minutes = (...fields: Parameters<typeof openForm>[0]) => minutesToFill(openForm(fields))
  const essay = (key: string, more: object = {}) => ({ key, type: 'long-text', label: '申请理由', required: true, ...more })
  assert.equal(minutes({ key: 'a', type: 'text', label: '班级', required: true }), 1)
  assert.equal(minutes(essay('a'), essay('b'), essay('c'), essay('d')), 4)
  assert.equal(minutes(essay('a'), essay('b', { required: false }), essay('c', { required: false })), 2)
  const known = Array.from({ length: 30 }, (_, n) => ({ key: `k${n}`, type: 'text', label: '班级', required: true }))
  assert.deepEqual([minutes(...known), minutes(...known.map(field => ({ ...field, prefill: 'class_name' as const })))], [5, 1])
})
