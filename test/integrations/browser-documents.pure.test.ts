import assert from 'node:assert/strict'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { sealBox } from '../../src/features/documents/paper.ts'
import { qrSvg, verifyUrl } from '../../src/features/documents/qr.ts'
import { readTemplate, readTemplates, renderDocument, type Template } from '../../src/features/documents/templates.ts'
import { createBrowser, outline } from '../../src/integrations/browser/index.ts'
import { checkSignature, createSeal, type DemoSeal, makeDemoSeal, type Seal } from '../../src/integrations/seal/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { pdfsig, printed, workshop } from './seal-material.ts'

const log = createLog('silent')
const templates = readTemplates(join(import.meta.dirname, '../../src/catalogue/documents'))
const school = { name: '明湖大学', name_en: 'Minghu University' }
const url = verifyUrl('https://hall.minghu.example/', '7Q2MXK4T9ZRB3WDN')
const templateOf = (kind: string): Template => templates.get(kind) ?? assert.fail(`no ${kind}`)

describe('documents on paper', () => {
  const browser = createBrowser({ log })
  let demo: DemoSeal
  let seal: Seal
  before(async () => {
    const { folder } = await workshop({ after: clean => after(clean) })
    demo = await makeDemoSeal(join(folder, 'seal'), { school: school.name, letters: outline })
    seal = await createSeal({ ...demo, log })
  })
  after(() => browser.close())

  const paper = async (facts: Record<string, string>) => ({
    facts, school, number: 'MH-20261121-0001', code: '7Q2M-XK4T-9ZRB-3WDN', verify_url: url, qr: await qrSvg(url), issued_on: '2026-11-21', seal: seal.image, specimen: true,
  })
  async function issue(template: Template): Promise<Uint8Array> {
    const drawn = await browser.pdf(renderDocument(template.source, await paper(template.sample)))
    const { pdf } = await seal.sign(drawn, { reason: template.title, location: school.name, fieldName: 'Seal', seal: sealBox(template.seal) })
    return pdf
  }

  for (const template of templates.values()) {
    test(`${template.title}: one page, sealed, readable by people and by machines`, async t => {
      const pdf = await issue(template)
      const { folder, file } = await workshop(t)
      const path = await file('document.pdf', pdf)
      assert.match(await printed('pdfinfo', path), /Pages: +1\n[\s\S]*\(A4\)/)
      assert.match(await printed('qpdf', '--check', path), /No syntax or stream encoding errors/)
      assert.match(await pdfsig(t, pdf, [demo.root]), /Total document signed[\s\S]*Signature is Valid[\s\S]*Certificate is Trusted/)
      assert.deepEqual((await checkSignature(pdf, { roots: seal.roots, at: Date.now() })).reasons, [])

      const text = (await printed('pdftotext', '-layout', path, '-')).replace(/\s+/g, ' ')
      for (const fact of [template.sample.name, template.sample.number, 'MH-20261121-0001', '7Q2M-XK4T-9ZRB-3WDN', url, school.name]) assert.ok(fact && text.includes(fact), `${fact}: ${text}`)
      const fonts = (await printed('pdffonts', path)).trim().split('\n').slice(2)
      assert.ok(fonts.length > 0 && fonts.length <= 6)
      for (const font of fonts) assert.match(font, /CID TrueType +Identity-H +yes yes yes/)

      await printed('pdftoppm', '-r', '110', '-png', path, join(folder, 'page'))
      assert.equal((await printed('zbarimg', '-q', '--raw', join(folder, 'page-1.png'))).split('\n')[0], url)
    })
  }

  test('the Chinese certificate reads as a registrar writes it', async t => {
    const { file } = await workshop(t)
    const text = (await printed('pdftotext', await file('document.pdf', await issue(templateOf('enrolment-zh'))), '-')).replace(/\s+/g, '')
    assert.ok(text.includes('兹证明张晓明，男，2005年3月12日出生，学号20230103127，系我校计算机学院计算机科学与技术专业2023级（计科2301班）全日制本科生，于2023年9月1日入学，学制四年，现在校就读。该生如按期完成学业，预计于2027年6月30日毕业。特此证明。'), text)
    assert.ok(text.includes('2026年11月21日') && text.includes('样张') && text.includes('第1页，共1页'))
  })

  test('the same facts give the same page, but for its dates', async () => {
    const html = renderDocument(templateOf('enrolment-zh').source, await paper(templateOf('enrolment-zh').sample))
    const [first, second] = (await Promise.all([browser.pdf(html), browser.pdf(html)])).map(bytes => Buffer.from(bytes).toString('latin1').replace(/\/(Creation|Mod)Date \([^)]*\)/g, ''))
    assert.ok(first === second)
  })

  test('very long names stay on the page', async t => {
    const { source, sample } = templateOf('enrolment-en')
    const long = { name: '古丽巴哈尔·艾合买提江·阿卜杜热合曼', name_en: 'GULIBAHAER Aihemaitijiang Abuduerheman', major_en: 'Data Science and Big Data Technology (Sino-foreign Cooperation in Running Schools)' }
    const { file } = await workshop(t)
    const path = await file('document.pdf', await browser.pdf(renderDocument(source, await paper({ ...sample, ...long }))))
    assert.match(await printed('pdfinfo', path), /Pages: +1\n/)
    assert.match((await printed('pdftotext', path, '-')).replace(/\s+/g, ' '), /Abuduerheman/)
  })
})

