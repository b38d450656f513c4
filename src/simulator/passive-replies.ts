import { decrypt, getSignature } from '@wecom/crypto'
import { applyChange, readChange } from './card-updates.ts'
import { WecomError } from './errors.ts'
import type { Inbox } from './inbox.ts'
import { cutBytes, type Json } from './shape.ts'
import type { Trouble } from './trouble.ts'
import type { Delivery } from './types.ts'
import { childText, readXml, type XmlNode } from './xml.ts'

const lists = new Set(['ActionList', 'HorizontalContentList', 'JumpList', 'VerticalContentList', 'OptionList', 'ButtonList', 'SelectList'])
const numbers = new Set(['Type', 'DescColor', 'Style', 'Mode', 'AspectRatio'])
const flags = new Set(['Disable', 'IsChecked'])
/** The page spells some names so that plain snake case would miss the JSON name (§5.6). */
const odd: Record<string, string> = { KeyName: 'keyname', AppId: 'appid', PagePath: 'pagepath', UserId: 'userid', CheckBox: 'checkbox', TaskId: 'task_id' }

function jsonName(name: string): string {
  return odd[name] ?? name.replace(/(?<=[a-z])[A-Z]/g, (letter) => `_${letter}`).toLowerCase()
}

function jsonValue(node: XmlNode): unknown {
  if (node.children.length > 0) return cardFromXml(node)
  const text = node.text.trim()
  if (numbers.has(node.name)) return Number(text)
  if (flags.has(node.name)) return text === 'true' || text === '1'
  return text
}

/** `<TemplateCard>` as the JSON of the same card: repeated elements become lists. */
export function cardFromXml(node: XmlNode): Json {
  const card: Json = {}
  for (const child of node.children) {
    const name = jsonName(child.name)
    if (!lists.has(child.name)) card[name] = jsonValue(child)
    else {
      const list = card[name]
      card[name] = [...(Array.isArray(list) ? list : []), jsonValue(child)]
    }
  }
  return card
}

type Deps = { corpId: string; token: string; encodingAesKey: string; trouble: Trouble; inbox: Inbox }

function open(deps: Deps, answer: string): XmlNode | string {
  const outer = readXml(answer)
  if (!outer) return '回复不是 XML'
  const encrypted = childText(outer, 'Encrypt')
  const signature = getSignature(deps.token, childText(outer, 'TimeStamp'), childText(outer, 'Nonce'), encrypted)
  if (signature !== childText(outer, 'MsgSignature')) return '回复的签名不对'
  try {
    const { message, id } = decrypt(deps.encodingAesKey, encrypted)
    if (id !== deps.corpId) return '回复的 receiveid 不对'
    return readXml(message) ?? '回复的内容不是 XML'
  } catch {
    return '回复无法解密'
  }
}

/** Events whose answer may change the card. */
const cardEvents = ['template_card_event', 'template_card_menu_event']

function changeCard(deps: Deps, delivery: Delivery, reply: XmlNode): string {
  if (!cardEvents.includes(delivery.event)) return '此事件不支持更新卡片'
  if (delivery.event === 'template_card_event' && deps.trouble.ignorePassiveReply) return '已忽略（平台不处理按钮事件的被动回复）'
  const taskId = childText(readXml(delivery.xml) ?? reply, 'TaskId')
  const copy = deps.inbox.cardOf(delivery.userid, taskId)
  if (!copy) return '没有这张卡片'
  const card = reply.children.find((child) => child.name === 'TemplateCard')
  const button = reply.children.find((child) => child.name === 'Button')
  const fields = card ? { template_card: cardFromXml(card) } : { button: { replace_name: button ? childText(button, 'ReplaceName') : '' } }
  try {
    applyChange(deps.inbox, delivery.userid, copy.msgid, readChange(fields, copy.card?.card_type?.endsWith('_interaction') === true))
    return '已更新卡片'
  } catch (error) {
    if (error instanceof WecomError) return `${error.errcode} ${error.message}`
    throw error
  }
}

/** Does what an encrypted passive reply says (§5.6) and tells in words what became of it. */
export function takeReply(deps: Deps, delivery: Delivery, answer: string): string {
  const reply = open(deps, answer)
  if (typeof reply === 'string') return reply
  const type = childText(reply, 'MsgType')
  if (type === 'update_button' || type === 'update_template_card') return changeCard(deps, delivery, reply)
  if (type !== 'text') return `模拟器不显示 ${type} 类型的回复`
  if (delivery.event === 'template_card_event') return '此事件不支持文本回复'
  deps.inbox.say(delivery.userid, 'app', 'text', { content: cutBytes(childText(reply, 'Content'), 2048) })
  return '已回复文本'
}
