import { createHash, randomBytes } from 'node:crypto'
import type { ApiTable } from './api.ts'
import { callsBack, type Card } from './card-shape.ts'
import { checkCard } from './cards.ts'
import { fold, type Corp } from './corp.ts'
import { WecomError } from './errors.ts'
import type { Inbox, Message } from './inbox.ts'
import type { Media } from './media.ts'
import { checkContent } from './message-types.ts'
import { resolveRecipients } from './recipients.ts'
import { read, type Json } from './shape.ts'
import { translateIds } from './translate-ids.ts'

const DAY = 24 * 3600_000
const common = {
  touser: 'text', toparty: 'text', totag: 'text', msgtype: 'text', agentid: 'number', safe: 'number', enable_id_trans: 'number',
  enable_duplicate_check: 'number', duplicate_check_interval: 'number',
} as const

type Deps = {
  corp: Corp; inbox: Inbox; media: Media; now: () => number; changed(): void
  checkAgent(agentid: unknown): void
  /** Whether the app has a callback URL: without one it cannot send cards that call back. */
  hasCallback(): boolean
}
export type Messages = { apis: ApiTable; clear(): void }

function newMsgid(): string {
  return randomBytes(48).toString('base64url')
}

function checkTask(deps: Deps, card: Card): void {
  if (!callsBack(card)) return
  if (!deps.hasCallback()) throw new WecomError(43012)
  if (deps.inbox.hasTask(card.task_id ?? '')) throw new WecomError(42014, 'task_id used before')
}

/** §4.1: agent, recipients, type, fields, callback, task_id; then delivery. */
function send(deps: Deps, body: Json, isRepeat: (seconds: number) => boolean): Json {
  const { corp, inbox, media, now } = deps
  const fields = read(common, body)
  deps.checkAgent(fields.agentid)
  const { members, ...invalid } = resolveRecipients(corp, fields)
  const content = checkContent(fields.msgtype, body, media, fields.safe ?? 0)
  const interval = fields.duplicate_check_interval ?? 1800
  if (interval < 0 || interval > 14_400) throw new WecomError(40058, 'duplicate_check_interval')
  const msgid = newMsgid()
  if (fields.enable_duplicate_check === 1 && isRepeat(interval)) return { ...invalid, msgid }
  const card = fields.msgtype === 'template_card' ? checkCard(body['template_card'], 'send') : null
  if (card) checkTask(deps, card)
  const seen = fields.enable_id_trans === 1 ? translateIds(corp, { content, card }) : { content, card }
  const message: Message = {
    msgid, agentid: corp.agent.agentid, msgtype: fields.msgtype ?? '', at: now(), content: seen.content, taskId: card?.task_id ?? null,
    recipients: new Set(members.map((member) => fold(member.userid))), recalled: false,
  }
  inbox.keep(message, seen.card)
  deps.changed()
  return { ...invalid, msgid, ...(card && callsBack(card) ? { response_code: inbox.issueCode(msgid) } : {}) }
}

function recall(deps: Deps, body: Json): Json {
  const message = deps.inbox.message(read({ msgid: 'text' }, body).msgid ?? '')
  if (!message) throw new WecomError(40058, 'msgid is not of this app')
  if (deps.now() - message.at > DAY) throw new WecomError(42052)
  message.recalled = true
  for (const userid of message.recipients) {
    for (const copy of deps.inbox.of(userid)) if (copy.msgid === message.msgid) copy.recalled = true
  }
  deps.changed()
  return {}
}

/** message/send and message/recall. What a duplicate check swallows gets a msgid that names nothing: nobody may build on it. */
export function createMessages(deps: Deps): Messages {
  const seen = new Map<string, number>()
  function isRepeat(raw: Buffer, seconds: number): boolean {
    const key = createHash('sha256').update(raw).digest('hex')
    const last = seen.get(key)
    if (last !== undefined && deps.now() - last < seconds * 1000) return true
    seen.set(key, deps.now())
    return false
  }
  const refuses = { contacts: 48002 }
  return {
    clear: () => seen.clear(),
    apis: {
      'message/send': { method: 'POST', refuses, run: ({ body, raw }) => send(deps, body, (seconds) => isRepeat(raw, seconds)) },
      'message/recall': { method: 'POST', refuses, run: ({ body }) => recall(deps, body) },
    },
  }
}
