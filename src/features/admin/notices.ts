import { schoolTime } from '../../platform/dates.ts'
import type { Tx } from '../../platform/db.ts'
import { roleLabel } from '../identity/index.ts'
import type { AdminDeps } from './index.ts'

type Ending = { grant_id: string; person_id: string; role: string; ends_at: number | null }

/** A role ends soon: its holder hears of it, and who may let it go on. */
export async function tellOfEnding(tx: Tx, { identity, messages }: Pick<AdminDeps, 'identity' | 'messages'>, { grant_id, person_id, role, ends_at }: Ending): Promise<void> {
  if (ends_at === null) return
  const [holder] = await identity.peopleByIds(tx, [person_id])
  if (!holder) return
  // The last day, not the first one without it.
  const last = { label: '到哪天为止', value: schoolTime(ends_at - 1).date }
  const named = { label: '角色', value: roleLabel(role) }
  await messages.tell(tx, {
    to: person_id, kind: 'admin.role-ending', title: '角色快要到期', subject: grant_id, url: '/account', lines: [named, last], text: '还需要的话，请联系学校信息中心的安全管理员延长。到期后会自动收回',
  })
  for (const to of await identity.holdersOf(tx, 'security')) {
    if (to === person_id) continue
    await messages.tell(tx, {
      to, kind: 'admin.role-ending', title: '有一个角色快要到期', subject: grant_id, url: `/admin/people/${person_id}`,
      lines: [{ label: '姓名', value: `${holder.name} ${holder.number}` }, named, last], text: '需要继续时请延长，不需要时不用处理，到期会自动收回',
    })
  }
}

const FACTOR_WORDS = {
  enrolled: { title: '二次验证已启用', text: '以后进入管理后台要输入验证器里的验证码。如果不是本人设置的，请立即联系学校信息中心的安全管理员' },
  reset: { title: '二次验证已重置', text: '下次进入管理后台时重新设置。如果不是本人要求的，请立即联系学校信息中心的安全管理员' },
} as const

/** Whoever sets up or puts away a second factor, the person hears of it: it may not have been them. */
export async function tellOfFactor(tx: Tx, { messages }: Pick<AdminDeps, 'messages'>, person_id: string, what: keyof typeof FACTOR_WORDS): Promise<void> {
  await messages.tell(tx, { to: person_id, kind: `admin.factor-${what}`, subject: person_id, url: '/account', lines: [], ...FACTOR_WORDS[what] })
}
