export type Bases = { oauthBase: string; loginBase: string; corpId: string; agentId: number }

type Authorize = { redirectUri: string; state: string; scope?: 'snsapi_base' | 'snsapi_privateinfo' }

/** Where the app's page sends the WeCom webview to learn who is looking (91022). `state`: 1–128 letters and digits. */
export function authorizeUrl({ oauthBase, corpId, agentId }: Bases, { redirectUri, state, scope = 'snsapi_base' }: Authorize): string {
  const url = new URL('/connect/oauth2/authorize', oauthBase)
  // The platform reads these in any order but wants the literal fragment.
  setAll(url, { appid: corpId, redirect_uri: redirectUri, response_type: 'code', scope, state: plainState(state), agentid: String(agentId) })
  url.hash = 'wechat_redirect'
  return url.href
}

/** The page with the QR code that people on a PC scan with WeCom (98152). */
export function loginUrl({ loginBase, corpId, agentId }: Bases, { redirectUri, state, language = 'zh' }: { redirectUri: string; state: string; language?: 'zh' | 'en' }): string {
  const url = new URL('/wwlogin/sso/login', loginBase)
  setAll(url, { login_type: 'CorpApp', appid: corpId, agentid: String(agentId), redirect_uri: redirectUri, state: plainState(state), lang: language })
  return url.href
}

function setAll(url: URL, query: Record<string, string>): void {
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
}

function plainState(state: string): string {
  if (!/^[a-zA-Z0-9]{1,128}$/.test(state)) throw new TypeError('state must be 1 to 128 letters and digits')
  return state
}
