import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { compare, exact, over, plain, plus, rounded, times } from '../../src/features/documents/grades/exact.ts'
import { type Attempt, pointsFor, reckon } from '../../src/features/documents/grades/scheme.ts'
import { readSchemes, type Scheme } from '../../src/features/documents/grades/schemes.ts'

const schemes = readSchemes(join(import.meta.dirname, '../../src/catalogue/gpa'))
const schemeOf = (key: string): Scheme => schemes.all.get(key) ?? assert.fail(`no scheme ${key}`)
const like = (key: string, change: Partial<Scheme>): Scheme => ({ ...schemeOf(key), ...change })

describe('numbers', () => {
  test('decimals are exact and a five goes up, as on paper', () => {
    assert.equal(plain(plus(exact('0.1'), exact('0.2'))), '0.3')
    assert.deepEqual(['89.995', '0.005', '1.004999', '-0.005', '-0.001', '100'].map(each => rounded(exact(each), 2)), ['90.00', '0.01', '1.00', '-0.01', '0.00', '100.00'])
    assert.equal(rounded(over(exact('2'), exact('3')), 2), '0.67')
    assert.equal(rounded(exact('89.5'), 0), '90')
    for (const wrong of ['', 'A', '1e3', '1.', '.5', '１']) assert.throws(() => exact(wrong), TypeError)
  })

  test('sums of cents are what integers say', () => {
    const cents = fc.integer({ min: -100_000, max: 100_000 })
    const written = (value: number) => `${value < 0 ? '-' : ''}${Math.trunc(Math.abs(value) / 100)}.${String(Math.abs(value) % 100).padStart(2, '0')}`
    fc.assert(fc.property(cents, cents, (a, b) => {
      const sum = a + b
      assert.equal(rounded(plus(exact(written(a)), exact(written(b))), 2), sum === 0 ? '0.00' : written(sum))
      assert.equal(compare(exact(written(a)), exact(written(b))), Math.sign(a - b))
      assert.equal(compare(times(exact(written(a)), exact('100')), exact(String(a))), 0)
    }))
  })
})

const row = (change: Partial<Attempt> & { mark: string }): Attempt => ({ year: '2025-2026', term: '1', course_code: 'C1', nature: '必修', credits: 2, exam: '正常考试', ...change })
const gpa = (scheme: Scheme, rows: Attempt[]) => { const { gpa: value } = reckon(scheme, rows); return value && rounded(value, 4) }
const average = (scheme: Scheme, rows: Attempt[]) => { const { average: value } = reckon(scheme, rows); return value && rounded(value, 2) }

/** Marks and points of every public table; between two lines the lower one holds. */
const TABLES: Record<string, [string, string][]> = {
  'standard-4': [['100', '4'], ['90', '4'], ['89', '3'], ['80', '3'], ['79', '2'], ['70', '2'], ['60', '1'], ['59', '0']],
  'improved-4-1': [['85', '4'], ['84', '3'], ['70', '3'], ['69', '2'], ['60', '2'], ['59', '0']],
  'improved-4-2': [['85', '4'], ['84', '3'], ['75', '3'], ['74', '2'], ['60', '2'], ['59', '0']],
  'pku-4': [['90', '4'], ['89.5', '3.7'], ['87', '3.7'], ['84', '3.3'], ['82', '3.3'], ['78', '3'], ['75', '2.7'], ['72', '2.3'], ['68', '2'], ['64', '1.5'], ['60', '1'], ['59', '0']],
  'continuous-4': [['100', '4'], ['95', '3.953125'], ['85', '3.578125'], ['75', '2.828125'], ['60', '1'], ['59', '0'], ['0', '0']],
  'ustc-4.3': [['95', '4.3'], ['90', '4'], ['85', '3.7'], ['82', '3.3'], ['78', '3'], ['75', '2.7'], ['72', '2.3'], ['68', '2'], ['65', '1.7'], ['64', '1.5'], ['61', '1.3'], ['60', '1'], ['59', '0']],
  'sjtu-4.3': [['95', '4.3'], ['90', '4'], ['85', '3.7'], ['80', '3.3'], ['75', '3'], ['70', '2.7'], ['67', '2.3'], ['65', '2'], ['62', '1.7'], ['60', '1'], ['59', '0']],
  'canada-4.3': [['90', '4.3'], ['85', '4'], ['80', '3.7'], ['75', '3.3'], ['70', '3'], ['65', '2.7'], ['60', '2.3'], ['59', '0']],
  'linear-5': [['100', '5'], ['87', '3.7'], ['60', '1'], ['59', '0']],
}

