import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { App } from '../app.ts'
import { WECOM_PHONE } from '../features/identity/index.ts'
import { WHOLE_HALL } from '../features/privacy/index.ts'
import { cells, readTable } from '../integrations/sources/index.ts'
import type { Department, MemberSeed } from '../simulator/index.ts'

const folder = join(import.meta.dirname, '../catalogue/sample')

/** Reads the sample university's rosters and grades with the importers that users have; false where people are already there. */
export async function importSample(app: Pick<App, 'database' | 'identity' | 'documents' | 'privacy'>): Promise<boolean> {
  if (!await importPeople(app)) return false
  const grades = await app.documents.importGrades(await readFile(join(folder, 'grades.xlsx')))
  if (grades.errors.length > 0) throw new Error(`grades.xlsx: ${JSON.stringify(grades.errors[0])}`)
  return true
}

/** The people alone; they have agreed on paper to the privacy notice and to being members of WeCom by their phone, so that a story begins with what it is about. */
export async function importPeople({ database, identity, privacy }: Pick<App, 'database' | 'identity' | 'privacy'>): Promise<boolean> {
  const { db } = database
  const known = await db.selectFrom('identity_people').select('id').limit(1).executeTakeFirst()
  if (known) return false
  for (const kind of ['units', 'staff', 'students'] as const) {
    const file_name = `${kind}.xlsx`
    const report = await identity.importRoster(kind, await readFile(join(folder, file_name)), { file_name })
    if (report.errors.length > 0) throw new Error(`${file_name}: ${JSON.stringify(report.errors[0])}`)
  }
  await makeGroups({ database, identity })
  const people = await db.selectFrom('identity_people').select(['id as person_id', 'number']).orderBy('id').execute()
  for (const notice of [WHOLE_HALL, WECOM_PHONE]) await database.write(tx => privacy.agreeElsewhere(tx, people, notice))
  return true
}

/** 网站建设小组: heads of 党委宣传部, 信息中心 and 党政办公室. */
const BOARD = { word: 'website-board', name: '网站建设小组', purpose: '表决学校网站的新建、域名变更和关停', numbers: ['10077', '10050', '10062'] }

async function makeGroups({ database, identity }: Pick<App, 'database' | 'identity'>): Promise<void> {
  const { numbers, ...group } = BOARD
  await database.write(async tx => {
    const people = await Promise.all(numbers.map(number => identity.personByNumber(tx, number)))
    await identity.joinGroup(tx, null, { group_id: await identity.makeGroup(tx, null, group), people: people.flatMap(person => person?.id ?? []) })
  })
}

/** The same people as WeCom knows them: departments by number, members by userid. */
export async function sampleCorp({ database: { db } }: Pick<App, 'database'>): Promise<{ departments: Department[]; members: MemberSeed[] }> {
  const units = await db.selectFrom('identity_units').select(['id', 'name', 'parent_id', 'head_number']).orderBy('code').execute()
  const place = new Map(units.map((unit, index) => [unit.id, index + 2]))
  const people = await db.selectFrom('identity_bindings as binding')
    .innerJoin('identity_people as person', 'person.id', 'binding.person_id').innerJoin('identity_numbers as number', 'number.number', 'binding.number')
    .select(['binding.userid', 'person.id', 'person.name', 'person.email', 'number.number', 'number.tutor_id', 'number.leader_number', 'number.unit_id', 'number.kind', 'number.title'])
    .where('binding.ended_at', 'is', null).orderBy('binding.userid').execute()
  const roles = Map.groupBy(await db.selectFrom('identity_grants').select(['person_id', 'role']).execute(), row => row.person_id)
  const superiorOf = superiors(units, people)
  const heads = new Set(units.map(unit => unit.head_number))
  const shown = await castOf(db)
  const standing = (id: string) => shown.includes(id) ? shown.indexOf(id) : shown.length
  return {
    departments: [{ id: 1, name: '明湖大学', parentid: 0 }, ...units.map(unit => ({ id: place.get(unit.id) ?? 1, name: unit.name, parentid: place.get(unit.parent_id ?? '') ?? 1 }))],
    members: people.toSorted((a, b) => standing(a.id) - standing(b.id)).map(({ id, userid, name, email, unit_id, kind, title, number, tutor_id, leader_number }) => ({
      userid, name, department: [place.get(unit_id) ?? 1], shown: shown.includes(id), ...(email && { email }), ...(title && { position: title }),
      is_leader_in_dept: [units.some(unit => unit.id === unit_id && unit.head_number === number) ? 1 : 0], direct_leader: superiorOf({ number, unit_id, kind, tutor_id, leader_number }),
      label: labelOf({ kind, head: heads.has(number), roles: (roles.get(id) ?? []).map(row => row.role) }),
    })),
  }
}

