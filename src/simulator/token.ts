import { randomBytes } from 'node:crypto'
import { WecomError } from './errors.ts'
import type { Limiter } from './limits.ts'

/** One token belongs to one secret: the app's or the contacts-sync assistant's. */
export type Who = 'app' | 'contacts'
type Token = { value: string; who: Who; expires_at: number; state: 'good' | 'expired' | 'revoked' }

export type Tokens = {
  /** gettoken (§1.1). */
  issue(corpid: string | undefined, secret: string | undefined, ip: string): { access_token: string; expires_in: number }
  /** Whose token it is, or 41001, 40014, 42001. */
  check(value: string | undefined): Who
  spoil(state: 'expired' | 'revoked'): void
  clear(): void
}

const LIFE = 7200_000
const HOUR = 3600_000
/** The platform does not say how many wrong secrets block an address; ten an hour is strict enough to be noticed. */
const WRONG_SECRETS = 10

type TokenOptions = { corpId: string; secret: string; contactsSecret?: string; now: () => number; limiter: Limiter }

/** Access tokens: opaque, 2 hours, the same one again while it is good. */
export function createTokens(options: TokenOptions): Tokens {
  const { now, limiter } = options
  const tokens = new Map<string, Token>()

  function whose(secret: string): Who | null {
    if (secret === options.secret) return 'app'
    return options.contactsSecret !== undefined && secret === options.contactsSecret ? 'contacts' : null
  }

  function current(who: Who): Token {
    const good = [...tokens.values()].find((token) => token.who === who && token.state === 'good' && token.expires_at > now())
    if (good) return good
    const fresh: Token = { value: randomBytes(120).toString('base64url'), who, expires_at: now() + LIFE, state: 'good' }
    tokens.set(fresh.value, fresh)
    return fresh
  }

  return {
    issue(corpid, secret, ip) {
      if (!corpid) throw new WecomError(41002)
      if (!secret) throw new WecomError(41004)
      if (limiter.full(`secret ${ip}`, WRONG_SECRETS, HOUR)) throw new WecomError(45009)
      if (corpid !== options.corpId) throw new WecomError(40013)
      const who = whose(secret)
      if (who === null) {
        limiter.take(`secret ${ip}`, WRONG_SECRETS, HOUR)
        throw new WecomError(40001)
      }
      const token = current(who)
      return { access_token: token.value, expires_in: Math.floor((token.expires_at - now()) / 1000) }
    },
    check(value) {
      if (!value) throw new WecomError(41001)
      const token = tokens.get(value)
      if (!token || token.state === 'revoked') throw new WecomError(40014)
      if (token.state === 'expired' || token.expires_at <= now()) throw new WecomError(42001)
      return token.who
    },
    spoil(state) {
      for (const token of tokens.values()) if (token.state === 'good') token.state = state
    },
    clear: () => tokens.clear(),
  }
}
