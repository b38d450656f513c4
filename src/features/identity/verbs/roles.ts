import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { roleEnding, roleGranted, roleLapsed, roleRenewed, roleRevoked } from '../events-roles.ts'
import type { ScopePlace } from '../deps.ts'
import type { GrantsTable } from '../grant-tables.ts'
import { LONGEST_REASON, NOTICE, type Period, stateOf } from '../rules/grants.ts'
import { administrators, clashWith, isRole, lastOf, mayCover, roleLabel, type Scope, scopeOf } from '../rules/roles.ts'
import { standings } from '../rules/standing.ts'
import { administratorsNow, closeGrant, grantById, grantsEndingBy, grantsOf, type Held, holdPerson, holdRole, insertGrant, lapsedGrants, liveGrant, markNoticed } from '../store/roles.ts'
import { personById } from '../store/people.ts'
import { unitById } from '../store/units.ts'

/** `separate`: nobody holds two of the three administrators' roles, nor gives a role to themselves. */
export type GrantRules = { separate: boolean; places(): readonly ScopePlace[] }

export type Granting = Scope & Partial<Period> & { person_id: string; role: string; reason: string }

/** Gives a role for a scope and a period, for a reason. Returns the grant's id. */
export async function grantRole(tx: Tx, rules: GrantRules, actor: Actor | null, { person_id, role, scope_kind, scope_id, reason, starts_at = tx.bus.clock.now(), ends_at = null }: Granting): Promise<string> {
  const held: Held = { person_id, role, scope_kind, scope_id }
  await demandFitting(tx, rules, held)
  const why = demandReason(reason)
  if (rules.separate) await demandSeparation(tx, actor, held)
  const same = await liveGrant(tx, held)
  if (same && stateOf(same, tx.bus.clock.now()) !== 'over') throw new AppError('conflict', '已经有这个角色了。要改期限，请在原来的授权上修改')
  if (same) await lapse(tx, same)
  const id = await insertGrant(tx, { ...held, source: 'hand', reason: why, granted_by: actor?.person_id ?? null, starts_at, ends_at })
  await emit(tx, roleGranted, { grant_id: id, role, scope_kind, scope_id, ends_at, reason: why }, { subject: person_id, actor })
  return id
}

/** Ends a grant before its time, for a reason. The last holder of an administrators' role keeps it. */
export async function endGrant(tx: Tx, actor: Actor, { grant_id, reason }: { grant_id: string; reason: string }): Promise<GrantsTable> {
  const grant = await demandLive(tx, grant_id)
  const why = demandReason(reason)
  await demandSuccessor(tx, grant)
  if (!await closeGrant(tx, grant_id, { ended_at: tx.bus.clock.now(), ended_by: actor.person_id, end_reason: why })) throw over()
  await emit(tx, roleRevoked, { ...told(grant), reason: why }, { subject: grant.person_id, actor })
  return grant
}

/** Another end for a grant: the old one is closed, a new one goes on, so that each keeps who decided it and why. Returns the new one's id. */
export async function renewGrant(tx: Tx, rules: GrantRules, actor: Actor, { grant_id, ends_at, reason }: { grant_id: string; ends_at: number | null; reason: string }): Promise<string> {
  const { person_id, role, scope_kind, scope_id, starts_at, ...grant } = await demandLive(tx, grant_id)
  const why = demandReason(reason)
  if (rules.separate && actor.person_id === person_id) throw new AppError('forbidden', '不能修改自己角色的期限，请另一位安全管理员办理')
  const now = tx.bus.clock.now()
  if (!await closeGrant(tx, grant.id, { ended_at: now, ended_by: actor.person_id, end_reason: why })) throw over()
  const id = await insertGrant(tx, { person_id, role, scope_kind, scope_id, source: 'hand', reason: why, granted_by: actor.person_id, starts_at: Math.max(starts_at, now), ends_at })
  await emit(tx, roleRenewed, { grant_id: id, role, scope_kind, scope_id, ends_at, reason: why }, { subject: person_id, actor })
  return id
}

/** As a roster says it; `unit_id` '' is for all. */
export type RosterRole = { person_id: string; role: string; unit_id: string }

/** What the roster gives: for good, and changing nothing where it is held already. */
export async function grantByRoster(tx: Tx, actor: Actor | null, { person_id, role, unit_id }: RosterRole): Promise<void> {
  const held: Held = { person_id, role, ...scopeOf(unit_id) }
  const same = await liveGrant(tx, held)
  const now = tx.bus.clock.now()
  if (same && stateOf(same, now) !== 'over') return
  if (same) await lapse(tx, same)
  const id = await insertGrant(tx, { ...held, source: 'roster', reason: null, granted_by: null, starts_at: now, ends_at: null })
  await emit(tx, roleGranted, { grant_id: id, role, scope_kind: held.scope_kind, scope_id: held.scope_id, ends_at: null, reason: '' }, { subject: person_id, actor })
}

