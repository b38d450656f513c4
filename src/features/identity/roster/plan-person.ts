import { maskDocument, maskEmail, maskPhone } from '../rules/mask.ts'
import { englishName } from '../rules/names.ts'
import { clashWith, readRole, roleLabel, WHOLE_UNIVERSITY } from '../rules/roles.ts'
import { leads, standings } from '../rules/standing.ts'
import type { PersonRow } from './columns.ts'
import { lastTaken, noteAdministrators } from './last-administrator.ts'
import { addNumber, type Change, changesBetween, type KnownNumber, type KnownPerson, type KnownRole, type Note, type Refused, refuse, type RosterState } from './state.ts'

export type PersonPlan = {
  outcome: 'created' | 'changed' | 'unchanged'
  person: { is: KnownPerson; isNew: boolean; changed: boolean }
  number: { is: KnownNumber; isNew: boolean; changed: boolean }
  /** the member of WeCom to bind, null to leave the binding as it is */
  bind: string | null
  grant: KnownRole[]
  revoke: KnownRole[]
  changes: Change[]
  notes: Note[]
  /** all that would be written, unmasked: where it is another at the writing, the person changed after the preview */
  promise: string
} | Refused

const PERSON_LABELS = { number: '当前学工号', name: '姓名', name_en: '英文姓名', gender: '性别', birth_on: '出生日期', document_type: '证件类型', document: '证件号码', phone: '手机号', email: '电子邮箱' }
const NUMBER_LABELS = {
  standing: '状态', unit_id: '部门', title: '岗位', leader_number: '直接上级', level: '培养层次', major: '专业', major_en: '英文专业', class_name: '班级',
  years: '学制', entered_on: '入学或入职日期', ends_on: '预计毕业日期', tutor_id: '辅导员',
}

/** How the roster says what is kept as a word of ours. */
const WORDS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  ['gender', new Map([['male', '男'], ['female', '女']])], ['document_type', new Map([['id-card', '居民身份证'], ['passport', '护照']])],
  ['standing', new Map(Object.entries(standings).map(([name, { label }]) => [name, label]))],
])

/** What one line of a roster comes to, with what is known now; pure, so that preview and import cannot disagree. */
export function planPerson(state: RosterState, row: PersonRow, newId: () => string): PersonPlan {
  const unit = state.units.get(row.unit_code)
  if (!unit) return refuse(row.kind === 'staff' ? '部门编号' : '院系编号', '没有编号是 {code} 的部门，请先导入部门', { code: row.unit_code })
  const known = state.numbers.get(row.number) ?? null
  if (known && known.kind !== row.kind) return refuse(row.kind === 'staff' ? '工号' : '学号', '这个号码已经是{kind}的', { kind: known.kind === 'staff' ? '教职工' : '学生' })
  const tutor_id = tutorFor(state, row, known)
  if (tutor_id === undefined) return refuse('辅导员工号', '没有工号是 {number} 的教职工，请先导入教职工', { number: row.tutor_number ?? '' })
  if (row.leader_number === row.number) return refuse('直接上级工号', '直接上级不能是本人')
  const owner = ownerOf(state, row, known)
  if (owner && 'outcome' in owner) return owner
  const number = numberFor(row, known, { unit_id: unit.id, tutor_id, person_id: owner?.id ?? newId() })
  const { person, notes } = personFor(state, row, owner, number)
  const granted = rolesFor(state, row, person.id, unit.id)
  if ('outcome' in granted) return granted
  const last = lastTaken(state, person, number, granted.revoke)
  if (last) return last
  const bind = bindingFor(state, row, number)
  if (bind !== null && typeof bind === 'object') return bind
  const personChanges = changesBetween(owner, person, PERSON_LABELS, shown(state))
  const numberChanges = changesBetween(known, number, NUMBER_LABELS, shown(state))
  const changes = [...personChanges, ...numberChanges, ...otherChanges(bind, granted)]
  const outcome = !known ? 'created' : changes.length > 0 ? 'changed' : 'unchanged'
  const bare = (_: string, value: unknown): string => String(value ?? '')
  const promise = JSON.stringify([outcome, changesBetween(owner, person, PERSON_LABELS, bare), changesBetween(known, number, NUMBER_LABELS, bare), bind, granted])
  return {
    outcome, changes, notes, promise, bind, ...granted,
    person: { is: person, isNew: owner === null, changed: personChanges.length > 0 },
    number: { is: number, isNew: known === null, changed: numberChanges.length > 0 },
  }
}

