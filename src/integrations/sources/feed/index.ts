import { fileFeed } from './file.ts'
import { type Get, httpFeed } from './http.ts'
import type { Feed } from './port.ts'
import { sqlFeed } from './sql.ts'

export type { Feed } from './port.ts'

/** `url`: file:PATH, https://…, mysql://USER:PASS@HOST:PORT/DB; `token` proves the hall to an HTTP source, `view` is what is read of a database. */
export type FeedSettings = { url: string; token: string | undefined; view: string }

/** Null without settings. `get`: how an address is asked, with all that keeps it from being another one. */
export function createFeed(settings: FeedSettings | null, { get }: { get: Get }): Feed | null {
  if (!settings) return null
  const { url, token, view } = settings
  if (url.startsWith('file:')) return fileFeed(url.slice('file:'.length))
  return url.startsWith('mysql:') ? sqlFeed(new URL(url), view) : httpFeed(new URL(url), token, get)
}
