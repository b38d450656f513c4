import { PDF, PdfArray, PdfDict, PdfName, PdfNumber, PdfStream, PdfString } from '@libpdf/core'
import { deflateSync } from 'node:zlib'
import { writeUpdate } from './pdf-updates.ts'

/** What a check must come to: `changed`, what it names of what was done after the seal. */
export type Attack = { name: string; bytes: Uint8Array; expected: 'genuine' | 'altered' | 'unknown'; changed?: string }

type Material = {
  /** sealed by the school */
  genuine: Uint8Array
  /** seals a file with somebody else's key: of another school, and of one that took the school's name */
  others: { anotherSchool: Seals; lookAlike: Seals }
  /** seals with the school's own key, under another field */
  own: Seals
  unsigned: Uint8Array
}

type Seals = (pdf: Uint8Array, fieldName: string) => Promise<Uint8Array>

const MB = 1024 * 1024

/** Files that pretend to be a school's document, made from a genuine one, each with what must be said of it. */
export async function attacks({ genuine, others, own, unsigned }: Material): Promise<Attack[]> {
  const file = Buffer.from(genuine)
  const altered = (name: string, bytes: Uint8Array, changed?: string): Attack => ({ name, bytes, expected: 'altered', ...changed && { changed } })
  const unknown = (name: string, bytes: Uint8Array): Attack => ({ name, bytes, expected: 'unknown' })
  return [
    ...updatesAfter(file).map(({ name, bytes, changed }) => altered(name, bytes, changed)),
    ...(await edited(genuine)).map(({ name, bytes, changed }) => altered(name, bytes, changed)),
    ...bytesAfter(file).map(({ name, bytes }) => altered(name, bytes, 'unreadable')),
    ...ranges(file).map(({ name, bytes }) => altered(name, bytes)),
    altered('two signatures: another school signs the sealed file again', await others.anotherSchool(genuine, 'Second'), 'signature'),
    altered('two signatures: a look-alike signs an altered file again', await others.lookAlike(bent(file), 'Second')),
    unknown("another school's valid signature", await others.anotherSchool(unsigned, 'Seal')),
    unknown("a look-alike's signature with the school's own name", await others.lookAlike(unsigned, 'Seal')),
    unknown('a copy without signature, with a genuine QR code', unsigned),
    unknown('sealed by the school, but not in its register', await own(unsigned, 'Seal')),
    ...hostile(file),
  ]
}

type Made = { name: string; bytes: Uint8Array; changed?: string }

/** One byte of the page other than it was. */
export function bent(file: Buffer): Buffer {
  const bytes = Buffer.from(file)
  const at = bytes.indexOf('595')
  bytes[at] = '6'.charCodeAt(0)
  return bytes
}

