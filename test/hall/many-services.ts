import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cleaner } from '../support/database.ts'

const catalogue = join(import.meta.dirname, '../../src/catalogue/services')

/** A folder with the hall's services and others beside them: the enrolment certificate under other names. */
export function servicesBeside(t: Cleaner, others: readonly { key: string; title: string; category?: string; keywords?: string[] }[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'hall-services-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(catalogue, folder, { recursive: true })
  const one = JSON.parse(readFileSync(join(catalogue, 'enrolment-certificate.json'), 'utf8'))
  for (const { key, ...other } of others) writeFileSync(join(folder, `${key}.json`), JSON.stringify({ ...one, keywords: [], ...other }))
  return folder
}
