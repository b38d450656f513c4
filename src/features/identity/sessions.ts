import { hash } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { type Db, isDuplicate } from '../../platform/db.ts'
import type { SessionContent, SessionStore, SignedIn } from '../../platform/web.ts'
import type { Place } from './rules/place.ts'
import { rightsOf, type ScopeKind } from './rules/roles.ts'
import { standings } from './rules/standing.ts'
import { endSession, findSession, insertSession, type StoredSession, touchSession, updateSession } from './store/sessions.ts'
import type { SignInWay } from './tables.ts'

const MINUTE = 60_000
/** Without a request for so long, a session ends: phones inside WeCom come back silently, desks in corridors must not stay open. */
export const IDLE = 2 * 60 * MINUTE
/** However busy, it ends after this. */
export const ABSOLUTE = 12 * 60 * MINUTE
const TOUCH_EVERY = 5 * MINUTE

type SignedInSession = { person_id: string; number: string; epoch: number; way: SignInWay; must_change: boolean; device: string; place?: Place; at: number }

declare module 'fastify' {
  interface Session {
    signed_in?: SignedInSession
    /** a member of WeCom whom nobody in the roster is bound to, waiting for a campus sign-in */
    unbound?: { userid: string; at: number }
    /** the page asked for, until the first password is changed */
    return_to?: string
  }
}

/** What the table knows a session by. */
export function sessionKey(sessionId: string): string {
  return hash('sha256', sessionId)
}

/** Sessions in the database, so that one can be ended everywhere at once. */
export function createSessionStore({ db, clock }: { db: Db; clock: Clock }): SessionStore {
  return {
    async find(sessionId) {
      const id = sessionKey(sessionId)
      const now = clock.now()
      const rows = await findSession(db, { id, now })
      const [row] = rows
      if (!row || row.ended_at !== null || row.expires_at <= now) return null
      if (row.number !== null && row.epoch !== row.session_epoch) return null
      if (now - row.seen_at > TOUCH_EVERY) await touchSession(db, id, now, expiry(row.created_at, now))
      const content: SessionContent = JSON.parse(row.data)
      return { content, text: row.data, visitor: content.signed_in ? visitorOf(content.signed_in, row, grantsIn(rows)) : null }
    },

    async keep(sessionId, stored) {
      const id = sessionKey(sessionId)
      const now = clock.now()
      const { signed_in } = stored
      const began = signed_in?.at ?? now
      const content = {
        data: JSON.stringify(stored), person_id: signed_in?.person_id ?? null, number: signed_in?.number ?? null, epoch: signed_in?.epoch ?? null,
        way: signed_in?.way ?? null, device: signed_in?.device ?? null, place: signed_in?.place ?? null, campus_handle: stored.campus?.handle ?? null, seen_at: now, expires_at: expiry(began, now),
      }
      if (await updateSession(db, id, content) !== 'new') return
      try {
        await insertSession(db, { id, ...content, created_at: began, ended_at: null })
      } catch (error) {
        if (!isDuplicate(error)) throw error
        await updateSession(db, id, content) // two requests of one new session: the later one counts
      }
    },

    end: sessionId => endSession(db, sessionKey(sessionId), clock.now()),
  }
}

function expiry(began: number, now: number): number {
  return Math.min(now + IDLE, began + ABSOLUTE)
}

type Grant = { role: string; scope_kind: ScopeKind }

/** Null where the number may no longer sign in. */
function visitorOf({ person_id, number, must_change }: SignedInSession, { name, kind, standing, unit_name }: StoredSession, grants: readonly Grant[]): SignedIn | null {
  if (name === null || kind === null || standing === null || unit_name === null || !standings[standing].signsIn) return null
  return {
    person_id, number, name, kind, standing, unit_name, roles: [...new Set(grants.map(grant => grant.role))], rights: rightsOf(grants),
    ...(must_change && { must_change_password: true }),
  }
}

function grantsIn(rows: readonly StoredSession[]): Grant[] {
  return rows.flatMap(({ role, scope_kind }) => (role === null || scope_kind === null ? [] : [{ role, scope_kind }]))
}
