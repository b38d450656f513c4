import { isDuplicate, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit, emitAll } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import type { GroupUse, GroupUses } from '../deps.ts'
import { groupChanged, groupJoined, groupLeft, groupMade, groupRemoved } from '../events-groups.ts'
import type { GroupsTable } from '../group-tables.ts'
import { type GroupForm, groupFaults, MOST_MEMBERS } from '../rules/groups.ts'
import { standings } from '../rules/standing.ts'
import { deleteGroup, deleteMember, groupById, holdGroup, insertGroup, insertMembers, membersOf, presentMembers, updateGroup } from '../store/groups.ts'
import { peopleByIds, personById } from '../store/people.ts'

/** Returns its id. Throws `invalid` at the fields; at `word` where a group is called so already. */
export async function makeGroup(tx: Tx, actor: Actor | null, form: GroupForm): Promise<string> {
  demandFilled(form)
  const [id, now] = [newId(), tx.bus.clock.now()]
  try {
    await insertGroup(tx, { id, word: form.word, name: form.name, purpose: form.purpose, created_at: now, updated_at: now })
  } catch (error) {
    if (isDuplicate(error)) throw new AppError('invalid', '已经有这个代号的工作组', { fields: { word: '已经有这个代号的工作组' } })
    throw error
  }
  await emit(tx, groupMade, { name: form.name }, { subject: id, actor })
  return id
}

/** Another name or purpose; the word by which flows call it stays. */
export async function changeGroup(tx: Tx, actor: Actor, { group_id, name, purpose }: { group_id: string; name: string; purpose: string }): Promise<void> {
  const group = await getGroup(tx, group_id)
  demandFilled({ word: group.word, name, purpose })
  if (group.name === name && group.purpose === purpose) return
  await updateGroup(tx, group_id, { name, purpose, updated_at: tx.bus.clock.now() })
  await emit(tx, groupChanged, { name }, { subject: group_id, actor })
}

/** Takes people in, after those who are in it; who is already stays where they are. Returns how many are new. */
export async function joinGroup(tx: Tx, actor: Actor | null, { group_id, people }: { group_id: string; people: readonly string[] }): Promise<number> {
  const { name } = await getGroup(tx, group_id)
  await holdGroup(tx, group_id)
  const members = await membersOf(tx, group_id)
  const known = new Map((await peopleByIds(tx, people)).map(person => [person.id, person]))
  const joining = [...new Set(people)].flatMap(id => members.some(member => member.id === id) ? [] : known.get(id) ?? absent('not-found', '没有找到这个人'))
  if (joining.length === 0) return 0
  if (joining.some(({ standing }) => !standings[standing].current)) absent('invalid', '选中的人里有人已经不在校，不能加入')
  if (members.length + joining.length > MOST_MEMBERS) throw new AppError('invalid', '一个工作组最多 {most} 人', { params: { most: MOST_MEMBERS } })
  const last = members.at(-1)?.place ?? 0
  await insertMembers(tx, group_id, joining.map(({ id }, index) => ({ person_id: id, place: last + index + 1 })))
  await emitAll(tx, groupJoined, joining.map(({ number }) => ({ name, number })), { subject: group_id, actor })
  return joining.length
}

/** Tasks in hand stay. Of a group that a service calls somebody who is here remains. Taken out already, nothing happens. */
export async function leaveGroup(tx: Tx, uses: GroupUses, actor: Actor, { group_id, person_id }: { group_id: string; person_id: string }): Promise<void> {
  const { name, word } = await getGroup(tx, group_id)
  await holdGroup(tx, group_id)
  const person = await personById(tx, person_id)
  if (!await deleteMember(tx, group_id, person_id)) return
  if (standings[person?.standing ?? 'left'].current && (await presentMembers(tx, group_id)).length === 0) demandUnused(await uses(tx, word), '“{title}”要由这个工作组办理，至少留一个人。请先加入别人')
  await emit(tx, groupLeft, { name, number: person?.number ?? '' }, { subject: group_id, actor })
}

/** Throws `conflict` while a service calls it. */
export async function removeGroup(tx: Tx, uses: GroupUses, actor: Actor, group_id: string): Promise<void> {
  const { name, word } = await getGroup(tx, group_id)
  demandUnused(await uses(tx, word), '“{title}”还在用这个工作组，不能删除。请先修改事项的流程')
  await deleteGroup(tx, group_id)
  await emit(tx, groupRemoved, { name }, { subject: group_id, actor })
}

/** Throws `not-found`. */
async function getGroup(tx: Tx, id: string): Promise<GroupsTable> {
  return await groupById(tx, id) ?? absent('not-found', '没有找到这个工作组，可能已经删除')
}

function demandFilled(form: GroupForm): void {
  const fields = groupFaults(form)
  const [sentence] = Object.values(fields)
  if (sentence !== undefined) throw new AppError('invalid', sentence, { fields })
}

function demandUnused([use]: readonly GroupUse[], sentence: string): void {
  if (use) throw new AppError('conflict', sentence, { params: { title: use.title } })
}

function absent(kind: 'not-found' | 'invalid', sentence: string): never {
  throw new AppError(kind, sentence)
}
