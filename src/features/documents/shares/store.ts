import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { newId } from '../../../platform/ids.ts'
import type { PersonalKind } from '../../../platform/personal.ts'
import type { Share, ShareOpening } from './tables.ts'

export async function insertShare(tx: Tx, share: Share): Promise<void> {
  await tx.insertInto('documents_shares').values(share).execute()
}

export async function findByHash(db: Db, token_hash: string): Promise<Share | undefined> {
  return await db.selectFrom('documents_shares').selectAll().where('token_hash', '=', token_hash).executeTakeFirst()
}

export async function findShare(db: Db, id: string): Promise<Share | undefined> {
  return await db.selectFrom('documents_shares').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function getShare(db: Db, id: string): Promise<Share> {
  const share = await findShare(db, id)
  if (!share) throw new AppError('not-found', '没有找到这个分享')
  return share
}

export type ListedShare = Share & { title: string; number: string; document_status: 'reserved' | 'issued' | 'impossible' | 'revoked' }

/** A person's links, of one document or of all, newest first; `before`: id of the last one seen. */
export async function listShares(db: Db, person_id: string, { document_id, before, limit }: { document_id?: string; before?: string | undefined; limit: number }): Promise<ListedShare[]> {
  return await db.selectFrom('documents_shares as share').innerJoin('documents_documents as document', 'document.id', 'share.document_id')
    .selectAll('share').select(['document.title', 'document.number', 'document.status as document_status']).where('share.person_id', '=', person_id)
    .$if(document_id !== undefined, query => query.where('share.document_id', '=', document_id ?? ''))
    .$if(before !== undefined, query => query.where('share.id', '<', before ?? '')).orderBy('share.id', 'desc').limit(limit).execute()
}

export type OpenedShare = Share & { /** when it was opened last, epoch ms */ opened_at: number | null }

/** The newest links to a document, each with when somebody came by it last. */
export async function listOpened(db: Db, document_id: string, limit: number): Promise<OpenedShare[]> {
  const rows = await db.selectFrom('documents_shares').selectAll().where('document_id', '=', document_id).orderBy('id', 'desc').limit(limit).execute()
  if (rows.length === 0) return []
  const opened = await db.selectFrom('documents_share_openings').select(['share_id', ({ fn }) => fn.max('at').as('at')])
    .where('share_id', 'in', rows.map(({ id }) => id)).where('what', '=', 'opened').groupBy('share_id').execute()
  const last = new Map(opened.map(({ share_id, at }) => [share_id, Number(at)]))
  return rows.map(row => ({ ...row, opened_at: last.get(row.id) ?? null }))
}

/** How often the links to each of these documents were opened; those that never were are absent. */
export async function openingsOf(db: Db, document_ids: readonly string[]): Promise<Map<string, number>> {
  if (document_ids.length === 0) return new Map()
  const rows = await db.selectFrom('documents_shares').select(['document_id', ({ fn }) => fn.sum('views').as('views')]).where('document_id', 'in', document_ids).where('views', '>', 0).groupBy('document_id').execute()
  return new Map(rows.map(({ document_id, views }) => [document_id, Number(views)]))
}

/** How many links a person has made since then. */
export async function madeSince(db: Db, person_id: string, since: number, most: number): Promise<number> {
  return (await db.selectFrom('documents_shares').select('id').where('person_id', '=', person_id).where('created_at', '>', since).limit(most).execute()).length
}

/** Links to a document that can be opened now, with a passcode. */
export async function openWithPasscode(db: Db, document_id: string, now: number): Promise<Share[]> {
  return await db.selectFrom('documents_shares').selectAll().where('document_id', '=', document_id).where('status', '=', 'open').where('passcode', '=', 1).where('expires_at', '>', now)
    .where(({ or, eb }) => or([eb('views_most', 'is', null), eb('views', '<', eb.ref('views_most'))])).execute()
}

/** Takes one view; false where there is none left by now. */
export async function takeView(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('documents_shares').set(({ eb }) => ({ views: eb('views', '+', 1) }))
    .where('id', '=', id).where('status', '=', 'open').where('expires_at', '>', tx.bus.clock.now())
    .where(({ or, eb }) => or([eb('views_most', 'is', null), eb('views', '<', eb.ref('views_most'))])).executeTakeFirst()
  return numUpdatedRows === 1n
}

export async function setShare(tx: Tx, id: string, columns: Partial<Pick<Share, 'expires_at' | 'recipient' | 'address'>>): Promise<void> {
  await tx.updateTable('documents_shares').set(columns).where('id', '=', id).execute()
}

export async function insertOpening(tx: Tx, share_id: string, what: ShareOpening['what']): Promise<void> {
  await tx.insertInto('documents_share_openings').values({ id: newId(), share_id, what, at: tx.bus.clock.now() }).execute()
}

/** What happened by a link, newest first. */
export async function listOpenings(db: Db, share_id: string, limit = 50): Promise<Pick<ShareOpening, 'what' | 'at'>[]> {
  return await db.selectFrom('documents_share_openings').select(['what', 'at']).where('share_id', '=', share_id).orderBy('id', 'desc').limit(limit).execute()
}

/** Counts a try and holds its row until the transaction ends, so that of many at once each is seen by the next. How many there are now. */
export async function countTry(tx: Tx, slot: string, ends_at: number): Promise<number> {
  const { numUpdatedRows } = await tx.updateTable('documents_guesses').set(({ eb }) => ({ misses: eb('misses', '+', 1) })).where('slot', '=', slot).executeTakeFirst()
  if (numUpdatedRows === 0n) {
    try {
      await tx.insertInto('documents_guesses').values({ slot, misses: 0, ends_at }).execute()
    } catch (error) {
      if (!isDuplicate(error)) throw error // another one was first, and its row is there now
    }
    return countTry(tx, slot, ends_at)
  }
  return (await tx.selectFrom('documents_guesses').select('misses').where('slot', '=', slot).executeTakeFirstOrThrow()).misses
}

/** The try was a right one. */
export async function uncountTry(tx: Tx, slot: string): Promise<void> {
  await tx.updateTable('documents_guesses').set(({ eb }) => ({ misses: eb('misses', '-', 1) })).where('slot', '=', slot).execute()
}

/** A person's links as 我的信息 shows them: to whom, and how often they were opened. */
export async function sharesOfPerson(db: Db, person_id: string, limit: number): Promise<PersonalKind> {
  const rows = await listShares(db, person_id, { limit })
  return {
    label: '分享链接', purpose: '让你指定的人查看你的文件', source: '你自己开通', term: '按学校的档案规定',
    entries: rows.map(row => ({ title: row.title, at: row.created_at, facts: [
      { label: '文件编号', value: row.number }, { label: '分享给', value: row.recipient }, { label: '对方的邮箱', value: row.address }, { label: '用途', value: row.purpose }, { label: '有效至', value: row.expires_at, at: true }, { label: '打开次数', value: row.views },
    ] })),
  }
}
