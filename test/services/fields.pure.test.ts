import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { checkDigitOf } from '../../src/platform/id-number.ts'
import { fits } from '../../src/platform/schema.ts'
import { textIn } from '../../src/platform/text.ts'
import type { BoundField, Known, Typed } from '../../src/features/services/fields/field.ts'
import { fieldTypes } from '../../src/features/services/fields/index.ts'

const t = textIn('zh')
const PERSON = '01JDPERSONPERSONPERSONPERS'
const LEFT = '01JDLEFTLEFTLEFTLEFTLEFTLE'
const UNIT = '01JDUNITUNITUNITUNITUNITUN'
const FILE = '01JDFILEFILEFILEFILEFILEFI'
const person = { id: PERSON, name: '李敏', unit: '文学院', number: '1****', kind: 'staff' as const, gone: false }
const known: Known = { people: new Map([[PERSON, person], [LEFT, { ...person, id: LEFT, gone: true }]]), units: new Map([[UNIT, { id: UNIT, name: '文学院' }]]) }
const options = [{ value: 'a', label: '甲' }, { value: 'b', label: '乙' }, { value: 'c', label: '丙' }]
const places = [{ value: 'north', label: '北校区', children: [{ value: 'gym', label: '体育馆' }] }, { value: 'south', label: '南校区' }]
const columns = [
  { key: 'name', type: 'text', label: '名称', required: true }, { key: 'price', type: 'money', label: '单价' }, { key: 'count', type: 'number', label: '数量', max: 10 },
  { key: 'amount', type: 'computed', label: '小计', as: 'money', value: { product: [{ field: 'price' }, { field: 'count' }] } },
]

function field(type: string, more: Record<string, unknown> = {}): BoundField {
  return fieldTypes.get(type)?.bind({ key: 'f', type, label: '它', ...more }) ?? assert.fail(`no type ${type}`)
}

/** What was typed, then the value that is kept and how it reads; or the sentence that says what is wrong. */
const table: [string, BoundField, Typed, unknown, string][] = [
  ['text', field('text'), ' 两\n字 ', '两 字', '两 字'],
  ['number', field('number', { unit: '人' }), '１，２００', 1200, '1200 人'],
  ['number', field('number', { decimals: 2 }), '-0', 0, '0'],
  ['number', field('number', { decimals: 2 }), '1.50', 1.5, '1.5'],
  ['money', field('money'), '￥1,234.5', 123_450, '¥1,234.50'],
  ['money', field('money'), '1.15元', 115, '¥1.15'],
  ['time', field('time'), '9：05', '09:05', '09:05'],
  ['range', field('range', { of: 'date' }), { from: '2026-12-01', to: '2026-12-03' }, { from: '2026-12-01', to: '2026-12-03' }, '2026-12-01 – 2026-12-03'],
  ['range', field('range', { of: 'number', unit: '岁' }), { from: '18', to: '60' }, { from: 18, to: 60 }, '18 – 60 岁'],
  ['range', field('range', { of: 'time' }), { from: '8:00', to: '09:30' }, { from: '08:00', to: '09:30' }, '08:00 – 09:30'],
  ['range', field('range', { of: 'date' }), { from: '', to: ' ' }, undefined, ''],
  ['multi-select', field('multi-select', { options }), ['c', 'a'], ['a', 'c'], '甲、丙'],
  ['multi-select', field('multi-select', { options }), 'b', ['b'], '乙'],
  ['cascade', field('cascade', { options: places }), 'north/gym', ['north', 'gym'], '北校区 / 体育馆'],
  ['person', field('person'), { id: PERSON, q: 'limin' }, PERSON, '李敏（文学院）'],
  ['department', field('department'), UNIT, UNIT, '文学院'],
  ['phone', field('phone'), '+86 138-0013-8000', '13800138000', '13800138000'],
  ['phone', field('phone', { landline: true }), '（029）8825 0101', '029-88250101', '029-88250101'],
  ['id-number', field('id-number'), '11010519491231002x', '11010519491231002X', '1101**********002X'],
  ['image', field('image'), [FILE, FILE], [FILE], '1 张图片'],
  ['signature', field('signature'), { name: ' 陈思远 ' }, { name: '陈思远' }, '陈思远（输入的签名）'],
  ['signature', field('signature'), [FILE], { file: FILE }, '已手写签名'],
  ['location', field('location'), { text: '西门', lat: '34.1234567', lng: '108.9' }, { text: '西门', at: { lat: 34.12346, lng: 108.9 } }, '西门（34.12346, 108.9）'],
  ['location', field('location'), { text: '西门', lat: 'x', lng: '200' }, { text: '西门' }, '西门'],
  ['location', field('location'), { text: '', lat: 'x', lng: '200' }, undefined, ''],
  ['rating', field('rating'), '4', 4, '4 分（满意）'],
  ['table', field('table', { columns, sums: ['amount'] }), [{ name: '车票', price: '10.5', count: '2' }, { name: '', price: ' ' }, { name: '水' }], [{ name: '车票', price: 1050, count: 2, amount: 2100 }, { name: '水' }], '2 行，小计合计 ¥21.00'],
]

