import { randomUUID } from 'node:crypto'
import { getJsApiSignature } from '@wecom/crypto'
import { Type } from 'typebox'
import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import type { Leased, Leases } from '../../platform/lease.ts'
import type { Log } from '../../platform/log.ts'
import { authorizeUrl, loginUrl } from './addresses.ts'
import { agentCalls } from './agent.ts'
import { createCall } from './call.ts'
import { contactCalls } from './contacts.ts'
import { adviceFor, hadNoEffect } from './errors.ts'
import { joinCalls } from './join.ts'
import { identityCalls } from './identity.ts'
import { type Content, DUPLICATE_CHECK_SECONDS, messageBody, messageCalls } from './messages.ts'

export type { AgentSettings, Menu, Workbench } from './agent.ts'
export type { TemplateCard } from './cards.ts'
export type { Department, Member, NewDepartment, NewMember } from './contacts.ts'
export type { PrivateDetail, Visitor } from './identity.ts'
export type { CardUpdate, Content, MediaFile, Sent } from './messages.ts'

export type WecomOptions = {
  /** origins */
  apiBase: string
  oauthBase: string
  loginBase: string
  corpId: string
  agentId: number
  secret: string
  /** of contact sync; absent: the address book is not written */
  contactsSecret?: string | undefined
  leases: Leases
  clock: Clock
  log: Log
  fetch?: typeof fetch | undefined
  pause?: ((ms: number) => Promise<unknown>) | undefined
}

export type Wecom = ReturnType<typeof createWecom>

const Token = Type.Object({ access_token: Type.String({ minLength: 1 }), expires_in: Type.Integer() })
const Ticket = Type.Object({ ticket: Type.String({ minLength: 1 }), expires_in: Type.Integer() })

/** A client of WeCom's server API for one self-built app, and of contact sync where its secret is given. */
export function createWecom(options: WecomOptions) {
  const { corpId, agentId, leases, clock } = options
  const call = createCall({ ...options, token })
  const until = (seconds: number) => clock.now() + seconds * 1000

  async function token(as: 'app' | 'contacts', not?: string): Promise<string> {
    const secret = as === 'app' ? options.secret : options.contactsSecret
    if (!secret) throw new AppError('invalid', '没有配置通讯录同步的 Secret，不能读写通讯录', { code: 'wecom:no-contacts-secret' })
    const renew = async (): Promise<Leased> => {
      const query = { corpid: corpId, corpsecret: secret }
      // Shorter than a lease is held, so that no second process asks for a token meanwhile.
      const made = await call(Token, { path: '/cgi-bin/gettoken', as: 'nobody', query, timeout: 4000 })
      return { value: made.access_token, expires_at: until(made.expires_in) }
    }
    try {
      return await leases.value(`wecom:token:${as === 'app' ? agentId : 'contacts'}`, renew, not === undefined ? {} : { not })
    } catch (error) {
      if (!(error instanceof AppError) || hadNoEffect(error)) throw error
      // Whatever happened to the token's request, the call it was meant for was never made.
      throw new AppError('upstream', '没有得到企业微信的访问凭证', { code: 'wecom:no-token', cause: error })
    }
  }

  async function ticket(kind: 'corp' | 'agent'): Promise<string> {
    const request = kind === 'corp' ? { path: '/cgi-bin/get_jsapi_ticket' } : { path: '/cgi-bin/ticket/get', query: { type: 'agent_config' } }
    return await leases.value(`wecom:ticket:${kind}:${agentId}`, async () => {
      const made = await call(Ticket, request)
      return { value: made.ticket, expires_at: until(made.expires_in) }
    })
  }

  const contacts = contactCalls(call)

  return {
    corpId,
    agentId,
    /** the secret of contact sync is there: the address book may be written */
    writesContacts: Boolean(options.contactsSecret),
    authorizeUrl: (to: Parameters<typeof authorizeUrl>[1]) => authorizeUrl(options, to),
    loginUrl: (to: Parameters<typeof loginUrl>[1]) => loginUrl(options, to),
    ...identityCalls(call),
    ...messageCalls(call, agentId),
    ...agentCalls(call, agentId),
    ...contacts,
    ...joinCalls({ leases, clock, ask: contacts.members.joinQrcode }),
    /** The JSON of a message; sent again unchanged within `duplicateCheck` ms it arrives once. */
    message: (userids: readonly string[], content: Content) => messageBody(agentId, userids, content),
    duplicateCheck: DUPLICATE_CHECK_SECONDS * 1000,
    hadNoEffect,
    adviceFor,
    /** Signature with which a page may use the JS-SDK; `url` as the browser shows it, the part after # does not count (90506). */
    async jsSignature(url: string, kind: 'corp' | 'agent'): Promise<{ timestamp: number; nonceStr: string; signature: string }> {
      const timestamp = Math.floor(clock.now() / 1000)
      const nonceStr = randomUUID().replaceAll('-', '')
      const { signature } = getJsApiSignature({ url: url.split('#', 1)[0] ?? url, ticket: await ticket(kind), nonceStr, timestamp })
      return { timestamp, nonceStr, signature }
    },
  }
}
