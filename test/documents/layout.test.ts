import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, describe, test } from 'node:test'
import fc from 'fast-check'
import { inHalves, linesOf } from '../../src/features/documents/layout.ts'
import type { Course } from '../../src/features/documents/grades/transcript.ts'
import { sealBox, sheetsIn } from '../../src/features/documents/paper.ts'
import { type Facts, readTemplates, renderDocument, type Template } from '../../src/features/documents/templates.ts'
import { createBrowser } from '../../src/integrations/browser/index.ts'
import { findBrowser } from '../../src/integrations/browser/find.ts'
import { launchBrowser, openSheet } from '../../src/integrations/browser/launch.ts'
import { typeIsThere } from '../../src/integrations/browser/print.ts'
import { printed, workshop } from '../integrations/seal-material.ts'
import { quietLog } from '../support/database.ts'

const templates = readTemplates(join(import.meta.dirname, '../../src/catalogue/documents'))
const transcripts = [...templates.values()].filter(({ family }) => family === 'transcript')
const browser = createBrowser({ log: quietLog })
after(() => browser.close())

const SEAL = `data:image/svg+xml;base64,${Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4.5" cy="4.5" r="4" fill="none" stroke="red"/></svg>').toString('base64')}`
const paper = {
  school: { name: '明湖大学', name_en: 'Minghu University' }, issued_on: '2026-11-21', number: '20261121000001', code: '7Q2M-XK4T-9ZRB-3WDN',
  verify_url: 'https://hall.minghu.example/verify/7Q2MXK4T9ZRB3WDN', qr: '<svg viewBox="0 0 1 1"></svg>', seal: SEAL, specimen: false,
}
const LONG = { zh: '第{n}门：面向新时代的人工智能与大数据技术（C++ 与 Python 双语）综合课程设计暨毕业实习前期准备专题研讨', en: 'Course {n}: Interdisciplinary Seminar on Artificial Intelligence, Internationalisation and Electroencephalography for Undergraduates' }
const SHORT = { zh: '第{n}门课', en: 'Course {n}.' }

function factsWith({ sample, language }: Template, count: number, longEvery: number): Facts {
  const courses = Array.from({ length: count }, (_, at): Course => ({
    name: (at % longEvery === 0 ? LONG : SHORT)[language].replace('{n}', `N${at}`), year: `${2019 + Math.floor(at / 60)}-${2020 + Math.floor(at / 60)}`, term: at % 60 < 30 ? '1' : '2',
    nature: language === 'zh' ? '必修' : 'R', credits: '0.5', mark: language === 'zh' ? '不及格' : 'Excellent', points: '3.95', note: at % 7 === 0 ? language === 'zh' ? '重修' : 'Retake' : '',
  }))
  return { ...sample, courses: JSON.stringify(courses), ...language === 'zh' ? { name: '古丽巴哈尔·艾合买提'.repeat(4) } : { name: '古丽巴哈尔·艾合买提', name_en: 'GULBAHAR Ahmat-Tursunjan Alexandra Marie' } }
}

describe('a list in two halves', () => {
  const form = { first: 50, next: 80, foot: 20, row: 5, line: 3, width: 10, text: (row: string) => row, heading: (row: string) => row.slice(0, 1), headingHeight: 4 }

  test('every row stands there once and in order, no half is higher than its page has room, and a last page has company for its foot', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 1, max: 25 })), { minLength: 1, maxLength: 400 }), made => {
      const rows = made.map(([head, size], at) => `${head}${at} ${'字'.repeat(size)}`)
      const pages = inHalves(rows, form)
      assert.deepEqual(pages.flatMap(page => page.halves.flatMap(half => half.flatMap(block => block.rows))), rows)
      for (const { number, of, last, halves } of pages) {
        const most = (number === 1 ? form.first : form.next) - (last ? form.foot : 0)
        for (const half of halves) {
          const height = half.reduce((sum, block) => sum + form.headingHeight + block.rows.reduce((rest, row) => rest + form.row + form.line * (linesOf(row, form.width) - 1), 0), 0)
          assert.ok(height <= most + 0.01, `${height} on ${most}`)
          for (const block of half) assert.ok(block.rows.length > 0 && block.rows.every(row => row.startsWith(block.heading ?? '?')))
        }
        assert.equal(of, pages.length)
        assert.equal(last, number === of)
        assert.ok(halves.flat().length > 0, 'no empty page')
      }
    }), { numRuns: 60 })
  })

  test('a heading that goes on in another half says so, and one that fits there whole is not parted', () => {
    const rows = (head: string, count: number) => Array.from({ length: count }, (_, at) => `${head}${at}`)
    const [page] = inHalves([...rows('a', 3), ...rows('b', 4)], { ...form, first: 50 })
    assert.deepEqual(page?.halves.map(half => half.map(block => [block.heading, block.again, block.rows.length])), [[['a', false, 3]], [['b', false, 4]]])
    const [parted] = inHalves(rows('a', 9), form)
    assert.deepEqual(parted?.halves.map(half => half.map(block => [block.again, block.rows.length])), [[[false, 5]], [[true, 4]]])
  })

  test('lines are counted rather one too many than one too few', () => {
    assert.deepEqual([linesOf('高等数学', 10), linesOf('高等数学（一）高等数学（二）', 10), linesOf('Data Structures', 10), linesOf('Introduction to Artificial Intelligence', 10), linesOf('', 10)], [1, 2, 1, 3, 1])
  })
})

