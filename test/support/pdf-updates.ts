type Options = {
  /** the number of another catalog */
  root?: number
  /** an object that the cross-reference gives up */
  freed?: number
  /** where the cross-reference before stands; told wrongly on purpose */
  prev?: number | 'itself'
  /** bytes of an object that the cross-reference does not name */
  hidden?: string
}

/** A file with objects appended as an editor does it (ISO 32000-1 §7.5.6): the file stays a prefix of the result. */
export function writeUpdate(file: Buffer, objects: Readonly<Record<number, string>>, { root, freed, prev, hidden = '' }: Options = {}): Buffer {
  const words = file.toString('latin1')
  const before = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(words)?.[1])
  const pieces = ['\n', hidden]
  let at = file.length + 1 + hidden.length
  const entries: string[] = []
  for (const [number, text] of Object.entries(objects)) {
    const piece = `${number} 0 obj\n${text}\nendobj\n`
    entries.push(`${number} 1\n${String(at).padStart(10, '0')} 00000 n \n`)
    pieces.push(piece)
    at += piece.length
  }
  if (freed !== undefined) entries.push(`${freed} 1\n0000000000 00001 f \n`)
  const trailer = /trailer\s*(<<[^]*?>>)\s*startxref/.exec(words.slice(words.lastIndexOf('trailer')))?.[1] ?? '<<>>'
  const kept = trailer.replace(/\/Prev \d+/, '').replace(/\/Root \d+ 0 R/, root === undefined ? '$&' : `/Root ${root} 0 R`).replace(/>>\s*$/, '')
  pieces.push(`xref\n${entries.join('')}trailer\n${kept} /Prev ${prev === 'itself' ? at : prev ?? before} >>\nstartxref\n${at}\n%%EOF\n`)
  return Buffer.concat([file, Buffer.from(pieces.join(''), 'latin1')])
}