for (const [type, one, typed, value, summary] of table) {
  test(`${type} from ${JSON.stringify(typed)} is kept as ${JSON.stringify(value)} and reads ${summary || 'nothing'}`, () => {
    assert.deepEqual(one.read(typed, known), { value })
    assert.equal(one.summary(value, t, known), summary)
    if (value !== undefined) assert.ok(one.schema && fits(one.schema, value), 'the value is what its schema says')
  })
}

const wrong: [string, BoundField, Typed, RegExp][] = [
  ['letters for a number', field('number'), '十', /应填写数字/], ['a power', field('number'), '1e9', /应填写数字/], ['a fraction of a person', field('number'), '1.5', /应填写整数/],
  ['too small', field('number', { min: 1 }), '0', /不能小于 1/], ['too large', field('number', { max: 5 }), '6', /不能大于 5/], ['a tenth of a fen', field('money'), '1.005', /最多两位小数/],
  ['money beyond all sense', field('money'), '1000000000', /不能大于 ¥99,999,999.99/], ['a debt', field('money'), '-1', /不能小于 ¥0.00/], ['25 o’clock', field('time'), '25:00', /不是有效的时间/],
  ['half a range', field('range', { of: 'date' }), { from: '2026-12-01' }, /开始和结束都要填写/], ['a range backwards', field('range', { of: 'date' }), { from: '2026-12-02', to: '2026-12-01' }, /结束不能早于开始/],
  ['too many choices', field('multi-select', { options, max: 1 }), ['a', 'b'], /最多选 1 项，现在选了 2 项/], ['a choice that is not there', field('multi-select', { options }), ['a', 'z'], /请从给出的选项里选择/],
  ['half a path', field('cascade', { options: places }), 'north', /请从给出的选项里选择/], ['a person nobody knows', field('person'), { id: '01JDSTRANGERSTRANGERSTRANG' }, /不能选/],
  ['who has left', field('person'), { id: LEFT }, /不能选/], ['a member of staff where students are asked', field('person', { kind: 'student' }), { id: PERSON }, /不能选/],
  ['a name that was not looked up', field('person'), { q: '李敏' }, /还没有选定/], ['a unit nobody knows', field('department'), 'x', /请从给出的选项里选择/],
  ['ten digits for a phone', field('phone'), '1380013800', /11 位的手机号/], ['an office for a mobile', field('phone'), '029-88250101', /11 位的手机号/], ['an office without its area', field('phone', { landline: true }), '88250101', /带区号/],
  ['17 digits', field('id-number'), '11010519491231002', /应有 18 位，现在有 17 位/], ['a wrong check digit', field('id-number'), '110105194912310021', /校验位不对/],
  ['six stars', field('rating'), '6', /请从给出的选项里选择/], ['too many rows', field('table', { columns, max_rows: 1 }), [{ name: 'a' }, { name: 'b' }], /最多 1 行，现在有 2 行/],
  ['a place without its words', field('location'), { text: ' ', lat: '34.2', lng: '108.9' }, /还要用文字写明/], ['too few rows', field('table', { columns, min_rows: 2 }), [{ name: 'a' }], /至少 2 行，现在有 1 行/], ['a list for a line', field('number'), ['1', '2'], /格式不对/], ['a line for a table', field('table', { columns }), 'x', /格式不对/],
]

