import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { qrSvg, verifyUrl } from '../../src/features/documents/qr.ts'
import { readTemplates, renderDocument, type Template } from '../../src/features/documents/templates.ts'
import { type Browser, createBrowser, FONT_SHEET, outline } from '../../src/integrations/browser/index.ts'
import { checkSignature, createSeal, makeDemoSeal, type Seal } from '../../src/integrations/seal/index.ts'
import { findBrowser } from '../../src/integrations/browser/find.ts'
import { createPages } from '../../src/integrations/browser/pages.ts'
import { createPrinter } from '../../src/integrations/browser/printer.ts'
import { createLog } from '../../src/platform/log.ts'
import { printed, workshop } from './seal-material.ts'

const log = createLog('silent')
const templates = [...readTemplates(join(import.meta.dirname, '../../src/catalogue/documents')).values()].filter(({ about }) => about === 'person')
const NAMES = ['张晓明', '古丽巴哈尔·艾合买提', '欧阳靖宇']

const together = (browser: Browser, htmls: readonly string[]) => Promise.all(htmls.map(html => browser.pdf(html, { patient: true })))

describe('many documents drawn at once', () => {
  const browser = createBrowser({ log })
  let seal: Seal
  before(async () => {
    const { folder } = await workshop({ after: clean => after(clean) })
    seal = await createSeal({ ...await makeDemoSeal(join(folder, 'seal'), { school: '明湖大学', letters: outline }), log })
  })
  after(() => browser.close())

  async function htmlOf({ source, sample }: Template, name: string, index: number): Promise<string> {
    const url = verifyUrl('https://hall.minghu.example/', `7Q2MXK4T9ZRB3WD${index}`)
    return renderDocument(source, {
      facts: { ...sample, name }, school: { name: '明湖大学', name_en: 'Minghu University' }, number: `2026112100000${index}`, code: '7Q2M-XK4T-9ZRB-3WDN',
      verify_url: url, qr: await qrSvg(url), issued_on: '2026-11-21', seal: seal.image, specimen: true,
    })
  }

  const wordsOf = async (path: string, order: string) => (await printed('pdftotext', order, path, '-')).split('\n').map(line => line.trim().split(/\s+/).join(' ')).filter(Boolean)

  for (const template of templates) {
    test(`${template.title}: each looks and reads as if it had been drawn alone`, async t => {
      const { folder, file } = await workshop(t)
      const htmls = await Promise.all(NAMES.map((name, index) => htmlOf(template, name, index)))
      const cuts = await together(browser, htmls)
      assert.equal(cuts.length, htmls.length)
      for (const [index, html] of htmls.entries()) {
        const [alone, cut] = [await file(`alone-${index}.pdf`, await browser.pdf(html)), await file(`cut-${index}.pdf`, cuts[index] ?? new Uint8Array())]
        // Where lines lie a fraction of a point apart, `-layout` sets an empty line or does not.
        for (const order of ['-layout', '-raw']) assert.deepEqual(await wordsOf(cut, order), await wordsOf(alone, order))
        const about = async (path: string) => (await printed('pdfinfo', path)).split('\n').filter(line => /^(Title|Creator|Producer|Pages|Page size|Tagged|JavaScript)/.test(line))
        assert.deepEqual(await about(cut), await about(alone))
        const fonts = async (path: string) => (await printed('pdffonts', path)).split('\n').slice(2).map(line => line.replace(/^\S+\+/, '').split(/ {2,}| +\d+ +0$/).slice(0, 3)).map(words => words.join(' ')).toSorted()
        assert.deepEqual(await fonts(cut), await fonts(alone))
        assert.match(await printed('qpdf', '--check', cut), /No syntax or stream encoding errors/)
        assert.ok((cuts[index]?.length ?? 0) < 1.35 * readFileSync(alone).length, 'it carries little of the others')
        for (const path of [cut, alone]) await printed('pdftoppm', '-r', '72', '-png', path, path.replace('.pdf', ''))
        const pictures = (await printed('ls', folder)).split('\n').filter(name => name.startsWith(`cut-${index}`) && name.endsWith('.png'))
        assert.ok(pictures.length > 0)
        for (const name of pictures) assert.deepEqual(readFileSync(join(folder, name)), readFileSync(join(folder, name.replace('cut', 'alone'))), `${name} looks the same`)
        const { pdf } = await seal.sign(cuts[index] ?? new Uint8Array(), { reason: template.title, location: '明湖大学', fieldName: 'Seal' })
        assert.deepEqual((await checkSignature(pdf, { roots: seal.roots, at: Date.now() })).reasons, [])
        assert.ok(!Buffer.from(pdf).includes('paper.local'), 'where it was cut is not to be seen')
      }
    })
  }

  const page = (title: string, pages: number) => `<!doctype html><html><head><title>${title}</title><link rel="stylesheet" href="${FONT_SHEET}">
    <style>@page { size: A4; margin: 20mm } body { font-family: var(--song) } section + section { break-before: page }</style></head>
    <body>${Array.from({ length: pages }, (_, index) => `<section>${title}的第 ${index + 1} 页</section>`).join('')}</body></html>`

  test('each takes its own pages, however many they are', async t => {
    const { file } = await workshop(t)
    const wanted = [['甲', 1], ['乙', 3], ['丙', 2]] as const
    const cuts = await together(browser, wanted.map(([title, pages]) => page(title, pages)))
    for (const [index, [title, pages]] of wanted.entries()) {
      const path = await file(`${index}.pdf`, cuts[index] ?? new Uint8Array())
      assert.match(await printed('pdfinfo', path), new RegExp(`Title: +${title}\n[\\s\\S]*Pages: +${pages}\n`))
      assert.deepEqual((await printed('pdftotext', path, '-')).split(/\s*\f/).filter(Boolean), Array.from({ length: pages }, (_, at) => `${title}的第 ${at + 1} 页`))
    }
  })

  test('what does not share a head is drawn one by one', async () => {
    const [one, other] = await together(browser, [page('甲', 1), page('乙', 1).replace('20mm', '25mm')])
    assert.ok(one && other && one.length > 0 && other.length > 0)
  })

  describe('in how many goes', () => {
    const pool = createPages({ size: 1, idle: 60_000, log, executable: () => findBrowser() ?? '' })
    after(() => pool.close())

    /** A printer of real pages that writes down how often it loaded one, and how large. */
    function watched(pages: number, broken = (_html: string) => false) {
      const loads: number[] = []
      const print = createPrinter({
        size: pages,
        take: pool.take,
        async load(sheet, html) {
          loads.push(html.split('<section>').length - 1)
          if (broken(html)) throw new Error('torn')
          await sheet.page.setContent(html)
        },
      })
      return { loads, print }
    }
    const asked = (count: number) => Array.from({ length: count }, (_, index) => page(`第 ${index} 份`, 1))

    for (const { name, count, pages = 1, tagged = false, patient = false, loads } of [
      { name: 'one is printed by itself', count: 1, loads: [1] },
      { name: 'those that wait go together', count: 4, loads: [4] },
      { name: 'but two pages share them', count: 4, pages: 2, loads: [2, 1, 1] },
      { name: 'the patient leave nothing to share', count: 30, pages: 2, patient: true, loads: [25, 5] },
      { name: 'what screen readers follow is not cut', count: 2, tagged: true, loads: [1, 1] },
    ]) {
      test(name, async () => {
        const printer = watched(pages)
        const files = await Promise.all(asked(count).map(html => printer.print(html, { tagged, patient, timeout: 20_000 })))
        assert.deepEqual(printer.loads, loads)
        assert.ok(files.every(file => Buffer.from(file).subarray(0, 5).equals(Buffer.from('%PDF-'))))
      })
    }

    test('one that cannot be printed spoils none of the others', async () => {
      const printer = watched(1, html => html.includes('第 1 份'))
      const given = await Promise.allSettled(asked(4).map(html => printer.print(html, { tagged: false, patient: false, timeout: 20_000 })))
      assert.deepEqual(given.map(({ status }) => status), ['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    })
  })

  test('who waits for one document does not wait behind many that were asked for before', async () => {
    const narrow = createBrowser({ log, pages: 1 })
    const many = Array.from({ length: 25 }, (_, index) => page(`第 ${index} 份`, 1))
    const ended: string[] = []
    await Promise.all([...['a', 'b', 'c'].map(async name => { await together(narrow, many); ended.push(name) }), narrow.pdf(page('急', 1)).then(() => ended.push('urgent'))])
    assert.deepEqual(ended.indexOf('urgent'), 1, ended.join())
    await narrow.close()
  })
})
