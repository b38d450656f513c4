export type Channel = 'wecom' | 'mail'
/** what of a message a delivery carries */
export type Part = 'card' | 'textcard' | 'file' | 'mail' | 'digest'
/** waiting: for a binding. held: by quiet hours or for a digest. merged: told in a digest. */
export type DeliveryStatus = 'waiting' | 'held' | 'merged' | 'queued' | 'sending' | 'sent' | 'delivered' | 'refused' | 'unknown' | 'dropped' | 'bounced'
export type CardStatus = 'open' | 'closing' | 'closed'

export interface MessagesTables {
  /** what was said, once, however often and wherever it was sent */
  messages_messages: {
    id: string
    /** null: a mail to somebody who is nobody here */
    person_id: string | null
    kind: string
    title: string
    /** JSON: { label, value }[] */
    facts: string
    /** path in the hall */
    url: string | null
    /** id of the thing it is about */
    subject: string
    text: string | null
    html: string | null
    /** JSON: a CardAsk of content.ts */
    card: string | null
    /** JSON: { sha256, filename }[] */
    files: string
    created_at: number
  }
  messages_deliveries: {
    id: string
    message_id: string
    person_id: string | null
    subject: string
    channel: Channel
    part: Part
    /** userid or mailbox; a userid is looked up when sending starts */
    address: string | null
    status: DeliveryStatus
    /** the JSON that went to WeCom, kept before the first try so that every try is the same */
    body: string | null
    media_id: string | null
    media_at: number | null
    /** how often the body may have reached the other side */
    tries: number
    /** when the first try began */
    started_at: number | null
    /** WeCom's, for recall */
    msgid: string | null
    /** in words: why it was refused, or what the last try said */
    reason: string | null
    code: string | null
    /** what the other side said itself */
    detail: string | null
    /** the delivery a person sent again */
    resent_from: string | null
    created_at: number
    changed_at: number
    /** of what is held, and of a mail that waits for its domain: when it goes out */
    due_at: number | null
  }
  /** when somebody wants their messages, where that is not at once; minutes of the school's day */
  messages_preferences: { person_id: string; quiet_from: number | null; quiet_until: number | null; digest_at: number | null; changed_at: number }
  /** one template card per task and person */
  messages_cards: {
    id: string
    task_id: string
    /** unique in the app */
    wecom_task_id: string
    person_id: string
    delivery_id: string
    status: CardStatus
    /** what the card says once it is closed */
    text: string | null
    /** allows one update */
    response_code: string | null
    code_expires_at: number | null
    /** updates tried with this code */
    tries: number
    created_at: number
    changed_at: number
  }
  /** when the last mails to a domain began, or will: JSON, epoch ms, oldest first; held by whoever takes the next place */
  messages_domains: { domain: string; at: number; slots: string }
  /** one row per member, held by whoever is about to send: the count before a message and its start must not interleave */
  messages_pace: {
    userid: string
    at: number
  }
}

export type MessageRow = MessagesTables['messages_messages']
export type Delivery = MessagesTables['messages_deliveries']
export type Card = MessagesTables['messages_cards']
