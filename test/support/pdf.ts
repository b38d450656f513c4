import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { fromBER, Sequence } from 'asn1js'
import { ContentInfo, SignedData } from 'pkijs'
import { checkSignature } from '../../src/integrations/seal/index.ts'
import { printed, workshop } from '../integrations/seal-material.ts'

const run = promisify(execFile)

export type Level = 'B-B' | 'B-T' | 'B-LT' | 'B-LTA'
type Signature = { cms: Buffer; covered: Buffer; /** where what it signs ends */ end: number }

/**
 * What programs of others say of a sealed file, each asked by itself: poppler, qpdf and OpenSSL find the seal valid and from `roots` (PEM),
 * the time stamp one over it where the level says so, and the validation data in the file good. `documentStamp`: the time is proven by a stamp over
 * the file instead of one inside the signature. Our own verdict is the same.
 */
export async function othersAgree(t: Parameters<typeof workshop>[0], pdf: Uint8Array, { roots, level, documentStamp = false }: { roots: string[]; level: Level; documentStamp?: boolean }): Promise<void> {
  const { folder, file } = await workshop(t)
  const path = await file('sealed.pdf', pdf)
  const authorities = await file('roots.pem', roots.join('\n'))

  await run('certutil', ['-N', '-d', `sql:${folder}`, '--empty-password'])
  for (const [i, root] of roots.entries()) await run('certutil', ['-A', '-d', `sql:${folder}`, '-n', `root ${i}`, '-t', 'CT,C,C', '-i', await file(`root-${i}.pem`, root)])
  const said = await printed('pdfsig', '-nssdir', `sql:${folder}`, path)
  assert.match(said, /Signature Validation: Signature is Valid\.[\s\S]*Certificate Validation: Certificate is Trusted\./, said)
  if (level !== 'B-LT' && level !== 'B-LTA' && !documentStamp) assert.match(said, /Signature #1:[\s\S]*- Total document signed/, said)
  assert.match(await printed('qpdf', '--check', path), /No syntax or stream encoding errors found/)

  const [seal, ...later] = signaturesIn(Buffer.from(pdf))
  assert.ok(seal, 'the file is not signed')
  const cms = await file('seal.der', seal.cms)
  const valid = await printed('openssl', 'cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', cms, '-content', await file('covered.bin', seal.covered), '-CAfile', authorities, '-purpose', 'any', '-out', '/dev/null')
  assert.match(valid, /CAdES Verification successful/i)

  const [stamp] = later
  if (documentStamp) assert.ok(stamp, 'there is no document time stamp')
  else if (level !== 'B-LTA') assert.equal(later.length, 0)
  const inside = stampInside(seal.cms)
  if (level === 'B-B') assert.equal(inside, null)
  else if (documentStamp && stamp) await stampHolds(stamp.cms, stamp.covered)
  else await stampHolds(inside?.token ?? Buffer.alloc(0), inside?.over ?? Buffer.alloc(0))
  // The only thing that poppler says of a document time stamp: what it covers.
  if (level === 'B-LTA') assert.match(said.slice(said.lastIndexOf('Signature #')), /- Total document signed/, said)
  if (level === 'B-LTA') for (const each of later) await stampHolds(each.cms, each.covered)
  if (level === 'B-LT' || level === 'B-LTA') await materialHolds()

  const own = await checkSignature(pdf, { roots, at: Date.now() })
  assert.deepEqual([own.signed, own.whole, own.intact, own.trusted, own.stamped, own.provenAt !== undefined, own.reasons], [true, true, true, true, level !== 'B-B' && !documentStamp, level !== 'B-B', []])
  assert.deepEqual([own.level, own.evidence], [level, level === 'B-LT' || level === 'B-LTA' ? 'good' : 'none'])

  async function stampHolds(token: Buffer, over: Buffer): Promise<void> {
    const digest = createHash('sha256').update(over).digest('hex')
    assert.match(await printed('openssl', 'ts', '-verify', '-token_in', '-in', await file('token.der', token), '-digest', digest, '-CAfile', authorities), /Verification: OK/)
  }

  async function materialHolds(): Promise<void> {
    const { certificates, ocsps, crls } = await storeIn(path)
    assert.ok(certificates.length >= 3 && ocsps.length + crls.length >= 1, 'certificates and the word on them are in the file')
    for (const [i, ocsp] of ocsps.entries()) assert.match(await printed('openssl', 'ocsp', '-respin', await file(`${i}.ocsp`, ocsp), '-CAfile', authorities), /Response verify OK/)
    for (const [i, crl] of crls.entries()) assert.match(await printed('openssl', 'crl', '-inform', 'DER', '-in', await file(`${i}.crl`, crl), '-CAfile', authorities, '-noout'), /verify OK/)
  }
}

/** The signatures of a file as they stand one after the other: the newest covers most. */
export function signaturesIn(pdf: Buffer): Signature[] {
  return [...pdf.toString('latin1').matchAll(/\/ByteRange\s*\[\s*0 (\d+) (\d+) (\d+)\s*\]/g)].map(([, ...numbers]) => {
    const [length = 0, next = 0, rest = 0] = numbers.map(Number)
    const padded = Buffer.from(pdf.toString('latin1', length + 1, next - 1), 'hex')
    return { cms: padded.subarray(0, 4 + padded.readUInt16BE(2)), covered: Buffer.concat([pdf.subarray(0, length), pdf.subarray(next, next + rest)]), end: next + rest }
  })
}

function stampInside(cms: Buffer): { token: Buffer; over: Buffer } | null {
  const [info] = new SignedData({ schema: ContentInfo.fromBER(new Uint8Array(cms)).content }).signerInfos
  const value: { valueBeforeDecodeView: Uint8Array } | undefined = info?.unsignedAttrs?.attributes.find(each => each.type === '1.2.840.113549.1.9.16.2.14')?.values[0]
  return info && value ? { token: Buffer.from(value.valueBeforeDecodeView), over: Buffer.from(info.signature.valueBlock.valueHexView) } : null
}

/** The Document Security Store, as qpdf reads it. */
async function storeIn(path: string): Promise<{ certificates: Buffer[]; ocsps: Buffer[]; crls: Buffer[] }> {
  const { stdout } = await run('qpdf', ['--json', '--json-stream-data=inline', '--decode-level=generalized', path], { maxBuffer: 64 * 1024 * 1024 })
  const objects: Record<string, { value?: Record<string, unknown>; stream?: { data: string } }> = JSON.parse(stdout).qpdf[1]
  const store = Object.values(objects).find(each => each.value?.['/Type'] === '/DSS')?.value ?? {}
  const streams = (name: string) => namesIn(store[name]).map(ref => Buffer.from(objects[`obj:${ref}`]?.stream?.data ?? '', 'base64'))
  const certificates = streams('/Certs')
  for (const certificate of certificates) assert.ok(fromBER(new Uint8Array(certificate)).result instanceof Sequence)
  return { certificates, ocsps: streams('/OCSPs'), crls: streams('/CRLs') }
}

function namesIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : []
}
