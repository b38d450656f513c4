import { createRemoteJWKSet } from 'jose'
import * as oidc from 'openid-client'
import type { Clock } from '../../platform/clock.ts'
import type { CampusAuthConfig } from '../../platform/config-campus.ts'
import { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { numberless, refused, silent, within } from './errors.ts'
import { type KeySet, readLogoutToken } from './oidc-logout.ts'
import type { RedirectProvider } from './port.ts'

type Settings = Omit<Extract<CampusAuthConfig, { kind: 'oidc' }>, 'kind'>
type Deps = { clock: Clock; log: Log; patience?: { look: number; exchange: number } }

const PATIENCE = { look: 3000, exchange: 6000 }
/** How long the server's description of itself counts; read again, it also says whether the server is there, ms. */
const FRESH = 60_000
/** Proved anew within these seconds counts as proved now. */
const AGAIN = 300

/**
 * OpenID Connect, authorization code flow with PKCE, state and nonce (Core 1.0, 3.1; RFC 7636), by a certified client library.
 * The server's addresses and keys come from its discovery document.
 */
export function createOidc(settings: Settings, { clock, log, patience = PATIENCE }: Deps): RedirectProvider {
  const { issuer, scope, numberAttribute = 'sub' } = settings
  let keys: { address: string; set: KeySet } | undefined
  const server = freshly(clock, FRESH, () => within(patience.look, () => discover(settings, patience.look)))

  async function known(): Promise<oidc.Configuration> {
    try {
      return await server()
    } catch (error) {
      throw told(error, log)
    }
  }

  return {
    way: 'redirect',
    async begin(callback, state, { again = false } = {}) {
      const config = await known()
      const [verifier, nonce] = [oidc.randomPKCECodeVerifier(), oidc.randomNonce()]
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: callback, scope, state, nonce, code_challenge: await oidc.calculatePKCECodeChallenge(verifier), code_challenge_method: 'S256',
        ...(again && { prompt: 'login', max_age: String(AGAIN) }),
      })
      return { address: address.href, keep: { state, nonce, verifier, ...(again && { again: '1' }) } }
    },
    async finish(callback, query, keep) {
      const config = await known()
      try {
        return await within(patience.exchange, () => exchange(config, addressOf(callback, query), keep, numberAttribute))
      } catch (error) {
        throw told(error, log)
      }
    },
    async leave(back, hint) {
      const config = await known()
      if (!config.serverMetadata().end_session_endpoint) return null
      return oidc.buildEndSessionUrl(config, { post_logout_redirect_uri: back, ...(hint !== null && { id_token_hint: hint }) }).href
    },
    async ended({ logout_token: token }) {
      if (token === undefined) return null
      const metadata = (await known()).serverMetadata()
      return await readLogoutToken(token, { metadata, clientId: settings.clientId, keys: keysAt(metadata.jwks_uri), patience: patience.exchange }, log)
    },
  }

  /** The server's keys, kept for all tokens; asked for again by themselves where a token names one that is not among them. */
  function keysAt(address: string | undefined): KeySet {
    if (address === undefined) throw silent(new Error('the provider names no keys'))
    if (keys?.address !== address) keys = { address, set: createRemoteJWKSet(new URL(address), { timeoutDuration: patience.look }) }
    return keys.set
  }

  async function exchange(config: oidc.Configuration, address: URL, { state = '', nonce = '', verifier = '', again }: Readonly<Record<string, string>>, attribute: string) {
    const tokens = await oidc.authorizationCodeGrant(config, address, {
      expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true, ...(again !== undefined && { maxAge: AGAIN }),
    })
    const claims = tokens.claims()
    if (!claims) throw refused()
    const attributes = texts(claims[attribute] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
      ? { ...await oidc.fetchUserInfo(config, tokens.access_token, claims.sub), ...claims } : claims)
    const account = attributes[attribute]
    if (!account) throw numberless()
    return { account, attributes, handle: typeof claims['sid'] === 'string' ? claims['sid'] : null, subject: claims.sub, hint: tokens.id_token ?? null }
  }

  function addressOf(callback: string, query: Readonly<Record<string, string>>): URL {
    const address = new URL(callback)
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
    return address
  }

  async function discover({ clientId, clientSecret }: Settings, ms: number): Promise<oidc.Configuration> {
    // The id token came straight from the server; its signature is checked all the same.
    const execute = [oidc.enableNonRepudiationChecks, ...issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : []]
    return await oidc.discovery(new URL(issuer), clientId, clientSecret, proof(clientSecret), { execute, timeout: ms / 1000 })
  }
}

/** client_secret_basic is what every server must take (RFC 6749, 2.3.1), unless it says that it takes only the form. */
function proof(secret: string): oidc.ClientAuth {
  const [basic, post] = [oidc.ClientSecretBasic(secret), oidc.ClientSecretPost(secret)]
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (methods.includes('client_secret_basic') ? basic : post)(server, client, body, headers)
  }
}

function texts(claims: object): Record<string, string> {
  return Object.fromEntries(Object.entries(claims).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [])))
}

/** One value for everybody, made anew when it is old; who comes meanwhile waits for the same making. */
function freshly<Value>(clock: Clock, fresh: number, make: () => Promise<Value>): () => Promise<Value> {
  let kept: { value: Value; at: number } | undefined
  let making: Promise<Value> | undefined
  return async () => {
    if (kept && clock.now() - kept.at < fresh) return kept.value
    making ??= make().then(value => {
      kept = { value, at: clock.now() }
      return value
    }).finally(() => { making = undefined })
    return await making
  }
}

/** What the library threw, as the reader is told it. Its messages may hold claims; its codes do not. */
function told(error: unknown, log: Log): unknown {
  if (error instanceof AppError) return error
  if (error instanceof oidc.AuthorizationResponseError) {
    if (error.error === 'access_denied') return new AppError('invalid', '在统一身份认证的页面上取消了登录', { code: 'campus:cancelled' })
    return ['server_error', 'temporarily_unavailable'].includes(error.error) ? silent(new Error(error.error)) : refused(new Error(error.error))
  }
  if (error instanceof oidc.ResponseBodyError) {
    if (error.error === 'invalid_grant') return refused(new Error(error.error))
    log.error({ code: error.error }, 'the OpenID provider refused the hall')
    return silent(new Error(error.error))
  }
  const code = codeOf(error)
  if (NOT_OURS.test(code)) return refused(new Error(code))
  log.warn({ code }, 'the OpenID provider did not answer as it should')
  return silent(new Error(code))
}

// State, nonce, issuer, audience, expiry, signature: what came back is not an answer to what we asked.
const NOT_OURS = /^OAUTH_(INVALID_RESPONSE|JWT_CLAIM_COMPARISON_FAILED|JWT_TIMESTAMP_CHECK_FAILED|JSON_ATTRIBUTE_COMPARISON_FAILED|KEY_SELECTION_FAILED)$/

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  if ('code' in error && typeof error.code === 'string') return error.code
  return error.cause instanceof Error ? codeOf(error.cause) : error.name
}
