import { createHash, randomBytes } from 'node:crypto'
import type { ApiTable } from './api.ts'
import { fold, type Corp } from './corp.ts'
import { WecomError } from './errors.ts'
import { read } from './shape.ts'

const CODE_LIFE = 5 * 60_000
const TICKET_LIFE = 1800_000
const CONSENT_LIFE = 30 * 24 * 3600_000

/** Who comes back with a code: a member, or somebody of WeChat who is none. */
export type Visitor = { userid: string } | { openid: string }
type Code = { visitor: Visitor; detail: boolean; expires_at: number; used: boolean }

export type OAuth = {
  /** A new code, single use, 5 minutes; `detail` when the person agreed to snsapi_privateinfo. */
  code(visitor: Visitor, detail?: boolean): string
  consented(userid: string): boolean
  consent(userid: string): void
  apis: ApiTable
  clear(): void
}

export function openidOf(corpId: string, userid: string): string {
  return `o${createHash('sha1').update(`${corpId} ${fold(userid)}`).digest('base64url')}`.slice(0, 28)
}

type Store = { codes: Map<string, Code>; tickets: Map<string, { userid: string; expires_at: number }> }

function spend(store: Store, value: string | undefined, now: number): Code {
  if (!value) throw new WecomError(41008)
  const code = store.codes.get(value)
  if (!code) throw new WecomError(40029)
  if (code.used) throw new WecomError(42022)
  if (code.expires_at <= now) throw new WecomError(42003)
  code.used = true
  return code
}

/** Identity: codes, who came, what he agreed to show, openids (§2). */
export function createOAuth(corp: Corp, now: () => number): OAuth {
  const store: Store = { codes: new Map(), tickets: new Map() }
  const consents = new Map<string, number>()

  function userTicket(userid: string): Record<string, unknown> {
    const user_ticket = randomBytes(60).toString('base64url')
    store.tickets.set(user_ticket, { userid, expires_at: now() + TICKET_LIFE })
    return { user_ticket, expires_in: TICKET_LIFE / 1000 }
  }

  function whoCame(value: string | undefined): Record<string, unknown> {
    const { visitor, detail } = spend(store, value, now())
    if ('openid' in visitor) return { openid: visitor.openid }
    // Any member's userid is told, in the visible range or not: whether he may enter is the app's own decision.
    const ticket = detail && corp.reachable(corp.find(visitor.userid)) ? userTicket(visitor.userid) : {}
    return { userid: visitor.userid, ...ticket }
  }

  function detailOf(ticket: string | undefined): Record<string, unknown> {
    if (!ticket) throw new WecomError(84090)
    const known = store.tickets.get(ticket)
    const member = known && corp.find(known.userid)
    if (!known || !member) throw new WecomError(84015)
    if (known.expires_at <= now()) throw new WecomError(84014)
    const { userid, gender, avatar, mobile, email, biz_mail, address } = member
    return { userid, gender, avatar, qr_code: '', mobile, email, biz_mail, address }
  }

  const appOnly = { contacts: 48002 }
  const apis: ApiTable = {
    'auth/getuserinfo': { method: 'GET', refuses: appOnly, run: ({ query }) => whoCame(query['code']) },
    'auth/getuserdetail': { method: 'POST', refuses: appOnly, run: ({ body }) => detailOf(read({ user_ticket: 'text' }, body).user_ticket) },
    'user/convert_to_openid': {
      method: 'POST',
      run({ body }) {
        const member = corp.find(read({ userid: 'text' }, body).userid ?? '')
        if (!member) throw new WecomError(60111)
        return { openid: openidOf(corp.corpId, member.userid) }
      },
    },
    'user/convert_to_userid': {
      method: 'POST',
      run({ body }) {
        const { openid } = read({ openid: 'text' }, body)
        const member = [...corp.members.values()].find((one) => openidOf(corp.corpId, one.userid) === openid)
        if (!member) throw new WecomError(40073)
        return { userid: member.userid }
      },
    },
  }

  return {
    apis,
    code(visitor, detail = false) {
      const value = randomBytes(32).toString('base64url')
      store.codes.set(value, { visitor, detail, expires_at: now() + CODE_LIFE, used: false })
      return value
    },
    consented: (userid) => (consents.get(fold(userid)) ?? 0) > now(),
    consent: (userid) => void consents.set(fold(userid), now() + CONSENT_LIFE),
    clear() {
      store.codes.clear()
      store.tickets.clear()
      consents.clear()
    },
  }
}
