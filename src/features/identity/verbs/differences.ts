import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { differenceDecided } from '../events-contacts.ts'
import { type Decision, decisionsFor, type DifferenceField, differenceFields, isDifferenceField } from '../rules/differences.ts'
import { isPresent, readContent, type Settings } from '../rules/member-content.ts'
import { findDepartment, updateDepartment } from '../store/departments.ts'
import { deleteDifferences, type DifferenceRow, differencesOf, updateDifference } from '../store/differences.ts'
import { findMember, updateMember } from '../store/members.ts'
import { setTitle } from '../store/titles.ts'
import { unitById, updateUnit } from '../store/units.ts'
import { readDepartmentContent } from './departments.ts'
import { memberKeyOf } from './members.ts'

export type Deciding = Pick<Settings, 'leavers'> & { /** the secret of contact sync is there */ writes: boolean }

/**
 * Decides one difference. `ours` marks what is to be written (the caller begins the push), `theirs` takes WeCom's word into our list,
 * `ignore` is remembered for this field of this member until it is reopened. Throws where the field knows no such decision.
 */
export async function decide(tx: Tx, actor: Actor | null, row: DifferenceRow, decision: Decision, how: Deciding): Promise<void> {
  const { field } = row
  if (!isDifferenceField(field)) throw new AppError('not-found', '没有这种差异')
  if (decision === 'reopen') {
    if (row.decision !== 'ignore') throw new AppError('conflict', '这处差异没有被忽略')
    await updateDifference(tx, row.id, { decision: 'open', decided_by: actor?.person_id ?? null, decided_at: tx.bus.clock.now() })
  } else {
    if (!decisionsFor(field, how).includes(decision)) throw new AppError('invalid', '“{field}”不能这样处理', { params: { field: differenceFields[field].label } })
    await verdicts[decision](tx, actor, { ...row, field }, how)
  }
  await emit(tx, differenceDecided, { subject: row.subject, field, decision }, { subject: row.id, actor })
}

type Row = Omit<DifferenceRow, 'field'> & { field: DifferenceField }
type Verdict = (tx: Tx, actor: Actor | null, row: Row, how: Deciding) => Promise<void>

const verdicts: Readonly<Record<Exclude<Decision, 'reopen'>, Verdict>> = {
  async ignore(tx, actor, row) {
    await updateDifference(tx, row.id, { decision: 'ignore', decided_by: actor?.person_id ?? null, decided_at: tx.bus.clock.now() })
  },
  async theirs(tx, _actor, row) {
    if (row.field === 'position') await takePosition(tx, row)
    else await takeUnitName(tx, row)
    await deleteDifferences(tx, [row.id])
  },
  async ours(tx, actor, row, how) {
    const decided = { decision: 'ours' as const, problem: null, decided_by: actor?.person_id ?? null, decided_at: tx.bus.clock.now() }
    if (row.field === 'refused') await again(tx, row, decided)
    else await updateDifference(tx, row.id, decided)
    if (row.subject.startsWith('m:')) await markMember(tx, row, how)
    else if (row.subject.startsWith('d:')) await forgetSaid(tx, row)
  },
}

async function takePosition(tx: Tx, { subject, number, theirs }: Row): Promise<void> {
  const member = await findMember(tx, { key: subject.slice(2) })
  if (number === null || !member) throw new AppError('conflict', '这处差异已经没有了，请刷新')
  await setTitle(tx, number, theirs === '' ? null : theirs)
  await updateMember(tx, member.userid_key, { content: JSON.stringify({ ...readContent(member.content), position: theirs === '' ? null : theirs }) })
}

async function takeUnitName(tx: Tx, { subject, theirs }: Row): Promise<void> {
  const row = await findDepartment(tx, Number(subject.slice(2)))
  const unit = row?.unit_id ? await unitById(tx, row.unit_id) : null
  if (!row || !unit || !theirs) throw new AppError('conflict', '这处差异已经没有了，请刷新')
  await updateUnit(tx, { ...unit, name: theirs })
  await updateDepartment(tx, row.department_id, { content: JSON.stringify({ ...readDepartmentContent(row.content), name: theirs }) })
}

/** What was refused is tried again; so is what was decided with it. */
async function again(tx: Tx, row: Row, decided: Partial<DifferenceRow>): Promise<void> {
  await deleteDifferences(tx, [row.id])
  for (const each of await differencesOf(tx, [row.subject])) if (each.problem !== null && each.decision === 'open') await updateDifference(tx, each.id, decided)
}

/** The member is to be written; of what we said before, this field does not count. */
async function markMember(tx: Tx, { subject, field, number, problem }: Row, { leavers }: Deciding): Promise<void> {
  const now = tx.bus.clock.now()
  if (field === 'missing' && number !== null) {
    const key = await memberKeyOf(tx, number)
    return await updateMember(tx, key, { wish: 'present', due_at: now, problem: null, problem_at: null })
  }
  const member = await findMember(tx, { key: subject.slice(2) })
  if (!member) throw new AppError('conflict', '这处差异已经没有了，请刷新')
  // Somebody looked and says that it is the same person: everything is said anew, the name too.
  if (problem === 'contacts:other-person') return await updateMember(tx, member.userid_key, { content: '{}', wecom_status: isPresent(member.wecom_status) ? member.wecom_status : 4, due_at: now, problem: null, problem_at: null })
  const said = readContent(member.content)
  const content = said && JSON.stringify(Object.fromEntries(Object.entries(said).filter(([name]) => name !== field)))
  await updateMember(tx, member.userid_key, {
    content, due_at: now, problem: null, problem_at: null, ...(field === 'unknown' && { wish: leavers === 'delete' ? 'gone' as const : 'disabled' as const }),
  })
}

async function forgetSaid(tx: Tx, { subject, field }: Row): Promise<void> {
  const row = await findDepartment(tx, Number(subject.slice(2)))
  if (!row || field === 'unit-unknown') return
  const { name, parent } = readDepartmentContent(row.content) ?? {}
  await updateDepartment(tx, row.department_id, { content: JSON.stringify(field === 'unit-name' ? { parent } : field === 'unit-parent' ? { name } : {}) })
}
