import { isDuplicate, type Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { type Actor, emit } from '../../platform/events.ts'
import { newId } from '../../platform/ids.ts'
import { called, clientChanged, clientEnded, clientMade, tokenEnded, tokenMade } from './events.ts'
import { type Client, MOST_TOKENS, newToken, type Settings, windowsOf } from './rules.ts'
import { countUse, endClient, endToken, endTokens, getClient, insertClient, insertToken, markUsed, tokensOf, updateClient } from './store.ts'

/** Returns its id. Throws `invalid` at the name where there is one of that already. */
export async function makeClient(tx: Tx, actor: Actor, settings: Settings): Promise<string> {
  const id = newId()
  await namedOnce(insertClient(tx, id, settings))
  await emit(tx, clientMade, { client_id: id }, { subject: id, actor })
  return id
}

/** From the next call on. What has been ended stays so. */
export async function changeClient(tx: Tx, actor: Actor, id: string, settings: Settings): Promise<void> {
  goesOn(await getClient(tx, id))
  await namedOnce(updateClient(tx, id, settings))
  await emit(tx, clientChanged, { client_id: id }, { subject: id, actor })
}

/** At once, with all its tokens; ending it twice is as ending it once. */
export async function stopClient(tx: Tx, actor: Actor, id: string): Promise<void> {
  await getClient(tx, id)
  if (!await endClient(tx, id)) return
  await endTokens(tx, id, tx.bus.clock.now())
  await emit(tx, clientEnded, { client_id: id }, { subject: id, actor })
}

/** A new token, which nobody can read again; the ones before it end after `overlap` hours. */
export async function renewToken(tx: Tx, actor: Actor, client_id: string, overlap: number): Promise<string> {
  goesOn(await getClient(tx, client_id))
  const now = tx.bus.clock.now()
  await endTokens(tx, client_id, now + overlap * 3_600_000)
  const going = (await tokensOf(tx, client_id)).filter(({ ends_at }) => ends_at === null || ends_at > now)
  if (going.length >= MOST_TOKENS) throw new AppError('conflict', '同时有效的令牌最多 {most} 个，请先作废一个旧的', { params: { most: MOST_TOKENS } })
  const { id, token, hash } = newToken()
  await insertToken(tx, { id, client_id, hash, created_at: now, ends_at: null })
  await emit(tx, tokenMade, { client_id, token_id: id }, { subject: client_id, actor })
  return token
}

/** At once; ending it twice is as ending it once. */
export async function stopToken(tx: Tx, actor: Actor, client_id: string, token_id: string): Promise<void> {
  if (await endToken(tx, client_id, token_id)) await emit(tx, tokenEnded, { client_id, token_id }, { subject: client_id, actor })
}

export type Admission = { limit: number; remaining: number; /** seconds until more may be asked */ reset: number; admitted: boolean }

/** Counts a call, in all processes together, and keeps in the trail what was let in. What is over the limit counts too. */
export async function admit(tx: Tx, client: Client, operation: string, of: string): Promise<Admission> {
  const now = tx.bus.clock.now()
  const standings: Admission[] = []
  for (const { slot, limit, ends_at } of windowsOf(client, now)) {
    // Kept for a while longer, so that the console can say how much it was.
    const uses = await countUse(tx, client.id, slot, ends_at + 86_400_000)
    standings.push({ limit, remaining: Math.max(0, limit - uses), reset: Math.ceil((ends_at - now) / 1000), admitted: uses <= limit })
  }
  const refused = standings.findLast(({ admitted }) => !admitted)
  if (refused) return refused
  await markUsed(tx, client.id)
  await emit(tx, called, { client_id: client.id, operation, of }, { subject: client.id, actor: actorOf(client) })
  const [minute] = standings
  if (!minute) throw new Error('a call counts in no window')
  return minute
}

/** How a client stands in the trail: its id, and its name where a person's number stands. */
export function actorOf({ id, name }: Pick<Client, 'id' | 'name'>): Actor {
  return { person_id: id, number: name }
}

function goesOn({ ended_at }: Client): void {
  if (ended_at !== null) throw new AppError('conflict', '这个接口已经停用，请另外开通一个')
}

async function namedOnce(write: Promise<void>): Promise<void> {
  try {
    await write
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('invalid', '已经有叫这个名称的接口', { fields: { name: '已经有叫这个名称的接口' } })
    throw error
  }
}
