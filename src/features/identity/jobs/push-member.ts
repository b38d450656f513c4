import type { NewMember, Wecom } from '../../../integrations/wecom/index.ts'
import type { Clock } from '../../../platform/clock.ts'
import type { Database, Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { composeMembers, marksOf, mobileMark, type Phones, readTree, sayable, type Source, type Tree } from '../compose-members.ts'
import { fieldsToWrite, isPresent, type MemberContent, type MemberField, placeMember, readContent, type Settings, wantedState } from '../rules/member-content.ts'
import { memberSubject } from '../rules/differences.ts'
import { ignoredFields } from '../store/differences.ts'
import { findMember, type MemberRow } from '../store/members.ts'
import type { Vault } from '../vault.ts'
import { clearDue, MOBILE_KEPT, recordProblem, recordSending, recordWritten } from '../verbs/members.ts'

export type ContactsPort = Pick<Wecom, 'members' | 'departments' | 'writesContacts'>

export type ContactSettings = Settings & {
  /** whose phone WeCom is told: who has agreed to it here, or everyone's, where the school has another ground */
  phones: 'agreed' | 'all'
  /** WeCom's invitation goes out for a new member */
  invite: boolean
  /** the department that the units without a parent stand in */
  root: number
  /** calls that reconciling and bulk writing may make in a minute; the platform's own limit is 10,000 (90312) */
  perMinute: number
}

export type PushDeps = { database: Database; clock: Clock; contacts: ContactsPort; contactSettings: ContactSettings; vault: Vault; keyring: Phones['keyring']; consents: Source['consents'] }

/** Runs `record` in a transaction that holds the job's lease. */
export type Recording = (record: (tx: Tx) => Promise<unknown>) => Promise<void>

/** What one member comes to. */
type Plan = {
  row: MemberRow
  state: 'present' | 'disabled' | 'gone' | null
  content: MemberContent | null
  fields: readonly MemberField[]
  person: { name: string; mobile: string | null; email: string | null } | null
  /** is the department one that stands for a unit? */
  isOurs(department: number): boolean
}

/**
 * Writes one member as it should be: creates, updates, moves, disables or deletes it. Whatever WeCom answers is recorded; what time may mend
 * is thrown, to be tried again. May run twice at any point: a creation is announced before it is sent, so that a member found there afterwards
 * is known as ours, and an update sends the same fields again.
 */
export async function writeMember(deps: PushDeps, row: MemberRow, tree: Tree, record: Recording): Promise<void> {
  const plan = await planMember(deps, row, tree)
  try {
    await carryOut(deps, plan, record)
  } catch (error) {
    const problem = codeOf(error)
    if (!(error instanceof AppError) || problem === null) throw error
    const again = error.kind === 'upstream'
    await record(tx => recordProblem(tx, row, { problem, again }))
    if (again) throw error
  }
}

/** The job of one member, by its key. */
export async function writeMemberByKey(deps: PushDeps, key: string, record: Recording): Promise<void> {
  const row = await findMember(deps.database.db, { key })
  if (row && row.due_at !== null) await writeMember(deps, row, await readTree(deps.database.db), record)
}

function codeOf(error: unknown): string | null {
  const code = error instanceof AppError ? error.code ?? null : null
  return code !== null && /^(wecom|lease|contacts):/.test(code) ? code : null
}

async function planMember({ database: { db }, vault, keyring, contactSettings, consents }: PushDeps, row: MemberRow, tree: Tree): Promise<Plan> {
  // Who has stood in the root for want of a department does not stay there too.
  const isOurs = (department: number): boolean => tree.ours.has(department) || department === contactSettings.root
  const nobody: Plan = { row, state: row.wish === 'present' ? null : row.wish, content: null, fields: [], person: null, isOurs }
  if (row.number === null) return nobody
  const composed = (await composeMembers(db, { root: contactSettings.root, consents }, tree, [row.number])).get(row.number)
  if (!composed) return nobody
  const { facts } = composed
  const given = composed.tellsPhone ? row.mobile_sealed ?? facts.phone_sealed : null
  const mobile = given === null ? null : vault.open('phone', given)
  const state = wantedState({ standing: facts.standing, wish: row.wish, present: isPresent(row.wecom_status) }, contactSettings)
  const before = readContent(row.content)
  const marks = mobile === null ? [] : marksOf(keyring, mobile)
  const content: MemberContent = {
    ...sayable(composed), enable: state === 'disabled' ? 0 : 1,
    mobile: mobileMark(before?.mobile, marks).mark, email: mobile === null ? facts.email : null,
  }
  const subject = memberSubject(row.userid_key)
  const held = (await ignoredFields(db, [subject])).get(subject)
  const fields = fieldsToWrite(before, content).filter(field => !held?.has(field))
  return { row, state, content, fields, isOurs, person: { name: composed.content.name, mobile, email: facts.email } }
}

async function carryOut(deps: PushDeps, plan: Plan, record: Recording): Promise<void> {
  const { row, state } = plan
  if (state === null) return await record(tx => clearDue(tx, row))
  if (!deps.contacts.writesContacts) throw new AppError('invalid', '没有配置通讯录同步的 Secret，不能读写通讯录', { code: 'wecom:no-contacts-secret' })
  if (state === 'gone') return await remove(deps, plan, record)
  if (state === 'disabled') return await disable(deps, plan, record)
  if (!isPresent(row.wecom_status)) return await create(deps, plan, record)
  if (row.content === null) return await adopt(deps, plan, { mine: row.sent_at !== null, error: null }, record)
  await checkPerson(deps, plan)
  await update(deps, plan, record)
}

async function remove({ contacts }: PushDeps, { row }: Plan, record: Recording): Promise<void> {
  await contacts.members.delete(row.userid).catch(ignoring(GONE))
  await record(tx => recordWritten(tx, row, { content: null, wecom_status: 5, act: 'deleted' }))
}

async function disable({ contacts }: PushDeps, { row, content }: Plan, record: Recording): Promise<void> {
  await contacts.members.update({ userid: row.userid, enable: 0 })
  await record(tx => recordWritten(tx, row, { content: content ?? null, wecom_status: 2, act: 'updated', fields: ['enable', 'unknown'] }))
}

async function create(deps: PushDeps, plan: Plan, record: Recording): Promise<void> {
  const { row, content, person } = plan
  if (!content || !person) return await record(tx => clearDue(tx, row))
  const mine = row.sent_at !== null
  if (!mine) await record(tx => recordSending(tx, row))
  const body: NewMember = { ...bodyOf(plan, null), userid: row.userid, name: content.name, to_invite: deps.contactSettings.invite }
  try {
    const led = await withoutLostLeader(body, each => deps.contacts.members.create(each))
    await record(tx => recordWritten(tx, row, { content: led ? content : { ...content, direct_leader: null }, wecom_status: 4, act: 'created' }))
  } catch (error) {
    if (!TAKEN.has(codeOf(error) ?? '')) throw error
    await adopt(deps, plan, { mine, error }, record)
  }
}

/**
 * A member whom we never wrote may be somebody else's, who has the same userid by chance: then nothing is written, unless an operator said
 * that the name is to be ours.
 */
async function checkPerson(deps: PushDeps, { row, fields, content }: Plan): Promise<void> {
  if (row.pushed_at !== null || fields.includes('name')) return
  const found = await look(deps, row.userid)
  if (found && found.name !== content?.name) throw new AppError('conflict', '没有接受', { code: 'contacts:other-person' })
}

/** Where the superior is no member any more (60111), the rest is written all the same. False: it was written without. */
async function withoutLostLeader<Body extends { direct_leader?: string[] }>(body: Body, write: (body: Body) => Promise<unknown>): Promise<boolean> {
  try {
    await write(body)
    return true
  } catch (error) {
    if (!GONE.has(codeOf(error) ?? '') || !body.direct_leader) throw error
    await write({ ...body, direct_leader: undefined })
    return false
  }
}

/** userid, phone or mail exist. Where the userid does, it is our own creation whose answer was lost, or a member that was there before: the same person, if the name says so. */
async function adopt(deps: PushDeps, plan: Plan, { mine, error }: { mine: boolean; error: unknown }, record: Recording): Promise<void> {
  const found = await look(deps, plan.row.userid)
  if (found === null && error !== null && codeOf(error) !== 'wecom:60102') throw error
  if (!mine && found === null) throw new AppError('conflict', '没有接受', { code: 'contacts:unseen' })
  if (!mine && found?.name !== plan.content?.name) throw new AppError('conflict', '没有接受', { code: 'contacts:other-person' })
  await writeFields(deps, { ...plan, row: { ...plan.row, content: null, wecom_status: found?.status ?? 4 } }, record)
}

type Seen = Awaited<ReturnType<ContactsPort['members']['get']>>

/** As the app sees the member; null where it is not there or not to be seen: the platform answers 60111 for both. */
async function look({ contacts }: PushDeps, userid: string): Promise<Seen | null> {
  try {
    return await contacts.members.get(userid)
  } catch (error) {
    if (UNSEEN.has(codeOf(error) ?? '')) return null
    throw error
  }
}

/** Who was deleted in WeCom meanwhile is made anew. */
async function update(deps: PushDeps, plan: Plan, record: Recording): Promise<void> {
  try {
    await writeFields(deps, plan, record)
  } catch (error) {
    if (!GONE.has(codeOf(error) ?? '')) throw error
    await create(deps, { ...plan, row: { ...plan.row, content: null, wecom_status: 5, sent_at: null } }, record)
  }
}

async function writeFields(deps: PushDeps, plan: Plan, record: Recording): Promise<void> {
  const { row, content } = plan
  const differing = row.content === null && content ? fieldsToWrite(null, content) : plan.fields
  // Where somebody asked for the member, one harmless word proves that it is there still.
  const fields = differing.length === 0 && row.wish === 'present' ? ['enable' as const] : differing
  if (!content || fields.length === 0) return await record(tx => clearDue(tx, row))
  // Who they are now decides what may be said: the platform silently keeps the phone of an activated member, and other departments are not ours to take.
  const asked = fields.includes('mobile') || fields.includes('department')
  const seen = asked ? await look(deps, row.userid) : null
  const active = (asked ? seen?.status : row.wecom_status) === 1
  const said = active ? fields.filter(field => field !== 'mobile') : fields
  const led = said.length === 0 || await withoutLostLeader({ ...pick(bodyOf(plan, seen), said), userid: row.userid }, each => deps.contacts.members.update(each))
  const enabled = row.wecom_status === 2 && said.includes('enable') ? await look(deps, row.userid) : null
  const problem = active && row.content !== null && fields.includes('mobile') ? MOBILE_KEPT : null
  await record(tx => recordWritten(tx, row, {
    content: said.includes('direct_leader') && !led ? { ...content, direct_leader: null } : { ...content, direct_leader: content.direct_leader ?? readContent(row.content)?.direct_leader ?? null }, wecom_status: enabled?.status ?? seen?.status ?? row.wecom_status ?? 4, act: 'updated', problem, fields: said,
  }))
}

const GONE: ReadonlySet<string> = new Set(['wecom:60111'])
const UNSEEN: ReadonlySet<string> = new Set(['wecom:60111', 'wecom:60011', 'wecom:60021', 'wecom:40003'])
const TAKEN: ReadonlySet<string> = new Set(['wecom:60102', 'wecom:60104', 'wecom:60106'])

function ignoring(codes: ReadonlySet<string>): (error: unknown) => void {
  return error => {
    if (!codes.has(codeOf(error) ?? '')) throw error
  }
}

/** The whole member as the platform wants it. */
function bodyOf({ content, person, isOurs }: Plan, seen: Seen | null): Omit<NewMember, 'userid'> {
  if (!content || !person) throw new TypeError('nothing is said of this member')
  const placed = placeMember({ department: content.department ?? 1, leader: content.leader }, seen && { department: seen.department ?? [], is_leader_in_dept: seen.is_leader_in_dept ?? [] }, isOurs)
  return {
    name: content.name, ...placed, main_department: placed.department[0] ?? 1, enable: content.enable,
    ...(content.position !== null && { position: content.position }), ...(content.direct_leader !== null && { direct_leader: [content.direct_leader] }),
    ...(person.mobile !== null && { mobile: person.mobile }), ...(person.mobile === null && person.email !== null && { email: person.email }),
  }
}

/** The parts of it that these fields mean. */
function pick(body: Omit<NewMember, 'userid'>, fields: readonly MemberField[]): Partial<NewMember> {
  const placed = fields.includes('department') || fields.includes('leader')
  const names = new Set<string>([...fields, ...(placed ? ['department', 'main_department', 'is_leader_in_dept'] : [])])
  if (!placed) for (const name of ['department', 'leader']) names.delete(name)
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.has(name)))
}
