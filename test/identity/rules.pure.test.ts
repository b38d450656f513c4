import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { checkDigitOf, isIdNumber } from '../../src/platform/id-number.ts'
import { deviceName, isWecom } from '../../src/features/identity/rules/browser.ts'
import { countAttempt, isLocked, minutesLeft } from '../../src/features/identity/rules/lockout.ts'
import { maskDocument, maskEmail, maskName, maskNumber, maskPhone } from '../../src/features/identity/rules/mask.ts'
import { englishName, nameKeys, searchKey } from '../../src/features/identity/rules/names.ts'
import { firstUseOf } from '../../src/features/identity/rules/first-use.ts'
import { initialPassword, weakness } from '../../src/features/identity/rules/password.ts'
import { safeReturnTo } from '../../src/features/identity/rules/return-to.ts'
import { downwards, readRole, upwards } from '../../src/features/identity/rules/roles.ts'
import { leads } from '../../src/features/identity/rules/standing.ts'

const MINUTE = 60_000

function table<Input, Output>(title: string, of: (input: Input) => Output, rows: readonly (readonly [Input, Output])[]): void {
  describe(title, () => { for (const [input, output] of rows) it(JSON.stringify(input), () => assert.deepEqual(of(input), output)) })
}

table('the check character of an ID number', checkDigitOf, [['11010519491231002', 'X'], ['44052418800101001', '4'], ['53010219200508011', 'X']])
table('an ID number is real', isIdNumber, [
  ['11010519491231002X', true], ['440524188001010014', false], ['53010219200508011X', true], ['530102192005080110', false], ['53010219201308011X', false], ['', false],
])

table('a masked name', maskName, [['张伟', '张*'], ['李小龙', '李**'], ['欧阳娜娜', '欧**'], ['古丽巴哈尔·艾合买提', '古**'], ['长'.repeat(40), '长**'], ['𠮷祥', '𠮷*'], ['Maria Silva', 'M**** S****'], ['Christopher Li', 'C**** L*'], ['王', '王*']])
table('a masked phone', maskPhone, [['13812341234', '138****1234'], ['123', '1**']])
table('a masked mail address', maskEmail, [['zhang@minghu.example', 'z***@minghu.example'], ['x', 'x*']])
table('a masked document', maskDocument, [['11010519491231002X', '1101**********002X'], ['E12345678', 'E1*****78']])
table('a masked number', maskNumber, [['20231010101', '2023****01'], ['123', '1**']])

table('why a password is too weak', password => weakness(password, { number: '20231010101', name_pinyin: 'chensiyuan', document: '110199200508090013', phone: '19900001001' }), [
  ['Abc1', '密码至少 8 位'], ['090013', '密码至少 8 位'], ['aA1!aA1!', '密码里不同的字符太少'], ['Password123', '这个密码太常见，容易被猜到'], ['12345678', '这个密码太常见，容易被猜到'],
  ['Ab20231010101', '密码不能包含学工号、姓名拼音、手机号或证件号码'], ['ChenSiyuan#1', '密码不能包含学工号、姓名拼音、手机号或证件号码'], ['Zz#090013', '密码不能包含学工号、姓名拼音、手机号或证件号码'],
  ['P@ssw0rd2026!', '这个密码太常见，容易被猜到'], ['Woaini1314!', '这个密码太常见，容易被猜到'], ['Student#2026', '这个密码太常见，容易被猜到'], ['1Qaz2Wsx!', '这个密码太常见，容易被猜到'], ['Mima123456!', '这个密码太常见，容易被猜到'],
  ['lowercaseonly', '密码要有大写字母、小写字母、数字、符号中的三种，或者至少 14 位'], ['Minghu#2026', null], ['春风又绿江南岸，明月何时照我还', null], ['correct horse battery', null],
])
it('the first password is the end of the document, X as a capital', () => {
  assert.deepEqual([initialPassword('11010519491231002x', 6), initialPassword('11010519491231002x', 8)], ['31002X', '1231002X'])
})

describe('the first use of an account', () => {
  const DAY = 24 * 60 * MINUTE
  const account = (more: Partial<Parameters<typeof firstUseOf>[0]> = {}) => ({ since: 0, checked: false, hasPhone: true, ...more })
  for (const [proof, hasPhone, checked, after, takes] of [
    ['on', true, false, 0, 'sms'], ['on', false, false, 0, 'operator'], ['on', false, true, 0, 'password'], ['on', true, true, 0, 'password'],
    ['sms', true, false, 0, 'sms'], ['sms', false, false, 0, 'password'], ['off', true, false, 0, 'password'], ['off', false, false, 0, 'password'],
    ['on', true, false, 90, 'expired'], ['off', true, false, 90, 'expired'], ['on', true, true, 3, 'expired'], ['off', false, true, 2, 'password'],
  ] as const) {
    it(`with proof ${proof}, ${hasPhone ? 'a phone' : 'no phone'}${checked ? ', put back by an operator' : ''}, after ${after} days takes: ${takes}`, () => assert.equal(firstUseOf(account({ hasPhone, checked }), { proof, days: 90, now: after * DAY }), takes))
  }
  it('never expires with 0 days, but what an operator put back does', () => assert.deepEqual([false, true].map(checked => firstUseOf(account({ checked }), { proof: 'off', days: 0, now: 9999 * DAY })), ['password', 'expired']))
})

