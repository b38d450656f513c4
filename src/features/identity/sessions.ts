import { createHash } from 'node:crypto'
import type { SessionStore } from '@fastify/session'
import type { FastifyRequest, Session } from 'fastify'
import type { Clock } from '../../platform/clock.ts'
import { type Db, isDuplicate } from '../../platform/db.ts'
import { prepared, type Value } from '../../platform/prepared.ts'
import type { SignedIn } from '../../platform/web.ts'
import { rightsOf } from './rules/roles.ts'
import { standings } from './rules/standing.ts'
import { endSession, findSession, insertSession, touchSession, updateSession } from './store/sessions.ts'
import type { SignInWay } from './tables.ts'

const MINUTE = 60_000
/** Without a request for so long, a session ends: phones inside WeCom come back silently, desks in corridors must not stay open. */
export const IDLE = 2 * 60 * MINUTE
/** However busy, it ends after this. */
export const ABSOLUTE = 12 * 60 * MINUTE
const TOUCH_EVERY = 5 * MINUTE

export type OauthTry = { state: string; to: string; way: 'wecom' | 'scan'; at: number }

declare module 'fastify' {
  interface Session {
    signed_in?: { person_id: string; number: string; epoch: number; way: SignInWay; must_change: boolean; device: string; at: number }
    /** sign-ins through WeCom that were begun here and have not come back */
    oauth?: OauthTry[]
    /** a member of WeCom whom nobody in the roster is bound to, waiting for a campus sign-in */
    unbound?: { userid: string; at: number }
    /** the page asked for, until the first password is changed */
    return_to?: string
  }
}

type Stored = Omit<Session, 'cookie'>

/** What the table knows a session by. */
export function sessionKey(sessionId: string): string {
  return createHash('sha256').update(sessionId).digest('hex')
}

/** Sessions in the database, so that one can be ended everywhere at once. */
export function createSessionStore({ db, clock }: { db: Db; clock: Clock }): SessionStore {
  async function get(sessionId: string): Promise<Session | null> {
    const id = sessionKey(sessionId)
    const row = await findSession(db, id)
    const now = clock.now()
    if (!row || row.ended_at !== null || row.expires_at <= now) return null
    if (row.number !== null && row.epoch !== row.session_epoch) return null
    if (now - row.seen_at > TOUCH_EVERY) await touchSession(db, id, now, expiry(row.created_at, now))
    const stored: Stored = JSON.parse(row.data)
    // The cookie's settings are the server's to say each time; null makes it use them.
    return { ...stored, cookie: { originalMaxAge: null } }
  }

  async function set(sessionId: string, session: Session): Promise<void> {
    const id = sessionKey(sessionId)
    const now = clock.now()
    const { cookie: _, ...stored } = session
    const { signed_in } = stored
    const began = signed_in?.at ?? now
    const content = {
      data: JSON.stringify(stored), person_id: signed_in?.person_id ?? null, number: signed_in?.number ?? null, epoch: signed_in?.epoch ?? null,
      way: signed_in?.way ?? null, device: signed_in?.device ?? null, seen_at: now, expires_at: expiry(began, now),
    }
    if (await updateSession(db, id, content) !== 'new') return
    try {
      await insertSession(db, { id, ...content, created_at: began, ended_at: null })
    } catch (error) {
      if (!isDuplicate(error)) throw error
      await updateSession(db, id, content) // two requests of one new session: the later one counts
    }
  }

  return {
    get: (sessionId, done) => void get(sessionId).then(session => done(null, session), done),
    set: (sessionId, session, done) => void set(sessionId, session).then(() => done(), done),
    destroy: (sessionId, done) => void endSession(db, sessionKey(sessionId), clock.now()).then(() => done(), done),
  }
}

function expiry(began: number, now: number): number {
  return Math.min(now + IDLE, began + ABSOLUTE)
}

/** Who the request's session belongs to, in one query; null where nobody is signed in or the number may no longer sign in. */
export function createVisitorOf(db: Db): (request: FastifyRequest) => Promise<SignedIn | null> {
  return async request => {
    const signedIn = request.session?.signed_in
    if (!signedIn) return null
    const rows = await holdersOf(db, { number: signedIn.number, person_id: signedIn.person_id })
    const [row] = rows
    if (!row || !standings[row.standing].signsIn) return null
    const grants = rows.flatMap(({ role, unit_id }) => (role === null ? [] : [{ role, unit_id: unit_id ?? '' }]))
    return {
      person_id: signedIn.person_id, number: signedIn.number, name: row.name, kind: row.kind, standing: row.standing, unit_name: row.unit_name,
      roles: [...new Set(grants.map(grant => grant.role))], rights: rightsOf(grants),
      ...(signedIn.must_change && { must_change_password: true }),
    }
  }
}

/** A row for each role. */
const holdersOf = prepared((db: Db, value: Value<{ number: string; person_id: string }>) =>
  db.selectFrom('identity_numbers as n').innerJoin('identity_people as p', 'p.id', 'n.person_id').innerJoin('identity_units as u', 'u.id', 'n.unit_id')
    .leftJoin('identity_roles as r', 'r.person_id', 'p.id')
    .select(['p.name', 'n.kind', 'n.standing', 'u.name as unit_name', 'r.role', 'r.unit_id']).where('n.number', '=', value('number')).where('n.person_id', '=', value('person_id')))
