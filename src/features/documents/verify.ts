import type { CheckSignature, SignatureCheck } from '../../integrations/seal/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import { readCode } from '../../platform/ids.ts'
import type { Keyring } from '../../platform/keys.ts'
import { createGuesses } from './guesses/count.ts'
import { networkOf, waitAfter } from './rules.ts'
import { type Verdict, verdictOf } from './shared/verdict.ts'
import { openWithPasscode } from './shares/store.ts'
import type { ShareVerbs } from './shares/verbs.ts'
import { documentOfCredential } from './credentials/store.ts'
import { findByCode, findBySha, getDocument, insertVerification, replacementOf, type Verified } from './store.ts'
import type { DocumentRow } from './tables.ts'

export type Verification = {
  verdict: Verdict
  document?: DocumentRow
  /** number of the document that took its place */
  replaced_by?: string
  /** where a file was checked: what its signature says */
  signature?: SignatureCheck
  /** found by its code: its owner gave somebody a passcode, which shows all of it */
  passcode?: boolean
}

/** Of a file: what its signature says is always told. */
export type FileVerification = Verification & { signature: SignatureCheck }

type Deps = { database: Database; keyring: Keyring; clock: Clock; checkSignature: CheckSignature; roots: readonly string[]; shares: Pick<ShareVerbs, 'tryPasscode'> }

/** Answers strangers: is this code, is this file one of ours, and does it still hold? `organisation`: for whom they ask, where they say so. */
export function createVerification({ database, keyring, clock, checkSignature, roots, shares }: Deps) {
  const guesses = createGuesses({ database, keyring, clock })

  async function known(document: DocumentRow, how: Verified['how'], organisation: string): Promise<void> {
    await database.write(tx => insertVerification(tx, document.id, { how, organisation: organisation.trim() || null }))
  }

  async function ofRevisions(revisions: readonly string[]): Promise<DocumentRow | undefined> {
    for (const sha256 of revisions) {
      const document = await findBySha(database.db, sha256)
      if (document) return document
    }
    return undefined
  }

  async function replaced({ id, status }: DocumentRow): Promise<Pick<Verification, 'replaced_by'>> {
    const replaced_by = status === 'revoked' ? await replacementOf(database.db, id) : undefined
    return { ...replaced_by !== undefined && { replaced_by } }
  }

  return {
    /** A digital credential was found to be ours: its owner reads that somebody looked. */
    async noteCredential(id: string, organisation = ''): Promise<void> {
      const document_id = await documentOfCredential(database.db, id)
      if (document_id !== undefined) await known(await getDocument(database.db, document_id), 'badge', organisation)
    },

    /** `address` is where the question comes from; it is kept as an HMAC, and only with wrong codes. */
    async byCode(typed: string, address: string, organisation = ''): Promise<Verification> {
      const asker = guesses.asker(address)
      // Before the look-up and for everybody: an answer that came at once only where it is right would tell.
      await pause(waitAfter(await guesses.misses(asker)))
      const code = readCode(typed)
      const document = code === null ? undefined : await findByCode(database.db, code)
      if (!document || !hasBeenIssued(document)) {
        await guesses.miss(asker)
        return { verdict: 'unknown' }
      }
      await known(document, 'code', organisation)
      const passcode = (await openWithPasscode(database.db, document.id, clock.now())).length > 0
      return { verdict: document.status === 'revoked' ? 'revoked' : 'genuine', document, passcode, ...await replaced(document) }
    },

    /** Whether who found a document by its code has a passcode that its owner gave away. */
    async tryPasscode({ id }: DocumentRow, typed: string, address: string): Promise<'right' | 'wrong' | 'wait'> {
      const asker = keyring.sign('guesses', `${id} ${networkOf(address)}`)
      return database.write(tx => shares.tryPasscode(tx, id, typed, asker))
    },

    /** Who holds a file asks with the hashes of what it is and was, see `SignatureCheck.revisions`; the file itself was checked elsewhere. */
    async byRevisions(revisions: readonly string[], organisation = ''): Promise<Required<Pick<Verification, 'document'>> & Pick<Verification, 'replaced_by'> | null> {
      const document = await ofRevisions(revisions)
      if (!document) return null
      await known(document, 'file', organisation)
      return { document, ...await replaced(document) }
    },

    async byFile(bytes: Uint8Array, organisation = ''): Promise<FileVerification> {
      const signature = await checkSignature(bytes, { roots, at: clock.now() })
      const document = await ofRevisions(signature.revisions)
      const verdict = verdictOf({ ...signature, registered: document })
      if (document && verdict !== 'unknown') await known(document, 'file', organisation)
      return { verdict, signature, ...(document && { document, ...await replaced(document) }) }
    },
  }
}

export type VerifyFeature = ReturnType<typeof createVerification>

function hasBeenIssued({ status }: DocumentRow): boolean {
  return status === 'issued' || status === 'revoked'
}

function pause(ms: number): Promise<void> {
  return ms === 0 ? Promise.resolve() : new Promise(resolve => setTimeout(resolve, ms))
}
