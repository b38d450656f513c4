/**
 * What a campus account provider says of the person who proved an account. `account` is the 学号 or 工号 of the roster.
 * Attributes with several values are left out: nobody could say which one counts.
 */
export type CampusIdentity = { account: string; attributes: Readonly<Record<string, string>> }

/** The hall asks for account and password itself and has them checked (built-in accounts, LDAP). */
export type PasswordProvider = {
  readonly way: 'password'
  /**
   * Whose account it is; null where account or password are wrong, without telling which. An empty password is always wrong.
   * `upstream` where nobody answers; `not-found` (`campus:no-number`) where the account has no 学号 or 工号.
   */
  verify(account: string, password: string): Promise<CampusIdentity | null>
  /** Every account with one 学号 or 工号, page by page, and how many of a page have none or several. */
  list(): AsyncGenerator<{ numbers: string[]; without: number }>
}

/** A sign-in that the school's server vouches for, and what must be kept to end it. */
export type Vouched = CampusIdentity & {
  /** what the school will call this sign-in by when it ends there (CAS: the ticket; OIDC: the session id); null where it does not say */
  handle: string | null
  /** what the school calls the account by where it ends all of its sign-ins at once (OIDC: the subject); null where it never does */
  subject: string | null
  /** what the school wants to see at signing out (OIDC: the id token); a credential of sorts, kept sealed */
  hint: string | null
}

/** The school's own page asks, and sends the browser back (CAS, OIDC). `state` is bound to the browser's session by the caller. */
export type RedirectProvider = {
  readonly way: 'redirect'
  /**
   * The address to send the browser to, and what must be kept until it comes back (nonce, PKCE verifier). `upstream` where the school
   * does not answer within a few seconds: better told here than by an empty window. `again`: the person must prove themselves anew.
   */
  begin(callback: string, state: string, options?: { again?: boolean }): Promise<{ address: string; keep: Readonly<Record<string, string>> }>
  /** Checks what came back; `invalid` where a ticket or code is wrong, used or foreign (`campus:refused`) or the person turned back (`campus:cancelled`). */
  finish(callback: string, query: Readonly<Record<string, string>>, keep: Readonly<Record<string, string>>): Promise<Vouched>
  /** Where signing out goes on at the school, coming back to `back`; null where the school has no such page. */
  leave(back: string, hint: string | null): Promise<string | null>
  /**
   * What the school says has ended, from what its server posted to the callback; null for what says nothing of it. `invalid`
   * (`campus:refused`) where it is not the school's, `upstream` where its keys cannot be had.
   */
  ended(body: Readonly<Record<string, string>>): Promise<Ended | null>
}

/** The sign-in of this handle, where it is named, else every sign-in of this subject. `word`: an id of what was said, to be heard once; null where repeating it does no harm. */
export type Ended = { handle: string | null; subject: string | null; word: string | null }

/** How a person proves a campus account. */
export type CampusAuth = PasswordProvider | RedirectProvider
