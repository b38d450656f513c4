import type { CompactVerifyResult, JWK } from 'jose'
import { JOSEAlgNotAllowed, JOSENotSupported, JWSInvalid, JWSSignatureVerificationFailed } from 'jose/errors'
import { compactVerify } from 'jose/jws/compact/verify'
import { importJWK } from 'jose/key/import'
import { coursesIn, courseWords, factLine } from './facts.ts'
import { type Check, type T, timeOf, type VerdictView } from './verdict.ts'

export type Status = 'good' | 'revoked' | 'unknown'

/** Whom to believe: the school's published keys, who it is in credentials, what time it is (epoch ms), and how to learn what became of one. */
export type Trust = { keys: readonly JWK[]; issuer: string; at: number; statusOf(list: number, place: number): Promise<Status> }

/** What a digital credential is, each question by itself. `signer` unknown: nothing else can be said of it. */
export type CredentialCheck =
  | { kind: 'unreadable' } | { kind: 'foreign' } | { kind: 'altered' }
  /** signed by the school: from and until when it holds, epoch ms */
  | { kind: 'ours'; /** the random UUID of this credential, '' where it names none */ id: string; title: string; number: string; from: number; until: number | null; at: number; status: Status; certified: [key: string, value: string][] }

const LONGEST = 2 * 1024 * 1024
const ALGORITHMS = ['ES256', 'RS256', 'EdDSA']
// Clocks differ a little.
const SKEW = 5 * 60_000

/** The text of a file that is a digital credential by its looks: a JWT, or JSON-LD around one. null for any other file, as a PDF. */
export function credentialIn(file: Uint8Array): string | null {
  const head = new TextDecoder().decode(file.subarray(0, 64)).trimStart()
  if (file.length > LONGEST || !/^(?:\{|eyJ[\w-]*)/.test(head)) return null
  return new TextDecoder().decode(file).trim()
}

/** Checks an Open Badges 3.0 credential of this school; never throws for what it is, only where this browser cannot check it. */
export async function checkCredential(text: string, { keys, issuer, at, statusOf }: Trust): Promise<CredentialCheck> {
  const jwt = jwtIn(text)
  if (jwt === null) return { kind: 'unreadable' }
  const payload = await payloadOf(jwt, keys)
  if (typeof payload === 'string') return { kind: payload }
  // The school signs its lists of what was revoked with the same keys.
  if (payload.iss !== issuer || !listOf(payload.type).includes('OpenBadgeCredential')) return { kind: 'foreign' }
  const subject = recordOf(payload.credentialSubject)
  const until = Math.min(...[timeIn(payload.validUntil), typeof payload.exp === 'number' ? payload.exp * 1000 : null].flatMap(each => each ?? []))
  const place = placeIn(recordOf(payload.credentialStatus), issuer)
  return {
    kind: 'ours', id: /^urn:uuid:([0-9a-f-]{36})$/.exec(textOf(payload.id))?.[1] ?? '', title: textOf(payload.name), number: textOf(subject.licenseNumber), at,
    from: timeIn(payload.validFrom) ?? 0, until: Number.isFinite(until) ? until : null,
    status: place ? await statusOf(place.list, place.place) : 'unknown',
    certified: Object.entries(recordOf(subject.certified)).flatMap(([key, value]) => typeof value === 'string' ? [[key, value] satisfies [string, string]] : []),
  }
}

/** What a status list, as the school publishes it, says of a place in it. */
export async function statusIn(jwt: string, { keys, issuer }: Pick<Trust, 'keys' | 'issuer'>, list: number, place: number): Promise<Status> {
  const payload = await payloadOf(jwt, keys)
  if (typeof payload === 'string' || payload.id !== `${base(issuer)}/credentials/status/${list}` || !listOf(payload.type).includes('BitstringStatusListCredential')) return 'unknown'
  const encoded = textOf(recordOf(payload.credentialSubject).encodedList)
  const packed = Uint8Array.from(atob(encoded.slice(1).replaceAll('-', '+').replaceAll('_', '/')), letter => letter.charCodeAt(0))
  const bits = new Uint8Array(await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'))).arrayBuffer())
  const byte = bits[place >> 3]
  return byte === undefined ? 'unknown' : (byte >> 7 - place % 8 & 1) === 1 ? 'revoked' : 'good'
}

const base = (issuer: string) => issuer.replace(/\/credentials\/issuer$/, '')

type Payload = Record<string, unknown>

const recordOf = (value: unknown): Payload => typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value)) : {}
const listOf = (value: unknown): unknown[] => Array.isArray(value) ? value : []
const textOf = (value: unknown): string => typeof value === 'string' ? value : ''
const timeIn = (value: unknown): number | null => typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? Date.parse(value) : null

function jwtIn(text: string): string | null {
  const plain = text.startsWith('{') ? /^data:application\/vc\+jwt,(.+)$/.exec(textOf(parsed(text).id))?.[1] ?? '' : text
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(plain) ? plain : null
}

function parsed(text: string): Payload {
  try {
    return recordOf(JSON.parse(text))
  } catch {
    return {}
  }
}

