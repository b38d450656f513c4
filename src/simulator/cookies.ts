type Cookie = { name: string; value: string; path: string; expires_at: number }

export type CookieJar = {
  /** Takes the Set-Cookie lines of an answer to a request for `path`. */
  keep(lines: string[], path: string): void
  /** The Cookie header for a request to `path`; empty when there is nothing to send. */
  header(path: string): string
  clear(): void
}

function defaultPath(path: string): string {
  const cut = path.lastIndexOf('/')
  return cut <= 0 ? '/' : path.slice(0, cut)
}

/**
 * When a cookie ends. Expires was written by the hall's clock, which in a test may stand before or after ours:
 * it counts as over only when both clocks say so.
 */
function expiry(attributes: Map<string, string>, now: () => number): number {
  const maxAge = attributes.get('max-age')
  if (maxAge !== undefined) return Number(maxAge) <= 0 ? 0 : Date.now() + Number(maxAge) * 1000
  const expires = Date.parse(attributes.get('expires') ?? '')
  if (Number.isNaN(expires)) return Infinity
  return expires <= Math.min(Date.now(), now()) ? 0 : Infinity
}

function parse(line: string, path: string, now: () => number): Cookie | null {
  const [pair = '', ...rest] = line.split(';')
  const cut = pair.indexOf('=')
  if (cut < 1) return null
  const attributes = new Map(rest.map((part) => {
    const [name = '', ...value] = part.trim().split('=')
    return [name.toLowerCase(), value.join('=')]
  }))
  const given = attributes.get('path')
  return {
    name: pair.slice(0, cut).trim(), value: pair.slice(cut + 1).trim(),
    path: given?.startsWith('/') ? given : defaultPath(path), expires_at: expiry(attributes, now),
  }
}

function covers(cookiePath: string, path: string): boolean {
  return path === cookiePath || path.startsWith(cookiePath.endsWith('/') ? cookiePath : `${cookiePath}/`)
}

/** One phone's cookies, kept on this side: in the page the phones are frames of another site, where browsers send none. */
export function createCookieJar(now: () => number): CookieJar {
  const cookies = new Map<string, Cookie>()
  return {
    keep(lines, path) {
      for (const line of lines) {
        const cookie = parse(line, path, now)
        if (!cookie) continue
        const key = `${cookie.path} ${cookie.name}`
        if (cookie.expires_at === 0) cookies.delete(key)
        else cookies.set(key, cookie)
      }
    },
    header(path) {
      const live = [...cookies.values()].filter((one) => one.expires_at > Date.now() && covers(one.path, path))
      return live.toSorted((a, b) => b.path.length - a.path.length).map((one) => `${one.name}=${one.value}`).join('; ')
    },
    clear: () => cookies.clear(),
  }
}
