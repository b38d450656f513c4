import type { CellError, Columns, Line, RowOf, Sources } from '../../../integrations/sources/index.ts'
import { grantable, roleLabel } from '../rules/roles.ts'
import type { DocumentType, Gender, Kind, Standing, UnitKind } from '../tables.ts'

type Cells = Sources['cells']

const UNIT_KINDS: Readonly<Record<string, UnitKind>> = { 学院: 'school', 院系: 'school', 部门: 'office', 机关: 'office' }
const GENDERS: Readonly<Record<string, Gender>> = { 男: 'male', 女: 'female' }
const DOCUMENTS: Readonly<Record<string, DocumentType>> = { 居民身份证: 'id-card', 身份证: 'id-card', 港澳台居民居住证: 'id-card', 护照: 'passport' }
const STAFF_STANDINGS: Readonly<Record<string, Standing>> = { 在职: 'employed', 离职: 'left', 退休: 'left' }
const STUDENT_STANDINGS: Readonly<Record<string, Standing>> = { 在读: 'enrolled', 休学: 'suspended', 毕业: 'graduated', 结业: 'graduated', 退学: 'withdrawn' }
const LEVELS: Readonly<Record<string, string>> = { 专科: '专科', 本科: '本科', 硕士: '硕士研究生', 硕士研究生: '硕士研究生', 博士: '博士研究生', 博士研究生: '博士研究生' }
const DAY = '像 2023-09-01 这样写，Excel 的日期也可以'

export function unitColumns(cells: Cells) {
  return {
    code: { header: '部门编号', also: ['院系编号', '单位编号'], required: true, unique: true, read: cells.code(32), about: '每个部门一个，开头的 0 要保留', example: '0101' },
    name: { header: '部门名称', also: ['院系名称', '单位名称'], required: true, read: cells.text(60), example: '文学院' },
    name_en: { header: '英文名称', read: cells.text(200), about: '用于英文证明和成绩单', example: 'School of Letters' },
    kind: { header: '类型', read: cells.choice(UNIT_KINDS), words: Object.keys(UNIT_KINDS), example: '学院' },
    parent_code: { header: '上级部门编号', read: cells.code(32), about: '最上一级不填', example: '0100' },
    head_number: { header: '负责人工号', read: cells.code(32), example: '10002' },
    deputy_numbers: { header: '副职工号', also: ['分管负责人工号'], read: cells.list(10, cells.code(32)), about: '多个用、隔开', example: '10003、10004' },
  } as const satisfies Columns
}

function personColumns(cells: Cells) {
  return {
    name: { header: '姓名', required: true, read: cells.name(60), about: '生僻字用国标汉字，少数民族姓名中间用 ·', example: '陈思远' },
    name_en: { header: '英文姓名', read: cells.text(100), about: '不填按拼音生成', example: 'CHEN Siyuan' },
    gender: { header: '性别', required: true, read: cells.choice(GENDERS), words: Object.keys(GENDERS), example: '男' },
    birth_on: { header: '出生日期', read: cells.date(), about: '居民身份证的可以不填', example: '2005-08-09' },
    document_type: { header: '证件类型', read: cells.choice(DOCUMENTS), words: Object.keys(DOCUMENTS), about: '不填就是居民身份证', example: '居民身份证' },
    document: { header: '证件号码', also: ['身份证号', '身份证号码', '证件号'], required: true, unique: false, secret: true, read: cells.code(30, { zeros: true }), about: '整列设成“文本”再填，否则 Excel 会丢掉末尾几位', example: '11010519491231002X' },
    phone: { header: '手机号', also: ['手机', '手机号码', '联系电话'], secret: true, read: cells.phone(), about: '本人用短信验证过的手机号不会被名单改掉', example: '13800138000' },
    email: { header: '电子邮箱', also: ['邮箱', '电子邮件'], read: cells.email(), example: 'chen@example.edu.cn' },
    userid: { header: '企业微信账号', unique: true, read: cells.code(64), about: '不填就和学工号一样', example: '' },
  } as const satisfies Columns
}

export function staffColumns(cells: Cells) {
  return {
    number: { header: '工号', also: ['教工号', '职工号'], required: true, unique: true, read: cells.code(32), about: '开头的 0 要保留', example: '10002' },
    ...personColumns(cells),
    unit_code: { header: '部门编号', also: ['院系编号', '单位编号'], required: true, read: cells.code(32), about: '部门要先导入', example: '0101' },
    title: { header: '岗位', also: ['职务'], read: cells.text(50), example: '辅导员' },
    leader_number: { header: '直接上级工号', also: ['上级工号', '直属上级工号'], read: cells.code(32), about: '不填就是部门负责人；上级可以在同一份名单里', example: '10001' },
    standing: { header: '在职状态', read: cells.choice(STAFF_STANDINGS), words: Object.keys(STAFF_STANDINGS), about: '不填就是在职', example: '在职' },
    entered_on: { header: '入职日期', required: true, read: cells.date(), about: DAY, example: '2012-01-01' },
    roles: { header: '角色', read: cells.list(10), words: grantable.map(roleLabel), about: '多个角色用、隔开；写“教务员(全校)”就是全校范围，不写就是本部门', example: '辅导员' },
  } as const satisfies Columns
}