/** Makes the plan part of what is known. */
export function accept(state: RosterState, plan: Exclude<PersonPlan, Refused>): void {
  const { is: person } = plan.person
  const { is: number } = plan.number
  const old = state.people.get(person.id)
  if (old && old.document !== person.document) state.documents.delete(old.document)
  state.people.set(person.id, person)
  state.documents.set(person.document, person.id)
  addNumber(state, number)
  if (plan.bind !== null) {
    const before = state.bindings.get(number.number)
    if (before) state.userids.delete(before.toLowerCase())
    state.userids.set(plan.bind.toLowerCase(), number.number)
    state.bindings.set(number.number, plan.bind)
  }
  const kept = (state.roles.get(person.id) ?? []).filter(role => !plan.revoke.some(gone => sameRole(gone, role)))
  state.roles.set(person.id, [...kept, ...plan.grant])
  noteAdministrators(state, person, number, plan)
}

/** Undefined where the roster names a tutor who is not known. */
function tutorFor(state: RosterState, row: PersonRow, known: KnownNumber | null): string | null | undefined {
  if (row.tutor_number === undefined) return known?.tutor_id ?? null
  if (row.tutor_number === null) return null
  const tutor = state.numbers.get(row.tutor_number)
  return tutor?.kind === 'staff' ? tutor.person_id : undefined
}

/** Whose line this is: the number's, else the document's (a new number of somebody known); null for somebody new. */
function ownerOf(state: RosterState, row: PersonRow, known: KnownNumber | null): KnownPerson | Refused | null {
  const byNumber = known ? (state.people.get(known.person_id) ?? null) : null
  const byDocument = state.people.get(state.documents.get(row.document) ?? '') ?? null
  if (byNumber && byDocument && byNumber.id !== byDocument.id) return refuse('证件号码', '这个证件号码是{name}（{number}）的', { name: byDocument.name, number: byDocument.number })
  if (!byNumber && byDocument && byDocument.name !== row.name) return refuse('姓名', '同一证件号码已经是{name}（{number}）的，姓名不一致', { name: byDocument.name, number: byDocument.number })
  return byNumber ?? byDocument
}

function numberFor(row: PersonRow, known: KnownNumber | null, ids: { unit_id: string; tutor_id: string | null; person_id: string }): KnownNumber {
  const said = <T>(value: T | null | undefined, before: T | null | undefined): T | null => (value === undefined ? (before ?? null) : value)
  return {
    number: row.number, kind: row.kind, ...ids,
    standing: row.standing ?? known?.standing ?? (row.kind === 'staff' ? 'employed' : 'enrolled'),
    title: said(row.title, known?.title), leader_number: said(row.leader_number, known?.leader_number), level: said(row.level, known?.level), major: said(row.major, known?.major), major_en: said(row.major_en, known?.major_en),
    class_name: said(row.class_name, known?.class_name), years: said(row.years, known?.years), entered_on: row.entered_on, ends_on: said(row.ends_on, known?.ends_on),
  }
}

/** The person's own facts follow the leading number only: the line of an earlier number must not undo what the present one says. */
function personFor(state: RosterState, row: PersonRow, owner: KnownPerson | null, number: KnownNumber): { person: KnownPerson; notes: Note[] } {
  const leading = owner ? state.numbers.get(owner.number) : undefined
  if (owner && leading && leading.number !== number.number && leads(number, leading) < 0) return { person: owner, notes: [] }
  const { phone, notes } = phoneFor(state, row, owner)
  const { email, notes: mailNotes } = emailFor(row, owner)
  const spelled = row.name_en === undefined && owner?.name === row.name ? owner.name_en : row.name_en
  const born = row.birth_on ?? (row.document_type === 'id-card' ? row.document.replace(/^\d{6}(\d{4})(\d\d)(\d\d).*$/, '$1-$2-$3') : (owner?.birth_on ?? null))
  const person = {
    id: number.person_id, number: leadingAfter(state, owner, number), name: row.name, name_en: spelled ?? englishName(row.name), gender: row.gender,
    birth_on: born, document_type: row.document_type, document: row.document, phone, phone_proven: owner?.phone_proven ?? false, email, email_proven: owner?.email_proven ?? false,
  }
  return { person, notes: [...notes, ...mailNotes] }
}

