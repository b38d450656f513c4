import { once } from 'node:events'
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import Provider from 'oidc-provider'
import { type Client, createClient } from './client.ts'
import { type Cleaner } from './database.ts'
import { freePort } from './ports.ts'

export const registration = { clientId: 'hall', clientSecret: 'a secret of the hall, long enough' }

export type OidcServer = {
  issuer: string
  /** what came in, as `POST /token` */
  asked: string[]
  /** a token under the provider's own key */
  sign(claims: JWTPayload, header?: { typ?: string }): Promise<string>
  stop(): Promise<void>
}

type Options = {
  /** origin of the hall */
  hall: string
  /** claims by account; the id token has `sub`, the rest comes with the scope `profile` */
  accounts: Readonly<Record<string, Record<string, unknown>>>
  /** put `profile` into the id token too */
  claimsInIdToken?: boolean
  authMethod?: 'client_secret_basic' | 'client_secret_post'
  /** tell the hall of sign-ins that ended */
  tells?: boolean
}

/** An OpenID provider (oidc-provider, certified) in this process. */
export async function startOidc(t: Cleaner, { hall, accounts, claimsInIdToken = true, authMethod = 'client_secret_basic', tells = false }: Options): Promise<OidcServer> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  const key = await exportJWK(privateKey)
  const names = new Set(Object.values(accounts).flatMap(claims => Object.keys(claims)))
  const provider = quietly(() => new Provider(issuer, {
    clients: [{
      client_id: registration.clientId, client_secret: registration.clientSecret, token_endpoint_auth_method: authMethod,
      redirect_uris: [`${hall}/auth/campus/callback`], post_logout_redirect_uris: [`${hall}/login`], grant_types: ['authorization_code'], response_types: ['code'],
      ...(tells && { backchannel_logout_uri: `${hall}/auth/campus/callback`, backchannel_logout_session_required: true }),
    }],
    jwks: { keys: [{ ...key, kid: 'one', use: 'sig', alg: 'RS256' }] },
    claims: { openid: ['sub'], profile: [...names] }, conformIdTokenClaims: !claimsInIdToken,
    cookies: { keys: ['only for tests'] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true }, backchannelLogout: { enabled: tells } },
    // Without its guard against addresses of this machine: the hall is one.
    fetch: (url, options) => fetch(url, Object.assign(options, { dispatcher: undefined })),
    pkce: { required: () => true },
    ttl: { Session: 3600, Grant: 3600, Interaction: 600, AccessToken: 600, AuthorizationCode: 60, IdToken: 600 },
    findAccount: (_context, id) => (Object.hasOwn(accounts, id) ? { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) } : undefined),
  }))
  const asked: string[] = []
  const answer = provider.callback()
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url?.split('?', 1)[0]}`)
    answer(request, response)
  }).listen(port, '127.0.0.1')
  await once(server, 'listening')
  const stop = async (): Promise<void> => {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
  t.after(stop)
  const sign = (claims: JWTPayload, header = {}) => new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'one', ...header }).sign(privateKey)
  return { issuer, asked, sign, stop }
}

/** Signs in on the provider's own pages and consents, as a person does; returns the address back at the hall. */
export async function signInAtOidc(address: string, account: string, browser: Client = createClient(new URL(address).origin)): Promise<string> {
  const { origin } = new URL(address)
  let at = await browser.get(address.slice(origin.length))
  for (let pages = 0; pages < 8; pages++) {
    if (at.location?.startsWith(origin)) {
      at = await browser.get(at.location.slice(origin.length))
      continue
    }
    if (at.location !== null) return at.location
    const form = at.root.querySelector('form')
    if (!form) throw new Error(`no form at the provider: ${at.text.slice(0, 300)}`)
    const hidden = Object.fromEntries(form.querySelectorAll('input[type=hidden]').map(input => [input.getAttribute('name') ?? '', input.getAttribute('value') ?? '']))
    const action = new URL(form.getAttribute('action') ?? '', origin).pathname
    at = await browser.post(action, { ...hidden, ...(form.querySelector('[name=login]') && { login: account, password: 'any' }) })
  }
  throw new Error('the provider did not come to an end')
}

/** Signs out on the provider's own page, as a person does in another system of the school. */
export async function signOutAtOidc(issuer: string, browser: Client): Promise<void> {
  const page = await browser.get('/session/end')
  const form = page.root.querySelector('form')
  const xsrf = form?.querySelector('[name=xsrf]')?.getAttribute('value') ?? ''
  await browser.post(new URL(form?.getAttribute('action') ?? '', issuer).pathname, { xsrf, logout: 'yes' })
}

/** It warns of everything that a production server should have. */
function quietly<R>(work: () => R): R {
  const { warn, info } = console
  Object.assign(console, { warn: () => {}, info: () => {} })
  try {
    return work()
  } finally {
    Object.assign(console, { warn, info })
  }
}
