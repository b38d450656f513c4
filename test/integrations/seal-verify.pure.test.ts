import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { before, describe, test } from 'node:test'
import fc from 'fast-check'
import { checkSignature, createSeal, type Seal, type SignatureCheck } from '../../src/integrations/seal/index.ts'
import { createLog } from '../../src/platform/log.ts'
import { processorTime } from '../support/processor.ts'
import { DAY, identity, type Identity, p12Of, PASSWORD, pdfsig, pem, plainPdf } from './seal-material.ts'

const log = createLog('silent')
const sealing = { reason: '签发电子证明', location: '明湖大学', fieldName: 'Seal' }
const genuine = (check: SignatureCheck) => check.whole && check.intact && check.trusted

describe('checking an uploaded file', () => {
  let authority: Identity
  let own: Identity
  let seal: Seal
  let signed: Buffer
  const check = (bytes: Uint8Array, roots = [pem(authority)], at = Date.now()) => checkSignature(bytes, { roots, at })
  const sealOf = async (who: Identity, ...others: Identity[]) => createSeal({ p12: await p12Of(who, ...others), password: PASSWORD, log })
  before(async () => {
    authority = await identity('明湖大学根证书', { authority: true })
    own = await identity('明湖大学电子签章', { issuer: authority })
    seal = await sealOf(own, authority)
    signed = Buffer.from((await seal.sign(await plainPdf(), sealing)).pdf)
  })

  test('finds ours whole, intact and trusted, and says who signed when', async () => {
    const found = await check(signed)
    assert.deepEqual({ ...found, signedAt: 0 }, {
      signed: true, whole: true, intact: true, trusted: true, stamped: false, level: 'B-B', evidence: 'none', changes: [], revisions: [hash('sha256', signed)], reasons: [], signedAt: 0,
      signer: { name: '明湖大学电子签章', serial: seal.certificate.serial, fingerprint: seal.certificate.fingerprint },
    })
    assert.ok(Math.abs((found.signedAt ?? 0) - Date.now()) < 60_000)
    assert.equal((await check(signed, seal.roots)).trusted, true, 'the certificate itself is enough')
  })

  test('tells what is no PDF, not signed, or too large', async () => {
    assert.deepEqual((await check(Buffer.from('hello'))).reasons, ['not-pdf'])
    assert.deepEqual((await check(new Uint8Array())).reasons, ['not-pdf'])
    assert.deepEqual((await check(await plainPdf())).reasons, ['not-signed'])
    assert.deepEqual((await check(Buffer.concat([signed, Buffer.alloc(31 * 1024 * 1024)]))).reasons, ['too-large'])
  })

  test('sees one changed byte, as other readers do', async t => {
    const changed = Buffer.from(signed)
    const at = changed.indexOf('595')
    changed[at] = '6'.charCodeAt(0)
    const found = await check(changed)
    assert.deepEqual([found.whole, found.intact, found.trusted, found.reasons], [true, false, false, ['changed-bytes']])
    assert.match(await pdfsig(t, changed, [pem(authority)]), /Digest Mismatch/)
  })

  test('sees what was appended after signing, however little', async () => {
    for (const more of ['\n', '% note', '\n9 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 9 0 R>>\nstartxref\n9\n%%EOF\n']) {
      const found = await check(Buffer.concat([signed, Buffer.from(more)]))
      assert.deepEqual([found.signed, found.whole, found.intact, found.trusted, found.reasons[0]], [true, false, true, true, 'appended-bytes'])
    }
  })

  test('is not fooled by moved ranges, a wider gap, or a second dictionary', async () => {
    const range = /\/ByteRange ?\[ *(\d+) +(\d+) +(\d+) +(\d+) *\]/.exec(signed.toString('latin1'))
    assert.ok(range)
    const [text, , first, next, rest] = range.map(String)
    const [a, b, c] = [Number(first), Number(next), Number(rest)]
    const withRange = (other: string, insert = '', at = b) => {
      const head = signed.toString('latin1', 0, at).replace(text ?? '', other.padEnd((text ?? '').length))
      return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(insert), signed.subarray(at)])
    }
    const evil = '<</Evil true>>'
    const attacks: Record<string, Buffer> = {
      'content hidden behind the signature': withRange(`/ByteRange [0 ${a} ${b + evil.length} ${c}]`, evil),
      'content hidden before the signature': withRange(`/ByteRange [0 ${a} ${b + evil.length} ${c}]`, evil, a),
      'a range that starts later': withRange(`/ByteRange [1 ${a - 1} ${b} ${c}]`),
      'a range that ends early': withRange(`/ByteRange [0 ${a} ${b} ${c - 10}]`),
      'a range beyond the end': withRange(`/ByteRange [0 ${a} ${b} ${c + 10}]`),
      'ranges that overlap': withRange(`/ByteRange [0 ${a} 0 ${signed.length}]`),
      'a range of nothing': withRange('/ByteRange [0 0 0 0]'),
      'negative numbers': withRange(`/ByteRange [0 -${a} ${b} ${c}]`),
      'huge numbers': withRange('/ByteRange [0 9999999999 9999999999 9]'),
      'the old signature wrapped in a new file': Buffer.concat([Buffer.from('%PDF-1.7\n<</Type /Catalog>>\n'), signed]),
      'a copy of the dictionary over other content': Buffer.concat([signed, signed.subarray(signed.lastIndexOf('/Contents') - 400)]),
    }
    for (const [name, bytes] of Object.entries(attacks)) assert.equal(genuine(await check(bytes)), false, name)
  })

  test('checks every signature of several, and reports the last', async () => {
    const third = await sealOf(await identity('用人单位', { issuer: authority }), authority)
    const { pdf } = await third.sign(signed, { ...sealing, fieldName: 'Second' })
    const both = await check(pdf)
    assert.deepEqual([both.whole, both.intact, both.trusted, both.signer?.name, both.reasons], [true, true, true, '用人单位', ['signed-again']])

    const changed = Buffer.from(signed)
    changed[changed.indexOf('595')] = '6'.charCodeAt(0)
    const resigned = await check((await third.sign(changed, { ...sealing, fieldName: 'Second' })).pdf)
    assert.deepEqual([resigned.intact, resigned.reasons], [false, ['signed-again', 'earlier-signature-broken']])
  })

  test('trusts no stranger, however alike', async () => {
    const false_ = await identity('明湖大学根证书', { authority: true })
    const twin = await sealOf(await identity('明湖大学电子签章', { issuer: false_ }), false_)
    const found = await check((await twin.sign(await plainPdf(), sealing)).pdf)
    assert.deepEqual([found.intact, found.trusted, found.reasons], [true, false, ['unknown-authority']])
    const none = await check(signed, [])
    assert.deepEqual([none.intact, none.trusted], [true, false])
  })

  test('follows a chain through an authority, but not through somebody who may not issue', async () => {
    const middle = await identity('签发机构', { issuer: authority, authority: true })
    const leaf = await identity('明湖大学电子签章', { issuer: middle })
    const good = await (await sealOf(leaf, middle)).sign(await plainPdf(), sealing)
    assert.equal((await check(good.pdf)).trusted, true)
    const forged = await identity('明湖大学电子签章', { issuer: own })
    const bad = await (await sealOf(forged, own)).sign(await plainPdf(), sealing)
    assert.deepEqual([(await check(bad.pdf)).trusted, (await check(bad.pdf)).intact], [false, true])
  })

  test('asks whether the certificate was valid when it signed, not today', async () => {
    const now = Date.now()
    const old = await identity('明湖大学旧章', { issuer: await identity('旧根', { authority: true, from: now - 900 * DAY, to: now + 900 * DAY }), from: now - 800 * DAY, to: now - 400 * DAY })
    const made = await sealOf(old)
    const then = await made.sign(await plainPdf(), { ...sealing, at: now - 500 * DAY })
    assert.equal((await check(then.pdf, made.roots)).trusted, true)
    const later = await made.sign(await plainPdf(), { ...sealing, at: now - 100 * DAY })
    assert.deepEqual((await check(later.pdf, made.roots)).reasons, ['certificate-not-valid-then'])
    const ahead = await seal.sign(await plainPdf(), { ...sealing, at: now + DAY })
    assert.deepEqual((await check(ahead.pdf)).reasons, ['signed-in-future'])
  })

  test('never throws and never takes changed content for ours, whatever happens to the bytes', async () => {
    const gap = /\/Contents ?</.exec(signed.toString('latin1'))
    const start = (gap?.index ?? 0) + (gap?.[0].length ?? 0)
    const end = signed.indexOf('>', start)
    // Inside the hex string stand things that no signature covers, as the certificates that came along; no reader shows them.
    const content = (bytes: Buffer) => Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
    const place = fc.oneof(fc.integer({ min: 0, max: signed.length - 1 }), fc.integer({ min: start, max: start + 4000 }), fc.integer({ min: start - 300, max: start }))
    const edit = fc.oneof(
      fc.record({ kind: fc.constant('set' as const), at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 8 }) }),
      fc.record({ kind: fc.constant('insert' as const), at: place, bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }) }),
      fc.record({ kind: fc.constant('cut' as const), at: place, bytes: fc.constant(new Uint8Array()) }),
      fc.record({ kind: fc.constant('set' as const), at: place, bytes: fc.constantFrom('0', 'F', ' ', '<', '>', '[', '/ByteRange', '30', '80').map(text => new Uint8Array(Buffer.from(text))) }),
    )
    await fc.assert(fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), async edits => {
      let bytes = Buffer.from(signed)
      for (const { kind, at, bytes: more } of edits) {
        if (kind === 'insert') bytes = Buffer.concat([bytes.subarray(0, at), more, bytes.subarray(at)])
        else if (kind === 'cut') bytes = bytes.subarray(0, at)
        else bytes.set(more.subarray(0, Math.max(0, bytes.length - at)), Math.min(at, bytes.length))
      }
      const found = await check(bytes)
      assert.ok(!genuine(found) || content(bytes).equals(content(signed)))
    }), { numRuns: 300 })
  })

  test('hostile structures cost no more than a few seconds', async () => {
    const wrap = (hex: string) => {
      const head = (range: string) => `%PDF-1.7\n<</ByteRange ${range.padEnd(40)} /Contents `
      const a = head('').length
      const tail = '>>\n%%EOF\n'
      return Buffer.from(`${head(`[0 ${a} ${a + hex.length + 2} ${tail.length}]`)}<${hex}>${tail}`)
    }
    const deep = (levels: number) => {
      let inner = Buffer.alloc(0)
      for (let i = 0; i < levels; i++) inner = Buffer.concat([Buffer.from([0x30, 0x84, ...u32(inner.length)]), inner])
      return inner.toString('hex')
    }
    const hostile: Record<string, Buffer> = {
      'nested to the bottom': wrap(deep(4000)),
      'endless lengths': wrap(`30847fffffff${'3080'.repeat(30_000)}`),
      'indefinite nesting': wrap(`3083${Buffer.from([1, 0, 0]).toString('hex')}${'3080'.repeat(32_768)}`),
      'many small pieces': wrap(`3083${Buffer.from([1, 0, 0]).toString('hex')}${'0500'.repeat(32_768)}`),
      'many signatures': Buffer.concat([signed, Buffer.from('/ByteRange [0 1 2 3]\n'.repeat(200_000))]),
      'many beginnings': Buffer.concat([Buffer.from('%PDF-'), Buffer.from('/ByteRange'.repeat(900_000))]),
    }
    for (const [name, bytes] of Object.entries(hostile)) {
      // What grows with the square of these would take minutes.
      const spent = processorTime()
      const found = await check(bytes)
      assert.equal(genuine(found), false, name)
      assert.ok(spent() < 10_000, `${name} took ${spent()} ms`)
    }
  })
})

function u32(value: number): number[] {
  return [value >>> 24, value >>> 16 & 255, value >>> 8 & 255, value & 255]
}
