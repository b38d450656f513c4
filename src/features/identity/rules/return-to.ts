const NOWHERE = 'http://hall.invalid'

/**
 * The page to go to after signing in: only ever an address within the hall.
 * `//evil`, `/\evil`, `javascript:` and addresses with control characters lead home, and so do the pages of signing in themselves.
 */
export function safeReturnTo(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > 500 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(asked)) return '/'
  const url = URL.parse(asked, NOWHERE)
  if (url === null || url.origin !== NOWHERE || /^\/+[/\\]/.test(url.pathname)) return '/'
  if (/^\/(login|logout|auth)(\/|$)/.test(url.pathname)) return '/'
  return url.pathname + url.search + url.hash
}
