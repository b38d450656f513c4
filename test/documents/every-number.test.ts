import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { asked, phoneOf, wordsOf } from './transcript.ts'

const STUDENT = '20241060101'

/**
 * A student of the sample university with all that can happen to a mark: failed and passed at the resit, by mark and by word, failed twice, words of the five steps, a course
 * that is passed without a mark. Points are 4 − 3 × (100 − mark)² ÷ 1600, worked out by hand: 71 → 2.423125, 66 → 1.8325, 65 → 1.703125, 75 → 2.828125, 69 → 2.198125,
 * 73 → 2.633125, 67 → 1.958125, 76 → 2.92, 68 → 2.08, a passed resit as 60 → 1, 59 → 0. 中等 is 75, 及格 is 65.
 */
const TERMS: readonly [string, readonly string[]][] = [
  ['2024—2025学年第一学期', [
    '综合英语（一） 必修 4 71 2.42', '英语语音 必修 3 66 1.83', '思想道德与法治 必修 3 58 —', '大学英语（一） 必修 3 65 1.70', '体育（一） 必修 1 中等 2.83', '军事技能 必修 2 合格 —', '思想道德与法治（补考） 必修 3 60 1.00',
  ]],
  ['2024—2025学年第二学期', [
    '综合英语（二） 必修 4 69 2.20', '英语听力 必修 2 73 2.63', '中国近现代史纲要 必修 3 65 1.70', '大学英语（二） 必修 3 67 1.96', '体育（二） 必修 1 不及格 —', '体育（二）（补考） 必修 1 及格 1.00',
  ]],
  ['2025—2026学年第一学期', [
    '综合英语（三） 必修 4 67 1.96', '英语写作 必修 3 66 1.83', '英语口语 必修 2 76 2.92', '马克思主义基本原理 必修 3 69 2.20', '大学英语（三） 必修 2 69 2.20', '体育（三） 必修 1 及格 1.70',
  ]],
  ['2025—2026学年第二学期', [
    '英国文学 必修 3 68 2.08', '笔译基础 必修 3 71 2.42', '跨文化交际 选修 2 76 2.92', '毛泽东思想和中国特色社会主义理论体系概论 必修 3 59 0.00', '体育（四） 必修 1 及格 1.70', '毛泽东思想和中国特色社会主义理论体系概论（补考） 必修 3 59 —',
  ]],
]

/**
 * Credits of the 21 courses with a mark: 4+3+3+3+1 + 4+2+3+3+1 + 4+3+2+3+2+1 + 3+3+2+3+1 = 54; with 军事技能 56 were studied, less the 3 of the course failed twice 53 earned.
 * Credits × marks: 4×71+3×66+3×60+3×65+75 + 4×69+2×73+3×65+3×67+60 + 4×67+3×66+2×76+3×69+2×69+65 + 3×68+3×71+2×76+3×59+65
 *   = 932 + 878 + 1028 + 811 = 3649; ÷ 54 = 67.574…
 * Credits × points: 4×2.423125+3×1.8325+3+3×1.703125+2.828125 = 26.1275; 4×2.198125+2×2.633125+3×1.703125+3×1.958125+1 = 26.0425;
 *   4×1.958125+3×1.8325+2×2.92+3×2.198125+2×2.198125+1.703125 = 31.86375; 3×2.08+3×2.423125+2×2.92+0+1.703125 = 21.0525; together 105.08625; ÷ 54 = 1.94604…
 */
const TOTALS = { credits: '56', earned: '53', average: '67.57', gpa: '1.95' }

test('every number of one student’s transcript is what it is by hand: each course, the credits, the average, the grade points', async t => {
  const hall = await startTestApp(t, { grades: true })
  const phone = await phoneOf(hall, STUDENT)
  const id = await asked(hall, phone, 'transcript-zh-gpa')
  const words = await wordsOf(t, phone, id)
  const [table] = /2024—2025学年第一学期.*(?=（以下空白）)/.exec(words) ?? ['']
  const lines = TERMS.flatMap(([term, courses]) => [term, ...courses]).join('').replaceAll(' ', '')
  assert.equal(table.replaceAll('课程名称性质学分成绩绩点', ''), lines)
  for (const said of [`修读学分${TOTALS.credits}取得学分${TOTALS.earned}加权平均分${TOTALS.average}平均学分绩点（GPA）${TOTALS.gpa}/4.0`, `学号${STUDENT}`, '入学2024年9月1日', '毕业2028年6月（预计）', '成绩数据截至2026年11月16日', '第1页，共1页']) assert.ok(words.includes(said), `${said}: ${words}`)

  const row = await hall.app.database.db.selectFrom('documents_documents').select(['number', 'code']).where('id', '=', id).executeTakeFirstOrThrow()
  assert.ok(words.includes(`编号：${row.number}`) && words.includes(`验证码：${row.code.replace(/(.{4})(?=.)/g, '$1-')}`), words)

  const average = await wordsOf(t, phone, await asked(hall, phone, 'transcript-zh-average'))
  assert.ok(average.includes(`修读学分${TOTALS.credits}取得学分${TOTALS.earned}加权平均分${TOTALS.average}`) && !average.includes('绩点（GPA）'), average)
  const english = await wordsOf(t, phone, await asked(hall, phone, 'transcript-en-gpa'))
  for (const figure of [TOTALS.average, `${TOTALS.gpa}/4.0`, TOTALS.earned]) assert.ok(english.includes(figure), `${figure}: ${english}`)
  assert.ok((await wordsOf(t, phone, await asked(hall, phone, 'enrolment-zh-gpa', 'certificates'))).includes(TOTALS.gpa))
})
