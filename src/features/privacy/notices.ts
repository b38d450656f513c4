import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A text that people are asked to agree to, in both languages; another text is another version. */
export type Notice = { name: string; hash: string; zh: string; en: string }

/** The notice of the hall itself, which everybody is asked about. */
export const WHOLE_HALL = 'privacy'

/** Reads `NAME.zh.html` and `NAME.en.html` of a folder; `{school}` is the university. */
export function readNotices(folder: string, school: { name: string; nameEn: string }): Map<string, Notice> {
  const names = readdirSync(folder).filter(file => file.endsWith('.zh.html')).map(file => file.slice(0, -'.zh.html'.length))
  return new Map(names.map(name => {
    const zh = text(folder, `${name}.zh.html`, school.name)
    const en = text(folder, `${name}.en.html`, school.nameEn)
    return [name, { name, hash: createHash('sha256').update(zh).update('\0').update(en).digest('hex'), zh, en }]
  }))
}

function text(folder: string, file: string, school: string): string {
  return readFileSync(join(folder, file), 'utf8').replaceAll('{school}', escaped(school))
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
