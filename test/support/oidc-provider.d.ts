/** The part of oidc-provider that the tests use; it brings no types. */
declare module 'oidc-provider' {
  import type { RequestListener } from 'node:http'

  type Account = { accountId: string; claims(): Record<string, unknown> }
  type Configuration = {
    clients: readonly Record<string, unknown>[]
    jwks: { keys: readonly object[] }
    claims: Record<string, readonly string[]>
    conformIdTokenClaims: boolean
    cookies: { keys: readonly string[] }
    features: Record<string, { enabled: boolean }>
    fetch(url: string, options: RequestInit): Promise<Response>
    pkce: { required(): boolean }
    ttl: Record<string, number>
    findAccount(context: unknown, id: string): Account | undefined
  }
  export default class Provider {
    constructor(issuer: string, configuration: Configuration)
    callback(): RequestListener
  }
}