describe('every scheme of the catalogue', () => {
  test('is in the table of check values, and each value holds', () => {
    assert.deepEqual(Object.keys(TABLES).toSorted(), [...schemes.all.keys()].toSorted())
    for (const [key, values] of Object.entries(TABLES)) assert.deepEqual(values.map(([mark]) => [mark, plain(pointsFor(schemeOf(key), exact(mark)))]), values, key)
  })

  for (const [key, scheme] of schemes.all) {
    test(`${key}: a better mark never has fewer points, nothing is below 0 or above the scale`, () => {
      fc.assert(fc.property(fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 0, max: 1000 }), (a, b) => {
        const [low, high] = [Math.min(a, b), Math.max(a, b)].map(tenths => pointsFor(scheme, exact((tenths / 10).toFixed(1))))
        assert.ok(low && high && compare(low, high) <= 0 && compare(low, exact('0')) >= 0 && compare(high, exact(scheme.scale)) <= 0)
      }))
    })

    test(`${key}: what is printed names each band and its points in both languages`, () => {
      const { conversion, rule } = scheme
      const bands = 'bands' in conversion ? conversion.bands : []
      for (const [from, points] of bands) for (const text of [rule.points.zh, rule.points.en]) assert.match(text, new RegExp(`(?<![\\d.])${from} [^\\d]*${points.replace('.', '\\.')}(?!\\d)`))
    })
  }
})

