/** What a campus account provider says of the person who proved an account. `account` is the 学号 or 工号 of the roster. */
export type CampusIdentity = { account: string; attributes: Readonly<Record<string, string>> }

/** The hall asks for account and password itself and has them checked (built-in accounts, LDAP). */
export type PasswordProvider = {
  readonly way: 'password'
  /** Whose account it is; null where account or password are wrong, without telling which. `upstream` where nobody answers. */
  verify(account: string, password: string): Promise<CampusIdentity | null>
}

/** The school's own page asks, and sends the browser back (CAS, OIDC). `state` is bound to the browser's session by the caller. */
export type RedirectProvider = {
  readonly way: 'redirect'
  /** the address to send the browser to, and what must be kept until it comes back (nonce, PKCE verifier) */
  begin(callback: string, state: string): Promise<{ address: string; keep: Readonly<Record<string, string>> }>
  /** Checks what came back; `invalid` where a ticket or code is wrong, used or foreign. */
  finish(callback: string, query: Readonly<Record<string, string>>, keep: Readonly<Record<string, string>>): Promise<CampusIdentity>
}

/** How a person proves a campus account. */
export type CampusAuth = PasswordProvider | RedirectProvider
