import assert from 'node:assert/strict'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { outline } from '../../src/integrations/browser/index.ts'
import { checkSignature, createSeal, makeDemoSeal } from '../../src/integrations/seal/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { identity, type Identity, p12In, p12Of, PASSWORD, pdfsig, pem, plainPdf, printed, stampServer, workshop } from './seal-material.ts'

const log = createLog('silent')
const sealing = { reason: '签发电子证明', location: '明湖大学', fieldName: 'Seal', seal: { page: 1, rect: [380, 120, 500, 240] as [number, number, number, number] } }

describe('the seal', () => {
  let authority: Identity
  let own: Identity
  let p12: Uint8Array
  let page: Uint8Array
  before(async () => {
    authority = await identity('明湖大学根证书', { authority: true })
    own = await identity('明湖大学电子签章（样张）', { issuer: authority })
    p12 = await p12Of(own, authority)
    page = await plainPdf()
  })
  const seal = (more: object = {}) => createSeal({ p12, password: PASSWORD, log, ...more })
  const check = (pdf: Uint8Array, roots: string[]) => checkSignature(pdf, { roots, at: Date.now() })

  test('signs the whole file so that other readers find it valid and trusted', async t => {
    const { pdf, level } = await (await seal()).sign(page, sealing)
    assert.equal(level, 'B-B')
    assert.deepEqual(Buffer.from(pdf.subarray(0, page.length)), Buffer.from(page), 'an incremental update')
    const said = await pdfsig(t, pdf, [pem(authority)])
    for (const line of ['Signature is Valid.', 'Certificate is Trusted.', 'Total document signed', 'ETSI.CAdES.detached', 'SHA-256', '明湖大学电子签章（样张）']) assert.ok(said.includes(line), said)
    const { file } = await workshop(t)
    assert.match(await printed('qpdf', '--check', await file('signed.pdf', pdf)), /No syntax or stream encoding errors found/)
  })

  test('lets a click on the seal open the signature: one widget over its place', async t => {
    const { pdf } = await (await seal()).sign(page, sealing)
    const { file } = await workshop(t)
    const objects = await printed('qpdf', '--json', await file('signed.pdf', pdf))
    const widgets = Object.values(readObjects(objects)).filter(each => each['/Subtype'] === '/Widget')
    assert.equal(widgets.length, 1)
    assert.deepEqual(widgets[0]?.['/Rect'], [380, 120, 500, 240])
    assert.ok(widgets[0]?.['/AP'])
    assert.ok(Object.values(readObjects(objects)).some(each => each['/Type'] === '/Page' && Array.isArray(each['/Annots']) && each['/Annots'].length === 1))
  })

  test('says what its certificate says', async () => {
    const { certificate, roots } = await seal()
    assert.match(certificate.subject, /CN=明湖大学电子签章（样张）/)
    assert.match(certificate.fingerprint, /^[0-9a-f]{64}$/)
    assert.ok(certificate.notAfter > Date.now())
    assert.deepEqual(roots, [pem(own)])
  })

  test('works with elliptic keys, and with a file that lists the authority first', async t => {
    const elliptic = await identity('明湖大学', { issuer: authority, curve: true })
    for (const file of [await p12Of(elliptic, authority), await p12In(own, [authority, own])]) {
      const made = await createSeal({ p12: file, password: PASSWORD, log })
      const { pdf } = await made.sign(page, sealing)
      assert.equal((await check(pdf, [pem(authority)])).trusted, true)
      assert.match(await pdfsig(t, pdf, [pem(authority)]), /Signature is Valid/)
    }
  })

  test('refuses a wrong password, a file that is none, and a key without its certificate', async () => {
    await assert.rejects(createSeal({ p12, password: 'wrong', log }), { kind: 'invalid', code: 'seal-p12' })
    await assert.rejects(createSeal({ p12: Buffer.from('no file'), password: PASSWORD, log }), { kind: 'invalid', code: 'seal-p12' })
    await assert.rejects(createSeal({ p12: await p12In(own, [authority]), password: PASSWORD, log }), { kind: 'invalid', code: 'seal-p12' })
    await assert.rejects(seal({ image: Buffer.from('GIF89a') }), { kind: 'invalid', code: 'seal-image' })
  })

  test('adds the time stamp of an authority, which counts where that authority is trusted', async t => {
    const at = Date.now() - 60_000
    const stamper = await identity('时间戳根证书', { authority: true })
    const { pdf, level } = await (await seal({ tsaUrl: await stampServer(t, stamper, { at }) })).sign(page, sealing)
    assert.equal(level, 'B-T')
    assert.match(await pdfsig(t, pdf, [pem(authority)]), /Signature is Valid[\s\S]*Certificate is Trusted/)
    const trusted = await check(pdf, [pem(authority), pem(stamper)])
    assert.deepEqual([trusted.trusted, trusted.stamped, trusted.signedAt], [true, true, at])
    const stranger = await check(pdf, [pem(authority)])
    assert.deepEqual([stranger.trusted, stranger.stamped, stranger.reasons], [true, false, ['stamp-not-trusted']])
  })

  test('signs without time stamp where the authority is away, and says so', async () => {
    const { pdf, level } = await (await seal({ tsaUrl: 'http://127.0.0.1:9/' })).sign(page, sealing)
    assert.equal(level, 'B-B')
    assert.equal((await check(pdf, [pem(own)])).trusted, true)
  })

  test('invents a demo seal once, readable by its owner alone, whoever asks first', async t => {
    const { folder } = await workshop(t)
    const directory = join(folder, 'data', 'seal')
    const made = await Promise.all(Array.from({ length: 3 }, () => makeDemoSeal(directory, { school: '明湖大学', letters: outline })))
    assert.equal(new Set(made.map(each => each.password)).size, 1)
    assert.deepEqual(await readdir(join(folder, 'data')), ['seal'])
    assert.equal((await stat(directory)).mode & 0o777, 0o700)
    for (const name of await readdir(directory)) assert.equal((await stat(join(directory, name))).mode & 0o777, 0o600)

    const [demo] = made
    assert.ok(demo)
    assert.deepEqual(await makeDemoSeal(directory, { school: '明湖大学', letters: outline }), demo)
    const demoSeal = await createSeal({ ...demo, log })
    assert.match(demoSeal.certificate.subject, /样张/)
    assert.match(demoSeal.image ?? '', /^data:image\/svg\+xml;base64,/)
    const { pdf } = await demoSeal.sign(page, sealing)
    assert.match(await pdfsig(t, pdf, [demo.root]), /Signature is Valid[\s\S]*Certificate is Trusted/)
    // The file is one that other programs read.
    assert.match(await printed('pk12util', '-l', join(directory, 'seal.p12'), '-W', demo.password), /AES-256-CBC/)
  })
})

function readObjects(json: string): Record<string, Record<string, unknown>> {
  const parsed: { qpdf: [unknown, Record<string, { value?: Record<string, unknown> }>] } = JSON.parse(json)
  return Object.fromEntries(Object.entries(parsed.qpdf[1]).map(([name, each]) => [name, each.value ?? {}]))
}
