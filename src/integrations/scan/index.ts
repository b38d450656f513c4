import { createClamd } from './clamd.ts'
import type { Scanner } from './port.ts'

export type { Scanner, Verdict } from './port.ts'
export { createClamd } from './clamd.ts'

/** The scanner that CLAMD_URL names, `tcp://HOST:PORT` or `unix:PATH`; null without one: then nothing is scanned. */
export function createScanner(url: string | undefined): Scanner | null {
  return url === undefined ? null : createClamd(url)
}
