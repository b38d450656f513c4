import type { CellError, Columns, RowOf, Sources, Table } from '../../../integrations/sources/index.ts'
import type { DocumentType, Gender, Kind, Standing, UnitKind } from '../tables.ts'

type Cells = Sources['cells']

export function unitColumns(cells: Cells) {
  return {
    code: { header: '部门编号', also: ['院系编号', '单位编号'], required: true, unique: true, read: cells.code(32) },
    name: { header: '部门名称', also: ['院系名称', '单位名称'], required: true, read: cells.text(60) },
    name_en: { header: '英文名称', read: cells.text(200) },
    kind: { header: '类型', read: cells.choice<UnitKind>({ 学院: 'school', 院系: 'school', 部门: 'office', 机关: 'office' }) },
    parent_code: { header: '上级部门编号', read: cells.code(32) },
    head_number: { header: '负责人工号', read: cells.code(32) },
  } as const satisfies Columns
}

function personColumns(cells: Cells) {
  return {
    name: { header: '姓名', required: true, read: cells.name(60) },
    name_en: { header: '英文姓名', read: cells.text(100) },
    gender: { header: '性别', required: true, read: cells.choice<Gender>({ 男: 'male', 女: 'female' }) },
    birth_on: { header: '出生日期', read: cells.date() },
    document_type: { header: '证件类型', read: cells.choice<DocumentType>({ 居民身份证: 'id-card', 身份证: 'id-card', 港澳台居民居住证: 'id-card', 护照: 'passport' }) },
    document: { header: '证件号码', also: ['身份证号', '身份证号码', '证件号'], required: true, unique: false, secret: true, read: cells.code(30) },
    phone: { header: '手机号', also: ['手机', '手机号码', '联系电话'], secret: true, read: cells.phone() },
    email: { header: '电子邮箱', also: ['邮箱', '电子邮件'], read: cells.email() },
    userid: { header: '企业微信账号', unique: true, read: cells.code(64) },
  } as const satisfies Columns
}

export function staffColumns(cells: Cells) {
  return {
    number: { header: '工号', also: ['教工号', '职工号'], required: true, unique: true, read: cells.code(32) },
    ...personColumns(cells),
    unit_code: { header: '部门编号', also: ['院系编号', '单位编号'], required: true, read: cells.code(32) },
    title: { header: '岗位', also: ['职务'], read: cells.text(50) },
    standing: { header: '在职状态', read: cells.choice<Standing>({ 在职: 'employed', 离职: 'left', 退休: 'left' }) },
    entered_on: { header: '入职日期', required: true, read: cells.date() },
    roles: { header: '角色', read: cells.list(10) },
  } as const satisfies Columns
}

export function studentColumns(cells: Cells) {
  return {
    number: { header: '学号', required: true, unique: true, read: cells.code(32) },
    ...personColumns(cells),
    unit_code: { header: '院系编号', also: ['部门编号', '学院编号'], required: true, read: cells.code(32) },
    major: { header: '专业', also: ['专业名称'], required: true, read: cells.text(60) },
    major_en: { header: '英文专业', also: ['专业英文名称'], read: cells.text(200) },
    class_name: { header: '班级', read: cells.text(50) },
    level: { header: '培养层次', required: true, read: cells.choice({ 专科: '专科', 本科: '本科', 硕士: '硕士研究生', 硕士研究生: '硕士研究生', 博士: '博士研究生', 博士研究生: '博士研究生' }) },
    years: { header: '学制', read: cells.decimal({ min: 0.5, max: 10 }) },
    entered_on: { header: '入学日期', required: true, read: cells.date() },
    ends_on: { header: '预计毕业日期', read: cells.date() },
    standing: { header: '学籍状态', read: cells.choice<Standing>({ 在读: 'enrolled', 休学: 'suspended', 毕业: 'graduated', 结业: 'graduated', 退学: 'withdrawn' }) },
    tutor_number: { header: '辅导员工号', also: ['导师工号'], read: cells.code(32) },
  } as const satisfies Columns
}

export type UnitRow = RowOf<ReturnType<typeof unitColumns>>
type StaffRow = RowOf<ReturnType<typeof staffColumns>>
type StudentRow = RowOf<ReturnType<typeof studentColumns>>

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

export type Rows<Row> = { rows: { row: number; values: Row }[]; errors: CellError[] }

/** Staff and students as people; a document that does not fit its type is an error of its cell. */
export function peopleOf(kind: Kind, table: Table<StaffRow> | Table<StudentRow>, cells: Cells): Rows<PersonRow> {
  const said = (row: StaffRow | StudentRow, key: string): unknown => (table.present.has(key) ? Object.entries(row).find(([name]) => name === key)?.[1] : undefined)
  const rows: Rows<PersonRow>['rows'] = []
  const errors = [...table.errors]
  for (const { row, values } of table.rows) {
    const person = personOf(kind, values, key => said(values, key))
    const refusal = person.document_type === 'id-card' ? cells.idNumber()(person.document) : null
    if (refusal && typeof refusal === 'object') errors.push({ row, column: '证件号码', sentence: refusal.refused })
    else rows.push({ row, values: person })
  }
  return { rows, errors }
}

function personOf(kind: Kind, row: StaffRow | StudentRow, said: (key: string) => unknown): PersonRow {
  const text = (key: string): string | null | undefined => {
    const value = said(key)
    return typeof value === 'string' || value === null ? value : undefined
  }
  return {
    kind, number: row.number, name: row.name, gender: row.gender, unit_code: row.unit_code, entered_on: row.entered_on,
    document_type: row.document_type ?? 'id-card', document: row.document.toUpperCase(), standing: row.standing ?? undefined,
    name_en: text('name_en'), birth_on: text('birth_on'), phone: text('phone'), email: text('email'), userid: text('userid'), title: text('title'),
    level: text('level'), major: text('major'), major_en: text('major_en'), class_name: text('class_name'), ends_on: text('ends_on'), tutor_number: text('tutor_number'),
    years: 'years' in row && said('years') !== undefined ? row.years : undefined,
    roles: 'roles' in row && said('roles') !== undefined ? row.roles : undefined,
  }
}
