import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexOf, search } from '../../src/features/hall/rules/search.ts'

const index = indexOf([
  ['在读证明', '在校证明', '学籍证明', 'enrolment certificate'],
  ['网站变更申请', '网页', '域名'],
  ['学生请假', '请假条', '病假'],
  ['用印申请', '盖章', '公章'],
  ['会议室预约', '教室', '重修考试'],
  ['设备报修', '维修', 'A4 打印机'],
].map(words => ({ item: words[0] ?? '', words })))

const cases: { typed: string; finds: string[]; why: string }[] = [
  { typed: '在读', finds: ['在读证明'], why: 'characters at the beginning' },
  { typed: '证明', finds: ['在读证明'], why: 'characters in the middle' },
  { typed: 'zaidu', finds: ['在读证明'], why: 'whole pinyin' },
  { typed: 'ZaiDu', finds: ['在读证明'], why: 'capitals' },
  { typed: "zai'du zheng", finds: ['在读证明'], why: 'apostrophe and space of a pinyin keyboard' },
  { typed: 'zdzm', finds: ['在读证明'], why: 'initials' },
  { typed: 'dzm', finds: ['在读证明'], why: 'initials from the middle' },
  { typed: '在duzm', finds: ['在读证明'], why: 'characters, pinyin and initials mixed' },
  { typed: 'zaiduzhen', finds: ['在读证明'], why: 'the last syllable only begun' },
  { typed: 'ｚａｉｄｕ', finds: ['在读证明'], why: 'full-width letters' },
  { typed: 'xueji', finds: ['在读证明'], why: 'pinyin of a synonym' },
  { typed: '盖章', finds: ['用印申请'], why: 'a synonym' },
  { typed: 'shenqing', finds: ['用印申请', '网站变更申请'], why: 'both, the shorter title first' },
  { typed: 'chongxiu', finds: ['会议室预约'], why: 'a character with several readings, read in its word' },
  { typed: 'a4', finds: ['设备报修'], why: 'Latin letters and digits' },
  { typed: 'certificate', finds: ['在读证明'], why: 'English' },
  { typed: 'aidu', finds: [], why: 'a syllable is not entered in its middle' },
  { typed: '', finds: [], why: 'nothing typed' },
  { typed: '毕业', finds: [], why: 'nothing fits' },
  { typed: '%', finds: [], why: 'a sign that a database would take for everything' },
]

for (const { typed, finds, why } of cases) {
  test(`searching '${typed}' finds ${finds.join('、') || 'nothing'}: ${why}`, () => assert.deepEqual(search(index, typed), finds))
}

test('the title comes before a synonym, and the whole word before a part of it', () => {
  const words = [['请假销假', '学生'], ['学生证补办'], ['学生'], ['新学生报到']]
  const ranked = indexOf(words.map(entry => ({ item: entry[0] ?? '', words: entry })))
  assert.deepEqual(search(ranked, '学生'), ['学生', '学生证补办', '新学生报到', '请假销假'])
})

test('a long row of the same letter is answered at once', () => {
  const ranked = indexOf([{ item: 1, words: ['啊'.repeat(60)] }])
  const began = performance.now()
  search(ranked, `${'a'.repeat(59)}z`)
  assert.ok(performance.now() - began < 200)
})
