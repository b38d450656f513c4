import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Cleaner } from '../support/database.ts'

const CERTIFICATE = JSON.parse(readFileSync(join(import.meta.dirname, '../../src/catalogue/services/enrolment-certificate.json'), 'utf8'))

/** The certificate as a service that issues nothing, with what is changed; the key stays the certificate's, so its form and pages serve. */
export function plainService(changes: { flow?: unknown; fields?: (fields: { key: string }[]) => unknown[]; sample?: Record<string, unknown> } = {}): Record<string, unknown> {
  const { outcome: _, ...plain } = CERTIFICATE
  return {
    ...plain, ...changes.flow !== undefined && { flow: changes.flow }, ...changes.sample && { sample: { ...plain.sample, ...changes.sample } },
    form: { ...plain.form, fields: (changes.fields ?? (fields => fields))(plain.form.fields) },
  }
}

/** A folder with this service, and the same under other keys, for `startTestApp`. */
export function folderOf(t: Cleaner, definition: Record<string, unknown>, ...others: string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'hall-cases-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  for (const key of ['enrolment-certificate', ...others]) writeFileSync(join(folder, `${key}.json`), JSON.stringify(definition))
  return folder
}

export const [tutor, registrar] = CERTIFICATE.flow.nodes
