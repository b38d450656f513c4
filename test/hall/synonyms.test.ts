import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SERVICE, startCampus } from '../services/campus.ts'
import { cast } from '../support/people.ts'

const DESK = '/admin/synonyms/enrolment-certificate'

test('a department adds words by which its service is found', async t => {
  const campus = await startCampus(t)
  const { admin: someone } = await cast(campus.app)
  const admin = await campus.phone(someone.userid)
  const { client } = await campus.student()
  const finds = async (typed: string) => (await client.get(`/?q=${encodeURIComponent(typed)}`)).root.querySelector('#found a.cell')?.getAttribute('href')

  await t.test('what was added is found at once, by its pinyin too', async () => {
    assert.equal(await finds('在学凭据'), undefined)
    const saved = await admin.submit(await admin.get(DESK), DESK, { words: '在学凭据\n在校证明，办签证用' })
    assert.ok(saved.path === '/admin/synonyms' && saved.has('在学凭据、办签证用'), 'a word of the service’s own is not added again')
    assert.equal(await finds('在学凭据'), SERVICE)
    assert.equal(await finds('bqzy'), SERVICE)
  })

  await t.test('it is found among the services by name, and the words can be taken out again', async () => {
    const list = await admin.get('/admin/synonyms?q=zdzm')
    const form = await admin.get(list.link('在读证明'))
    assert.equal(form.value('words').trim(), '在学凭据\n办签证用')
    await admin.submit(form, DESK, { words: '' })
    assert.equal(await finds('在学凭据'), undefined)
  })

  await t.test('too long and too many are said at the field, and what was typed stays', async () => {
    const long = await admin.submit(await admin.get(DESK), DESK, { words: '长'.repeat(41) })
    assert.ok(long.status === 422 && long.has('每个词最多 40 字') && long.value('words').trim() === '长'.repeat(41))
    const many = await admin.submit(long, DESK, { words: Array.from({ length: 51 }, (_, at) => `词${at}`).join('\n') })
    assert.ok(many.status === 422 && many.has('一项服务最多添加 50 个词'))
    assert.equal((await admin.get('/admin/synonyms/nothing')).status, 404)
  })
})
