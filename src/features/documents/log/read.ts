import type { Db } from '../../../platform/db.ts'
import { type EventRow, eventsOf } from '../../../platform/events.ts'
import type { DeliveryRow } from '../../messages/index.ts'
import type { Messages } from '../index.ts'
import { replacementsOf } from '../replacements.ts'
import { listOpenings, listShares } from '../shares/store.ts'
import type { Share, ShareOpening } from '../shares/tables.ts'
import { type ListedPrint, listPrints } from '../terminals/store.ts'
import { documentsByIds, listVerifications, type Verified } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import { subjectOf } from '../verbs.ts'

/** of each kind of line, the newest */
const MOST = 500

/** A link with what became of it. */
export type Linked = { share: Share; deliveries: readonly DeliveryRow[]; openings: readonly Pick<ShareOpening, 'what' | 'at'>[] }

/** All that is known of what became of a paper. */
export type Life = {
  document: DocumentRow
  events: readonly EventRow[]
  deliveries: readonly DeliveryRow[]
  verifications: readonly Verified[]
  links: readonly Linked[]
  prints: readonly ListedPrint[]
  /** numbers of the paper that took its place, and of the one whose place it took */
  replaced: { by: string | null; of: string | null }
  /** there is more than is listed */
  cut: boolean
}

/** `own`: its owner reads it, who alone is told to whom there are links. */
export async function lifeOf(db: Db, messages: Pick<Messages, 'deliveriesOf'>, document: DocumentRow, own: boolean): Promise<Life> {
  const events = (await eventsOf(db, subjectOf(document))).filter(({ data }) => data.document_id === document.id)
  const verifications = await listVerifications(db, document.id, MOST)
  const shares = own ? await listShares(db, document.person_id, { document_id: document.id, limit: MOST }) : []
  const links: Linked[] = []
  for (const share of shares) links.push({ share, deliveries: await messages.deliveriesOf(db, share.id), openings: await listOpenings(db, share.id, MOST) })
  const prints = await listPrints(db, { document_id: document.id }, { limit: MOST })
  return {
    document, events, verifications, links, prints, replaced: await numbersOf(db, document),
    // Administrators are told of a paper as well, but that is not what became of it.
    deliveries: (await messages.deliveriesOf(db, document.id)).filter(({ person_id }) => person_id === document.person_id),
    cut: [verifications, shares, prints, ...links.map(({ openings }) => openings)].some(({ length }) => length === MOST),
  }
}

async function numbersOf(db: Db, { id }: DocumentRow): Promise<Life['replaced']> {
  const { by, of } = await replacementsOf(db, id)
  const rows = await documentsByIds(db, [by, of].filter(each => each !== null))
  const number = (wanted: string | null) => rows.find(row => row.id === wanted)?.number ?? null
  return { by: number(by), of: number(of) }
}
