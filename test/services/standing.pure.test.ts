import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textIn } from '../../src/platform/text.ts'
import { createWorkingTime } from '../../src/platform/working-time.ts'
import { dueAt, dueWords, type Holding, standingSentence } from '../../src/features/services/rules/standing.ts'
import type { Status } from '../../src/features/services/rules/application.ts'

const HOUR = 3_600_000
const holding = (names: string[], hours: number, label = '辅导员审批'): Holding => ({ label, names, since: -hours * HOUR })

const cases: [string, Status, Holding[], boolean, string][] = [
  ['one holder', 'running', [holding(['李敏'], 3)], true, '等辅导员 李敏 审批，已 3 小时，承诺 1 个工作日'],
  ['two', 'running', [holding(['李敏', '王强'], 0.5)], false, '等辅导员 李敏、王强 审批，已 30 分钟，承诺 1 个工作日'],
  ['a pool', 'running', [holding(['甲', '乙', '丙'], 50, '教务员审批')], true, '等教务员 甲、乙等 3 人 审批，已 2 天，承诺 1 个工作日'],
  ['just begun', 'running', [holding(['李敏'], 0)], true, '等辅导员 李敏 审批，已 1 分钟，承诺 1 个工作日'],
  ['side by side', 'running', [holding(['李敏'], 1), holding(['周静'], 2, '教务员审批')], true, '等辅导员 李敏、教务员 周静 审批，已 2 小时，承诺 1 个工作日'],
  ['returned, to the applicant', 'returned', [], true, '已退回，请修改后重新提交'],
  ['returned, to others', 'returned', [], false, '已退回申请人修改'],
  ['approved', 'approved', [], true, '审批已通过'],
]

for (const [what, status, holders, own, sentence] of cases) {
  test(`the state reads as a person would say it: ${what}`, () =>
    assert.equal(standingSentence(textIn('zh'), status, { holding: holders, promise: { working_days: 1 }, now: 0, own, suspended: false }), sentence))
}

test('a promise is a day on the calendar: holidays put it off, and a promise in hours names the time', () => {
  const calendar = { years: new Set<number>(), days: new Map([['2026-11-23', false]]) }
  const workingTime = createWorkingTime({ calendar, hours: [['08:30', '12:00'], ['14:00', '17:30']] })
  const friday = Date.parse('2026-11-20T16:30:00+08:00')
  const words = (language: 'zh' | 'en', promise: { working_days: number } | { working_hours: number }) => dueWords(textIn(language), promise, dueAt(workingTime, promise, friday))
  assert.equal(words('zh', { working_days: 1 }), '约 11月24日前办结')
  assert.equal(words('zh', { working_hours: 4 }), '约 11月24日 11:30 前办结')
  assert.equal(words('en', { working_days: 3 }), 'done by about 26 November')
})