/** Updates as an editor appends them, written by hand: what they replace is found in the file itself. */
function updatesAfter(file: Buffer): Made[] {
  const words = file.toString('latin1')
  const numberOf = (pattern: RegExp) => {
    const at = words.search(pattern)
    return Number(/(\d+) 0 obj\s*<<(?:(?!endobj)[^])*$/.exec(words.slice(0, at))?.[1])
  }
  const [catalog, page] = [numberOf(/\/Type \/Catalog(?![^]*\/Type \/Catalog)/), numberOf(/\/Type \/Page\b(?![^]*\/Type \/Page\b)/)]
  const content = Number(/\/Contents (\d+) 0 R/.exec(words)?.[1])
  const field = numberOf(/\/FT \/Sig/)
  const textOf = (number: number) => words.match(new RegExp(`(?:^|\\n)${number} 0 obj\\s*(<<[^]*?>>)\\s*endobj`, 'g'))?.at(-1)?.replace(/^\s*\d+ 0 obj\s*/, '').replace(/\s*endobj$/, '') ?? ''
  const within = (number: number, more: string) => textOf(number).replace(/>>$/, `${more} >>`)
  const update = (objects: Record<number, string>, options = {}) => writeUpdate(file, objects, options)
  const drawn = 'BT /F0 12 Tf 50 600 Td (first class honours) Tj ET'
  const stream = (text: string) => `<</Length ${text.length}>>\nstream\n${text}\nendstream`
  const packed = (text: string) => `<</Length ${deflateSync(text).length}/Filter/FlateDecode>>\nstream\n${deflateSync(text).toString('latin1')}\nendstream`
  return [
    { name: 'the text of the page replaced', bytes: update({ [content]: stream(drawn) }), changed: 'content' },
    { name: 'the text of the page replaced, packed', bytes: update({ [content]: packed(drawn) }), changed: 'content' },
    { name: 'shadow content, hidden: the page shows another stream', bytes: update({ [page]: textOf(page).replace(/\/Contents \d+ 0 R/, '/Contents 900 0 R'), 900: stream(drawn) }), changed: 'page' },
    { name: 'shadow content, replaced: a font in which the letters look otherwise', bytes: update({ [page]: textOf(page).replace(/\/BaseFont \/Helvetica/, '/BaseFont /Evil') }), changed: 'page' },
    { name: 'shadow content, hidden and replaced: the catalog shows another page tree', bytes: update({ [catalog]: textOf(catalog).replace(/\/Pages \d+ 0 R/, '/Pages 901 0 R'), 901: '<</Type/Pages/Count 0/Kids[]>>' }), changed: 'page' },
    { name: 'the file is given another catalog', bytes: update({ 902: textOf(catalog) }, { root: 902 }), changed: 'document' },
    { name: 'something happens when the file is opened', bytes: update({ [catalog]: within(catalog, '/OpenAction <</S/JavaScript/JS(app.alert(1))>>') }), changed: 'action' },
    { name: 'a note over the page', bytes: update({ [page]: textOf(page).replace(/\/Annots \[([^\]]*)\]/, '/Annots [$1 903 0 R]'), 903: '<</Type/Annot/Subtype/FreeText/Rect[0 0 500 500]/Contents(first class)>>' }), changed: 'annotation' },
    { name: 'a field with a value', bytes: update({ [page]: textOf(page).replace(/\/Annots \[([^\]]*)\]/, '/Annots [$1 904 0 R]'), 904: '<</FT/Tx/Type/Annot/Subtype/Widget/T(n)/V(first class)/Rect[0 0 500 500]>>' }), changed: 'form' },
    { name: "the seal's field is given another look", bytes: update({ [field]: textOf(field).replace(/\/Rect \[[^\]]*\]/, '/Rect [0 0 500 500]') }), changed: 'form' },
    { name: 'a page more', bytes: update({ 905: '<</Type/Page/Parent 1 0 R/MediaBox[0 0 595 842]>>' }), changed: 'page' },
    { name: 'an object that nothing names', bytes: update({ 906: '<</Nothing true>>' }), changed: 'other' },
    { name: 'validation data that take the place of the text', bytes: update({ [catalog]: within(catalog, `/DSS ${content} 0 R`), [content]: '<</Certs[]>>' }), changed: 'content' },
    { name: 'validation data that take the place of the text as a certificate', bytes: update({ [catalog]: within(catalog, `/DSS <</Certs[${content} 0 R]>>`), [content]: stream(drawn) }), changed: 'content' },
    { name: 'a document time stamp that is none', bytes: update({ [page]: textOf(page).replace(/\/Annots \[([^\]]*)\]/, '/Annots [$1 907 0 R]'), 907: '<</FT/Sig/Type/Annot/Subtype/Widget/T(t)/V 908 0 R/Rect[0 0 0 0]>>', 908: '<</Type/DocTimeStamp/Filter/Adobe.PPKLite/SubFilter/ETSI.RFC3161/Contents<00>>>' }), changed: 'page' },
    { name: 'an object given up', bytes: update({ 909: '<<>>' }, { freed: content }), changed: 'unreadable' },
    { name: 'a key with escapes, twice', bytes: update({ [catalog]: within(catalog, '/Pages 1 0 R /P#61ges 901 0 R') }), changed: 'unreadable' },
    { name: 'nested a thousand deep', bytes: update({ 910: `${'['.repeat(1000)}${']'.repeat(1000)}` }), changed: 'unreadable' },
    { name: 'cross-references in a circle', bytes: update({ 911: '<<>>' }, { prev: 'itself' }), changed: 'unreadable' },
    { name: 'cross-references that skip the seal', bytes: update({ 912: '<<>>' }, { prev: 0 }), changed: 'unreadable' },
    { name: 'ten thousand objects', bytes: update(Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [1000 + i, '<<>>']))), changed: 'other' },
    { name: 'an object that the cross-reference does not name', bytes: update({ 913: '<<>>' }, { hidden: `${content} 0 obj\n${stream(drawn)}\nendobj\n` }), changed: 'unreadable' },
  ]
}

