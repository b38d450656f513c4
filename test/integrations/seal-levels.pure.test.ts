import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { before, describe, test, after } from 'node:test'
import { Certificate } from 'pkijs'
import { addressesOf } from '../../src/integrations/seal/certified.ts'
import { isArchived, provenUntil } from '../../src/integrations/seal/shared/archive.ts'
import { carriedIn } from '../../src/integrations/seal/level.ts'
import { addMaterial } from '../../src/integrations/seal/dss.ts'
import { checkSignature, createSeal, type KeySource } from '../../src/integrations/seal/index.ts'
import { certificatesIn } from '../../src/integrations/seal/keys.ts'
import { ocspRequest } from '../../src/integrations/seal/revocation.ts'
import { readOcsp } from '../../src/integrations/seal/shared/revocation.ts'
import { createLog } from '../../src/platform/log.ts'
import { sharedCleaner } from '../documents/office.ts'
import { type Authority, startAuthority, startSigner } from '../support/authority.ts'
import { othersAgree, signaturesIn } from '../support/pdf.ts'
import { plainPdf } from './seal-material.ts'

const log = createLog('silent')
const sealing = { reason: '签发电子证明', location: '明湖大学', fieldName: 'Seal', seal: { page: 1, rect: [380, 120, 500, 240] as [number, number, number, number] } }
const MINUTE = 60_000
const DAY = 1440 * MINUTE

/** This machine's clock, with a wait that is none. */
function movableClock(): { now(): number; advance(ms: number): void } {
  let ahead = 0
  return { now: () => Date.now() + ahead, advance: ms => void (ahead += ms) }
}

