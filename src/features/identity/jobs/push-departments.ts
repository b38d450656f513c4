import { AppError, isOutcome } from '../../../platform/errors.ts'
import type { Context } from '../deps.ts'
import { type DepartmentAct, planDepartments } from '../rules/plan-departments.ts'
import { firstRead } from '../store/contact-runs.ts'
import { listDepartments } from '../store/departments.ts'
import { differencesOfField } from '../store/differences.ts'
import { readDepartmentContent, recordDepartments, type Departments } from '../verbs/departments.ts'
import { recordDepartmentDeleted, recordDepartmentRefused, recordDepartmentWritten, reserveDepartment } from '../verbs/write-departments.ts'
import type { Recording } from './push-member.ts'

/** Calls in a slice. */
const ACTS = 40

/**
 * Writes what is due of the tree, parents before children. The tree is read first, so that a department that is there already is joined and
 * not made twice. Returns how many calls it made, and whether more is to be done.
 */
export async function writeDepartments(context: Context, record: Recording, signal: AbortSignal): Promise<{ calls: number; more: boolean; made: number }> {
  const { contacts, contactSettings: { root } } = context
  const there = (await contacts.departments.list()).map(({ id, name = '', parentid = 0 }) => ({ id, name, parentid }))
  let state: Departments | undefined
  await record(async tx => { state = await recordDepartments(tx, there, root) })
  if (!state) return { calls: 1, more: false, made: 0 }
  const acts = await planActs(context, state)
  const now = acts.slice(0, ACTS)
  const refused = new Set<string>()
  let made = 0
  for (const act of now) {
    if (signal.aborted) return { calls: 1 + made, more: true, made }
    if (!await carryOut(context, act, record)) refused.add('unit_id' in act ? act.unit_id : String(act.department_id))
    else made += Number(act.act === 'create')
  }
  // What was just made may be what others wait for: their turn comes with the next slice. Without progress there is none.
  return { calls: 1 + now.length, more: now.length > refused.size && (acts.length > now.length || made > 0), made }
}

async function planActs({ database: { db }, contactSettings: { root, push } }: Context, { wanted, there, links }: Departments): Promise<DepartmentAct[]> {
  const [rows, differences, since] = await Promise.all([listDepartments(db), differencesOfField(db, ['unit-name', 'unit-parent', 'unit-missing', 'unit-unknown', 'refused']), firstRead(db)])
  const ignored = new Set(differences.filter(row => row.decision === 'ignore').map(row => `${row.subject} ${row.field}`))
  return planDepartments({
    wanted, there, links, root, rows: rows.map(row => ({ ...row, content: readDepartmentContent(row.content) })),
    isIgnored: (subject, field) => ignored.has(`${subject} ${field}`),
    isNew: unit => push === 'everyone' || (since !== null && unit.created_at > since),
    asked: new Set(differences.filter(row => row.decision === 'ours').map(row => row.subject)),
  }).filter(act => !('unit_id' in act) || !differences.some(row => row.field === 'refused' && row.decision === 'open' && row.subject === `u:${act.unit_id}`))
}

/** False where WeCom did not take it: told, and not tried again until somebody says so. */
async function carryOut({ contacts }: Context, act: DepartmentAct, record: Recording): Promise<boolean> {
  try {
    if (act.act === 'refuse') throw new AppError('invalid', '没有接受', { code: act.problem })
    if (act.act === 'create') {
      let department_id = 0
      await record(async tx => { department_id = await reserveDepartment(tx, act) })
      await contacts.departments.create({ id: department_id, name: act.name, parentid: act.parent })
      await record(tx => recordDepartmentWritten(tx, { ...act, department_id, parent: act.parent }))
    } else if (act.act === 'update') {
      await contacts.departments.update({ id: act.department_id, ...act.change })
      await record(tx => recordDepartmentWritten(tx, { unit_id: act.unit_id, department_id: act.department_id, name: act.change.name, parent: act.change.parentid }))
    } else {
      await contacts.departments.delete(act.department_id)
      await record(tx => recordDepartmentDeleted(tx, act.department_id))
    }
    return true
  } catch (error) {
    if (!isOutcome(error) || error.code === undefined || error.code.startsWith('status:')) throw error
    const problem = error.code
    await record(tx => recordDepartmentRefused(tx, act, problem))
    return false
  }
}
