import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dateWords } from '../../src/platform/dates.ts'
import { textIn } from '../../src/platform/text.ts'

const MINUTE = 60_000
const now = Date.parse('2026-11-22T13:00:00+08:00')
const { ago } = dateWords(textIn('zh'), () => now)

for (const [minutes, words] of [[0, '刚刚'], [-1, '刚刚'], [1, '1 分钟前'], [59, '59 分钟前'], [60, '1 小时前'], [1440, '1 天前'], [7 * 1440, '11月15日 13:00'], [-30, '今天 13:30'], [-5 * 1440, '11月27日 13:00']] as const) {
  test(`what is ${minutes} minutes past is ‘${words}’`, () => assert.equal(ago(now - minutes * MINUTE), words))
}
