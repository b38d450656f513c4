import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, loadConfig } from '../../src/platform/config.ts'

/** A whole configuration of nothing in particular, its files gone after the test. */
export function configFor(t: { after(clean: () => void): void }): Config {
  const folder = mkdtempSync(join(tmpdir(), 'hall-contract-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  return loadConfig({
    HALL_SECRET: Buffer.alloc(32, 5).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University',
    DATABASE_URL: `sqlite:${join(folder, 'hall.db')}`, FILES_URL: `file:${join(folder, 'files')}`, WECOM_CORP_ID: 'ww0123456789abcdef', WECOM_AGENT_ID: '1000002',
    WECOM_SECRET: 'secret', WECOM_TOKEN: 'QDG6eK', WECOM_ENCODING_AES_KEY: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C',
  })
}
