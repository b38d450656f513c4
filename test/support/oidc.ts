import { once } from 'node:events'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'
import { type Client, createClient } from './client.ts'
import { type Cleaner } from './database.ts'
import { freePort } from './ports.ts'

export const registration = { clientId: 'hall', clientSecret: 'a secret of the hall, long enough' }

export type OidcServer = {
  issuer: string
  /** what came in, as `POST /token` */
  asked: string[]
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
}

/** An OpenID provider (oidc-provider, certified) in this process. */
export async function startOidc(t: Cleaner, { hall, accounts, claimsInIdToken = true, authMethod = 'client_secret_basic' }: Options): Promise<OidcServer> {
  const port = await freePort()
  const issuer = `http://127.0.0.1:${port}`
  const names = new Set(Object.values(accounts).flatMap(claims => Object.keys(claims)))
  const provider = quietly(() => new Provider(issuer, {
    clients: [{
      client_id: registration.clientId, client_secret: registration.clientSecret, token_endpoint_auth_method: authMethod,
      redirect_uris: [`${hall}/auth/campus/callback`], post_logout_redirect_uris: [`${hall}/login`], grant_types: ['authorization_code'], response_types: ['code'],
    }],
    claims: { openid: ['sub'], profile: [...names] }, conformIdTokenClaims: !claimsInIdToken,
    cookies: { keys: ['only for tests'] },
    features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
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
  return { issuer, asked, stop }
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
