import type { ApiTable } from './api.ts'
import { callsBack, type Card } from './card-shape.ts'
import { checkCard } from './cards.ts'
import { fold, type Corp } from './corp.ts'
import { WecomError } from './errors.ts'
import type { Inbox, Message } from './inbox.ts'
import { read, type Json, type Of } from './shape.ts'

const shape = {
  userids: ['text'], partyids: ['number'], tagids: ['number'], atall: 'number', agentid: 'number', response_code: 'text',
  enable_id_trans: 'number', button: { replace_name: 'text' }, template_card: 'any',
} as const
type Fields = Of<typeof shape>
export type CardChange = { replaceText: string } | { card: Card }
type Deps = { corp: Corp; inbox: Inbox; changed(): void }

/** Form A (button) or form B (template_card), checked (§4.3). */
export function readChange(fields: { button?: { replace_name?: string }; template_card?: unknown }, interactive: boolean): CardChange {
  if (fields.template_card !== undefined) return { card: checkCard(fields.template_card, 'update') }
  const name = fields.button?.replace_name
  if (!name) throw new WecomError(40058, 'button.replace_name or template_card')
  if (!interactive) throw new WecomError(40058, 'button is only for button, vote and multiple cards')
  return { replaceText: name }
}

function targets(corp: Corp, fields: Fields, message: Message): { userids: string[]; invaliduser: string[] } {
  const { userids = [], partyids = [], tagids = [] } = fields
  if (userids.length > 1000 || partyids.length > 100 || tagids.length > 100) throw new WecomError(40058, 'too many recipients')
  if (fields.atall === 1) return { userids: [...message.recipients], invaliduser: [] }
  if (userids.length + partyids.length + tagids.length === 0) throw new WecomError(82001)
  const below = partyids.flatMap((id) => [...corp.subtree(id)])
  const ofParties = [...corp.members.values()].filter((one) => one.department.some((id) => below.includes(id))).map((one) => fold(one.userid))
  const asked = [...new Set([...userids.map(fold), ...ofParties])]
  const holds = (userid: string): boolean => message.recipients.has(userid) && corp.reachable(corp.find(userid))
  return { userids: asked.filter(holds), invaliduser: userids.map(fold).filter((userid) => !holds(userid)) }
}

/** Puts the change on one member's copy. */
export function applyChange(inbox: Inbox, userid: string, msgid: string, change: CardChange): void {
  for (const copy of inbox.of(userid)) {
    if (copy.msgid !== msgid || copy.card === null) continue
    if ('replaceText' in change) copy.replaceText = change.replaceText
    else {
      copy.card = structuredClone(change.card)
      copy.replaceText = change.card.replace_text ?? null
    }
  }
}

function update(deps: Deps, body: Json): Json {
  const { corp, inbox } = deps
  const fields = read(shape, body)
  if (fields.agentid === undefined) throw new WecomError(41011)
  const message = inbox.codeFor(fields.response_code)
  if (fields.agentid !== message.agentid) throw new WecomError(42015)
  if (message.recalled) throw new WecomError(42016)
  const sent = checkCard(message.content, 'send')
  const change = readChange(fields, callsBack(sent) && sent.card_type?.endsWith('_interaction') === true)
  const { userids, invaliduser } = targets(corp, fields, message)
  inbox.useCode(fields.response_code ?? '')
  for (const userid of userids) applyChange(inbox, userid, message.msgid, change)
  deps.changed()
  return { invaliduser }
}

/** message/update_template_card: one response_code, one update. */
export function cardUpdateApis(deps: Deps): ApiTable {
  return { 'message/update_template_card': { method: 'POST', refuses: { contacts: 48002 }, run: ({ body }) => update(deps, body) } }
}
