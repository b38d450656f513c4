import type { PDFDocument, PDFPage } from '@cantoo/pdf-lib'

const MARK = 'http://paper.local/'

/** What a page has of its own, and the head that others may share. */
export type Parts = { head: string; title: string; body: string }

/** null where the page is not written as we write them: then it can only be printed by itself. */
export function partsOf(html: string): Parts | null {
  const [, head, body] = /^([\s\S]*<body[^>]*>)([\s\S]*)<\/body>/.exec(html) ?? []
  if (head === undefined || body === undefined) return null
  return { head: head.replace(/<title>[^<]*<\/title>/, ''), title: /<title>([^<]*)<\/title>/.exec(head)?.[1] ?? '', body }
}

/**
 * Several pages of one head as one, so that the browser lays out and prints them in one go: each begins on a sheet of its own, under a
 * mark that says where to cut.
 */
export function joined(parts: readonly Parts[]): string {
  const papers = parts.map(({ body }) => `<div class="paper"><a class="paper-mark" href="${MARK}"></a>${body}</div>`)
  return `${parts[0]?.head ?? ''}<style>.paper + .paper { break-before: page } .paper-mark { position: absolute; width: 1px; height: 1px }</style>${papers.join('')}</body></html>`
}

/** Cuts what `joined` gave, once printed, into a file for each of the pages; null where the marks do not say so. */
export async function cut(printed: Uint8Array, parts: readonly Parts[]): Promise<Uint8Array[] | null> {
  const { PDFDocument } = await import('@cantoo/pdf-lib')
  const whole = await PDFDocument.load(printed, { updateMetadata: false })
  const pages = whole.getPages()
  const starts = (await Promise.all(pages.map(takeMark))).flatMap((marked, index) => marked ? [index] : [])
  if (starts.length !== parts.length || starts[0] !== 0) return null
  const files: Uint8Array[] = []
  for (const [nth, start] of starts.entries()) {
    const own = await PDFDocument.create({ updateMetadata: false })
    const numbers = Array.from({ length: (starts[nth + 1] ?? pages.length) - start }, (_, index) => start + index)
    for (const page of await own.copyPages(whole, numbers)) own.addPage(page)
    describe(own, whole, parts[nth]?.title ?? '')
    files.push(await own.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false }))
  }
  return files
}

/** Was there a mark on this page? It is gone afterwards: a document cut out has nothing that one drawn alone has not. */
async function takeMark(page: PDFPage): Promise<boolean> {
  const { PDFDict, PDFHexString, PDFName, PDFString } = await import('@cantoo/pdf-lib')
  const annotations = page.node.Annots()
  if (!annotations) return false
  const addressAt = (index: number) => {
    const address = annotations.lookupMaybe(index, PDFDict)?.lookupMaybe(PDFName.of('A'), PDFDict)?.lookup(PDFName.of('URI'))
    return address instanceof PDFString || address instanceof PDFHexString ? address.decodeText() : ''
  }
  const marks = Array.from({ length: annotations.size() }, (_, index) => index).filter(index => addressAt(index) === MARK)
  for (const index of marks.toReversed()) annotations.remove(index)
  if (annotations.size() === 0) page.node.delete(PDFName.of('Annots'))
  return marks.length > 0
}

function describe(own: PDFDocument, whole: PDFDocument, title: string): void {
  own.setTitle(title)
  own.setCreator(whole.getCreator() ?? '')
  own.setProducer(whole.getProducer() ?? '')
  const [created, modified] = [whole.getCreationDate(), whole.getModificationDate()]
  if (created) own.setCreationDate(created)
  if (modified) own.setModificationDate(modified)
}
