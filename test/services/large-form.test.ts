import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { startCampus } from './campus.ts'
import { answersOn, idOf } from './activity.ts'

const ROWS = 500
const source = join(import.meta.dirname, 'catalogue')

test('the largest forms that a service may ask for are filled in, kept and sent', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'hall-large-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(source, folder, { recursive: true })
  const like = JSON.parse(readFileSync(join(source, 'every-field.json'), 'utf8'))
  const flow = { nodes: like.flow.nodes.map(({ fields: _fields, ...node }: Record<string, unknown>) => node) }
  const columns = [{ key: 'name', type: 'text', label: '名称', required: true }, ...['a', 'b', 'c', 'd'].map(key => ({ key, type: 'number', label: key })), { key: 'sum', type: 'computed', label: '小计', value: { sum: ['a', 'b', 'c', 'd'].map(field => ({ field })) } }]
  const write = (name: string, fields: unknown[]) => writeFileSync(join(folder, `${name}.json`), JSON.stringify({ ...like, title: name, form: { fields }, flow, sample: {} }))
  write('long-table', [{ key: 'items', type: 'table', label: '明细', required: true, max_rows: ROWS, columns, sums: ['sum'] }])
  write('many-fields', Array.from({ length: 200 }, (_, n) => ({ key: `f${n}`, type: 'text', label: `第${n}项`, required: true, ...(n > 0 && { when: { field: `f${n - 1}`, filled: true } }) })))
  const campus = await startCampus(t, { serviceFiles: folder })

  await t.test('a table of five hundred rows', async () => {
    const { client } = await campus.student()
    const path = '/services/long-table/apply'
    const cells = Object.fromEntries(Array.from({ length: ROWS }, (_, row) => [['name', `第${row}行`], ['a', '1'], ['b', '2'], ['c', '3'], ['d', '4']].map(([column, value]) => [`items.${row}.${column}`, value])).flat())
    const page = await client.get(path)
    const saved = await client.post(`/applications/${page.value('draft')}/draft`, { _csrf: page.value('_csrf'), draft: page.value('draft'), ...cells })
    assert.equal(JSON.parse(Buffer.from(saved.bytes).toString()).live['items.sum.sum'], String(ROWS * 10))
    assert.equal((await client.get(path)).root.querySelectorAll('.line').length, ROWS)
    const wrong = await client.submit(page, path, { ...cells, [`items.${ROWS - 1}.name`]: '', intent: 'submit' })
    assert.ok(wrong.has(`明细第 ${ROWS} 行：请填写“名称”`))
    const sent = await client.submit(wrong, path, { ...cells, intent: 'submit' })
    idOf(sent)
    assert.match(answersOn(sent).get('明细') ?? '', /第499行/)
    const more = await client.submit(await client.get(path), path, { ...cells, 'items.500.name': '多一行', 'items.501.name': '多两行', intent: 'submit' })
    assert.deepEqual([more.status, more.has('“明细”最多 500 行，现在有 501 行')], [422, true])
  })

  await t.test('two hundred fields, each asked where the one before is filled in', async () => {
    const { client } = await campus.student()
    const path = '/services/many-fields/apply'
    const fields = Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`f${n}`, `答${n}`]))
    const back = await client.submit(await client.get(path), path, { ...fields, f199: '', intent: 'submit' })
    assert.deepEqual([back.status, back.has('请填写“第199项”'), back.value('f0')], [422, true, '答0'])
    assert.equal(answersOn(await client.submit(back, path, { ...fields, intent: 'submit' })).get('第199项'), '答199')
  })

  await t.test('ten thousand inputs are refused as a whole', async () => {
    const { client } = await campus.student()
    const path = '/services/many-fields/apply'
    const answer = await client.submit(await client.get(path), path, Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`x${n}`, 'x'])))
    assert.ok(answer.status === 413 || answer.status === 422, String(answer.status))
  })
})
