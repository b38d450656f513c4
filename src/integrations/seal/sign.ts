import { PDF, PdfArray, PdfDict, PdfName, PdfNumber, PdfStream, type Signer, type TimestampAuthority } from '@libpdf/core'

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

// The signature as hex inside the file: certificates and, with a time stamp, the authority's chain as well.
const ROOM = 12_288
const ROOM_WITH_STAMP = 28_672

/** Signs all bytes of a PDF (PAdES, `ETSI.CAdES.detached`, SHA-256); the unsigned file is a prefix of the result. */
export async function signPdf(bytes: Uint8Array, signer: Signer, sealing: Sealing, timestampAuthority?: TimestampAuthority): Promise<Uint8Array> {
  const pdf = await PDF.load(bytes)
  if (sealing.seal) showWidget(pdf, sealing.fieldName, sealing.seal)
  const signed = await pdf.sign({
    signer, reason: sealing.reason, location: sealing.location, fieldName: sealing.fieldName,
    signingTime: new Date(sealing.at ?? Date.now()), estimatedSize: timestampAuthority ? ROOM_WITH_STAMP : ROOM,
    ...timestampAuthority ? { level: 'B-T', timestampAuthority } : { level: 'B-B' },
  })
  return signed.bytes
}

/**
 * The library makes an invisible widget; before its first save ours is put over the seal. The picture itself is part of the
 * page, because phones and browsers leave signature widgets out: the widget is transparent and only makes it touchable.
 */
function showWidget(pdf: PDF, fieldName: string, { page: number, rect }: NonNullable<Sealing['seal']>): void {
  const save = pdf.save.bind(pdf)
  pdf.save = options => {
    pdf.save = save
    const page = pdf.getPage(number - 1)
    const field = pdf.getForm()?.getSignatureFields().find(each => each.name === fieldName)
    if (!page || !field) throw new Error(`no page ${number} or no field ${fieldName} to put the seal on`)
    const [left, bottom, right, top] = rect
    const widget = field.getDict()
    const { registry } = pdf.context
    const empty = PdfStream.fromDict({
      Type: PdfName.of('XObject'), Subtype: PdfName.of('Form'), BBox: numbers(0, 0, right - left, top - bottom), Resources: new PdfDict(),
    })
    widget.set('Rect', numbers(left, bottom, right, top))
    widget.set('P', page.ref)
    widget.set('AP', PdfDict.of({ N: registry.register(empty) }))
    const ref = field.getRef()
    const annotations = page.dict.getArray('Annots', registry.resolve.bind(registry))
    if (!ref) throw new Error('the signature field is not registered')
    if (annotations) annotations.push(ref)
    else page.dict.set('Annots', new PdfArray([ref]))
    return save(options)
  }
}

function numbers(...values: number[]): PdfArray {
  return new PdfArray(values.map(value => PdfNumber.of(Math.round(value * 100) / 100)))
}
