import { createHash } from 'node:crypto'
import { PDF, PdfArray, PdfDict, PdfName, PdfNumber, PdfStream, PdfString, type TimestampAuthority } from '@libpdf/core'
import type { Cades } from './cades.ts'

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
export async function signPdf(bytes: Uint8Array, cades: Cades, sealing: Sealing, authority?: TimestampAuthority): Promise<Uint8Array> {
  const at = sealing.at ?? Date.now()
  const pdf = await PDF.load(bytes)
  addSignature(pdf, { ...sealing, at }, cades.room(authority !== undefined))
  const { buffer, byteOffset, byteLength } = await pdf.save({ incremental: true })
  const file = Buffer.from(buffer, byteOffset, byteLength)
  const gap = openGap(file, bytes.length)
  const digest = createHash('sha256').update(file.subarray(0, gap.from)).update(file.subarray(gap.to)).digest()
  fillGap(file, gap, await cades.sign(digest, at, authority))
  return file
}

// Three numbers of ten digits, to be written over once it is known where the signature stands.
const UNKNOWN = [0, 9_999_999_999, 9_999_999_999, 9_999_999_999]

function addSignature(pdf: PDF, { reason, location, fieldName, at, seal }: Sealing & { at: number }, room: number): void {
  const field = pdf.getOrCreateForm().createSignatureField(fieldName)
  const widget = field.getDict()
  const ref = field.getRef()
  const page = pdf.getPage((seal?.page ?? 1) - 1)
  if (!page || !ref) throw new Error(`no page ${seal?.page ?? 1} to put the seal on`)
  const { registry } = pdf.context
  widget.set('V', registry.register(PdfDict.of({
    Type: PdfName.of('Sig'), Filter: PdfName.of('Adobe.PPKLite'), SubFilter: PdfName.of('ETSI.CAdES.detached'),
    ByteRange: numbers(...UNKNOWN), Contents: PdfString.fromBytes(new Uint8Array(room)),
    M: PdfString.fromString(`D:${new Date(at).toISOString().replace(/\.\d+|[-:T]/g, '')}`),
    Reason: PdfString.fromString(reason), Location: PdfString.fromString(location),
  })))
  // Field and widget are one object (PDF 32000-1 §12.5.6.19), locked and printed (§12.5.3).
  widget.delete('Kids')
  widget.set('Type', PdfName.of('Annot'))
  widget.set('Subtype', PdfName.of('Widget'))
  widget.set('F', PdfNumber.of(132))
  widget.set('P', page.ref)
  widget.set('Rect', numbers(...seal?.rect ?? [0, 0, 0, 0]))
  if (!seal) return
  // The picture itself is part of the page, because phones and browsers leave signature widgets out: the widget is
  // transparent and only makes it touchable.
  const [left, bottom, right, top] = seal.rect
  const empty = PdfStream.fromDict({
    Type: PdfName.of('XObject'), Subtype: PdfName.of('Form'), BBox: numbers(0, 0, right - left, top - bottom), Resources: new PdfDict(),
  })
  widget.set('AP', PdfDict.of({ N: registry.register(empty) }))
  const annotations = page.dict.getArray('Annots', registry.resolve.bind(registry))
  if (annotations) annotations.push(ref)
  else page.dict.set('Annots', new PdfArray([ref]))
}

/** What a signature leaves out of the file: its own hex, angle brackets included. */
type Gap = { from: number; to: number }

/** Finds the room kept for the signature behind the unsigned file and writes into the file what is signed. */
function openGap(file: Buffer, unsigned: number): Gap {
  const range = file.indexOf('[0 9999999999 9999999999 9999999999]', unsigned)
  const from = file.indexOf('<0000', file.indexOf('/Contents', range))
  const to = file.indexOf('>', from) + 1
  if (range < 0 || from < range || to === 0) throw new Error('the file was saved without room for its signature')
  const covered = `[0 ${from} ${to} ${file.length - to}]`
  file.write(covered.padEnd(36), range, 'latin1')
  return { from, to }
}

function fillGap(file: Buffer, { from, to }: Gap, cms: Buffer): void {
  const room = to - from - 2
  if (cms.length * 2 > room) throw new Error(`a signature of ${cms.length} bytes in room for ${room / 2}`)
  file.write(cms.toString('hex'), from + 1, 'latin1')
}

function numbers(...values: number[]): PdfArray {
  return new PdfArray(values.map(value => PdfNumber.of(Math.round(value * 100) / 100)))
}
