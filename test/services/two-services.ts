import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

const CATALOGUE = join(import.meta.dirname, '../../src/catalogue/services')
const CERTIFICATE = 'enrolment-certificate.json'

/** A folder with the certificate and 设备报修, which one step decides; the changes go into both definitions. */
export function twoServices(t: TestContext, changes: Record<string, unknown> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'hall-two-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(CATALOGUE, CERTIFICATE), join(folder, CERTIFICATE))
  const certificate = { ...JSON.parse(readFileSync(join(folder, CERTIFICATE), 'utf8')), ...changes }
  const { outcome: _, ...repair } = certificate
  writeFileSync(join(folder, CERTIFICATE), JSON.stringify(certificate))
  writeFileSync(join(folder, 'repair.json'), JSON.stringify({
    ...repair, title: '设备报修', flow: { nodes: [{ id: 'tutor', kind: 'approval', label: '辅导员审批', approver: { rule: 'tutor' }, mode: 'any', limit: { minutes: 60 } }], revoke: true },
  }))
  return folder
}
