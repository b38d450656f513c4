import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { contentOf } from '../../src/features/documents/content.ts'
import { readSchemes } from '../../src/features/documents/grades/schemes.ts'
import { FACTS } from '../../src/features/documents/shared/facts.ts'
import { missingFacts, readTemplates, renderDocument } from '../../src/features/documents/templates.ts'
import { createBrowser } from '../../src/integrations/browser/index.ts'
import { phrases } from '../../src/platform/text.ts'
import { printed, workshop } from '../integrations/seal-material.ts'
import { startTestApp } from '../support/app.ts'
import { quietLog } from '../support/database.ts'

const folder = join(import.meta.dirname, '../../src/catalogue/documents')
const schemes = readSchemes(join(folder, '../gpa'))
const templates = [...readTemplates(folder).values()]
const browser = createBrowser({ log: quietLog })
after(() => browser.close())

const paper = {
  school: { name: '明湖大学', name_en: 'Minghu University' }, issued_on: '2026-11-21', number: '20261121000001', code: '7Q2M-XK4T-9ZRB-3WDN',
  verify_url: 'https://hall.minghu.example/verify/7Q2MXK4T9ZRB3WDN', qr: '<svg viewBox="0 0 1 1"></svg>', seal: null, specimen: false,
}

test('every file of the catalogue that is no part is a document', () => {
  const files = readdirSync(folder).filter(name => name.endsWith('.eta') && !name.startsWith('_'))
  assert.deepEqual(templates.map(({ kind }) => `${kind}.eta`), files.toSorted())
  assert.ok(files.length > 0)
})

for (const template of templates) {
  const { title, facts, sample, source, price } = template
  test(`${title}: its sample has every fact it prints, and no other`, () => {
    assert.deepEqual(missingFacts(template, sample), [])
    assert.deepEqual(Object.keys(sample).filter(key => !facts.some(fact => fact.key === key)), [])
    assert.ok(Number.isInteger(price) && price >= 0, 'fen')
    assert.ok(phrases().has(title), 'the title has its English')
    if (template.about === 'person') assert.deepEqual(facts.filter(({ key }) => !(key in FACTS)), [], 'each is called by a name')
  })

  test(`${title}: every fact of the sample stands on the page, and the page has nothing unfilled`, () => {
    const html = renderDocument(source, { ...paper, facts: sample })
    assert.doesNotMatch(html, /undefined|NaN|\[object|<%/)
    for (const key of ['name', 'number', 'purpose']) assert.ok(!(key in sample) || html.includes(sample[key] ?? '?'), key)
  })

  test(`${title}: it is one A4 page, also without what may be missing and with the longest names`, async t => {
    const { file } = await workshop(t)
    const required = Object.fromEntries(facts.filter(fact => fact.required).map(({ key }) => [key, sample[key] ?? '']))
    const long = { ...sample, name: '阿卜杜热合曼·买买提吐尔逊江', ...('name_en' in sample && { name_en: 'ABDURAHMAN Muhammad-Tursunjan Alexander' }), ...('purpose' in sample && { purpose: '用'.repeat(50) }) }
    for (const some of [sample, required, long]) {
      const path = await file('page.pdf', await browser.pdf(renderDocument(source, { ...paper, facts: some })))
      assert.match(await printed('pdfinfo', path), /Pages: +1\n[\s\S]*\(A4\)/)
    }
  })
}

test('for every student who is enrolled the roster has what each document needs, and of whom there are grades, these', async t => {
  const { app } = await startTestApp(t, { grades: true })
  const { db } = app.database
  const students = await db.selectFrom('identity_numbers').select(['number', 'person_id']).where('kind', '=', 'student').where('standing', '=', 'enrolled').orderBy('number').execute()
  const graded = new Set((await db.selectFrom('documents_grades').select('number').distinct().execute()).map(({ number }) => number))
  assert.ok(students.length > 200 && graded.size > 100)
  const lacking: string[] = []
  for (const { number, person_id } of students) {
    for (const template of templates.filter(({ about, facts }) => about === 'person' && (graded.has(number) || !facts.some(({ key }) => key === 'data_on')))) {
      const missing = missingFacts(template, await contentOf(db, { identity: app.identity, schemes }, template, { person_id, person_number: number }))
      if (missing.length > 0) lacking.push(`${number} ${template.kind}: ${missing.join(' ')}`)
    }
  }
  assert.deepEqual(lacking, [])
})
