import { defineMachine } from '../../platform/machine.ts'
import { deliveryBounced, deliveryConfirmed, deliveryRefused, deliverySent, deliveryStranded, deliveryUnknown } from './events.ts'
import type { Card, DeliveryStatus } from './tables.ts'

/** The life of a delivery; WeCom and mail share it. */
export const deliveryMachine = defineMachine({
  name: 'messages.delivery', table: 'messages_deliveries',
  edges: {
    bind: { from: ['waiting'], to: 'queued' },
    unbind: { from: ['queued'], to: 'waiting', emits: deliveryStranded },
    start: { from: ['queued'], to: 'sending' },
    release: { from: ['sending'], to: 'queued' },
    arrive: { from: ['sending'], to: 'sent', emits: deliverySent },
    refuse: { from: ['queued', 'sending'], to: 'refused', emits: deliveryRefused },
    lose: { from: ['sending'], to: 'unknown', emits: deliveryUnknown },
    prove: { from: ['unknown'], to: 'sent', emits: deliverySent },
    drop: { from: ['waiting', 'queued', 'held'], to: 'dropped' },
    'let-go': { from: ['held'], to: 'queued' },
    merge: { from: ['held'], to: 'merged' },
    confirm: { from: ['sent', 'unknown'], to: 'delivered', emits: deliveryConfirmed },
    bounce: { from: ['sent', 'unknown', 'delivered'], to: 'bounced', emits: deliveryBounced },
  },
})

/** A card can be opened once, and closed again as often as a click shows that its buttons are still there. */
export const cardMachine = defineMachine({
  name: 'messages.card', table: 'messages_cards',
  edges: {
    close: { from: ['open'], to: 'closing' },
    done: { from: ['closing'], to: 'closed' },
    reclose: { from: ['closed'], to: 'closing' },
  },
})

/** Which deliveries a person may send again; the others are still on their way. */
export function canResend(status: DeliveryStatus): boolean {
  return ['sent', 'delivered', 'merged', 'refused', 'unknown', 'dropped', 'bounced'].includes(status)
}

// The platform drops the 31st message of a minute and the 1001st of an hour to one member without a word (90312). Some room is left for what else the app sends.
export const PACE = [{ count: 28, within: 60_000 }, { count: 950, within: 3_600_000 }] as const

/** Milliseconds to wait so that a member gets no more than the pace allows. `nth[i]`: when the `PACE[i].count`-th last message began, null where there are fewer. */
export function paceWait(nth: readonly (number | null)[], now: number): number {
  return Math.max(0, ...PACE.map(({ within }, i) => {
    const began = nth[i] ?? null
    return began === null ? 0 : began + within - now
  }))
}

/** Places of one domain's mails, so that in no minute more than `most` begin: the one for now, and what is kept. All epoch ms, oldest first. */
export function nextSlot(slots: readonly number[], now: number, most: number): { at: number; slots: number[] } {
  const before = slots.at(-most)
  const at = Math.max(now, before === undefined ? 0 : before + MINUTE)
  return { at, slots: [...slots, at].filter(each => each > now - MINUTE).slice(-Math.max(most, 1)) }
}

const MINUTE = 60_000
/** A place that was missed by so much is taken anew: all of a standstill's mails must not go out at once. */
export const PLACE_HOLDS = MINUTE / 2

/** Greylisting, a full mailbox, too many at once: said by a server that may take it later. */
export const isPutOff = (code: string | null | undefined): boolean => /^mail:4\d\d$/.test(code ?? '')

/** How long a mail that was put off waits, the longer the older it is; null where it is given up, as mail servers do after days. */
export function putOff(age: number): number | null {
  return age >= GIVE_UP ? null : Math.min(60 * MINUTE, Math.max(MINUTE, age))
}

const GIVE_UP = 48 * 60 * MINUTE

/** The domain that a mail goes to. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase().slice(0, 255)
}

// A media_id lives 3 days (90253); an hour is left for the sending.
export const MEDIA_LIFE = 71 * 3_600_000
/** Bytes of a file that WeCom carries (90253). */
export const LARGEST_FILE = 20 * 1024 * 1024
// A response_code lives 72 hours (94888); some minutes are left for clocks that differ.
export const CODE_LIFE = 72 * 3_600_000 - 5 * 60_000
/** How long before its end the platform's duplicate check is not relied on any more, ms. */
export const DUPLICATE_MARGIN = 10 * 60_000
/** A delivery that nobody works on for so long has lost its job, ms. */
export const FORSAKEN = { wecom: 5 * 3_600_000, mail: 30 * 60_000 } as const

/** May the card still be changed with the code we hold? */
export function canUpdate({ response_code, code_expires_at }: Pick<Card, 'response_code' | 'code_expires_at'>, now: number): boolean {
  return response_code !== null && code_expires_at !== null && code_expires_at > now
}

/** An address as others may see it: enough to recognise, too little to use. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@')
  const [name, domain] = at > 0 ? [address.slice(0, at), address.slice(at)] : [address, '']
  return `${name.slice(0, name.length > 3 ? 2 : 1)}***${domain}`
}
