import type { BounceBox, Mailer } from '../../integrations/mail/index.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/events.ts'
import type { Feature } from '../../platform/feature.ts'
import type { Keyring } from '../../platform/keys.ts'
import { labels } from './events.ts'
import { consoleRoutes, type Names } from './console.ts'
import { readBouncesWork } from './jobs/read-bounces.ts'
import { releaseHeldWork } from './jobs/release-held.ts'
import { sendMailWork } from './jobs/send-mail.ts'
import { type SendWecomDeps, sendWecomWork } from './jobs/send-wecom.ts'
import { settleForsakenWork } from './jobs/settle-forsaken.ts'
import { updateCardWork } from './jobs/update-card.ts'
import { type DeliveryRow, deliveryRow } from './pages.ts'
import { accountNotes, bindingReactions } from './reactions.ts'
import { preferenceRoutes } from './preference-routes.ts'
import { messageRoutes } from './routes.ts'
import { cardMachine, deliveryMachine } from './rules.ts'
import { forget } from './store/forget.ts'
import { findShown, listBegunBetween, listByMessages, listBySubject, type ShownDelivery } from './store/deliveries.ts'
import { listMessages, type ListedMessage } from './store/messages.ts'
import { flushWaiting, resend } from './verbs/again.ts'
import { cardClicked, closeCard } from './verbs/cards.ts'
import { type PerMinute, recordBounced } from './verbs/deliver.ts'
import { clickedUnbound } from './verbs/unbound.ts'
import { mail, type Mailing, tell, tellAll, type Tell } from './verbs/tell.ts'

export type { Button, Fact, FileRef, Question } from './content.ts'
export { deliveryBounced, deliveryConfirmed, deliveryRefused, deliveryResent, deliverySent, deliveryStranded, deliveryUnknown } from './events.ts'
export { type DeliveryRow, type DeliveryView, deliveryView } from './pages.ts'
export { taskOf } from './verbs/cards.ts'
export type { Mailing, Tell } from './verbs/tell.ts'

export type MessagesDeps = SendWecomDeps & {
  mailer: Mailer
  keyring: Pick<Keyring, 'sign' | 'verify'>
  /** null where no mailbox is read for mails that come back */
  bounces: BounceBox | null
  mailPerMinute: PerMinute
  /** sender of all mail, an address or `name <address>` */
  mailFrom: string
  contactOf(db: Db, person_id: string): Promise<{ email: string | null }>
  peopleByIds: Names
  /** the secrets of later features that go out in mails, as a link that opens something */
  secretsOf(db: Db, kind: string, subject: string): Promise<Record<string, string>>
}

export type Messages = Feature & {
  /** Tells a person something through WeCom; returns the message's id. */
  tell(tx: Tx, told: Tell): Promise<string>
  /** The same for several messages at once. */
  tellAll(tx: Tx, told: readonly Tell[]): Promise<string[]>
  /** Sends a mail; returns the delivery's id. */
  mail(tx: Tx, mailing: Mailing): Promise<string>
  closeCard: typeof closeCard
  cardClicked: typeof cardClicked
  clickedUnbound: typeof clickedUnbound
  resend(tx: Tx, actor: Actor, delivery_id: string): Promise<string>
  flushWaiting: typeof flushWaiting
  /** Deletes everything that was said about a thing; how many messages. */
  forget: typeof forget
  /** A mail that was taken came back. */
  bounced: typeof recordBounced
  /** Everything sent about a thing, oldest first. */
  deliveriesOf(db: Db, subject: string): Promise<DeliveryRow[]>
  /** How the files and mails of a kind of message fared that were begun in a span (ms, `until` left out). */
  begunBetween: typeof listBegunBetween
  /** null where there is none */
  deliveryById(db: Db, id: string): Promise<DeliveryRow | null>
  /** Messages to a person with their deliveries, newest first, a page of at most `limit` (20) before a message's id. */
  listFor(db: Db, person_id: string, page?: { before?: string | undefined; limit?: number }): Promise<(ListedMessage & { deliveries: DeliveryRow[] })[]>
}

/** Of a person's own messages in 我的信息. */
const MOST = 500

/** Tell a person something: kept at once, sent by job, and whether it arrived. */
export function createMessages(deps: MessagesDeps): Messages {
  const row = (shown: ShownDelivery) => deliveryRow(shown, deps.bounces !== null)
  return {
    name: 'messages',
    tell: (tx, told) => tell(tx, deps, told),
    tellAll: (tx, told) => tellAll(tx, deps, told),
    mail,
    closeCard,
    cardClicked,
    clickedUnbound,
    resend,
    flushWaiting,
    forget,
    bounced: recordBounced,
    async deliveriesOf(db, subject) {
      return (await listBySubject(db, subject)).map(row)
    },
    begunBetween: listBegunBetween,
    async deliveryById(db, id) {
      const found = await findShown(db, id)
      return found ? row(found) : null
    },
    async listFor(db, person_id, { before, limit = 20 } = {}) {
      const messages = await listMessages(db, person_id, { before, limit })
      const deliveries = Map.groupBy(await listByMessages(db, messages.map(message => message.id)), delivery => delivery.message_id)
      return messages.map(message => ({ ...message, deliveries: (deliveries.get(message.id) ?? []).map(row) }))
    },
    hallMenu: [{ group: '我的', label: '我的通知', href: '/messages' }],
    async routes(app) {
      await app.register(messageRoutes(deps.database.db))
      await app.register(preferenceRoutes(deps))
    },
    console: [{ right: 'jobs.run', routes: consoleRoutes(deps.database.db, deps.peopleByIds) }],
    consoleMenu: [{ group: '运行', label: '通知', href: '/admin/messages', icon: 'bell', right: 'jobs.run' }],
    personal: async (db, person_id) => [{
      label: '通知', purpose: '告诉你办理的进展', source: '办理的时候', term: '不少于六个月',
      entries: (await listMessages(db, person_id, { limit: MOST })).map(message => ({ title: message.title, at: message.created_at, facts: [{ label: '内容', value: message.text }] })),
    }],
    jobs: [sendWecomWork(deps), sendMailWork(deps), updateCardWork(deps), releaseHeldWork(deps), settleForsakenWork(deps), ...deps.bounces ? [readBouncesWork(deps)] : []],
    reactions: [...bindingReactions(deps), ...accountNotes(deps)],
    machines: [deliveryMachine, cardMachine],
    labels,
  }
}
