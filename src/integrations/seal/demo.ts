import { randomBytes, X509Certificate } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { issueCertificate } from './certificate.ts'
import { sealPicture, type Letters } from './picture.ts'
import { writeP12 } from './p12.ts'

export type DemoSeal = {
  p12: Uint8Array
  password: string
  /** SVG */
  image: Uint8Array
  /** PEM of the demo authority */
  root: string
}

const YEAR = 365 * 86_400_000

/**
 * A seal for trying things out: an authority of its own, a certificate and a round red picture, all saying 样张. Made once
 * in `directory` (0700, files 0600) and read from there afterwards; when two processes start at once one of them wins.
 * `letters` gives the outlines of the school's name, so that the picture needs no font.
 */
export async function makeDemoSeal(directory: string, { school, letters, now = Date.now() }: { school: string; letters: Letters; now?: number }): Promise<DemoSeal> {
  const known = await readSeal(directory)
  if (known) return known
  await mkdir(dirname(directory), { recursive: true, mode: 0o700 })
  const draft = await mkdtemp(`${directory}-`)
  try {
    for (const [name, content] of Object.entries(await invent(school, letters, now))) await writeFile(join(draft, name), content, { mode: 0o600 })
    await rename(draft, directory)
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    const theirs = await readSeal(directory)
    if (!theirs) throw error
  }
  const made = await readSeal(directory)
  if (!made) throw new Error(`no demo seal in ${directory}`)
  return made
}

const NAMES = { p12: 'seal.p12', password: 'seal-password.txt', image: 'seal.svg', root: 'root.pem' }

async function readSeal(directory: string): Promise<DemoSeal | null> {
  try {
    const [p12, password, image, root] = await Promise.all(Object.values(NAMES).map(name => readFile(join(directory, name))))
    return p12 && password && image && root ? { p12, password: password.toString(), image, root: root.toString() } : null
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}

async function invent(school: string, letters: Letters, now: number): Promise<Record<string, string | Uint8Array>> {
  const term = { from: now - 86_400_000, to: now + 20 * YEAR }
  const authorityKeys = await newKeys()
  const authority = await issueCertificate({ name: '样张根证书 DEMO CA', organization: school, keys: authorityKeys, authority: true, ...term })
  const keys = await newKeys()
  const own = await issueCertificate({
    name: `${school}电子签章（样张）`, organization: school, keys, issuer: { certificate: authority, key: authorityKeys.privateKey }, ...term,
  })
  const password = randomBytes(18).toString('base64url')
  return {
    // Nobody guesses 144 random bits: making each guess dear would only make every start slow.
    [NAMES.p12]: await writeP12({ key: keys.privateKey, certificates: [own, authority], password, name: 'demo seal', iterations: 1000 }),
    [NAMES.password]: password,
    [NAMES.image]: sealPicture({ school, label: '样张', letters }),
    [NAMES.root]: new X509Certificate(new Uint8Array(authority.toSchema().toBER())).toString(),
  }
}

function newKeys(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey({ name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['sign', 'verify'])
}
