import { type PDF, PdfArray, PdfDict, PdfName, PdfNumber, PdfStream, PdfString, type TimestampAuthority } from '@libpdf/core'
import type { Cades } from './cades.ts'
import { appendSigned, UNKNOWN } from './incremental.ts'

export type Sealing = {
  reason: string
  location: string
  /** name of the signature field; one file can hold several under different names */
  fieldName: string
  /** when it is signed, epoch ms; now where absent */
  at?: number
  /** where the seal's picture stands, so that a click on it opens the signature: page from 1, corners in points from the lower left */
  seal?: { page: number; rect: [left: number, bottom: number, right: number, top: number] } | undefined
}

/** Signs all bytes of a PDF (PAdES, `ETSI.CAdES.detached`, SHA-256); the unsigned file is a prefix of the result. */
export function signPdf(bytes: Uint8Array, cades: Cades, sealing: Sealing, authority?: TimestampAuthority): Promise<Buffer> {
  const at = sealing.at ?? Date.now()
  return appendSigned(bytes, pdf => addSignature(pdf, { ...sealing, at }, cades.room(authority !== undefined)), digest => cades.sign(digest, at, authority))
}

const ROOM_FOR_STAMP = 16_384

/** Stamps all bytes of a PDF (document time stamp, `ETSI.RFC3161`): from then on it proves that they were there, the earlier signatures with them. */
export function stampPdf(bytes: Uint8Array, fieldName: string, authority: TimestampAuthority): Promise<Buffer> {
  return appendSigned(bytes, pdf => {
    const { registry } = pdf.context
    addField(pdf, { fieldName, page: 1, rect: [0, 0, 0, 0] }).set('V', registry.register(PdfDict.of({
      Type: PdfName.of('DocTimeStamp'), Filter: PdfName.of('Adobe.PPKLite'), SubFilter: PdfName.of('ETSI.RFC3161'),
      ByteRange: numbers(...UNKNOWN), Contents: PdfString.fromBytes(new Uint8Array(ROOM_FOR_STAMP)),
    })))
  }, async digest => Buffer.from(await authority.timestamp(digest, 'SHA-256')))
}

function addSignature(pdf: PDF, { reason, location, fieldName, at, seal }: Sealing & { at: number }, room: number): void {
  const { registry } = pdf.context
  const widget = addField(pdf, { fieldName, page: seal?.page ?? 1, rect: seal?.rect ?? [0, 0, 0, 0], touchable: seal !== undefined })
  widget.set('V', registry.register(PdfDict.of({
    Type: PdfName.of('Sig'), Filter: PdfName.of('Adobe.PPKLite'), SubFilter: PdfName.of('ETSI.CAdES.detached'),
    ByteRange: numbers(...UNKNOWN), Contents: PdfString.fromBytes(new Uint8Array(room)),
    M: PdfString.fromString(`D:${new Date(at).toISOString().replace(/\.\d+|[-:T]/g, '')}`),
    Reason: PdfString.fromString(reason), Location: PdfString.fromString(location),
  })))
  if (!seal) return
  // The picture itself is part of the page, because phones and browsers leave signature widgets out: the widget is
  // transparent and only makes it touchable.
  const [left, bottom, right, top] = seal.rect
  const empty = PdfStream.fromDict({
    Type: PdfName.of('XObject'), Subtype: PdfName.of('Form'), BBox: numbers(0, 0, right - left, top - bottom), Resources: new PdfDict(),
  })
  widget.set('AP', PdfDict.of({ N: registry.register(empty) }))
}

type Field = { fieldName: string; /** from 1 */ page: number; rect: [left: number, bottom: number, right: number, top: number]; /** does the page know of it? */ touchable?: boolean }

/** A signature field that is its own widget. */
function addField(pdf: PDF, { fieldName, page: number, rect, touchable = false }: Field): PdfDict {
  const field = pdf.getOrCreateForm().createSignatureField(fieldName)
  const widget = field.getDict()
  const ref = field.getRef()
  const page = pdf.getPage(number - 1)
  if (!page || !ref) throw new Error(`no page ${number} to put the seal on`)
  // Field and widget are one object (PDF 32000-1 §12.5.6.19), locked and printed (§12.5.3).
  widget.delete('Kids')
  widget.set('Type', PdfName.of('Annot'))
  widget.set('Subtype', PdfName.of('Widget'))
  widget.set('F', PdfNumber.of(132))
  widget.set('P', page.ref)
  widget.set('Rect', numbers(...rect))
  if (!touchable) return widget
  const annotations = page.dict.getArray('Annots', pdf.context.registry.resolve.bind(pdf.context.registry))
  if (annotations) annotations.push(ref)
  else page.dict.set('Annots', new PdfArray([ref]))
  return widget
}

function numbers(...values: number[]): PdfArray {
  return new PdfArray(values.map(value => PdfNumber.of(Math.round(value * 100) / 100)))
}
