import { randomBytes } from 'node:crypto'
import type { Card } from './card-shape.ts'
import { fold } from './corp.ts'
import { WecomError } from './errors.ts'
import type { Limiter } from './limits.ts'
import type { Json } from './shape.ts'
import type { Dropped } from './types.ts'

/** A message as it was sent. */
export type Message = {
  msgid: string; agentid: number; msgtype: string; at: number; content: Json; taskId: string | null
  recipients: Set<string>; recalled: boolean
}

/** One member's copy: a card changes for each member separately. */
export type Copy = {
  msgid: string; msgtype: string; at: number; from: 'app' | 'member'; content: Json; taskId: string | null
  card: Card | null; replaceText: string | null; recalled: boolean; read: boolean
}

type ResponseCode = { msgid: string; expires_at: number; used: boolean }

export type Inbox = {
  keep(message: Message, card: Card | null): void
  /** Something that a member wrote, or that came back as a passive reply. */
  say(userid: string, from: 'app' | 'member', msgtype: string, content: Json): void
  of(userid: string): Copy[]
  message(msgid: string): Message | undefined
  cardOf(userid: string, taskId: string): Copy | undefined
  hasTask(taskId: string): boolean
  /** A new response_code for the card: 72 h, one use. */
  issueCode(msgid: string): string
  /** The card that the code may still change, or 60140. */
  codeFor(code: string | undefined): Message
  useCode(code: string): void
  readonly dropped: Dropped[]
  clear(): void
}

export const CODE_LIFE = 72 * 3600_000

function copyOf(message: Message, card: Card | null): Copy {
  const { msgid, msgtype, at, content, taskId } = message
  return { msgid, msgtype, at, from: 'app', content, taskId, card: structuredClone(card), replaceText: null, recalled: false, read: false }
}

/** What members received, the cards they hold and the ledger of response codes. */
export function createInbox(now: () => number, limiter: Limiter): Inbox {
  const messages = new Map<string, Message>()
  const copies = new Map<string, Copy[]>()
  const codes = new Map<string, ResponseCode>()
  const tasks = new Set<string>()
  const dropped: Dropped[] = []

  function of(userid: string): Copy[] {
    const key = fold(userid)
    const list = copies.get(key) ?? []
    copies.set(key, list)
    return list
  }

  /** 30 a minute and 1000 an hour to one member; the excess vanishes while the call still says ok (§1.3). */
  function deliver(userid: string, message: Message, card: Card | null): void {
    const { msgid, msgtype } = message
    const limit = limiter.full(`minute ${userid}`, 30, 60_000) ? 'minute' : limiter.full(`hour ${userid}`, 1000, 3600_000) ? 'hour' : null
    if (limit !== null) {
      dropped.push({ userid, msgid, msgtype, at: now(), limit })
      return
    }
    limiter.take(`minute ${userid}`, 30, 60_000)
    limiter.take(`hour ${userid}`, 1000, 3600_000)
    of(userid).push(copyOf(message, card))
  }

  return {
    of, dropped,
    keep(message, card) {
      messages.set(message.msgid, message)
      if (message.taskId !== null) tasks.add(message.taskId)
      for (const userid of message.recipients) deliver(userid, message, card)
    },
    say(userid, from, msgtype, content) {
      const message: Message = {
        msgid: randomBytes(8).toString('hex'), agentid: 0, msgtype, at: now(), content, taskId: null, recipients: new Set([fold(userid)]), recalled: false,
      }
      of(userid).push({ ...copyOf(message, null), from, read: from === 'member' })
    },
    message: (msgid) => messages.get(msgid),
    cardOf: (userid, taskId) => of(userid).findLast((copy) => copy.taskId === taskId && copy.card !== null),
    hasTask: (taskId) => tasks.has(taskId),
    issueCode(msgid) {
      const code = randomBytes(32).toString('base64url')
      codes.set(code, { msgid, expires_at: now() + CODE_LIFE, used: false })
      return code
    },
    codeFor(code) {
      const known = codes.get(code ?? '')
      const message = known && messages.get(known.msgid)
      if (!known || known.used || known.expires_at <= now() || !message) throw new WecomError(60140)
      return message
    },
    useCode(code) {
      const known = codes.get(code)
      if (known) known.used = true
    },
    clear() {
      for (const store of [messages, copies, codes, tasks]) store.clear()
      dropped.length = 0
    },
  }
}
