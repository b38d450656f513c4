import { hash } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { readCode } from '../../../platform/ids.ts'

const STEP = 30

/** As authenticator apps expect it: SHA-1, six digits, half a minute (RFC 6238). */
function totp(secret: string, { issuer, label }: { issuer: string; label: string } = { issuer: '', label: '' }): TOTP {
  return new TOTP({ secret: Secret.fromBase32(secret), issuer, label, algorithm: 'SHA1', digits: 6, period: STEP })
}

/** What app and hall will share, base32: 160 random bits. */
export function newSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** The address that the QR code holds. */
export function enrolAddress(secret: string, named: { issuer: string; label: string }): string {
  return totp(secret, named).toString()
}

/** In groups of four, for typing. */
export function groupedSecret(secret: string): string {
  return secret.match(/.{1,4}/g)?.join(' ') ?? secret
}

/** The half minute whose code this is, the present one or a neighbour; null where it is none of them. Clocks of phones go wrong by seconds. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const delta = totp(secret).validate({ token: code, timestamp: now, window: 1 })
  return delta === null ? null : Math.floor(now / 1000 / STEP) + delta
}

/** What was typed: six digits of the app, or a recovery code; null where it can be neither. */
export function readFactor(typed: string): { digits: string } | { recovery: string } | null {
  const plain = typed.normalize('NFKC').replace(/[\s-]/g, '')
  if (/^\d{6}$/.test(plain)) return { digits: plain }
  const recovery = readCode(typed)
  return recovery === null ? null : { recovery }
}

export const RECOVERY_CODES = 10

export function hashRecovery(code: string): string {
  return hash('sha256', code)
}
