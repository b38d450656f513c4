import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'
import { roleLabel } from './rules/roles.ts'

/** `reason`: as it was given, '' where a roster said it */
const reason = Type.String()
const grant = { grant_id: Type.String(), role: Type.String(), scope_kind: Type.String(), scope_id: Type.String() }
const end = Type.Union([Type.Integer(), Type.Null()])

// The subject of each is the person's id.
export const roleGranted = defineEvent('identity.role-granted', Type.Object({ ...grant, ends_at: end, reason }))
export const roleRenewed = defineEvent('identity.role-renewed', Type.Object({ ...grant, ends_at: end, reason }))
export const roleRevoked = defineEvent('identity.role-revoked', Type.Object({ ...grant, reason }))
/** Its time was over. */
export const roleLapsed = defineEvent('identity.role-lapsed', Type.Object(grant))
/** It ends within two weeks. */
export const roleEnding = defineEvent('identity.role-ending', Type.Object({ ...grant, ends_at: end }))

const words = ({ role, reason: why }: Record<string, unknown>) => ({ role: roleLabel(String(role)), why: typeof why === 'string' && why !== '' ? why : '来自名单' })

/** How these read in a trail. */
export const roleEventLabels: Readonly<Record<string, EventLabel>> = {
  [roleGranted.name]: { text: '授予角色：{role}（{why}）', tone: 'good', words },
  [roleRenewed.name]: { text: '修改了角色的期限：{role}（{why}）', tone: 'good', words },
  [roleRevoked.name]: { text: '收回角色：{role}（{why}）', tone: 'wait', words },
  [roleLapsed.name]: { text: '角色到期：{role}', tone: 'quiet', words },
  [roleEnding.name]: { text: '角色快要到期：{role}', tone: 'quiet', words },
}
