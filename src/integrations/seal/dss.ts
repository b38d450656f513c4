import { PdfArray, PdfDict, PdfName, PdfStream } from '@libpdf/core'
import { append } from './incremental.ts'
import { hexOf } from './shared/bytes.ts'
import { derOf } from './shared/chain.ts'
import { readStore } from './shared/evidence.ts'
import type { Material } from './shared/material.ts'

/**
 * Adds what later checks need behind a sealed file, as its Document Security Store (ISO 32000-2 §12.8.4.3); the sealed file is a prefix of the
 * result. What the file has of it already stays where it is.
 */
export async function addMaterial(bytes: Uint8Array, { certificates, proofs }: Material): Promise<Buffer> {
  const held = await readStore(bytes)
  return append(bytes, pdf => {
    const { registry } = pdf.context
    const resolve = registry.resolve.bind(registry)
    const catalog = pdf.getCatalog()
    const before = held && catalog.getDict('DSS', resolve)
    const streams = (key: string, had: readonly Uint8Array[], all: readonly Uint8Array[]) => {
      const known = new Set(had.map(hexOf))
      const added = all.filter(each => !known.has(hexOf(each))).map(each => registry.register(new PdfStream(new PdfDict(), new Uint8Array(each))))
      return new PdfArray([...before?.getArray(key, resolve) ?? [], ...added])
    }
    const of = (kind: 'ocsp' | 'crl') => proofs.filter(each => each.kind === kind).map(each => each.bytes)
    const [ocsps, crls] = [streams('OCSPs', held?.ocsps ?? [], of('ocsp')), streams('CRLs', held?.crls ?? [], of('crl'))]
    catalog.set('DSS', registry.register(PdfDict.of({
      Type: PdfName.of('DSS'), Certs: streams('Certs', (held?.certificates ?? []).map(derOf), certificates.map(derOf)),
      ...ocsps.length > 0 ? { OCSPs: ocsps } : {}, ...crls.length > 0 ? { CRLs: crls } : {},
    })))
  })
}