/** What hangs on the walls of the campus; the console shows and prints these codes. */
export function printedCodes(publicUrl: string): { name: string; url: string }[] {
  return [{ name: '用户注册二维码', url: `${publicUrl}/join` }, { name: '解除绑定二维码', url: `${publicUrl}/unbind` }]
}

type Placed = { number: string; unit_id: string; kind: string; tutor_id: string | null; leader_number: string | null }

/** A student's tutor; of the staff whom the roster names, else the head of the unit, of a head the head of the unit above. */
function superiors(units: readonly { id: string; parent_id: string | null; head_number: string | null }[], people: readonly { id: string; userid: string; number: string }[]): (of: Placed) => string[] {
  const byId = new Map(units.map(unit => [unit.id, unit]))
  const headOf = ({ number, unit_id }: Placed): string | null => {
    for (let unit = byId.get(unit_id); unit; unit = byId.get(unit.parent_id ?? '')) if (unit.head_number && unit.head_number !== number) return unit.head_number
    return null
  }
  return of => {
    const head = of.kind === 'staff' ? of.leader_number ?? headOf(of) : null
    const found = people.find(person => (of.tutor_id ? person.id === of.tutor_id : person.number === head))
    return found ? [found.userid] : []
  }
}

/** The first student, the student's tutor and the registrar of the school: the phones that a story begins with. */
async function castOf(db: App['database']['db']): Promise<string[]> {
  const student = await db.selectFrom('identity_numbers').select(['person_id', 'tutor_id', 'unit_id'])
    .where('kind', '=', 'student').where('standing', '=', 'enrolled').orderBy('number').limit(1).executeTakeFirst()
  const registrar = student && await db.selectFrom('identity_grants').select('person_id')
    .where('role', '=', 'registrar').where('scope_id', '=', student.unit_id).orderBy('id').limit(1).executeTakeFirst()
  return [student?.person_id, student?.tutor_id, registrar?.person_id].filter(id => typeof id === 'string')
}

export type SignIn = { label: string; name: string; number: string; password: string }

/** Who a visitor of the demo may be at the desk: one of each kind and whom `also` names, with the first password that the roster gives them. */
export async function sampleSignIns({ config, database }: Pick<App, 'config' | 'database'>, also: (members: readonly MemberSeed[]) => { label: string; member: MemberSeed | undefined }[] = () => []): Promise<SignIn[]> {
  const { members } = await sampleCorp({ database })
  const documents = new Map<string, string>()
  for (const [file, header] of [['students.xlsx', '学号'], ['staff.xlsx', '工号']] as const) {
    const columns = { number: { header, required: true, read: cells.code(32) }, document: { header: '证件号码', required: true, read: cells.code(30) } } as const
    for (const { values } of (await readTable(await readFile(join(folder, file)), columns)).rows) documents.set(values.number, values.document)
  }
  const kinds = ['学生', '辅导员', '教务员', '部门负责人', '客服', '系统管理员', '安全管理员', '审计管理员']
  return [...kinds.map(label => ({ label, member: members.find(each => each.label === label) })), ...also(members)].flatMap(({ label, member }) => {
    const document = member && documents.get(member.userid)
    return member && document ? [{ label, name: member.name, number: member.userid, password: document.slice(-config.initialPasswordDigits) }] : []
  })
}

function labelOf({ kind, head, roles }: { kind: string; head: boolean; roles: readonly string[] }): string {
  if (roles.includes('admin')) return '系统管理员'
  if (roles.includes('security')) return '安全管理员'
  if (roles.includes('audit')) return '审计管理员'
  if (roles.includes('help-desk')) return '客服'
  if (roles.includes('registrar')) return '教务员'
  if (roles.includes('tutor')) return '辅导员'
  if (head) return '部门负责人'
  return kind === 'student' ? '学生' : '教职工'
}
