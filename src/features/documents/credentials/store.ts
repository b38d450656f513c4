import { randomInt, randomUUID } from 'node:crypto'
import type { JWK } from 'jose'
import { type Db, isDuplicate, type Tx } from '../../../platform/db.ts'
import { MOST_TAKEN, PLACES } from './status.ts'
import type { CredentialsTable } from './tables.ts'

export async function findCredential(db: Db, document_id: string): Promise<CredentialsTable | undefined> {
  return await db.selectFrom('documents_credentials').selectAll().where('document_id', '=', document_id).executeTakeFirst()
}

/** The document of which a credential tells, by the credential's own random id: only who has it knows that. */
export async function documentOfCredential(db: Db, id: string): Promise<string | undefined> {
  const row = await db.selectFrom('documents_credentials').select('document_id').where('id', '=', id).executeTakeFirst()
  return row?.document_id
}

/** The one there is, else a new one with a place of its own. Two at once: one gets a duplicate, and finds the other's when it asks again. */
export async function keepCredential(tx: Tx, document_id: string): Promise<CredentialsTable> {
  const known = await findCredential(tx, document_id)
  if (known) return known
  const list = await roomyList(tx)
  const row = { document_id, id: randomUUID(), subject: randomUUID(), list, place: await freePlace(tx, list), created_at: tx.bus.clock.now() }
  await tx.insertInto('documents_credentials').values(row).execute()
  return row
}

async function roomyList(tx: Tx): Promise<number> {
  const newest = await tx.selectFrom('documents_credentials').select(({ fn }) => fn.max('list').as('list')).executeTakeFirst()
  const list = newest?.list ?? 0
  const { taken } = await tx.selectFrom('documents_credentials').select(({ fn }) => fn.countAll<number>().as('taken')).where('list', '=', list).executeTakeFirstOrThrow()
  return Number(taken) < MOST_TAKEN ? list : list + 1
}

async function freePlace(tx: Tx, list: number): Promise<number> {
  for (;;) {
    const place = randomInt(PLACES)
    const taken = await tx.selectFrom('documents_credentials').select('place').where('list', '=', list).where('place', '=', place).executeTakeFirst()
    if (!taken) return place
  }
}

/** How many lists there are: the first is there from the beginning. */
export async function listCount(db: Db): Promise<number> {
  const newest = await db.selectFrom('documents_credentials').select(({ fn }) => fn.max('list').as('list')).executeTakeFirst()
  return Number(newest?.list ?? 0) + 1
}

/** Places of a list whose documents do not hold any more. */
export async function revokedPlaces(db: Db, list: number): Promise<number[]> {
  const rows = await db.selectFrom('documents_credentials as credential').innerJoin('documents_documents as document', 'document.id', 'credential.document_id')
    .select('credential.place').where('credential.list', '=', list).where('document.status', '=', 'revoked').execute()
  return rows.map(({ place }) => place)
}

/** What became of the document whose credential has this place. */
export async function statusAt(db: Db, list: number, place: number): Promise<'good' | 'revoked' | 'unknown'> {
  const row = await db.selectFrom('documents_credentials as credential').innerJoin('documents_documents as document', 'document.id', 'credential.document_id')
    .select('document.status').where('credential.list', '=', list).where('credential.place', '=', place).executeTakeFirst()
  return row === undefined ? 'unknown' : row.status === 'revoked' ? 'revoked' : 'good'
}

export async function keepKey(tx: Tx, id: string, jwk: JWK): Promise<void> {
  const known = await tx.selectFrom('documents_credential_keys').select('id').where('id', '=', id).executeTakeFirst()
  if (known) return
  try {
    await tx.insertInto('documents_credential_keys').values({ id, jwk: JSON.stringify(jwk), first_used_at: tx.bus.clock.now() }).execute()
  } catch (error) {
    if (!isDuplicate(error)) throw error
  }
}

export async function listKeys(db: Db): Promise<{ id: string; jwk: JWK }[]> {
  return (await db.selectFrom('documents_credential_keys').select(['id', 'jwk']).orderBy('first_used_at').orderBy('id').execute()).map(({ id, jwk }) => ({ id, jwk: JSON.parse(jwk) }))
}