describe('lock-out', () => {
  const after = (failures: number) => Array.from({ length: failures }).reduce<ReturnType<typeof countAttempt> | null>(before => countAttempt(before, 0), null)
  for (const [failures, minutes] of [[1, 0], [4, 0], [5, 5], [6, 10], [7, 20], [8, 40], [9, 60], [20, 60]] as const) {
    it(`after ${failures} failures lasts ${minutes} minutes`, () => assert.equal(after(failures)?.locked_until, minutes * MINUTE))
  }
  it('ends by itself', () => {
    const locked = after(5)
    assert.equal(isLocked(locked, 5 * MINUTE - 1), true)
    assert.equal(isLocked(locked, 5 * MINUTE), false)
  })
  it('begins anew after a quiet day', () => assert.equal(countAttempt({ failures: 9, last_at: 0, locked_until: 0 }, 24 * 60 * MINUTE).failures, 1))
  it('promises a wait that is long enough', () => assert.deepEqual([minutesLeft(MINUTE, 0), minutesLeft(MINUTE + 1, 0), minutesLeft(1, 0)], [1, 2, 1]))
})

table('the page after signing in', safeReturnTo, [
  ['/services/1?a=b#c', '/services/1?a=b#c'], ['/', '/'], [undefined, '/'], ['', '/'], ['https://evil.example/', '/'], ['//evil.example', '/'], ['/\\evil.example', '/'], ['/%2f/evil', '/%2f/evil'],
  ['javascript:alert(1)', '/'], ['/a\nb', '/'], ['/a b', '/'], ['/login?to=/x', '/'], ['/auth/wecom', '/'], ['/logout', '/'], ['/loginless', '/loginless'], ['/./../login', '/'], ['/.//evil.example', '/'], [`/${'a'.repeat(600)}`, '/'], [['/a'], '/'],
])

table('keys of a name', nameKeys, [
  ['单雨桐', { name_pinyin: 'shanyutong', initials: 'syt' }], ['欧阳娜娜', { name_pinyin: 'ouyangnana', initials: 'oynn' }], ['王𠮷祥', { name_pinyin: 'wangxiang', initials: 'wx' }],
  ['古丽·艾', { name_pinyin: 'guliai', initials: 'gla' }], ['Maria Silva', { name_pinyin: 'mariasilva', initials: 'ms' }],
])
table('a name in Latin letters', englishName, [['陈思远', 'CHEN Siyuan'], ['欧阳娜娜', 'OUYANG Nana'], ['吕律', 'LYU Lyu'], ['古丽巴哈尔·艾合买提', 'Gulibahaer Aihemaiti'], ['Maria Silva', 'Maria Silva']])
table('what was typed, as pinyin', searchKey, [['Zhang Wei', 'zhangwei'], ['ｌǖ', null], ['lü', 'lv'], ['张', null], ['2023', null]])

table('a role in a roster', readRole, [
  ['教务员', { role: 'registrar', whole: false }], ['教务员（全校）', { role: 'registrar', whole: true }], ['系统管理员', { role: 'admin', whole: true }], ['皇帝', null], ['', null],
])

describe('units', () => {
  const units = new Map([['a', null], ['b', 'a'], ['c', 'b'], ['x', 'y'], ['y', 'x']].map(([id, parent_id]) => [id ?? '', { id: id ?? '', parent_id: parent_id ?? null }]))
  it('are followed upwards', () => assert.deepEqual(upwards(units, 'c'), ['c', 'b', 'a']))
  it('are followed downwards', () => assert.deepEqual(downwards(units, 'b'), ['b', 'c']))
  it('do not go round for ever', () => assert.deepEqual(upwards(units, 'x'), ['x', 'y']))
})

describe('of two numbers of one person', () => {
  const number = (name: string, standing: 'enrolled' | 'graduated', entered_on: string) => ({ number: name, standing, entered_on })
  it('the current one leads', () => assert.ok(leads(number('1', 'enrolled', '2020-09-01'), number('2', 'graduated', '2024-09-01')) > 0))
  it('the later one leads among current ones', () => assert.ok(leads(number('1', 'enrolled', '2020-09-01'), number('2', 'enrolled', '2024-09-01')) < 0))
})

table('WeCom’s own browser', isWecom, [['Mozilla/5.0 (iPhone) Mobile/15E148 wxwork/4.1.30 MicroMessenger/7.0.1', true], ['Mozilla/5.0 MicroMessenger/8.0', false], ['Mozilla/5.0 (Windows NT 10.0) Chrome/120', false]])
table('the name of a device', deviceName, [['Mozilla/5.0 (iPhone; CPU) wxwork/4.1.30 MicroMessenger/7.0.1', 'iPhone · 企业微信'], ['Mozilla/5.0 (Windows NT 10.0) Chrome/120 Safari/5', 'Windows · Chrome'], ['', '未知设备']])