/** What a library's editor makes of it. */
async function edited(genuine: Uint8Array): Promise<Made[]> {
  const open = async (change: (pdf: PDF) => void) => {
    const pdf = await PDF.load(genuine)
    change(pdf)
    return pdf.save({ incremental: true })
  }
  return [
    { name: 'edited: a line drawn over the page', bytes: await open(pdf => { pdf.getPage(0)?.drawText('first class', { x: 50, y: 600, size: 12 }) }), changed: 'page' },
    { name: 'edited: a blank page added', bytes: await open(pdf => { pdf.addPage({ size: 'a4' }) }), changed: 'page' },
    { name: 'edited: another title', bytes: await open(pdf => { pdf.setTitle('another') }), changed: 'other' },
    { name: 'edited: an image over the page', bytes: await open(pdf => {
      const image = pdf.context.registry.register(PdfStream.fromDict({ Type: PdfName.of('XObject'), Subtype: PdfName.of('Image'), Width: PdfNumber.of(1), Height: PdfNumber.of(1) }))
      pdf.getPage(0)?.dict.set('Annots', new PdfArray([pdf.context.registry.register(PdfDict.of({ Type: PdfName.of('Annot'), Subtype: PdfName.of('Stamp'), Contents: PdfString.fromString('x'), AP: PdfDict.of({ N: image }) }))]))
    }), changed: 'image' },
  ]
}

function bytesAfter(file: Buffer): Made[] {
  const add = (text: string) => Buffer.concat([file, Buffer.from(text, 'latin1')])
  return [
    { name: 'a line break behind it', bytes: add('\n') },
    { name: 'a comment behind it', bytes: add('% note\n') },
    { name: 'an object without cross-reference', bytes: add('\n9 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 9 0 R>>\nstartxref\n9\n%%EOF\n') },
    { name: 'another file behind it', bytes: Buffer.concat([file, file.subarray(0, 2000)]) },
    { name: 'zeros behind it', bytes: Buffer.concat([file, Buffer.alloc(1000)]) },
    { name: 'megabytes behind it', bytes: Buffer.concat([file, Buffer.alloc(20 * MB, '(')]) },
  ]
}