/** A phone that was proven by SMS stays with whoever proved it. */
function phoneFor(state: RosterState, row: PersonRow, owner: KnownPerson | null): { phone: string | null; notes: Note[] } {
  const has = owner?.phone ?? null
  if (row.phone === undefined || row.phone === has) return { phone: has, notes: [] }
  if (owner?.phone_proven) return { phone: has, notes: row.phone === null ? [] : [{ column: '手机号', sentence: '本人用短信验证过另一个手机号，保留本人的' }] }
  const holder = row.phone === null ? undefined : state.phones.get(row.phone)
  if (holder !== undefined && holder !== owner?.id) return { phone: has, notes: [{ column: '手机号', sentence: '这个手机号已由另一个人用短信验证过，没有写入' }] }
  return { phone: row.phone, notes: [] }
}

/** A mailbox that its owner confirmed by a mailed link stays. */
function emailFor({ email }: PersonRow, owner: KnownPerson | null): { email: string | null; notes: Note[] } {
  const has = owner?.email ?? null
  if (email === undefined || email === has) return { email: has, notes: [] }
  if (!owner?.email_proven) return { email, notes: [] }
  return { email: has, notes: email === null ? [] : [{ column: '电子邮箱', sentence: '本人确认过另一个邮箱，保留本人的' }] }
}

/** The number that leads once this line is in: the line's own, unless its standing fell behind another of the person's. */
function leadingAfter(state: RosterState, owner: KnownPerson | null, number: KnownNumber): string {
  if (!owner) return number.number
  const others = [...state.owned.get(owner.id) ?? []].flatMap(other => (other === number.number ? [] : (state.numbers.get(other) ?? [])))
  return others.reduce((best, other) => (leads(other, best) > 0 ? other : best), number).number
}

function rolesFor(state: RosterState, row: PersonRow, person_id: string, unit_id: string): { grant: KnownRole[]; revoke: KnownRole[] } | Refused {
  if (row.roles === undefined) return { grant: [], revoke: [] }
  const wanted: KnownRole[] = []
  for (const word of row.roles ?? []) {
    const read = readRole(word)
    if (!read) return refuse('角色', '没有“{word}”这个角色', { word })
    const role = { role: read.role, unit_id: read.whole ? WHOLE_UNIVERSITY : unit_id }
    if (!wanted.some(other => sameRole(other, role))) wanted.push(role)
  }
  const [held, byHand] = [state.roles.get(person_id) ?? [], state.byHand.get(person_id) ?? []]
  const together = [...wanted, ...byHand].map(({ role }) => role)
  if (wanted.some(({ role }) => clashWith(role, together) !== null)) return refuse('角色', '系统管理员、安全管理员和审计管理员不能是同一个人')
  return {
    grant: wanted.filter(role => ![...held, ...byHand].some(other => sameRole(other, role))),
    revoke: held.filter(role => !wanted.some(other => sameRole(other, role))),
  }
}

/**
 * The member to bind: the one the roster names, else the number itself, which is how WeCom's address book is filled from the same roster.
 * A number that was once unbound is bound again only by name, and who has left is not bound at all.
 */
function bindingFor(state: RosterState, row: PersonRow, number: KnownNumber): string | Refused | null {
  const has = state.bindings.get(row.number)
  const wants = row.userid ?? (has === undefined ? row.number : null)
  if (wants === null || !standings[number.standing].current || wants.toLowerCase() === has?.toLowerCase()) return null
  const taken = state.userids.get(wants.toLowerCase())
  return taken === undefined || taken === row.number ? wants : refuse('企业微信账号', '企业微信账号 {userid} 已经绑定学工号 {number}', { userid: wants, number: taken })
}

function otherChanges(bind: string | null, { grant, revoke }: { grant: KnownRole[]; revoke: KnownRole[] }): Change[] {
  return [
    ...(bind === null ? [] : [{ label: '企业微信账号', from: '', to: bind }]),
    ...grant.map(({ role }) => ({ label: '角色', from: '', to: roleLabel(role) })),
    ...revoke.map(({ role }) => ({ label: '角色', from: roleLabel(role), to: '' })),
  ]
}

function sameRole(a: KnownRole, b: KnownRole): boolean {
  return a.role === b.role && a.unit_id === b.unit_id
}

function shown(state: RosterState): (key: string, value: unknown) => string {
  return (key, value) => {
    const text = String(value ?? '')
    if (text === '') return ''
    if (key === 'document') return maskDocument(text)
    if (key === 'phone') return maskPhone(text)
    if (key === 'email') return maskEmail(text)
    if (key === 'unit_id') return state.unitsById.get(text)?.name ?? text
    if (key === 'tutor_id') return state.people.get(text)?.name ?? text
    return WORDS.get(key)?.get(text) ?? text
  }
}
