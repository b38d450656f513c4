import { PDF, PdfArray, PdfDict, PdfName, PdfStream } from '@libpdf/core'
import { type Certified, certified } from './certified.ts'
import { append } from './incremental.ts'
import type { Material } from './material.ts'

/** Adds what later checks need behind a sealed file, as its Document Security Store (ISO 32000-2 §12.8.4.3); the sealed file is a prefix of the result. */
export function addMaterial(bytes: Uint8Array, { certificates, proofs }: Material): Promise<Buffer> {
  return append(bytes, pdf => {
    const { registry } = pdf.context
    const streams = (all: readonly Uint8Array[]) => new PdfArray(all.map(each => registry.register(new PdfStream(new PdfDict(), new Uint8Array(each)))))
    const [ocsps, crls] = (['ocsp', 'crl'] as const).map(kind => proofs.filter(each => each.kind === kind).map(each => each.bytes))
    pdf.getCatalog().set('DSS', registry.register(PdfDict.of({
      Type: PdfName.of('DSS'), Certs: streams(certificates.map(each => each.x509.raw)),
      ...ocsps?.length ? { OCSPs: streams(ocsps) } : {}, ...crls?.length ? { CRLs: streams(crls) } : {},
    })))
  })
}

export type Store = { certificates: Certified[]; ocsps: Buffer[]; crls: Buffer[] }

/** The Document Security Store of a file; null where it has none. */
export async function readStore(bytes: Uint8Array): Promise<Store | null> {
  const pdf = await PDF.load(bytes)
  const resolve = pdf.context.registry.resolve.bind(pdf.context.registry)
  const store = pdf.getCatalog().getDict('DSS', resolve)
  if (!store) return null
  const streams = (name: string) => [...store.getArray(name, resolve) ?? []].map(each => each.type === 'ref' ? resolve(each) : each).filter(each => each instanceof PdfStream).map(each => Buffer.from(each.getDecodedData()))
  return { certificates: streams('Certs').map(certified), ocsps: streams('OCSPs'), crls: streams('CRLs') }
}
