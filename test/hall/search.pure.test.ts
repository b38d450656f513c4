import assert from 'node:assert/strict'
import { test } from 'node:test'
import { indexOf, search } from '../../src/features/hall/rules/search.ts'
import { processorTime } from '../support/processor.ts'

const MOST = 30

const index = indexOf([
  ['在读证明', '在校证明', '学籍证明', 'enrolment certificate'],
  ['网站变更申请', '网页', '域名'],
  ['学生请假', '请假条', '病假'],
  ['用印申请', '盖章', '公章'],
  ['会议室预约', '教室', '重修考试'],
  ['设备报修', '维修', 'A4 打印机'],
].map(([title = '', ...synonyms]) => ({ item: title, title, synonyms, guide: title === '用印申请' ? ['需要两份加盖印章的材料，由综合科受理'] : [] })))

const itemsOf = (typed: string, of = index) => search(of, typed, MOST).hits.map(hit => hit.item)

const cases: { typed: string; finds: string[]; why: string }[] = [
  { typed: '在读', finds: ['在读证明'], why: 'characters at the beginning' },
  { typed: '证明', finds: ['在读证明'], why: 'characters in the middle' },
  { typed: 'zaidu', finds: ['在读证明'], why: 'whole pinyin' },
  { typed: 'ZaiDu', finds: ['在读证明'], why: 'capitals' },
  { typed: "zai'du zheng", finds: ['在读证明'], why: 'apostrophe and space of a pinyin keyboard' },
  { typed: 'zdzm', finds: ['在读证明'], why: 'initials' },
  { typed: 'dzm', finds: ['在读证明'], why: 'initials from the middle' },
  { typed: 'zdzhm', finds: ['在读证明'], why: 'an initial of two letters' },
  { typed: '在duzm', finds: ['在读证明'], why: 'characters, pinyin and initials mixed' },
  { typed: 'zaiduzhen', finds: ['在读证明'], why: 'the last syllable only begun' },
  { typed: 'ｚａｉｄｕ', finds: ['在读证明'], why: 'full-width letters' },
  { typed: 'xueji', finds: ['在读证明'], why: 'pinyin of a synonym' },
  { typed: '盖章', finds: ['用印申请'], why: 'a synonym' },
  { typed: 'shenqing', finds: ['用印申请', '网站变更申请'], why: 'both, the shorter title first' },
  { typed: 'chongxiu', finds: ['会议室预约'], why: 'a character with several readings, read in its word' },
  { typed: 'a4', finds: ['设备报修'], why: 'Latin letters and digits' },
  { typed: 'certificate', finds: ['在读证明'], why: 'English' },
  { typed: '综合科', finds: ['用印申请'], why: 'words of the guide' },
  { typed: '申请 网站', finds: ['网站变更申请'], why: 'two words in another order' },
  { typed: '申请 公章', finds: ['用印申请'], why: 'a word of the title and one of a synonym' },
  { typed: 'idu', finds: [], why: 'a syllable is not entered in its middle' },
  { typed: '', finds: [], why: 'nothing typed' },
  { typed: '毕业', finds: [], why: 'nothing fits' },
  { typed: '%', finds: [], why: 'a sign that a database would take for everything' },
]

for (const { typed, finds, why } of cases) {
  test(`searching '${typed}' finds ${finds.join('、') || 'nothing'}: ${why}`, () => {
    assert.deepEqual(itemsOf(typed), finds)
    assert.equal(search(index, typed, MOST).near && finds.length > 0, false)
  })
}

const mistakes: { typed: string; finds: string[]; why: string }[] = [
  { typed: '在渎证明', finds: ['在读证明'], why: 'a wrong character' },
  { typed: '请假单', finds: ['学生请假'], why: 'a wrong character of three' },
  { typed: '网站变申请', finds: ['网站变更申请'], why: 'a missing character' },
  { typed: '会议议室预约', finds: ['会议室预约'], why: 'a character too many' },
  { typed: '设备修报', finds: ['设备报修'], why: 'two characters the wrong way round' },
  { typed: 'zaidou', finds: ['在读证明'], why: 'a letter too many' },
  { typed: 'zaidyzhengming', finds: ['在读证明'], why: 'a wrong letter' },
  { typed: 'zadu', finds: ['在读证明'], why: 'a missing letter' },
  { typed: 'zaiudzhengming', finds: ['在读证明'], why: 'two letters the wrong way round' },
  { typed: 'certifcate', finds: ['在读证明'], why: 'a mistake in English' },
  { typed: '盖张', finds: [], why: 'two characters are too few to tell a mistake' },
  { typed: 'zad', finds: [], why: 'so are three letters' },
  { typed: 'zaidouzhemgming', finds: [], why: 'two mistakes' },
  { typed: '再渎证明', finds: [], why: 'two wrong characters' },
]

for (const { typed, finds, why } of mistakes) {
  test(`'${typed}' comes closest to ${finds.join('、') || 'nothing'}: ${why}`, () => {
    const { hits, near } = search(index, typed, MOST)
    assert.deepEqual([hits.map(hit => hit.item), near], [finds, true])
  })
}

test('the title comes before a synonym, this before pinyin, initials, and the guide; the whole word before a part of it', () => {
  const entry = (title: string, synonyms: string[] = [], guide: string[] = []) => ({ item: title, title, synonyms, guide })
  const ranked = indexOf([entry('请假销假', ['学生']), entry('学生证补办'), entry('学生'), entry('新学生报到'), entry('宿舍调整', [], ['学生自己申请'])])
  assert.deepEqual(itemsOf('学生', ranked), ['学生', '学生证补办', '新学生报到', '请假销假', '宿舍调整'])
  const latin = indexOf([entry('办事说明', [], ['cj']), entry('成绩', []), entry('查询', ['cj']), entry('cj 竞赛')])
  assert.deepEqual(itemsOf('cj', latin), ['cj 竞赛', '查询', '成绩', '办事说明'])
  const spelled = indexOf([entry('次级'), entry('此接入申请'), entry('迟缓交费')])
  assert.deepEqual(itemsOf('ciji', spelled)[0], '次级')
})

test('the part that fits is marked in the words as they were written', () => {
  const marked = (typed: string) => search(index, typed, MOST).hits.map(({ text, from, to, where }) => [where, text.slice(0, from), text.slice(from, to), text.slice(to)])
  assert.deepEqual(marked('zhengm'), [['title', '在读', '证明', '']])
  assert.deepEqual(marked('站bg'), [['title', '网', '站变更', '申请']])
  assert.deepEqual(marked('ａ４打印'), [['synonym', '', 'A4 打印', '机']])
  assert.deepEqual(marked('综合科'), [['guide', '需要两份加盖印章的材料，由', '综合科', '受理']])
  assert.deepEqual(marked('请假单'), [['synonym', '', '请假条', '']])
})

test('a row of the same letter is answered at once, and so is what is longer than any name', () => {
  const ranked = indexOf([{ item: 1, title: '啊'.repeat(60), synonyms: [], guide: [] }])
  const spent = processorTime()
  search(ranked, `${'a'.repeat(59)}z`, MOST)
  search(ranked, '长'.repeat(100_000), MOST)
  assert.ok(spent() < 2000)
})