describe('what counts', () => {
  const scheme = schemeOf('continuous-4')

  test('credits weigh, words of the five steps count as marks, a pass has credits only', () => {
    const rows = [row({ course_code: 'A', mark: '95', credits: 3 }), row({ course_code: 'B', mark: '良好', credits: 1 }), row({ course_code: 'C', mark: '合格', credits: 4 })]
    const { attempted, earned } = reckon(scheme, rows)
    assert.deepEqual([average(scheme, rows), gpa(scheme, rows), plain(attempted), plain(earned)], ['92.50', '3.8594', '8', '8'])
  })

  test('a failed course counts in the sum until it is passed, and then as 60', () => {
    const failed = row({ mark: '40' })
    assert.deepEqual([average(scheme, [failed]), gpa(scheme, [failed])], ['40.00', '0.0000'])
    const passed = [failed, row({ mark: '88', exam: '补考' })]
    assert.deepEqual([average(scheme, passed), gpa(scheme, passed)], ['60.00', '1.0000'])
    assert.deepEqual(reckon(scheme, passed).lines.map(({ again, counted }) => [again, counted !== null]), [[false, false], [true, true]])
    assert.equal(plain(reckon(scheme, passed).earned), '2')
  })

  test('which attempt counts, and what a passed retake is worth, is the scheme’s to say', () => {
    const rows = [row({ mark: '50' }), row({ mark: '76', year: '2026-2027', exam: '重修' })]
    const table = schemeOf('pku-4')
    const retake = (take: Scheme['retake']['take'], passed: Scheme['retake']['passed']) => gpa({ ...table, retake: { ...table.retake, take, passed } }, rows)
    assert.deepEqual([retake('first-pass', { points: '1.0' }), retake('best', null), retake('first', null), retake('latest', null), retake('all', null)], ['1.0000', '2.7000', '0.0000', '2.7000', '1.3500'])
    assert.equal(retake('best', { bands: [['90', '3.0'], ['75', '2.3'], ['60', '1.0']] }), '2.3000')
    const improved = [row({ mark: '70' }), row({ mark: '90', exam: '重修' })]
    assert.equal(average(table, improved), '70.00', 'who passed at once keeps that mark')
  })

  test('only failed attempts: the best of them counts', () => assert.equal(average(scheme, [row({ mark: '30' }), row({ mark: '55', exam: '补考' })]), '55.00'))

  test('缓考 is no attempt, 缺考 is a 0, 免修 has credits and no mark', () => {
    const deferred = [row({ mark: '缓考' }), row({ mark: '81', exam: '缓考' })]
    assert.deepEqual([average(scheme, deferred), reckon(scheme, deferred).lines[1]?.again], ['81.00', false], 'the exam taken later is the first attempt')
    const asRetake = like('continuous-4', { retake: { ...scheme.retake, exams: [...scheme.retake.exams, '缓考'] } })
    assert.equal(average(asRetake, deferred), '60.00')
    assert.equal(average(scheme, [row({ mark: '缺考' }), row({ course_code: 'B', mark: '80' })]), '40.00')
    const exempt = reckon(scheme, [row({ mark: '免修' })])
    assert.deepEqual([exempt.average, exempt.gpa, plain(exempt.earned)], [null, null, '2'])
  })

  test('letters have points and no mark; 0 credits weigh nothing; what is left out by its nature is left out', () => {
    assert.deepEqual([gpa(scheme, [row({ mark: 'b+' })]), average(scheme, [row({ mark: 'B+' })])], ['3.3000', null])
    assert.deepEqual([gpa(scheme, [row({ mark: '90', credits: 0 })]), average(scheme, [row({ mark: '90', credits: 0 }), row({ course_code: 'B', mark: '70', credits: 0.5 })])], [null, '70.00'])
    const rows = [row({ mark: '60', nature: '公选' }), row({ course_code: 'B', mark: '80' })]
    assert.equal(average(like('continuous-4', { exclude: { natures: ['公选'] } }), rows), '80.00')
  })

  test('the sum may be divided by what was passed, and marks be made whole before their band is looked up', () => {
    const rows = [row({ mark: '50' }), row({ course_code: 'B', mark: '89.5' })]
    const table = schemeOf('pku-4')
    assert.equal(gpa(table, rows), '1.8500')
    assert.equal(gpa({ ...table, denominator: 'passed' }, rows), '3.7000')
    assert.equal(gpa({ ...table, denominator: 'passed', round: { marks: true, points: false } }, rows), '4.0000')
  })

  test('a mark that the scheme cannot read is named, once', () => {
    const rows = ['', '101', '-5', '八十', 'A+', '85 分', '85.5.1', '八十'].map((mark, at) => row({ course_code: `C${at}`, mark }))
    assert.deepEqual(reckon(scheme, rows).unknown, ['', '101', '-5', '八十', 'A+', '85 分', '85.5.1'])
    assert.deepEqual(reckon(scheme, [row({ mark: ' ８５ ' })]).unknown, [], 'full width is a mark all the same')
  })

  test('400 rows in any order give the same, and a better mark never lowers the average', () => {
    const rows = Array.from({ length: 400 }, (_, at) => row({ course_code: `C${at % 390}`, year: `${2019 + at % 4}-${2020 + at % 4}`, mark: String(30 + (at * 37) % 71), credits: (at % 9) / 2 }))
    const known = reckon(scheme, rows)
    fc.assert(fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), mixed => assert.deepEqual([reckon(scheme, mixed).gpa, reckon(scheme, mixed).average].map(value => value && rounded(value, 6)), [known.gpa, known.average].map(value => value && rounded(value, 6)))), { numRuns: 10 })
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 99 }), { minLength: 1, maxLength: 30 }), fc.nat(), (marks, which) => {
      const of = (better: number) => reckon(scheme, marks.map((mark, at) => row({ course_code: `C${at}`, mark: String(at === which % marks.length ? mark + better : mark) })))
      const [before, after] = [of(0), of(1)]
      assert.ok(before.average && after.average && compare(after.average, before.average) > 0 && before.gpa && after.gpa && compare(after.gpa, before.gpa) >= 0)
    }))
  })
})

describe('files', () => {
  test('a cohort has the first scheme that fits, by level and year of entry', () => {
    assert.equal(schemes.of({ level: '本科', grade: '2023' })?.key, 'continuous-4')
  })
})
