import type { Tx } from '../../../platform/db.ts'
import type { MemberOutcome } from '../rules/joining.ts'
import { currentBinding } from '../store/bindings.ts'
import { findMember } from '../store/members.ts'
import { numbersOf } from '../store/people.ts'
import { peopleWithPhone } from '../store/phones.ts'
import type { Vault } from '../vault.ts'
import type { Visit } from '../visits.ts'
import { bindPresent } from './binding.ts'
import { personByPhone, setPhone } from './phone.ts'
import { mayEnter, type Session, signIn } from './sign-in.ts'

type Proved = {
  /** the member of WeCom who is here, as WeCom says */
  userid: string
  /** a code came back from it; as `readPhone` gives it */
  phone: string
  visit: Visit
}

/**
 * 关注身份验证: what a phone that a code has just come back from says of a member whom nobody is bound to. Binds and signs in where the phone
 * was proved before, or its person named it after signing in with the campus account (用户注册). What only a roster says of a phone is not
 * enough: a number that changed hands would open the account of who had it before. `conflict` where member or number is bound
 * otherwise, `forbidden` (`identity:closed`) for who has left.
 */
export async function proveMember(tx: Tx, vault: Vault, { userid, phone, visit }: Proved): Promise<{ outcome: MemberOutcome; session: Session | null }> {
  const bound = await currentBinding(tx, { userid })
  if (bound) return { outcome: 'done', session: await signIn(tx, { number: bound.number, way: 'wecom', visit }) }
  const found = await personByPhone(tx, vault, phone)
  if (!found) return { outcome: (await peopleWithPhone(tx, vault.indexes('phone', phone))).length === 0 ? 'missing' : 'verify', session: null }
  const { person: { id: person_id, number: leading }, proven } = found
  const number = await namedFor(tx, person_id) ?? (proven ? leading : null)
  if (number === null) return { outcome: 'verify', session: null }
  await mayEnter(tx, number)
  const actor = { person_id, number }
  await bindPresent(tx, actor, { number, userid })
  await setPhone(tx, vault, actor, { person_id, phone, proven: true })
  return { outcome: 'straight', session: await signIn(tx, { number, way: 'wecom', visit }) }
}

/** The number that the person is joining for: they named a phone for it and have not followed yet. */
async function namedFor(tx: Tx, person_id: string): Promise<string | null> {
  for (const { number } of await numbersOf(tx, person_id)) {
    const row = await findMember(tx, { number })
    if (row?.wish === 'present' && row.followed_at === null) return number
  }
  return null
}
