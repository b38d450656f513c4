import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { roleGranted, roleRevoked } from '../events.ts'
import { isRole, mayCover, WHOLE_UNIVERSITY } from '../rules/roles.ts'
import { personById } from '../store/people.ts'
import { deleteRole, type Grant, hasRole, insertRole, selectHolders } from '../store/roles.ts'
import { unitById } from '../store/units.ts'

/** Gives a role for a unit and what is below it, or for the whole university (`unit_id` ''). Giving it twice changes nothing. */
export async function grantRole(tx: Tx, actor: Actor | null, grant: Grant): Promise<void> {
  const { person_id, role, unit_id } = grant
  if (!isRole(role)) throw new AppError('invalid', '没有这个角色', { fields: { role: '没有这个角色' } })
  if (!await personById(tx, person_id)) throw new AppError('not-found', '没有找到这个人')
  if (unit_id !== WHOLE_UNIVERSITY && !await unitById(tx, unit_id)) throw new AppError('invalid', '没有这个部门', { fields: { unit_id: '没有这个部门' } })
  if (!mayCover(role, unit_id === WHOLE_UNIVERSITY ? 'all' : 'unit')) throw new AppError('invalid', '这个角色只能是全校范围', { fields: { unit_id: '这个角色只能是全校范围' } })
  if (await hasRole(tx, grant)) return
  await insertRole(tx, { person_id, role, unit_id }, 'hand')
  await emit(tx, roleGranted, { role, unit_id }, { subject: person_id, actor })
}

/** Takes a role away. The last administrator stays: nobody could give the role back. */
export async function revokeRole(tx: Tx, actor: Actor, grant: Grant): Promise<void> {
  if (grant.role === 'admin') {
    const others = (await selectHolders(tx, 'admin')).filter(id => id !== grant.person_id)
    if (others.length === 0) throw new AppError('conflict', '这是最后一位系统管理员，不能收回')
  }
  if (!await deleteRole(tx, grant)) throw new AppError('conflict', '这个角色已经收回了')
  await emit(tx, roleRevoked, { role: grant.role, unit_id: grant.unit_id }, { subject: grant.person_id, actor })
}