for (const template of transcripts) {
  test(`${template.title}: 400 rows are several pages with their heads, numbers and every course once`, async t => {
    const html = renderDocument(template.source, { ...paper, facts: factsWith(template, 400, 9) })
    const { file } = await workshop(t)
    const path = await file('transcript.pdf', await browser.pdf(html))
    const pages = (await printed('pdftotext', '-layout', path, '-')).split('\f').slice(0, -1)
    assert.ok(pages.length >= 4 && pages.length === sheetsIn(html), `${pages.length} pages`)
    const zh = template.language === 'zh'
    for (const [at, text] of pages.entries()) {
      const flat = text.replace(/\s+/g, ' ')
      assert.equal(flat.split(zh ? '课程名称' : 'Course Type').length - 1, 2, `heads of both halves on page ${at + 1}`)
      assert.ok(flat.includes(zh ? `第 ${at + 1} 页，共 ${pages.length} 页` : `Page ${at + 1} of ${pages.length}`), flat.slice(-200))
      assert.ok(flat.includes(template.sample.number ?? '?') && flat.includes(paper.number))
      assert.equal(flat.includes(paper.code), at === pages.length - 1, 'the foot stands on the last page alone')
    }
    const all = pages.join('\n')
    for (let n = 0; n < 400; n++) assert.equal(all.split(new RegExp(`(?<![A-Za-z0-9])N${n}(?!\\d)`)).length - 1, 1, `course ${n}`)
    // The seal's slices, one for each page, make it whole.
    assert.equal(html.split('class="cross"').length - 1, pages.length)
    assert.deepEqual(sealBox(template.seal, sheetsIn(html)).page, pages.length)
  })

  test(`${template.title}: nothing runs out of its frame, however long the names are`, async () => {
    const engine = await launchBrowser(findBrowser() ?? assert.fail('no browser'))
    try {
      const { page } = await openSheet(engine)
      await page.emulateMediaType('print')
      for (const [count, longEvery] of [[1, 1], [60, 1], [150, 3]] as const) {
        await page.setContent(renderDocument(template.source, { ...paper, facts: factsWith(template, count, longEvery) }), { waitUntil: 'load' })
        await typeIsThere(page)
        const over = await page.evaluate(() => {
          const bottom = (element: Element) => element.getBoundingClientRect().bottom
          const right = (element: Element) => element.getBoundingClientRect().right
          return [
            ...[...document.querySelectorAll('.half')].filter(half => bottom(half.lastElementChild ?? half) > bottom(half) + 1).map(half => `half ${half.textContent?.slice(0, 40)}`),
            ...[...document.querySelectorAll('.half td, .sums div, .who dd, .going-on span')].filter(cell => cell.scrollWidth > cell.clientWidth + 1 && cell.clientWidth > 0).map(cell => `cell ${cell.textContent}`),
            ...[...document.querySelectorAll('.rules')].filter(rules => bottom(rules) > (document.querySelector('.verify')?.getBoundingClientRect().top ?? Infinity)).map(() => 'rules'),
            ...[...document.querySelectorAll('.going-on')].filter(line => [...line.children].some(each => right(each) > right(line) + 1)).map(() => 'running head'),
            ...[...document.querySelectorAll('.who')].filter(who => [...who.children].some(each => bottom(each) > bottom(who) + 1)).map(() => 'who'),
          ]
        })
        assert.deepEqual(over, [], `${count} courses`)
      }
    } finally {
      await engine.close()
    }
  })
}