export function studentColumns(cells: Cells) {
  return {
    number: { header: '学号', required: true, unique: true, read: cells.code(32), about: '开头的 0 要保留', example: '20230101' },
    ...personColumns(cells),
    unit_code: { header: '院系编号', also: ['部门编号', '学院编号'], required: true, read: cells.code(32), about: '部门要先导入', example: '0101' },
    major: { header: '专业', also: ['专业名称'], required: true, read: cells.text(60), example: '汉语言文学' },
    major_en: { header: '英文专业', also: ['专业英文名称'], read: cells.text(200), about: '用于英文证明和成绩单', example: 'Chinese Language and Literature' },
    class_name: { header: '班级', read: cells.text(50), example: '中文2301' },
    level: { header: '培养层次', required: true, read: cells.choice(LEVELS), words: Object.keys(LEVELS), example: '本科' },
    years: { header: '学制', read: cells.decimal({ min: 0.5, max: 10 }), about: '年数', example: '4' },
    entered_on: { header: '入学日期', required: true, read: cells.date(), about: DAY, example: '2023-09-01' },
    ends_on: { header: '预计毕业日期', read: cells.date(), about: DAY, example: '2027-06-30' },
    standing: { header: '学籍状态', read: cells.choice(STUDENT_STANDINGS), words: Object.keys(STUDENT_STANDINGS), about: '不填就是在读', example: '在读' },
    tutor_number: { header: '辅导员工号', also: ['导师工号'], read: cells.code(32), about: '教职工要先导入', example: '10002' },
  } as const satisfies Columns
}

type UnitCells = RowOf<ReturnType<typeof unitColumns>>
type StaffRow = RowOf<ReturnType<typeof staffColumns>>
type StudentRow = RowOf<ReturnType<typeof studentColumns>>

/** A department as a list has it. `undefined`: the file has no such column and says nothing; null: the cell is empty. */
export type UnitRow = Pick<UnitCells, 'code' | 'name'> & { [Key in 'name_en' | 'kind' | 'parent_code' | 'head_number' | 'deputy_numbers']: UnitCells[Key] | undefined }

/** A person as a roster has them. `undefined`: the file has no such column and says nothing; null: the cell is empty. */
export type PersonRow = {
  kind: Kind
  number: string
  name: string
  name_en: string | null | undefined
  gender: Gender
  birth_on: string | null | undefined
  document_type: DocumentType
  document: string
  phone: string | null | undefined
  email: string | null | undefined
  userid: string | null | undefined
  unit_code: string
  title: string | null | undefined
  leader_number: string | null | undefined
  standing: Standing | undefined
  level: string | null | undefined
  major: string | null | undefined
  major_en: string | null | undefined
  class_name: string | null | undefined
  years: number | null | undefined
  entered_on: string
  ends_on: string | null | undefined
  tutor_number: string | null | undefined
  roles: string[] | null | undefined
}

export function unitLine({ values, ...line }: Line<UnitCells>, present: ReadonlySet<string>): Line<UnitRow> {
  if (!values) return { ...line, values: null }
  const said = <Value>(key: string, value: Value): Value | undefined => (present.has(key) ? value : undefined)
  const { code, name, name_en, kind, parent_code, head_number, deputy_numbers } = values
  return { ...line, values: { code, name, name_en: said('name_en', name_en), kind: said('kind', kind), parent_code: said('parent_code', parent_code), head_number: said('head_number', head_number), deputy_numbers: said('deputy_numbers', deputy_numbers) } }
}

/** A line of staff or students as a person's; a document that does not fit its type is an error of its cell. */
export function personLine(kind: Kind, line: Line<StaffRow> | Line<StudentRow>, present: ReadonlySet<string>, cells: Cells): Line<PersonRow> {
  const { row, values, known, faults, cells: written } = line
  if (!values) return { row, values: null, known, faults, cells: written }
  const person = personOf(kind, values, key => (present.has(key) ? known[key] : undefined))
  const refusal = person.document_type === 'id-card' ? cells.idNumber()(person.document) : null
  if (!refusal || typeof refusal === 'string') return { row, values: person, known, faults, cells: written }
  const fault: CellError = { row, column: '证件号码', sentence: refusal.refused }
  return { row, values: null, known, faults: [...faults, fault], cells: written }
}

function personOf(kind: Kind, row: StaffRow | StudentRow, said: (key: string) => unknown): PersonRow {
  const text = (key: string): string | null | undefined => {
    const value = said(key)
    return typeof value === 'string' || value === null ? value : undefined
  }
  return {
    kind, number: row.number, name: row.name, gender: row.gender, unit_code: row.unit_code, entered_on: row.entered_on,
    document_type: row.document_type ?? 'id-card', document: row.document.toUpperCase(), standing: row.standing ?? undefined,
    name_en: text('name_en'), birth_on: text('birth_on'), phone: text('phone'), email: text('email'), userid: text('userid'), title: text('title'), leader_number: text('leader_number'),
    level: text('level'), major: text('major'), major_en: text('major_en'), class_name: text('class_name'), ends_on: text('ends_on'), tutor_number: text('tutor_number'),
    years: 'years' in row && said('years') !== undefined ? row.years : undefined,
    roles: 'roles' in row && said('roles') !== undefined ? row.roles : undefined,
  }
}