/** What the roster takes, where the roster gave it. The plan has refused to take the last administrator; where they became it since, the row is to be planned anew (`upstream`). */
export async function endByRoster(tx: Tx, actor: Actor | null, { person_id, role, unit_id }: RosterRole): Promise<void> {
  const grant = await liveGrant(tx, { person_id, role, ...scopeOf(unit_id) })
  if (grant?.source !== 'roster') return
  if (await isLast(tx, grant)) throw new AppError('upstream', '系统正忙，请稍后再试')
  await closeGrant(tx, grant.id, { ended_at: tx.bus.clock.now(), ended_by: null, end_reason: null })
  await emit(tx, roleRevoked, { ...told(grant), reason: '' }, { subject: person_id, actor })
}

const BATCH = 100

/** Puts away what is over and announces what ends soon. Rights ended with the time already; this is for the trail and the people. */
export async function watchGrants(tx: Tx): Promise<number> {
  const now = tx.bus.clock.now()
  const lapsed = await lapsedGrants(tx, now, BATCH)
  for (const grant of lapsed) await lapse(tx, grant)
  const ending = await grantsEndingBy(tx, now + NOTICE, BATCH)
  for (const grant of ending) if (await markNoticed(tx, grant.id)) await emit(tx, roleEnding, { ...told(grant), ends_at: grant.ends_at }, { subject: grant.person_id, actor: null })
  return Math.max(lapsed.length, ending.length) === BATCH ? BATCH : 0
}

async function lapse(tx: Tx, grant: GrantsTable): Promise<void> {
  if (!await closeGrant(tx, grant.id, { ended_at: grant.ends_at ?? tx.bus.clock.now(), ended_by: null, end_reason: null })) return
  await emit(tx, roleLapsed, told(grant), { subject: grant.person_id, actor: null })
}

function told({ id, role, scope_kind, scope_id }: GrantsTable) {
  return { grant_id: id, role, scope_kind, scope_id }
}

async function demandFitting(tx: Tx, { places }: GrantRules, { person_id, role, scope_kind, scope_id }: Held): Promise<void> {
  const person = await personById(tx, person_id)
  if (!person) throw new AppError('not-found', '没有找到这个人')
  if (!standings[person.standing].current) throw new AppError('invalid', '这个人已经不在校，不能授予角色')
  if (!isRole(role)) throw new AppError('invalid', '没有这个角色', { fields: { role: '没有这个角色' } })
  if (!mayCover(role, scope_kind)) throw new AppError('invalid', '这个角色不能用于这种范围', { fields: { scope: '这个角色不能用于这种范围' } })
  const known = scope_kind === 'all' ? scope_id === '' : scope_kind === 'unit' ? await unitById(tx, scope_id) !== null : places().some(({ kind, id }) => kind === scope_kind && id === scope_id)
  if (!known) throw new AppError('invalid', '没有这个范围', { fields: { scope: '没有这个范围' } })
}

async function demandSeparation(tx: Tx, actor: Actor | null, { person_id, role }: Held): Promise<void> {
  if (actor?.person_id === person_id) throw new AppError('forbidden', '不能给自己授予角色，请另一位安全管理员办理')
  await holdPerson(tx, person_id)
  const now = tx.bus.clock.now()
  const clash = clashWith(role, (await grantsOf(tx, person_id)).filter(grant => stateOf(grant, now) !== 'over').map(grant => grant.role))
  if (clash) throw new AppError('invalid', '系统管理员、安全管理员和审计管理员不能是同一个人，互相制约才有用', { fields: { role: '这个人已经是另一种管理员' }, params: { role: roleLabel(clash) } })
}

function demandReason(reason: string): string {
  const why = reason.trim().slice(0, LONGEST_REASON)
  if (why.length < 2) throw new AppError('invalid', '请写明原因', { fields: { reason: '请写明原因，会留在记录里' } })
  return why
}

async function demandLive(tx: Tx, grant_id: string): Promise<GrantsTable> {
  const grant = await grantById(tx, grant_id)
  if (!grant) throw new AppError('not-found', '没有找到这次授权')
  if (stateOf(grant, tx.bus.clock.now()) === 'over') throw over()
  return grant
}

async function demandSuccessor(tx: Tx, grant: GrantsTable): Promise<void> {
  if (await isLast(tx, grant)) throw new AppError('conflict', '这是最后一位这样的管理员，不能收回。请先授予另一个人')
}

/** Would nobody who is here hold it any more? */
async function isLast(tx: Tx, { role, person_id }: GrantsTable): Promise<boolean> {
  if (!administrators.some(each => each === role)) return false
  await holdRole(tx, role)
  return lastOf(await administratorsNow(tx, tx.bus.clock.now()), person_id, [role]) !== null
}

function over(): AppError {
  return new AppError('conflict', '这个角色已经收回或到期了')
}
