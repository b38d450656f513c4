import type { Verification } from './callback-wire.ts'
import type { Card } from './card-shape.ts'
import type { Agent } from './corp.ts'
import type { Menu } from './menu.ts'
import type { ClickOptions, People } from './people.ts'
import type { PayDesk } from './pay/index.ts'
import { createParts, type Parts } from './platform.ts'
import { listen } from './server.ts'
import type { Json } from './shape.ts'
import type { Tickets } from './tickets.ts'
import { calmTrouble, type Trouble } from './trouble.ts'
import type { ApiCall, Delivery, Department, Dropped, Limits, Mail, Member, SimulatorOptions, Sms } from './types.ts'
import type { XmlFields } from './xml.ts'

export type { Card } from './card-shape.ts'
export type { PayDesk, PayOptions } from './pay/index.ts'
export type { Trouble } from './trouble.ts'
export type { ApiCall, Delivery, Department, Dropped, Limits, Mail, Member, MemberSeed, SimulatorOptions, Sms } from './types.ts'

/** A message as one member sees it now. */
export type SeenMessage = {
  msgid: string; msgtype: string; at: number; from: 'app' | 'member'; recalled: boolean
  /** The object under the key msgtype, cut as the platform cuts. */
  content: Json
  /** A template card in its present state. */
  card: Card | null
  task_id: string | null
  /** The grey label that stands in place of the buttons. */
  replaceText: string | null
}

export type SimulatorState = {
  messagesTo(userid: string): SeenMessage[]
  member(userid: string): Member | undefined
  departments(): Department[]
  menu(): Menu | null
  readonly agent: Agent
  readonly dropped: Dropped[]
  readonly mails: Mail[]
  readonly sms: Sms[]
  readonly callbacks: Delivery[]
  readonly calls: ApiCall[]
}

export type Simulator = {
  /** http://127.0.0.1:PORT: WECOM_API_BASE, WECOM_OAUTH_BASE and WECOM_LOGIN_BASE. */
  origin: string
  port: number
  smtpUrl: string
  smsUrl: string
  phoneOrigin(userid: string): string
  state: SimulatorState
  /** A tap on a card's button; resolves when the callback is delivered or has finally failed. */
  click(userid: string, taskId: string, key: string, options?: ClickOptions): Promise<Delivery>
  event(userid: string, event: string, extra?: XmlFields): Promise<Delivery>
  say(userid: string, text: string): Promise<Delivery>
  openApp(userid: string): Promise<void>
  join(userid: string): Promise<void>
  admin: People['admin']
  /** A fresh OAuth code for this member, as if he had come through the authorize page. */
  authorizeCode(userid: string, options?: { detail?: boolean }): string
  /** Saves the URL as the console does: only after its GET verification; null removes it. */
  setCallbackUrl(url: string | null, channel?: 'app' | 'contacts'): Promise<Verification>
  redeliver(id: string): Promise<Delivery | undefined>
  /** Whether a page's JS-SDK signature would be accepted now. */
  signed: Tickets['signed']
  /** WeChat Pay, where the merchant was named at the start. */
  pay: PayDesk | null
  trouble: Trouble
  /** The platform's numbers; a test may tighten them. */
  limits: Limits
  /** Until every callback is delivered or has finally failed. */
  waitIdle(): Promise<void>
  /** Back to the beginning: people as seeded, nothing received, no trouble. The callback URL stays. */
  reset(): void
  close(): Promise<void>
}

function stateOf(parts: Parts, mails: Mail[]): SimulatorState {
  const { inbox, corp, menus, callbacks, calls, sms } = parts
  return {
    messagesTo: (userid) => inbox.of(userid).map(({ taskId, read: _read, ...copy }) => ({ ...copy, task_id: taskId })),
    member: (userid) => corp.find(userid),
    departments: () => [...corp.departments.values()],
    menu: () => menus.current(),
    agent: corp.agent, dropped: inbox.dropped, mails, sms, callbacks: callbacks.log, calls,
  }
}

function resetAll(parts: Parts, mails: Mail[]): void {
  const { corp, inbox, media, menus, messages, oauth, contacts, tickets, tokens, limiter, callbacks, phones, drawn, book, trouble, calls, sms, changes } = parts
  for (const part of [inbox, media, menus, messages, oauth, contacts, tickets, tokens, limiter, callbacks, phones, drawn]) part.clear()
  book.newcomer()
  for (const list of [mails, sms, calls]) list.length = 0
  corp.reset()
  parts.pay?.clear()
  Object.assign(trouble, calmTrouble())
  changes.touch()
}

/** What the console's page would not save (§5.1). */
function checkKeys({ token, encodingAesKey, contactsToken, contactsEncodingAesKey }: SimulatorOptions): void {
  for (const one of [token, contactsToken ?? token]) if (!/^[A-Za-z0-9]{1,32}$/.test(one)) throw new Error('a callback token has 1 to 32 letters and digits')
  for (const one of [encodingAesKey, contactsEncodingAesKey ?? encodingAesKey]) if (!/^[A-Za-z0-9]{43}$/.test(one)) throw new Error('an EncodingAESKey has 43 letters and digits')
}

/** Starts the stand-in for WeCom, mail and SMS on loopback. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  checkKeys(options)
  const parts = createParts(options, { port: options.port ?? 0 })
  const { smtpUrl, mails, close } = await listen(parts)
  const { people, callbacks, oauth, trouble } = parts
  const origin = parts.origin()
  return {
    origin, port: parts.place.port, smtpUrl, smsUrl: `${origin}/sms`, phoneOrigin: parts.phoneOrigin, state: stateOf(parts, mails),
    click: people.click, event: people.event, say: people.say, openApp: people.open, join: people.join, admin: people.admin,
    authorizeCode: (userid, how = {}) => oauth.code({ userid: parts.corp.find(userid)?.userid ?? userid }, how.detail),
    setCallbackUrl: (url, channel = 'app') => callbacks.configure(channel, url),
    redeliver: callbacks.redeliver, signed: parts.tickets.signed, pay: parts.pay, trouble, limits: parts.limits,
    async waitIdle() {
      parts.pay?.tick()
      await callbacks.waitIdle()
      await parts.pay?.notices.settled()
    },
    reset: () => resetAll(parts, mails),
    close,
  }
}
