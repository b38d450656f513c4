import type { Files } from '../../../integrations/files/index.ts'
import type { CheckSignature } from '../../../integrations/seal/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database } from '../../../platform/db.ts'
import type { Hindrance } from '../hindrances.ts'
import { listSeals, paperSealedBy } from './store.ts'

type Deps = { database: Pick<Database, 'db'>; files: Pick<Files, 'get'>; clock: Clock; checkSignature: CheckSignature; roots: readonly string[] }

/** Earlier seals whose papers can be confirmed by nobody: their certificates are not among those trusted. */
export function createForgotten({ database: { db }, files, clock, checkSignature, roots }: Deps): () => Promise<Hindrance[]> {
  // Whom to trust does not change while the process lives.
  const trusted = new Set<string>()

  /** The name of the certificate where one of its papers is not trusted for its sake, else null. */
  async function notTrusted(fingerprint: string, sha256: string): Promise<string | null> {
    const { signer, reasons } = await checkSignature(await files.get(sha256), { roots, at: clock.now() })
    if (reasons.includes('unknown-authority')) return signer?.name ?? ''
    trusted.add(fingerprint)
    return null
  }

  return async () => {
    const forgotten: Hindrance[] = []
    for (const fingerprint of await listSeals(db)) {
      const sha256 = trusted.has(fingerprint) ? undefined : await paperSealedBy(db, fingerprint)
      // A file that cannot be had now is asked for at the next look.
      const name = sha256 === undefined ? null : await notTrusted(fingerprint, sha256).catch(() => null)
      if (name !== null) forgotten.push({ text: '以前的签章证书“{name}”（SHA-256 指纹 {fingerprint}）不在 SEAL_ROOTS 里，用它签章的文件现在核验不能确认。请把它放进 SEAL_ROOTS 并重启', params: { name, fingerprint: `${fingerprint.slice(0, 16)}…` } })
    }
    return forgotten
  }
}
