import { hash } from 'node:crypto'
import type { Clock } from '../../platform/clock.ts'
import { type Db, isDuplicate } from '../../platform/db.ts'
import type { SessionContent, SessionStore, SignedIn } from '../../platform/web.ts'
import type { Place } from './rules/place.ts'
import { asksSecondFactor, type Limits, limitsOf, rightsOf, type ScopeKind } from './rules/roles.ts'
import { standings } from './rules/standing.ts'
import { endSession, findSession, insertSession, type StoredSession, touchSession, updateSession } from './store/sessions.ts'
import type { SignInWay } from './tables.ts'

const MINUTE = 60_000
const TOUCH_EVERY = 5 * MINUTE

type SignedInSession = { person_id: string; number: string; epoch: number; way: SignInWay; must_change: boolean; device: string; place?: Place; at: number }

declare module 'fastify' {
  interface Session {
    signed_in?: SignedInSession
    /** a member of WeCom whom nobody in the roster is bound to, waiting for a campus sign-in */
    unbound?: { userid: string; at: number }
    /** a second factor was proved here */
    second_factor?: { at: number }
    /** what an authenticator app is shown while it is set up, sealed */
    factor_secret?: string
    /** the page asked for, until the first password is changed */
    return_to?: string
  }
}

/** What the table knows a session by. */
export function sessionKey(sessionId: string): string {
  return hash('sha256', sessionId)
}

/** Sessions in the database, so that one can be ended everywhere at once. */
export function createSessionStore({ db, clock, secondFactor }: { db: Db; clock: Clock; /** is one asked before the console opens? */ secondFactor: boolean }): SessionStore {
  return {
    async find(sessionId) {
      const id = sessionKey(sessionId)
      const now = clock.now()
      const rows = await findSession(db, { id, now })
      const [row] = rows
      if (!row || row.ended_at !== null || row.expires_at <= now) return null
      if (row.number !== null && row.epoch !== row.session_epoch) return null
      const grants = grantsIn(rows)
      const limits = limitsOf(grants.map(grant => grant.role))
      // Roles may have come since it was kept: who decides about others has shorter hours at once.
      if (now - row.seen_at > limits.idle || now - row.created_at > limits.absolute) return null
      if (now - row.seen_at > TOUCH_EVERY) await touchSession(db, id, now, expiry(row.created_at, now, limits))
      const content: SessionContent = JSON.parse(row.data)
      if (!content.signed_in) return { content, text: row.data, visitor: null }
      const visitor = visitorOf(content.signed_in, row, grants)
      return { content, text: row.data, visitor: visitor && { ...visitor, ...factorOf(content, visitor.roles, secondFactor) } }
    },

    async keep(sessionId, stored) {
      const id = sessionKey(sessionId)
      const now = clock.now()
      const { signed_in } = stored
      const began = signed_in?.at ?? now
      const content = {
        data: JSON.stringify(stored), person_id: signed_in?.person_id ?? null, number: signed_in?.number ?? null, epoch: signed_in?.epoch ?? null,
        way: signed_in?.way ?? null, device: signed_in?.device ?? null, place: signed_in?.place ?? null, campus_handle: stored.campus?.handle ?? null, campus_subject: stored.campus?.subject ?? null, seen_at: now, expires_at: expiry(began, now, limitsOf([])),
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

function expiry(began: number, now: number, { idle, absolute }: Limits): number {
  return Math.min(now + idle, began + absolute)
}

function factorOf({ second_factor }: SessionContent, roles: readonly string[], wanted: boolean): Pick<SignedIn, 'wants_second_factor' | 'second_factor_at'> {
  if (!wanted || !asksSecondFactor(roles)) return {}
  return { wants_second_factor: true, ...(second_factor && { second_factor_at: second_factor.at }) }
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