describe('levels of the seal', () => {
  const shared = sharedCleaner(after)
  let authority: Authority
  let page: Uint8Array
  type Issued = Awaited<ReturnType<Authority['issue']>>
  const kept: Record<string, Issued> = {}
  before(async () => {
    authority = await startAuthority(shared)
    page = await plainPdf()
    for (const key of ['rsa', 'ec'] as const) kept[key] = await authority.issue(`明湖大学电子签章 ${key}`, { key })
    kept.crl = await authority.issue('明湖大学电子签章 crl', { asked: 'crl' })
  })

  async function sourceOf(t: Parameters<typeof startSigner>[0], issued: Issued, holder: string): Promise<KeySource> {
    if (holder === 'PKCS#12') return { p12: await readFile(issued.p12), password: issued.password }
    const certificates = await readFile(issued.chain, 'utf8')
    if (holder === 'PEM') return { key: await readFile(issued.key), certificates }
    const secret = 'a secret of both sides'
    return { remote: { url: (await startSigner(t, { key: issued.key, secret })).url, secret }, certificates }
  }

  for (const key of ['rsa', 'ec'] as const) {
    for (const holder of ['PKCS#12', 'PEM', 'another process']) {
      test(`${key} in ${holder}: others find the seal valid at every level`, async t => {
        const issued = kept[key]
        assert.ok(issued)
        const source = await sourceOf(t, issued, holder)
        const bare = await (await createSeal({ ...source, log })).sign(page, sealing)
        assert.deepEqual([bare.level, bare.wished], ['B-B', 'B-B'])
        await othersAgree(t, bare.pdf, { roots: [authority.root], level: 'B-B' })
        const full = await (await createSeal({ ...source, tsaUrl: authority.tsaUrl, log })).sign(page, sealing)
        assert.deepEqual([full.level, full.wished], ['B-LT', 'B-LT'])
        await othersAgree(t, full.pdf, { roots: [authority.root], level: 'B-LT' })
        const [first] = full.earlier
        const stamped = full.pdf.subarray(0, signaturesIn(Buffer.from(full.pdf))[0]?.end)
        assert.deepEqual(first, { sha256: createHash('sha256').update(stamped).digest('hex'), level: 'B-T' })
        await othersAgree(t, stamped, { roots: [authority.root], level: 'B-T' })
      })
    }
  }

  async function sealOf(issued: Issued | undefined, more: object = {}) {
    assert.ok(issued)
    return createSeal({ p12: await readFile(issued.p12), password: issued.password, tsaUrl: authority.tsaUrl, log, ...more })
  }

  for (const tsa of ['down', 'silent', 'nonsense', 'refuses', 'wrong-nonce', 'wrong-hash', 'ended'] as const) {
    test(`time stamp authority ${tsa}: sealed without stamp; once it is well a stamp over the file is added`, async t => {
      const clock = movableClock()
      const seal = await sealOf(kept.ec, { clock, ...tsa === 'silent' && { patience: 300 } })
      authority.trouble.tsa = tsa
      const lowered = await seal.sign(page, sealing)
      assert.deepEqual([lowered.level, lowered.wished], ['B-B', 'B-LT'])
      await othersAgree(t, lowered.pdf, { roots: [authority.root], level: 'B-B' })
      const asked = authority.asked.tsa
      assert.equal((await seal.raise(lowered.pdf)).pdf.length, lowered.pdf.length)
      assert.equal(authority.asked.tsa, asked, 'who has just failed is left alone')

      authority.trouble.tsa = undefined
      clock.advance(MINUTE)
      const raised = await (await sealOf(kept.ec, { clock })).raise(lowered.pdf)
      assert.deepEqual([raised.level, raised.wished, raised.earlier.map(each => each.level)], ['B-LT', 'B-LT', ['B-T']])
      assert.deepEqual(Buffer.from(raised.pdf.subarray(0, lowered.pdf.length)), Buffer.from(lowered.pdf), 'the sealed file is untouched')
      await othersAgree(t, raised.pdf, { roots: [authority.root], level: 'B-LT', documentStamp: true })
    })
  }

  for (const ocsp of ['down', 'silent', 'nonsense', 'about-another'] as const) {
    test(`OCSP responder ${ocsp}: sealed with stamp alone; once it is well validation data are added`, async t => {
      const clock = movableClock()
      // The stamp has to come within it.
      const seal = await sealOf(kept.rsa, { clock, ...ocsp === 'silent' && { patience: 4000 } })
      authority.trouble.ocsp = ocsp
      const lowered = await seal.sign(page, sealing)
      assert.deepEqual([lowered.level, lowered.wished], ['B-T', 'B-LT'])
      authority.trouble.ocsp = undefined
      await othersAgree(t, lowered.pdf, { roots: [authority.root], level: 'B-T' })
      clock.advance(MINUTE)
      const raised = await seal.raise(lowered.pdf)
      assert.equal(raised.level, 'B-LT')
      await othersAgree(t, raised.pdf, { roots: [authority.root], level: 'B-LT' })
    })
  }

  test('a file that can be judged by itself is stamped as a whole, and again before that stamp ends: the chain proves the time', async () => {
    const seal = await sealOf(kept.rsa, { archive: true })
    const archive = seal.archive ?? assert.fail('it was asked for')
    const roots = [authority.root]
    const { pdf } = await seal.sign(page, sealing)
    const once = await archive.stamp(pdf) ?? assert.fail('not stamped')
    assert.deepEqual([once.level, once.earlier], ['B-LTA', []])
    await othersAgree(shared, once.pdf, { roots, level: 'B-LTA' })
    await othersAgree(shared, once.pdf.subarray(0, pdf.length), { roots, level: 'B-LT' })

    await authority.renewStamping(50)
    assert.ok((await archive.until() ?? 0) > once.until)
    const twice = await archive.stamp(once.pdf) ?? assert.fail('not stamped again')
    assert.deepEqual([twice.level, twice.earlier.map(each => each.level)], ['B-LTA', ['B-LTA']])
    assert.ok(twice.until > once.until)
    await othersAgree(shared, twice.pdf, { roots, level: 'B-LTA' })
    const checked = (file: Uint8Array, at: number) => checkSignature(file, { roots, at }).then(found => [found.level, found.provenUntil, found.provenNow])
    assert.deepEqual(await checked(once.pdf, once.until + DAY), ['B-LTA', once.until, false])
    assert.deepEqual(await checked(twice.pdf, once.until + DAY), ['B-LTA', twice.until, true])
    assert.deepEqual(await checked(twice.pdf, twice.until + DAY), ['B-LTA', twice.until, false])
  })

  test('a stamp that comes after the end of the one before, or over a file without word on that, proves nothing longer', async () => {
    const seal = await sealOf(kept.ec, { archive: true })
    const { pdf } = await seal.sign(page, sealing)
    const stamped = await seal.archive?.stamp(pdf) ?? assert.fail('not stamped')
    await authority.renewStamping(55)
    const again = Buffer.from((await seal.archive?.stamp(stamped.pdf) ?? assert.fail('not stamped')).pdf)
    const line = carriedIn(again).line.map(({ token, end }) => ({ at: token.at, own: token.own.parsed, others: token.others.map(each => each.parsed), end }))
    const [first, second, third] = line
    assert.ok(first && second && third)
    const [early, late] = [first, third].map(({ own }) => own.notAfter.value.getTime())
    assert.ok(early !== undefined && late !== undefined && early < late)
    assert.equal(await provenUntil(again, line, Date.now()), late)
    assert.equal(await provenUntil(again, [first, second, { ...third, at: early + 1 }], Date.now()), early, 'too late')
    const bare = signaturesIn(again)[0]?.end ?? 0
    assert.equal(await provenUntil(again, [first, { ...third, end: bare }], Date.now()), early, 'what was stamped says nothing of the stamp before')
    assert.equal(await isArchived(again, { own: first.own, others: [] }, [first], Date.now()), false)
  })

  test('an authority that is away archives nothing, and the file stays what it is', async () => {
    const clock = movableClock()
    const seal = await sealOf(kept.ec, { archive: true, clock })
    const { pdf } = await seal.sign(page, sealing)
    authority.trouble.tsa = 'down'
    assert.equal(await seal.archive?.until(), null)
    clock.advance(MINUTE)
    assert.equal(await seal.archive?.stamp(pdf), null)
    authority.trouble.tsa = undefined
    clock.advance(MINUTE)
    assert.equal((await seal.archive?.stamp(pdf))?.level, 'B-LTA')
    assert.equal(await (await sealOf(kept.ec, { archive: true, clock })).archive?.stamp((await (await sealOf(kept.ec, { tsaUrl: undefined })).sign(page, sealing)).pdf), null, 'a seal alone is not worth it')
    assert.equal((await sealOf(kept.ec)).archive, null, 'nobody asked for it')
  })

  test('where a certificate names a revocation list, that goes into the file', async t => {
    const seal = await sealOf(kept.crl)
    const made = await seal.sign(page, sealing)
    assert.equal(made.level, 'B-LT')
    await othersAgree(t, made.pdf, { roots: [authority.root], level: 'B-LT' })
    authority.trouble.crl = 'down'
    assert.deepEqual((await (await sealOf(kept.crl)).sign(page, sealing)).level, 'B-T')
    authority.trouble.crl = undefined
  })

  test('answers of authorities are used for an hour, and a stamp is asked for each time', async () => {
    const seal = await sealOf(kept.ec)
    const { tsa, ocsp } = { ...authority.asked }
    for (let i = 0; i < 3; i++) await seal.sign(page, sealing)
    assert.deepEqual([authority.asked.tsa - tsa, authority.asked.ocsp - ocsp], [3, 2])
  })

  test('a certificate that names nobody to ask wishes for a stamp and no more', async t => {
    const seal = await sealOf(await authority.issue('明湖大学', { asked: 'nowhere', key: 'ec' }))
    const made = await seal.sign(page, sealing)
    assert.deepEqual([made.level, made.wished], ['B-T', 'B-T'])
    await othersAgree(t, made.pdf, { roots: [authority.root], level: 'B-T' })
  })

  test('with a certificate that was called back nothing is sealed', async () => {
    for (const asked of ['ocsp', 'crl'] as const) {
      const issued = await authority.issue('明湖大学', { asked, key: 'ec' })
      await authority.revoke(issued.certificate)
      const seal = await sealOf(issued)
      await assert.rejects(seal.sign(page, sealing), { kind: 'upstream', code: 'seal-revoked' })
      assert.equal(seal.fault(), 'revoked')
    }
  })

  test('what a file says of its own certificates is believed only from who issued them, and as of the time it was sealed', async () => {
    const issued = await authority.issue('明湖大学', { key: 'ec' })
    const other = kept.ec ?? assert.fail()
    const words = async ({ chain }: Issued) => {
      const [own, issuer] = certificatesIn(await readFile(chain, 'utf8')).map(each => Certificate.fromBER(each.raw))
      assert.ok(own && issuer)
      const [url = ''] = addressesOf(own).ocsp
      const answer = await fetch(url, { method: 'POST', body: new Uint8Array(await ocspRequest(own, issuer)) })
      return { own, issuer, bytes: Buffer.from(await answer.arrayBuffer()) }
    }
    const carrying = async (pdf: Uint8Array, { own, issuer, bytes }: Awaited<ReturnType<typeof words>>) => {
      const { level, evidence, whole, trusted } = await checkSignature(await addMaterial(pdf, { certificates: [own, issuer], proofs: [{ kind: 'ocsp', bytes, revoked: false, until: 0 }] }), { roots: [authority.root], at: Date.now() })
      return { level, evidence, whole, trusted }
    }
    authority.trouble.ocsp = 'down'
    const early = await (await sealOf(issued)).sign(page, sealing)
    await authority.revoke(issued.certificate)
    const late = await (await sealOf(issued)).sign(page, sealing)
    authority.trouble.ocsp = undefined
    assert.deepEqual([early.level, late.level], ['B-T', 'B-T'])
    assert.deepEqual(await carrying(early.pdf, await words(other)), { level: 'B-T', evidence: 'partial', whole: true, trusted: true })
    const word = await words(issued)
    assert.deepEqual(await carrying(late.pdf, word), { level: 'B-T', evidence: 'revoked', whole: true, trusted: true })
    const now = Date.now()
    assert.equal((await readOcsp(word.bytes, word.own, word.issuer, { used: now, now })).revoked, true)
    assert.equal((await readOcsp(word.bytes, word.own, word.issuer, { used: now - 60 * MINUTE, now })).revoked, false)
    const bent = Buffer.from(word.bytes)
    bent[bent.length - 3] = (bent.at(-3) ?? 0) ^ 1
    await assert.rejects(readOcsp(bent, word.own, word.issuer, { used: now, now }))
    await assert.rejects(readOcsp(word.bytes, word.own, word.issuer, { used: now + 400 * 24 * 60 * MINUTE, now: now + 400 * 24 * 60 * MINUTE }), /not of then/)
  })

  test('where our clock is not that of the authority nothing is sealed until it is', async () => {
    const clock = movableClock()
    const seal = await sealOf(kept.ec, { clock })
    clock.advance(60 * MINUTE)
    await assert.rejects(seal.sign(page, sealing), { kind: 'upstream', code: 'seal-clock' })
    assert.equal(seal.fault(), 'clock')
    clock.advance(-60 * MINUTE)
    // Once the clock is set right, which may be back: at once, and without a restart.
    assert.equal(seal.fault(), null)
    assert.equal((await seal.sign(page, sealing)).level, 'B-LT')
  })

  test('before its certificate begins and after it ends the seal is at fault', async () => {
    const clock = movableClock()
    const seal = await sealOf(kept.ec, { clock })
    clock.advance(-MINUTE * 60 * 48)
    assert.equal(seal.fault(), 'not-begun')
    clock.advance(MINUTE * 60 * 24 * 42)
    assert.equal(seal.fault(), 'ended')
  })

  test('a signing server that is away, refuses, or has another key: nothing is sealed, and it is seen why', async t => {
    const certificates = await readFile(kept.rsa?.chain ?? '', 'utf8')
    const server = await startSigner(t, { key: kept.rsa?.key ?? '', secret: 'one secret' })
    const other = await startSigner(t, { key: (await authority.issue('别人')).key, secret: 'one secret' })
    const away = await startSigner(t, { key: kept.rsa?.key ?? '', secret: 'one secret' })
    await away.stop()
    for (const remote of [{ url: away.url, secret: 'one secret' }, { url: server.url, secret: 'another secret' }, { url: other.url, secret: 'one secret' }]) {
      const seal = await createSeal({ remote, certificates, tsaUrl: authority.tsaUrl, log })
      await assert.rejects(seal.sign(page, sealing), { kind: 'upstream', code: 'seal-signer-away' })
      assert.equal(seal.fault(), 'signer-away')
    }
  })

  test('a key and a certificate that do not belong together, or a wrong password, are refused at the start', async () => {
    const [key, certificates] = [await readFile(kept.ec?.key ?? ''), await readFile(kept.rsa?.chain ?? '', 'utf8')]
    await assert.rejects(createSeal({ key, certificates, log }), { kind: 'invalid', code: 'seal-key' })
    await assert.rejects(createSeal({ key: 'no key', certificates, log }), { kind: 'invalid', code: 'seal-key' })
    await assert.rejects(createSeal({ remote: { url: 'http://127.0.0.1:9', secret: 'x' }, certificates: '', log }), { kind: 'invalid', code: 'seal-key' })
  })
})
