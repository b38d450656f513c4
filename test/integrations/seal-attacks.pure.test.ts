import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { HttpTimestampAuthority, PDF, PdfArray, PdfDict, PdfName, PdfStream } from '@libpdf/core'
import { verdictOf } from '../../src/features/documents/shared/verdict.ts'
import { checkSignature, type Seal } from '../../src/integrations/seal/index.ts'
import type { Attack } from '../support/attacks.ts'
import { corpus, sealing, sealOf } from '../support/corpus.ts'
import { processorTime } from '../support/processor.ts'
import { writeUpdate } from '../support/pdf-updates.ts'
import { identity, type Identity, pem, plainPdf, stampServer } from './seal-material.ts'

describe('the corpus of attacks', async () => {
  const { genuine, attacks, roots } = await corpus()

  for (const attack of attacks) {
    test(`${attack.name}: ${attack.expected}`, async () => {
      const spent = processorTime()
      const found = await checkSignature(attack.bytes, { roots, at: Date.now() })
      assert.equal(verdictOf({ ...found, registered: undefined }), attack.expected, JSON.stringify(found))
      assertNamed(attack, found.changes.map(({ what }) => what))
      assert.ok(spent() < 10_000, 'in time')
    })
  }

  test('the file that they were made from is genuine', async () => {
    const found = await checkSignature(genuine, { roots, at: Date.now() })
    assert.equal(verdictOf({ ...found, registered: { status: 'issued' } }), 'genuine')
  })
})

function assertNamed({ changed }: Attack, named: string[]): void {
  if (changed) assert.ok(named.some(what => what === changed), `${changed}, not ${named.join()}`)
}

describe('what may follow a seal', () => {
  let seal: Seal
  let authority: Identity
  let roots: string[]
  before(async () => {
    seal = await sealOf('明湖大学电子签章')
    authority = await identity('时间戳机构', { authority: true })
    roots = [...seal.roots, pem(authority)]
  })
  const genuine = async () => (await seal.sign(await plainPdf(), sealing)).pdf
  const check = (bytes: Uint8Array) => checkSignature(bytes, { roots, at: Date.now() })

  test('validation data: certificates and revocation lists that no reader draws', async () => {
    const sealed = await genuine()
    const pdf = await PDF.load(sealed)
    const { registry } = pdf.context
    const certificate = registry.register(PdfStream.fromDict({}))
    pdf.getCatalog().set('DSS', registry.register(PdfDict.of({ Type: PdfName.of('DSS'), Certs: new PdfArray([certificate]), VRI: PdfDict.of({ ['A'.repeat(40)]: PdfDict.of({ Cert: new PdfArray([certificate]) }) }) })))
    const after = await pdf.save({ incremental: true })
    const found = await check(after)
    assert.deepEqual([found.whole, found.intact, found.trusted, found.changes, found.reasons], [true, true, true, [], []])
    assert.equal(found.revisions.length, 2)
    assert.equal(found.revisions[1], (await check(sealed)).revisions[0], 'the file as it was sealed is one of its revisions')

    const again = await PDF.load(after)
    again.getCatalog().set('DSS', again.context.registry.register(PdfDict.of({ Type: PdfName.of('DSS') })))
    assert.equal((await check(await again.save({ incremental: true }))).whole, true, 'and once more')
  })

  test('time stamps over the document, which prove when it was there', async t => {
    const at = Date.now() + 1000
    const pdf = await PDF.load(await genuine())
    const { bytes } = await pdf.addTimestamp({ timestampAuthority: new HttpTimestampAuthority(await stampServer(t, authority, { at })) })
    const found = await check(bytes)
    assert.deepEqual([found.whole, found.intact, found.trusted, found.changes, found.reasons], [true, true, true, [], []])
    assert.equal(found.provenAt, at)
    assert.equal(found.stamped, false, "the seal's own time is still a claim")

    const strangers = await checkSignature(bytes, { roots: seal.roots, at: Date.now() })
    assert.deepEqual([strangers.whole, strangers.provenAt], [false, undefined], 'a stamp of nobody known proves nothing, and is something added')
  })

  test('nothing after the stamp either', async t => {
    const pdf = await PDF.load(await genuine())
    const { bytes } = await pdf.addTimestamp({ timestampAuthority: new HttpTimestampAuthority(await stampServer(t, authority)) })
    const content = Number(/\/Contents (\d+) 0 R/.exec(Buffer.from(bytes).toString('latin1'))?.[1])
    const found = await check(writeUpdate(Buffer.from(bytes), { [content]: '<</Length 2>>\nstream\nBT\nendstream' }))
    assert.deepEqual([found.whole, found.changes.map(({ what }) => what)], [false, ['content']])
  })
})