for (const [what, one, typed, sentence] of wrong) {
  test(`${what} is a sentence`, () => {
    const reading = one.read(typed, known)
    assert.ok('fault' in reading, JSON.stringify(reading))
    assert.match(t(reading.fault.sentence, { ...reading.fault.params, label: '它' }), sentence)
  })
}

test('a day may be asked for from the day on which the form is filled in; without it, as for a sample, any day is one', () => {
  for (const [one, of] of [[field('date', { from: 'today' }), (day: string) => day], [field('range', { of: 'date', from: 'today' }), (day: string) => ({ from: day, to: '2026-12-31' })]] as const) {
    assert.deepEqual(one.read(of('2026-11-21'), { ...known, today: '2026-11-22' }), { fault: { sentence: '“{label}”不能早于 {day}', params: { day: '2026-11-22' } } })
    assert.deepEqual(one.read(of('2026-11-22'), { ...known, today: '2026-11-22' }), { value: of('2026-11-22') })
    assert.deepEqual(one.read(of('2026-11-21'), known), { value: of('2026-11-21') })
  }
})

test('what is wrong with a table is said at its cell, and the rest of it can still be counted', () => {
  const reading = field('table', { columns }).read([{ name: 'a', price: '2', count: '3' }, { price: 'x', count: '11' }], known)
  assert.ok('faults' in reading)
  assert.deepEqual(Object.entries(reading.faults).map(([cell, { sentence }]) => [cell, sentence]), [['1.name', '请填写“{label}”'], ['1.price', '“{label}”应填写金额，单位元，最多两位小数'], ['1.count', '“{label}”不能大于 {n}']])
  assert.deepEqual(reading.value, [{ name: 'a', price: 200, count: 3, amount: 600 }, {}])
})

test('the rows of a table are read as a grid with its sums', () => {
  const one = field('table', { columns, sums: ['count', 'amount'] })
  assert.deepEqual(one.grid([{ name: '车票', price: 1050, count: 2, amount: 2100 }, { name: '水' }], t), {
    head: ['名称', '单价', '数量', '小计'], rows: [['车票', '¥10.50', '2', '¥21.00'], ['水', '', '', '']], sums: ['', '', '2', '¥21.00'],
  })
})

