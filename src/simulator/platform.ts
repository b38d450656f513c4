import { agentApis, agentCheck } from './agent.ts'
import type { ApiTable } from './api.ts'
import { cardUpdateApis } from './card-updates.ts'
import { createCallbacks, type Callbacks } from './callbacks.ts'
import type { Channel } from './callback-wire.ts'
import { createChanges } from './changes.ts'
import { createContacts } from './contacts.ts'
import { createCorp } from './corp.ts'
import { departmentApis } from './departments.ts'
import { createDrawnCodes } from './drawn-codes.ts'
import { createInbox } from './inbox.ts'
import { createLimiter, usualLimits } from './limits.ts'
import { createMedia } from './media.ts'
import { createMenus } from './menu.ts'
import { createMessages } from './messages.ts'
import { createOAuth, openidOf } from './oauth.ts'
import { takeReply } from './passive-replies.ts'
import { createPayDesk, type PayDesk } from './pay/index.ts'
import { createPeople } from './people.ts'
import { createPhoneBook } from './phone-book.ts'
import { createPhones } from './phones.ts'
import { createTickets } from './tickets.ts'
import { createTokens, type Tokens } from './token.ts'
import { calmTrouble } from './trouble.ts'
import type { ApiCall, Limits, SimulatorOptions, Sms } from './types.ts'

/** What everything else stands on: clock, people, what they received. The port is known once the server listens. */
function createGround(options: SimulatorOptions, place: { port: number }) {
  const now = options.now ?? Date.now
  const corp = createCorp(options)
  const changes = createChanges()
  const limiter = createLimiter(now)
  const limits: Limits = { ...usualLimits, ...options.limits }
  const origin = (): string => `http://127.0.0.1:${place.port}`
  const calls: ApiCall[] = []
  const sms: Sms[] = []
  return {
    options, place, now, changes, limiter, limits, origin, calls, sms, changed: changes.touch, trouble: calmTrouble(), corp, book: createPhoneBook(corp), drawn: createDrawnCodes(),
    media: createMedia(now, origin), inbox: createInbox(now, limiter), hallAddress: options.hallAddress ?? options.hallOrigin,
    platform: (): string[] => [origin(), `http://localhost:${place.port}`],
  }
}
type Ground = ReturnType<typeof createGround>

function contactsChannel({ contactsToken, contactsEncodingAesKey }: SimulatorOptions): Channel | null {
  return contactsToken && contactsEncodingAesKey ? { token: contactsToken, encodingAesKey: contactsEncodingAesKey } : null
}

function connectCallbacks(ground: Ground): Callbacks {
  const { options, hallAddress, trouble, inbox, now, changed } = ground
  const { corpId, agentId } = options
  const app = { token: options.token, encodingAesKey: options.encodingAesKey }
  const contacts = contactsChannel(options)
  return createCallbacks({
    corpId, agentId, app, contacts, trouble, now, changed,
    urls: {
      app: options.callbackUrl ?? `${hallAddress}/wecom/callback`,
      contacts: contacts ? options.contactsCallbackUrl ?? `${hallAddress}/wecom/contacts/callback` : null,
    },
    onReply: (delivery, answer) => takeReply({ corpId, ...app, trouble, inbox }, delivery, answer),
  })
}

function tokenApi(tokens: Tokens): ApiTable {
  return { gettoken: { method: 'GET', open: true, run: ({ query, ip }) => tokens.issue(query['corpid'], query['corpsecret'], ip) } }
}

/** WeChat Pay knows the members' openids where the merchant's app is the corporation. */
function openPayDesk({ options, trouble, now, changed, origin, corp, calls, hallAddress }: Ground): PayDesk | null {
  const { pay, corpId, hallOrigin } = options
  if (!pay) return null
  return createPayDesk({
    options: pay, trouble, now, changed, origin,
    openids: () => new Set(pay.appId === corpId ? [...corp.members.values()].map((member) => openidOf(corpId, member.userid)) : []),
    reach: (url) => (url.startsWith(`${hallOrigin}/`) ? hallAddress + url.slice(hallOrigin.length) : url),
    log: (path, code) => void calls.push({ at: now(), path, who: code, errcode: code === 'ok' ? 0 : 1 }),
  })
}

/** All parts of the platform, wired; nothing listens yet. */
export function createParts(options: SimulatorOptions, place: { port: number }) {
  const ground = createGround(options, place)
  const { now, limiter, limits, corp, inbox, media, origin, platform, changed, hallAddress } = ground
  const callbacks = connectCallbacks(ground)
  const people = createPeople({ corp, inbox, callbacks, now, changed })
  const contacts = createContacts({ corp, now, origin, limiter, limits, changed, left: (member) => void people.leftRange(member), came: (member) => void people.cameIntoRange(member) })
  const tokens = createTokens({ ...options, now, limiter })
  const oauth = createOAuth(corp, now)
  const checkAgent = agentCheck(corp)
  const menus = createMenus(checkAgent, changed)
  const messages = createMessages({ corp, inbox, media, now, changed, checkAgent, hasCallback: () => callbacks.url('app') !== null })
  const tickets = createTickets(now, limiter)
  const apis: ApiTable = {
    ...tokenApi(tokens), ...oauth.apis, ...contacts.apis, ...departmentApis(corp, changed, limits.departments), ...messages.apis,
    ...cardUpdateApis({ corp, inbox, changed }), ...media.apis, ...menus.apis, ...agentApis(corp, media, changed), ...tickets.apis,
  }
  return {
    ...ground, callbacks, people, contacts, tokens, oauth, menus, messages, tickets, apis,
    pay: openPayDesk(ground),
    phones: createPhones({ hallOrigin: options.hallOrigin, hallAddress, platform, now }),
    phoneOrigin: (userid: string): string => `http://${corp.phoneLabel(userid)}.localhost:${place.port}`,
  }
}
export type Parts = ReturnType<typeof createParts>
