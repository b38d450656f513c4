import { randomBytes } from 'node:crypto'
import type { FastifyRequest } from 'fastify'

/** A sign-in that was begun in this browser and went elsewhere: to WeCom, to its QR page, to the school's own sign-in. */
export type Try = {
  state: string
  to: string
  way: 'wecom' | 'scan' | 'campus'
  at: number
  /** what the school's provider wants back */
  keep?: Readonly<Record<string, string>>
  /** bind the waiting member of WeCom too */
  bind?: boolean
  /** who is signed in proves it once more; nobody is signed in by it */
  again?: boolean
}

declare module 'fastify' {
  interface Session {
    oauth?: Try[]
  }
}

const STATE_FOR = 10 * 60_000
/** begun in several tabs at once */
const MOST = 5

export function newState(): string {
  return randomBytes(16).toString('hex')
}

/** Keeps the try with this browser's session, so that nobody can be signed in as somebody else by a prepared link. */
export function beginTry(request: FastifyRequest, begun: Try): void {
  request.session.oauth = [...(request.session.oauth ?? []).slice(1 - MOST), begun]
}

/** The try that an answer belongs to; it counts once, and not for ever. */
export function claimTry(request: FastifyRequest, ways: readonly Try['way'][], state: string | undefined, now: number): Try | null {
  const tries = request.session.oauth ?? []
  const found = tries.find(each => each.state === state && ways.includes(each.way))
  if (!found) return null
  request.session.oauth = tries.filter(each => each !== found)
  return now - found.at < STATE_FOR ? found : null
}
