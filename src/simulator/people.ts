import type { Callbacks } from './callbacks.ts'
import type { Card } from './card-shape.ts'
import { type Admin, adminActs } from './admin.ts'
import { type Corp, fold, mustFind } from './corp.ts'
import type { Copy, Inbox } from './inbox.ts'
import type { Delivery, Member } from './types.ts'
import type { XmlFields } from './xml.ts'

export type ClickOptions = {
  /** Chosen options by question key; by default what the card shows as chosen. */
  selected?: Record<string, string[]>
  /** Click although the phone already shows the card as done: as a phone does that has not heard of the change yet. */
  stale?: boolean
}

export type People = {
  /** A tap on a button, the submit button or an entry of the card's menu. */
  click(userid: string, taskId: string, key: string, options?: ClickOptions): Promise<Delivery>
  event(userid: string, event: string, extra?: XmlFields): Promise<Delivery>
  say(userid: string, text: string): Promise<Delivery>
  /** The conversation is on the screen: what came is read. */
  seen(userid: string): void
  /** The member opens the app's conversation; enter_agent when the app asked for it. */
  open(userid: string): Promise<void>
  /** The member follows the corporation's join code. */
  join(userid: string): Promise<void>
  /** A member was deleted through the API: the app hears that he left its range. */
  leftRange(member: Member): Promise<void>
  /** The app hears that he is in its range again: enabled, or visible. */
  cameIntoRange(member: Member): Promise<void>
  /** What an administrator does in WeCom's console. */
  admin: Admin
}

type Deps = { corp: Corp; inbox: Inbox; callbacks: Callbacks; now: () => number; changed(): void }

type Question = { key: string; chosen: string[]; ids: string[] }

function questions(card: Card): Question[] {
  const selects = [card.button_selection, ...(card.select_list ?? [])].filter((one) => one !== undefined)
  const found = selects.map((one) => {
    const ids = (one.option_list ?? []).map((option) => option.id ?? '')
    // An absent or wrong selected_id means the first option.
    const chosen = ids.includes(one.selected_id ?? '') ? one.selected_id ?? '' : ids[0] ?? ''
    return { key: one.question_key ?? '', chosen: [chosen], ids }
  })
  const { checkbox } = card
  if (!checkbox) return found
  const options = checkbox.option_list ?? []
  const checked = options.filter((option) => option.is_checked).map((option) => option.id ?? '')
  return [...found, { key: checkbox.question_key ?? '', chosen: checkbox.mode === 1 ? checked : checked.slice(0, 1), ids: options.map((option) => option.id ?? '') }]
}

function selectedItems(card: Card, selected: Record<string, string[]>): XmlFields {
  const items = questions(card).map(({ key, chosen, ids }) => ({
    QuestionKey: key, OptionIds: { OptionId: (selected[key] ?? chosen).filter((id) => ids.includes(id)) },
  }))
  return { SelectedItems: { SelectedItem: items } }
}

/** Which event a key of the card raises, or null when the card has no such key. */
function eventOf(copy: Copy, key: string, stale: boolean): 'template_card_event' | 'template_card_menu_event' | null {
  const { card } = copy
  if (card?.action_menu?.action_list?.some((one) => one.key === key)) return 'template_card_menu_event'
  if (copy.replaceText !== null && !stale) return null
  if (stale) return 'template_card_event'
  const buttons = card?.button_list?.filter((one) => (one.type ?? 0) === 0) ?? []
  const known = buttons.some((one) => one.key === key) || card?.submit_button?.key === key
  return known ? 'template_card_event' : null
}

/** What people do with their phones. */
export function createPeople(deps: Deps): People {
  const { corp, inbox, callbacks, changed } = deps

  async function event(userid: string, name: string, extra: XmlFields = {}): Promise<Delivery> {
    const member = mustFind(corp, userid)
    return callbacks.raise({ userid: member.userid, fields: { MsgType: 'event', Event: name, EventKey: '', ...extra } })
  }

  function seen(userid: string): void {
    const unread = inbox.of(userid).filter((copy) => !copy.read)
    for (const copy of unread) copy.read = true
    if (unread.length > 0) changed()
  }

  return {
    event,
    admin: adminActs(deps),
    async click(userid, taskId, key, options = {}) {
      const copy = inbox.cardOf(userid, taskId)
      if (!copy?.card || (copy.recalled && !options.stale)) throw new Error(`${userid} has no card ${taskId}`)
      const name = eventOf(copy, key, options.stale ?? false)
      if (name === null) throw new Error(`the card ${taskId} on ${userid}'s phone has no button ${key} now`)
      const selected = name === 'template_card_event' ? selectedItems(copy.card, options.selected ?? {}) : {}
      return event(userid, name, {
        EventKey: key, TaskId: taskId, CardType: copy.card.card_type ?? '', ResponseCode: inbox.issueCode(copy.msgid), ...selected,
      })
    },
    async say(userid, text) {
      const member = mustFind(corp, userid)
      inbox.say(fold(userid), 'member', 'text', { content: text })
      changed()
      const MsgId = String(deps.now()) + String(inbox.of(userid).length).padStart(4, '0')
      return callbacks.raise({ userid: member.userid, fields: { MsgType: 'text', Content: text, MsgId } })
    },
    seen,
    async open(userid) {
      seen(userid)
      if (corp.agent.isreportenter === 1 && callbacks.url('app') !== null) await event(userid, 'enter_agent')
    },
    async leftRange(member) {
      if (!member.visible || member.status !== 1 || callbacks.url('app') === null) return
      await callbacks.raise({ userid: member.userid, fields: { MsgType: 'event', Event: 'unsubscribe', EventKey: '' } })
    },
    async cameIntoRange(member) {
      if (!member.visible || member.status !== 1 || callbacks.url('app') === null) return
      await callbacks.raise({ userid: member.userid, fields: { MsgType: 'event', Event: 'subscribe', EventKey: '' } })
    },
    async join(userid) {
      const member = mustFind(corp, userid)
      if (member.status !== 4) return
      Object.assign(member, { status: 1, joined: true })
      changed()
      if (member.visible) await event(userid, 'subscribe')
    },
  }
}