const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true }).map(date => date.toISOString().slice(0, 10))
const time = fc.tuple(fc.nat(23), fc.nat(59)).map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`)
const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
const fen = fc.nat(9_999_999_999)
const fixed = fc.integer({ min: -1_000_000, max: 1_000_000 }).map(n => n / 100)
const paired = <V extends string | number>(of: fc.Arbitrary<V>) => fc.tuple(of, of).map(([a, b]) => a <= b ? { from: a, to: b } : { from: b, to: a })
const idNumber = fc.tuple(fc.integer({ min: 110000, max: 659999 }), day, fc.nat(999)).map(([area, born, n]) => `${area}${born.replaceAll('-', '')}${String(n).padStart(3, '0')}`).map(first => first + checkDigitOf(first))

/** Every type with values that it can hold. Text is read once first: what it tidies is not the point here. */
const held: [BoundField, fc.Arbitrary<unknown>][] = [
  [field('text'), word], [field('long-text'), word], [field('number', { decimals: 2 }), fixed], [field('money'), fen], [field('date'), day], [field('time'), time],
  [field('range', { of: 'date' }), paired(day)], [field('range', { of: 'time' }), paired(time)], [field('range', { of: 'number', decimals: 2 }), paired(fixed)],
  [field('select', { options }), fc.constantFrom('a', 'b', 'c')], [field('multi-select', { options }), fc.subarray(['a', 'b', 'c'], { minLength: 1 })],
  [field('cascade', { options: places }), fc.constantFrom(['north', 'gym'], ['south'])], [field('person'), fc.constant(PERSON)], [field('department'), fc.constant(UNIT)],
  [field('phone'), fc.integer({ min: 13_000_000_000, max: 19_999_999_999 }).map(String)], [field('email'), fc.stringMatching(/^[a-z][a-z0-9]{0,9}@[a-z]{1,9}\.cn$/)],
  [field('id-number'), idNumber], [field('attachment'), fc.constant([FILE])], [field('image'), fc.constant([FILE])],
  [field('signature'), fc.oneof(fc.constant({ file: FILE }), fc.constant({ name: '陈思远' }))], [field('rating'), fc.integer({ min: 1, max: 5 })],
  [field('location'), fc.oneof(fc.constant({ text: '西门' }), fc.tuple(fc.integer({ min: -9_000_000, max: 9_000_000 }), fc.integer({ min: -18_000_000, max: 18_000_000 })).map(([lat, lng]) => ({ text: '西门', at: { lat: lat / 100_000, lng: lng / 100_000 } })))],
  [field('table', { columns: columns.slice(0, 3), max_rows: 20 }), fc.array(fc.record({ name: fc.constantFrom('甲', '乙'), price: fen, count: fc.nat(10) }, { noNullPrototype: true }), { minLength: 1, maxLength: 20 })],
]

test('every type but those that nobody types has its values here', () => {
  assert.deepEqual([...fieldTypes.keys()].filter(name => !held.some(([one]) => one.definition.type === name)), ['computed', 'note'])
})

for (const [one, values] of held) {
  test(`${one.definition.type}: what is kept, typed back and read again is what was kept`, () => {
    fc.assert(fc.property(values, value => {
      const text = typeof value === 'string' && ['text', 'long-text'].includes(one.definition.type) ? one.read(value) : { value }
      fc.pre('value' in text && text.value !== undefined)
      const again = one.read(one.typed('value' in text ? text.value : value), known)
      assert.deepEqual(again, text)
      assert.ok(one.schema && fits(one.schema, 'value' in text ? text.value : value))
    }), { numRuns: 60 })
  })
}

const hostileText = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('__proto__', 'constructor', 'NaN', '-0', '1e999', '\0', '\u202E', '9'.repeat(400), '2026-02-30', '{"a":1}', '\uD800'))
const hostileParts = fc.dictionary(fc.oneof(fc.constantFrom('from', 'to', 'id', 'q', 'name', 'text', 'lat', 'lng', 'price', 'count', '__proto__', 'constructor', 'toString'), fc.string({ maxLength: 8 })), hostileText, { maxKeys: 6 })
const hostile: fc.Arbitrary<Typed> = fc.oneof(hostileText, fc.array(hostileText, { maxLength: 5 }), hostileParts, fc.array(hostileParts, { maxLength: 30 }))

for (const one of [...held.map(([type]) => type), field('note'), field('computed', { value: { field: 'x' } })]) {
  test(`${one.definition.type}: whatever is typed, it is a value of its schema or a sentence, and never an error`, () => {
    fc.assert(fc.property(hostile, typed => {
      const reading = one.read(typed, known)
      if ('value' in reading && !('faults' in reading) && reading.value !== undefined) assert.ok(one.schema && fits(one.schema, reading.value), JSON.stringify(reading.value))
      one.summary(typed, t, known)
      one.typed(typed)
    }), { numRuns: 150 })
  })
}
