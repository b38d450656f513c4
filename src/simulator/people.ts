import type { Callbacks } from './callbacks.ts'
import type { Card } from './card-shape.ts'
import { fold, newMember, type Corp } from './corp.ts'
import type { Copy, Inbox } from './inbox.ts'
import type { Delivery, Member, MemberSeed } from './types.ts'
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
  /** What an administrator does in WeCom's console. */
  admin: {
    addMember(seed: MemberSeed): Promise<void>
    updateMember(userid: string, change: Partial<Pick<Member, 'name' | 'department' | 'position' | 'mobile'>>): Promise<void>
    /** The member leaves the corporation: kept with status 5. */
    leave(userid: string): Promise<void>
    /** An administrator deletes the member. */
    removeMember(userid: string): Promise<void>
    setVisible(userid: string, visible: boolean): Promise<void>
  }
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

function memberEvents(deps: Deps): People['admin'] {
  const { corp, callbacks, changed } = deps
  const contacts = (fields: XmlFields): Promise<Delivery> | undefined => {
    if (!heardBy('contacts')) return undefined
    return callbacks.raise({ channel: 'contacts', userid: 'sys', fields: { MsgType: 'event', Event: 'change_contact', ...fields } })
  }
  const heardBy = (channel: 'app' | 'contacts'): boolean => callbacks.url(channel) !== null
  const range = (userid: string, event: 'subscribe' | 'unsubscribe'): Promise<Delivery> =>
    callbacks.raise({ userid, fields: { MsgType: 'event', Event: event, EventKey: '' } })
  return {
    async addMember(seed) {
      corp.add(newMember(seed))
      changed()
      await Promise.all([contacts({ ChangeType: 'create_user', UserID: seed.userid, Department: seed.department.join(',') }), range(seed.userid, 'subscribe')])
    },
    async updateMember(userid, change) {
      const member = mustFind(corp, userid)
      Object.assign(member, change)
      changed()
      if (change.department) await contacts({ ChangeType: 'update_user', UserID: member.userid, Department: change.department.join(',') })
    },
    async leave(userid) {
      const member = mustFind(corp, userid)
      member.status = 5
      changed()
      await Promise.all([contacts({ ChangeType: 'delete_user', UserID: member.userid }), range(member.userid, 'unsubscribe')])
    },
    async removeMember(userid) {
      const member = mustFind(corp, userid)
      corp.remove(userid)
      changed()
      await Promise.all([contacts({ ChangeType: 'delete_user', UserID: member.userid }), member.visible && member.status === 1 && heardBy('app') ? range(member.userid, 'unsubscribe') : undefined])
    },
    async setVisible(userid, visible) {
      const member = mustFind(corp, userid)
      member.visible = visible
      changed()
      await range(member.userid, visible ? 'subscribe' : 'unsubscribe')
    },
  }
}

function mustFind(corp: Corp, userid: string): Member {
  const member = corp.find(userid)
  if (!member) throw new Error(`no member ${userid}`)
  return member
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
    admin: memberEvents(deps),
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
    async join(userid) {
      const member = mustFind(corp, userid)
      if (member.status === 1) return
      member.status = 1
      changed()
      if (member.visible) await event(userid, 'subscribe')
    },
  }
}