/** Played with what the signature covers and where it stands. */
function ranges(file: Buffer): Made[] {
  const [range = '', , first, next, rest] = /\/ByteRange ?\[ *(\d+) +(\d+) +(\d+) +(\d+) *\]/.exec(file.toString('latin1')) ?? []
  const [a, b, c] = [Number(first), Number(next), Number(rest)]
  const evil = '<</Evil true>>'
  const put = (numbers: string, insert = '', at = b) => Buffer.concat([Buffer.from(file.toString('latin1', 0, at).replace(range, numbers.padEnd(range.length)), 'latin1'), Buffer.from(insert), file.subarray(at)])
  const hex = file.toString('latin1', a + 1, b - 1)
  const garbage = Buffer.from(file)
  garbage.write('EE', b - 3, 'latin1')
  return [
    { name: 'one letter of the page changed', bytes: bent(file) },
    { name: 'signature wrapping: content between the two ranges, behind the signature', bytes: put(`/ByteRange [0 ${a} ${b + evil.length} ${c}]`, evil) },
    { name: 'signature wrapping: content between the two ranges, before the signature', bytes: put(`/ByteRange [0 ${a} ${b + evil.length} ${c}]`, evil, a) },
    { name: 'signature wrapping: the sealed file inside another', bytes: Buffer.concat([Buffer.from('%PDF-1.7\n<</Type /Catalog>>\n'), file]) },
    { name: 'signature wrapping: the signature dictionary twice', bytes: Buffer.concat([file, file.subarray(file.lastIndexOf('/Contents') - 400)]) },
    { name: 'a ByteRange that starts later', bytes: put(`/ByteRange [1 ${a - 1} ${b} ${c}]`) },
    { name: 'a ByteRange that ends early', bytes: put(`/ByteRange [0 ${a} ${b} ${c - 10}]`) },
    { name: 'a ByteRange beyond the end', bytes: put(`/ByteRange [0 ${a} ${b} ${c + 10}]`) },
    { name: 'a ByteRange that overlaps itself', bytes: put(`/ByteRange [0 ${a} 0 ${file.length}]`) },
    { name: 'a ByteRange with a wider gap', bytes: put(`/ByteRange [0 ${a - 20} ${b} ${c}]`) },
    { name: 'a ByteRange of nothing', bytes: put('/ByteRange [0 0 0 0]') },
    { name: 'a ByteRange with negative numbers', bytes: put(`/ByteRange [0 -${a} ${b} ${c}]`) },
    { name: 'a ByteRange moved behind the signature', bytes: Buffer.concat([file.subarray(0, file.indexOf(range)), Buffer.from(' '.repeat(range.length)), file.subarray(file.indexOf(range) + range.length, b), Buffer.from(range), file.subarray(b)]) },
    { name: 'letters behind the signature inside /Contents', bytes: garbage },
    { name: 'a signature cut off', bytes: Buffer.from(file.toString('latin1').replace(hex, hex.slice(0, 200).padEnd(hex.length, '0')), 'latin1') },
    { name: 'cut off in the middle of the signature', bytes: file.subarray(0, b - 100) },
    { name: 'cut off at the end', bytes: file.subarray(0, file.length - 20) },
  ]
}

/** Not made to deceive the check but to break it. */
function hostile(file: Buffer): Attack[] {
  const [range = ''] = /\/ByteRange ?\[[^\]]+\]/.exec(file.toString('latin1')) ?? []
  const files: Record<string, Uint8Array> = {
    'empty': new Uint8Array(),
    'a picture renamed': Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5000, 7)]),
    'the ByteRange stripped': Buffer.from(file.toString('latin1').replace(range, ' '.repeat(range.length)), 'latin1'),
    'the ByteRange with an escaped name': Buffer.from(file.toString('latin1').replace('/ByteRange [', '/Byte#52ange['), 'latin1'),
    'encrypted': Buffer.from('%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\ntrailer\n<</Root 1 0 R/Encrypt <</Filter/Standard/V 5/R 6>>>>\n%%EOF\n'),
    'cross-references in a circle, unsigned': Buffer.from('%PDF-1.7\nxref\n0 0\ntrailer\n<</Prev 9>>\nstartxref\n9\n%%EOF\n'),
    'nested deeply, unsigned': Buffer.from(`%PDF-1.7\n1 0 obj\n${'<<'.repeat(200_000)}`),
    'a stream that unpacks to a hundred megabytes': Buffer.concat([Buffer.from('%PDF-1.7\n1 0 obj\n<</Type/XRef/Filter/FlateDecode>>\nstream\n'), deflateSync(Buffer.alloc(100 * MB)), Buffer.from('\nendstream\nendobj\nstartxref\n9\n%%EOF\n')]),
    'names with zeros': Buffer.from('%PDF-1.7\n1 0 obj\n<</Byte\0Range[0 1 2 3]/Ty#00pe/Catalog>>\nendobj\n%%EOF\n'),
    'thirty megabytes of nothing': Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(29 * MB)]),
    'more than thirty megabytes': Buffer.concat([file, Buffer.alloc(31 * MB)]),
  }
  return Object.entries(files).map(([name, bytes]) => ({ name, bytes, expected: 'unknown' }))
}