/** What was signed, by one of these keys and the algorithm that the key is for: what the token itself says of it counts for nothing. */
async function payloadOf(jwt: string, keys: readonly JWK[]): Promise<Payload | 'unreadable' | 'foreign' | 'altered'> {
  const [head = ''] = jwt.split('.', 1)
  const key = keys.find(({ kid }) => kid !== undefined && kid === headerOf(head).kid)
  if (!key?.alg || !ALGORITHMS.includes(key.alg)) return 'foreign'
  const found = await verified(jwt, key, key.alg)
  return found ? parsed(new TextDecoder().decode(found.payload)) : 'altered'
}

function headerOf(encoded: string): Payload {
  try {
    return parsed(atob(encoded.replaceAll('-', '+').replaceAll('_', '/')))
  } catch {
    return {}
  }
}

async function verified(jwt: string, key: JWK, algorithm: string): Promise<CompactVerifyResult | null> {
  try {
    return await compactVerify(jwt, await importJWK(key, algorithm), { algorithms: [algorithm] })
  } catch (error) {
    if ([JWSSignatureVerificationFailed, JWSInvalid, JOSEAlgNotAllowed, JOSENotSupported].some(kind => error instanceof kind)) return null
    throw error
  }
}

function placeIn(status: Payload, issuer: string): { list: number; place: number } | null {
  const list = textOf(status.statusListCredential).startsWith(`${base(issuer)}/credentials/status/`) ? /\/(\d{1,6})$/.exec(textOf(status.statusListCredential))?.[1] : undefined
  const place = /^\d{1,9}$/.exec(textOf(status.statusListIndex))?.[0]
  return list === undefined || place === undefined ? null : { list: Number(list), place: Number(place) }
}

/** What a reader is told of a credential, and what it certifies where it is ours. */
export function credentialVerdict(check: CredentialCheck, t: T): { verdict: VerdictView; certified: { label: string; value: string }[] } {
  switch (check.kind) {
    case 'unreadable': return said({ state: 'unknown', sentence: t('这不是学校的数字凭证。学校的数字凭证是 .jwt 或 .jsonld 文件'), checks: [{ finding: 'readable', ok: false, text: t('不是能识别的数字凭证') }] })
    case 'foreign': return said({ state: 'unknown', sentence: t('这份数字凭证不是学校签发的，不要当作学校出具的文件'), checks: [{ finding: 'signer', ok: false, text: t('签名的密钥不在学校公布的密钥之列') }] })
    case 'altered': return said({ state: 'altered', sentence: t('这份数字凭证在签发以后被改动过，内容不可信，不要采用'), checks: [{ finding: 'unchanged', ok: false, text: t('内容和签名对不上') }, { finding: 'signer', ok: null, text: t('它自称用学校的密钥签发，无从核对') }] })
    case 'ours': return { verdict: oursVerdict(check, t), certified: certifiedOf(check, t) }
  }
}

const said = (verdict: VerdictView) => ({ verdict, certified: [] })

type Ours = Extract<CredentialCheck, { kind: 'ours' }>

function oursVerdict(check: Ours, t: T): VerdictView {
  const { from, until, at, status } = check
  const checks: Check[] = [
    { finding: 'unchanged', ok: true, text: t('内容和签名一致，没有改动') },
    { finding: 'signer', ok: true, text: t('签名的密钥是学校公布的') },
    term(check, t),
    status === 'good' ? { finding: 'valid', ok: true, text: t('没有作废') } : status === 'revoked' ? { finding: 'valid', ok: false, text: t('已经作废') } : { finding: 'valid', ok: null, text: t('没有查到是不是作废') },
  ]
  if (status === 'revoked') return { state: 'revoked', sentence: t('这份数字凭证确实由学校签发，但已经作废，不要再采用'), checks }
  if (until !== null && until < at - SKEW) return { state: 'revoked', word: t('已到期'), sentence: t('这份数字凭证确实由学校签发，但已经过了有效期'), checks }
  if (from > at + SKEW) return { state: 'unknown', word: t('还没有生效'), sentence: t('这份数字凭证由学校签发，但还没有到生效的时间'), checks }
  if (status === 'unknown') return { state: 'unknown', word: t('没有核完'), sentence: t('签名是学校的，但没有查到是不是作废。请过一会儿再核验一次'), checks }
  return { state: 'genuine', sentence: t('这份数字凭证由学校签发，内容没有改动过，现在有效'), checks }
}

function term({ from, until, at }: Ours, t: T): Check {
  if (from > at + SKEW) return { finding: 'time', ok: false, text: t('{time} 才生效', { time: timeOf(from) }) }
  if (until === null) return { finding: 'time', ok: true, text: t('{time} 签发，没有截止日期', { time: timeOf(from) }) }
  return until < at - SKEW ? { finding: 'time', ok: false, text: t('已于 {time} 到期', { time: timeOf(until) }) } : { finding: 'time', ok: true, text: t('{from} 签发，有效至 {until}', { from: timeOf(from), until: timeOf(until) }) }
}

function certifiedOf({ title, number, certified }: Ours, t: T) {
  const lines = certified.flatMap(([key, value]) => coursesIn(value)?.map(course => ({ label: course.name, value: courseWords(course, t) })) ?? [factLine(key, value, t)])
  return [{ label: t('文件'), value: title }, { label: t('文件编号'), value: number }, ...lines]
}
