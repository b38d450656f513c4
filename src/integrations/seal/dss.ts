import { PdfArray, PdfDict, PdfName, PdfStream } from '@libpdf/core'
import { append } from './incremental.ts'
import { derOf } from './shared/chain.ts'
import type { Material } from './shared/material.ts'

/** Adds what later checks need behind a sealed file, as its Document Security Store (ISO 32000-2 §12.8.4.3); the sealed file is a prefix of the result. */
export function addMaterial(bytes: Uint8Array, { certificates, proofs }: Material): Promise<Buffer> {
  return append(bytes, pdf => {
    const { registry } = pdf.context
    const streams = (all: readonly Uint8Array[]) => new PdfArray(all.map(each => registry.register(new PdfStream(new PdfDict(), new Uint8Array(each)))))
    const [ocsps, crls] = (['ocsp', 'crl'] as const).map(kind => proofs.filter(each => each.kind === kind).map(each => each.bytes))
    pdf.getCatalog().set('DSS', registry.register(PdfDict.of({
      Type: PdfName.of('DSS'), Certs: streams(certificates.map(derOf)),
      ...ocsps?.length ? { OCSPs: streams(ocsps) } : {}, ...crls?.length ? { CRLs: streams(crls) } : {},
    })))
  })
}
