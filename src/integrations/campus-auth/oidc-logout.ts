import { errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose'
import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { refused, silent, within } from './errors.ts'
import type { Ended } from './port.ts'

export type KeySet = JWTVerifyGetKey

type Server = {
  metadata: { issuer: string; id_token_signing_alg_values_supported?: string[] }
  clientId: string
  keys: KeySet
  /** ms for having the keys */
  patience: number
}

const EVENT = 'http://schemas.openid.net/event/backchannel-logout'
/** seconds: how far clocks may differ, and how old a token may be */
const SKEW = 60
const OLDEST = 600

/**
 * Who has left the provider, from a logout token (OpenID Connect Back-Channel Logout 1.0, 2.6): signed by the provider with one of its
 * asymmetric keys, for us, fresh, saying just this, and no id token. `invalid` for anything else, `upstream` where the keys cannot be had.
 */
export async function readLogoutToken(token: string, { metadata, clientId, keys, patience }: Server, log: Log): Promise<Ended> {
  const algorithms = (metadata.id_token_signing_alg_values_supported ?? ['RS256']).filter(name => /^(RS|PS|ES|Ed)/.test(name))
  try {
    const { payload } = await within(patience, () => jwtVerify(token, keys, {
      algorithms, issuer: metadata.issuer, audience: clientId, requiredClaims: ['iat', 'jti', 'events'], maxTokenAge: OLDEST, clockTolerance: SKEW,
    }))
    return endedBy(payload)
  } catch (error) {
    if (error instanceof AppError) throw error
    if (error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && error.code !== 'ERR_JOSE_GENERIC') throw refused(new Error(error.code))
    log.warn({ reason: error instanceof Error ? error.message : 'unknown' }, 'the OpenID provider did not give its keys')
    throw silent(new Error('no keys'))
  }
}

function endedBy({ iss, sub, sid, jti, events, nonce }: JWTPayload): Ended {
  const says = typeof events === 'object' && events !== null && EVENT in events && typeof events[EVENT] === 'object' && events[EVENT] !== null
  const handle = typeof sid === 'string' && sid !== '' ? sid : null
  const subject = typeof sub === 'string' && sub !== '' ? sub : null
  if (!says || nonce !== undefined || (handle === null && subject === null) || typeof jti !== 'string' || jti === '') throw refused(new Error('no logout token'))
  return { handle, subject, word: `${iss}\n${jti}` }
}
