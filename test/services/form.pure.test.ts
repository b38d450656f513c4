import assert from 'node:assert/strict'
import { test } from 'node:test'
import { textIn } from '../../src/platform/text.ts'
import type { CommonField } from '../../src/features/services/fields/field.ts'
import { answers, formSchema, openForm, readForm, typedForm } from '../../src/features/services/rules/form.ts'
import { readBody } from '../../src/features/services/rules/body.ts'
import { fits } from '../../src/platform/schema.ts'

const t = textIn('zh')
const purposes = [{ value: 'visa', label: '办理签证' }, { value: 'other', label: '其他' }]
const fields: (CommonField & Record<string, unknown>)[] = [
  { key: 'purpose', type: 'select', label: '用途', required: true, options: purposes },
  { key: 'purpose_other', type: 'text', label: '其他用途', required: true, max_length: 5, when: { field: 'purpose', is: 'other' } },
  { key: 'mailbox', type: 'email', label: '接收邮箱', required: true },
  { key: 'day', type: 'date', label: '日期', from: '2026-09-01', to: '2027-01-31' },
  { key: 'remark', type: 'long-text', label: '备注', max_length: 10 },
  { key: 'tip', type: 'note', label: '提示' },
  { key: 'file', type: 'attachment', label: '附件', max_files: 1 },
]
const form = openForm(fields)
const good = { purpose: 'visa', mailbox: 'a@example.com' }
const sentences = (input: Record<string, string | string[]>) =>
  Object.fromEntries(Object.entries(readForm(form, input).faults).map(([key, { sentence, params }]) => [key, t(sentence, params)]))

const wrong: [string, Record<string, string | string[]>, Record<string, string>][] = [
  ['nothing filled in', {}, { purpose: '请选择“用途”', mailbox: '请填写“接收邮箱”' }],
  ['blanks only', { purpose: ' ', mailbox: '\u3000\n ' }, { purpose: '请选择“用途”', mailbox: '请填写“接收邮箱”' }],
  ['an option that is not offered', { ...good, purpose: 'fun' }, { purpose: '“用途”请从给出的选项里选择' }],
  ['several values for one', { ...good, purpose: ['visa', 'other'] }, { purpose: '“用途”的内容格式不对，请重新填写' }],
  ['a conditional field that is asked and missing', { ...good, purpose: 'other' }, { purpose_other: '请填写“其他用途”' }],
  ['too long a line', { ...good, purpose: 'other', purpose_other: '六个字太长了' }, { purpose_other: '“其他用途”最多 5 字，现在有 6 字' }],
  ['half a mailbox', { ...good, mailbox: 'a@b' }, { mailbox: '“接收邮箱”不是完整的邮箱地址，应类似 name@example.com' }],
  ['a second address hidden behind a line break', { ...good, mailbox: 'a@example.com\nbcc@example.com' }, { mailbox: '“接收邮箱”不是完整的邮箱地址，应类似 name@example.com' }],
  ['a day that does not exist', { ...good, day: '2026-02-30' }, { day: '“日期”不是有效的日期，应类似 2026-09-01' }],
  ['a day too early', { ...good, day: '2026-08-31' }, { day: '“日期”不能早于 2026-09-01' }],
  ['too much text', { ...good, remark: '十一个字就太多了对不对' }, { remark: '“备注”最多 10 字，现在有 11 字' }],
  ['too many files', { ...good, file: ['0'.repeat(26), '1'.repeat(26)] }, { file: '“附件”最多 1 个文件，现在有 2 个' }],
]

for (const [what, input, faults] of wrong) test(`a form with ${what} says so at the field`, () => assert.deepEqual(sentences(input), faults))

test('an accepted form is tidied, holds what its schema says, and reads as people read it', () => {
  const { values, faults } = readForm(form, { ...good, mailbox: ' ａ＠example。com ', remark: ' 两行\r\n\u0007字 ', purpose_other: '没有问到的' })
  assert.deepEqual(faults, {})
  assert.deepEqual(values, { purpose: 'visa', mailbox: 'a@example.com', remark: '两行\n字' })
  assert.ok(fits(formSchema(form), values))
  assert.deepEqual(answers(form, values, t).map(({ label, text }) => [label, text]), [['用途', '办理签证'], ['接收邮箱', 'a@example.com'], ['备注', '两行\n字']])
  assert.deepEqual(readForm(form, typedForm(form, values)).values, values, 'what was accepted is accepted again')
})

test('emoji and rare characters count as one', () => {
  assert.deepEqual(sentences({ ...good, remark: '😀𠮷👍😀𠮷👍😀𠮷👍😀' }), {})
})

test('what a page sends besides the form is refused by name, and files and texts do not change places', () => {
  const upload = { filename: 'a.pdf', mimetype: 'application/pdf', data: Buffer.from('x'), truncated: false }
  const empty = { filename: '', mimetype: 'application/octet-stream', data: Buffer.alloc(0), truncated: false }
  const { input, uploads, remove, faults } = readBody(form, { ...good, _csrf: 'x', intent: 'submit', draft: 'd', remove: 'r', file: 'text', remark: upload, day: 5, tip: 'x', status: 'approved' })
  assert.deepEqual(input, good)
  assert.deepEqual([...uploads.keys()], ['remark'])
  assert.deepEqual(remove, ['r'])
  assert.deepEqual(Object.keys(faults).toSorted(), ['_form', 'day', 'file'])
  assert.match(t(faults._form?.sentence ?? '', faults._form?.params), /tip, status/)
  assert.deepEqual(readBody(form, { ...good, file: empty }).faults, {}, 'a file input left empty is nothing')
  assert.deepEqual(readBody(form, null).faults, {})
})