test('a preview says so and has neither number, code, QR nor seal', () => {
  const { source, sample } = templateOf('enrolment-zh')
  const html = renderDocument(source, { facts: sample, school, issued_on: '2026-11-21', specimen: true })
  assert.match(html, />预览</)
  assert.doesNotMatch(html, /验证码|<img|undefined/)
})

test('what people typed stays text', () => {
  const { source, sample } = templateOf('enrolment-zh')
  const html = renderDocument(source, { facts: { ...sample, purpose: '<img src=x onerror=alert(1)> & "签证"' }, school, issued_on: '2026-11-21', specimen: false })
  assert.ok(html.includes('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;签证&quot;'))
  assert.ok(!html.includes('样张'))
})

test('missing facts are named before anything is drawn; optional ones are left out', () => {
  const { source, sample } = templateOf('enrolment-zh')
  const { major: _, ends_on: __, birth_on: ___, purpose: ____, ...some } = sample
  const render = (facts: Record<string, string>) => renderDocument(source, { facts, school, issued_on: '2026-11-21', specimen: false })
  assert.throws(() => render({ ...some, name: '' }), { kind: 'invalid', code: 'facts-missing', params: { facts: 'name、major' } })
  const html = render({ ...some, major: '法学' })
  assert.doesNotMatch(html, /出生|毕业|用途|undefined/)
})

test('a template is one text: its hash changes with the page and with its parts, and it can be drawn from that text alone', () => {
  const template = templateOf('enrolment-zh')
  assert.ok(!template.source.includes("part('"))
  assert.deepEqual(readTemplate('enrolment-zh', template.source), template)
  assert.notEqual(readTemplate('enrolment-zh', template.source.replace('特此证明', '特此说明')).hash, template.hash)
  assert.deepEqual([template.title, template.language, template.price, template.facts[0]], ['中文在读证明', 'zh', 0, { key: 'name', required: true }])
  assert.deepEqual(sealBox({ page: 1, left: 0, top: 0, size: 25.4 }), { page: 1, rect: [0, 769.89, 72, 841.89] })
})

test('a template that does not say what it must stops the start with its name', () => {
  assert.throws(() => readTemplate('odd', 'no front matter'), /front matter/)
  assert.throws(() => readTemplate('odd', '---\ntitle: x\n---\n<p>'), /odd: front matter without/)
  assert.throws(() => readTemplate('odd', '---\ntitle: x\nfamily: record\nlanguage: zh\nfacts: name\nseal: somewhere\nprice: 0\nsample: {}\n---\n<p>'), /odd: seal must read/)
})
