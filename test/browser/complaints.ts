import type { BrowserContext } from 'playwright-core'

export type Complaints = string[]

// A page answered with 403, 404 or 422 is a page all the same; Chromium still writes a line about it.
const ANSWERED = /the server responded with a status of (403|404|422)/

/** Everything a browser finds wrong with the pages it shows: errors of scripts, and what the content policy forbids. */
export function listenTo(context: BrowserContext): Complaints {
  const complaints: Complaints = []
  context.on('console', message => {
    if (message.type() !== 'error' && message.type() !== 'warning') return
    if (ANSWERED.test(message.text()) && !/\.(js|css|svg|png|woff2)$/.test(message.location().url)) return
    complaints.push(`${message.text()} (${message.location().url})`)
  })
  context.on('weberror', error => complaints.push(`${error.error().message} (${error.page()?.url()})`))
  return complaints
}
