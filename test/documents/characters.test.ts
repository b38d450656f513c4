import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { readTemplates, renderDocument } from '../../src/features/documents/templates.ts'
import { createBrowser, missingGlyphs } from '../../src/integrations/browser/index.ts'
import { printed, workshop } from '../integrations/seal-material.ts'
import { quietLog } from '../support/database.ts'

const browser = createBrowser({ log: quietLog })
after(() => browser.close())

/** 通用规范汉字表 (2013): its 8,105 characters in their order, levels one to three. */
const table = [...readFileSync(join(import.meta.dirname, 'standard-characters.txt'), 'utf8').replaceAll('\n', '')]

test('of the 8,105 characters of the national table our own type has 7,401: the common 3,500 all, of the next 3,000 all but 43', async () => {
  assert.equal(new Set(table).size, 8105)
  const lacking = new Set(await missingGlyphs(table.join('')))
  const counts = [table.slice(0, 3500), table.slice(3500, 6500), table.slice(6500)].map(level => level.filter(character => lacking.has(character)).length)
  assert.deepEqual(counts, [0, 43, 661])
})

test('a name with characters that our type lacks is printed whole where the machine has them, and found before issue where not', async t => {
  const name = '龘𠮷㛃·古丽巴哈尔'
  assert.deepEqual(await missingGlyphs(name), ['𠮷', '㛃'])
  const boxes = await browser.unprintable(name)
  assert.deepEqual(boxes.filter(character => !['𠮷', '㛃'].includes(character)), [])
  const template = readTemplates(join(import.meta.dirname, '../../src/catalogue/documents')).get('transcript-zh-gpa')
  assert.ok(template)
  const html = renderDocument(template.source, { facts: { ...template.sample, name }, school: { name: '明湖大学', name_en: 'Minghu University' }, issued_on: '2026-11-21', specimen: false })
  const { file } = await workshop(t)
  const text = await printed('pdftotext', await file('rare.pdf', await browser.pdf(html)), '-')
  assert.ok(boxes.length > 0 || text.replace(/\s/g, '').includes(name), text.slice(0, 300))
})

test('what no type in the world has is found', async () => assert.deepEqual(await browser.unprintable('王\u{10fffd}'), ['\u{10fffd}']))
