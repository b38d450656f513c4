import type { Db, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { currentBinding } from '../store/bindings.ts'
import { phoneRow } from '../store/phones.ts'
import type { Vault } from '../vault.ts'
import { bind } from './binding.ts'
import { memberOf, type MemberView, wantMember } from './members.ts'
import { setPhone } from './phone.ts'

export type Joining = { bound: boolean; followed: boolean; phone: { phone: string; proven: boolean } | null; member: MemberView }

/** How far the number's joining is. */
export async function joiningOf(db: Db, vault: Pick<Vault, 'open'>, { person_id, number }: { person_id: string; number: string }): Promise<Joining> {
  const [row, binding, member] = [await phoneRow(db, person_id), await currentBinding(db, { number }), await memberOf(db, number)]
  return {
    bound: binding !== null, followed: member.followed_at !== null || member.wecom_status === 1, member,
    phone: row?.phone_sealed ? { phone: vault.open('phone', row.phone_sealed), proven: row.phone_proven_at !== null } : null,
  }
}

/** 下一步: the phone is kept, not yet proven, and the member is to stand in the address book with it. Pressed twice it asks twice for the same. */
export async function beginJoining(tx: Tx, vault: Vault, actor: Actor, { person_id, number, phone }: { person_id: string; number: string; phone: string }): Promise<void> {
  await setPhone(tx, vault, actor, { person_id, phone, proven: false })
  await wantMember(tx, vault, { number })
}

/** A code came back from the phone: it is the person's, and the member with it is theirs. */
export async function proveJoining(tx: Tx, vault: Vault, actor: Actor, { person_id, number, phone }: { person_id: string; number: string; phone: string }): Promise<void> {
  const { userid, wecom_status } = await memberOf(tx, number)
  await setPhone(tx, vault, actor, { person_id, phone, proven: true })
  if (userid === null || wecom_status === null || wecom_status === 5) await wantMember(tx, vault, { number })
  else await bindJoined(tx, actor, { number, userid })
}

/** Whoever follows with the WeChat of that phone has proved it to the platform. Where somebody bound otherwise meanwhile, that stays. */
export async function bindJoined(tx: Tx, actor: Actor | null, { number, userid }: { number: string; userid: string }): Promise<void> {
  if (await currentBinding(tx, { number }) || await currentBinding(tx, { userid })) return
  await bind(tx, actor, { number, userid }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.kind !== 'conflict') throw error
  })
}
