import { checkDigitOf } from '../../../src/platform/id-number.ts'
import { hanName, type Sex, type Special, specialNames } from './names.ts'
import { type Chance, random } from './random.ts'
import { type Major, schools, type Unit, units } from './units.ts'

type Row = Record<string, string | number | null>
export type Staff = { row: Row; unit: Unit; heads: string | null; deputy: boolean; tutors: boolean }
export type Student = { row: Row; unit: Unit; major: Major; entered: number; terms: number; ability: number }

const STUDENTS_A_SCHOOL = 42

/** Heads, tutors and a secretary for each school; registrars, clerks and administrators in the offices, and those who run what the services ask for. */
export function makeStaff(chance: Chance): Staff[] {
  const made: Staff[] = []
  const hire = hiring(made, chance)
  const old = units.filter(unit => !Object.hasOwn(HOUSEHOLD, unit.code))
  for (const unit of old) {
    hire(unit, unit.kind === '学院' ? '院长' : unit.name === '图书馆' ? '馆长' : unit.name === '信息中心' ? '主任' : '处长', null, { heads: true })
    if (unit.kind === '学院') staffOfSchool(unit, hire)
    else staffOfOffice(unit, hire)
  }
  hireHousehold(hiring(made, laterChance()))
  for (const unit of units) nameLeaders(made.filter(person => person.unit === unit))
  return made
}

/** Who joined later, by a chance of their own: everybody before them stays who they were. */
const laterChance = (): Chance => {
  let serial = 2000
  return { ...random(20261101), serial: () => (serial += 1) }
}

type Post = readonly [post: string, people: number, roles?: string]

/** Offices that keep the house, the head first. */
const HOUSEHOLD: Record<string, readonly Post[]> = {
  '0205': [['主任', 1], ['副主任', 1, '审批人'], ['印章管理员', 2], ['法务专员', 1], ['会议室管理员', 1], ['机要秘书', 1]],
  '0206': [['处长', 1], ['副处长', 1], ['维修班长', 1], ['维修工', 3], ['楼宇管理员', 2]],
  '0207': [['部长', 1], ['副部长', 1], ['网络编辑', 2]],
}
const JOINED: Record<string, readonly Post[]> = { '0203': [['网站管理员', 2], ['网络工程师', 2], ['网络安全员', 1]], ...HOUSEHOLD }

function hireHousehold(hire: Hire): void {
  for (const unit of units) {
    for (const [at, [post, people, roles = null]] of (JOINED[unit.code] ?? []).entries()) {
      for (let one = 0; one < people; one++) hire(unit, post, roles, { heads: at === 0 && Object.hasOwn(HOUSEHOLD, unit.code) })
    }
  }
}

function hiring(made: Staff[], chance: Chance): Hire {
  return (unit, post, roles, given = {}) => {
    const sex = given.sex ?? chance.pick(['男', '女'])
    const number = String(10001 + made.length)
    const born = `${chance.between(1966, 1995)}-${two(chance.between(1, 12))}-${two(chance.between(1, 28))}`
    made.push({ unit, heads: given.heads ? unit.code : null, deputy: post.startsWith('副'), tutors: post === '辅导员', row: {
      工号: number, 姓名: given.name ?? hanName(chance, sex), 英文姓名: null, 性别: sex, ...documentOf(chance, born, sex), 部门编号: unit.code, 岗位: post, 直接上级工号: null,
      在职状态: '在职', 入职日期: `${chance.between(2008, 2024)}-${two(chance.between(1, 12))}-01`, 角色: roles, ...contactOf(chance, number), 企业微信账号: null,
    } })
  }
}

/** Everyone in a department answers to its deputy, who answers to its head. */
function nameLeaders(people: readonly Staff[]): void {
  const deputy = people.find(person => person.deputy)
  for (const person of people) if (deputy && person !== deputy && person.heads === null) person.row['直接上级工号'] = deputy.row['工号'] ?? null
}

type Hire = (unit: Unit, post: string, roles: string | null, given?: { name?: string; sex?: Sex; heads?: boolean }) => void

function staffOfSchool(unit: Unit, hire: Hire): void {
  hire(unit, '辅导员', '辅导员', unit.code === '0101' ? { name: '李敏', sex: '女' } : {})
  hire(unit, '辅导员', '辅导员')
  hire(unit, '教学秘书', '教务员')
  hire(unit, '副院长', null)
}

function staffOfOffice(unit: Unit, hire: Hire): void {
  if (unit.name === '教务处') {
    hire(unit, '教务员', '教务员(全校)', { name: '周静', sex: '女' })
    hire(unit, '教务员', '教务员(全校)')
  }
  const students = unit.name === '学生处'
  if (students) hire(unit, '学生事务专员', '现场工作人员(全校)')
  const center = unit.name === '信息中心'
  if (center) hire(unit, '系统管理员', '系统管理员', { name: '陆远', sex: '男' })
  const deputy = unit.name === '图书馆' ? '副馆长' : center ? '副主任' : '副处长'
  hire(unit, students ? '客服专员' : deputy, center ? '安全管理员' : students ? '客服(全校)' : null)
  hire(unit, students ? deputy : '科员', center ? '审计管理员' : null)
}

/** Four years of undergraduates in every school, a few masters who were undergraduates here, and some who suspended. */
export function makeStudents(chance: Chance, staff: readonly Staff[]): Student[] {
  const special = [...specialNames]
  return schools.flatMap(unit => {
    const tutors = staff.filter(person => person.tutors && person.unit === unit).map(person => String(person.row['工号']))
    const places = Array.from({ length: STUDENTS_A_SCHOOL }, (_, at) => ({ entered: 2023 + (at % 4), major: unit.majors[Math.floor(at / 4) % 2], at }))
    const bachelors = places.map(({ entered, major, at }) => {
      if (!major) throw new Error(`no major in ${unit.name}`)
      const first = unit.code === '0101' && at === 0
      const given = first ? { name: '陈思远', english: null, sex: '男' as const } : at % 20 === 7 ? special.shift() : undefined
      return enrol(chance, { unit, major, entered, serial: Math.floor(at / 8) + 1, tutor: tutors[at % 2] ?? null, given, suspended: at === 29 && unit.code !== '0101' })
    })
    return [...bachelors, ...(unit.code < '0104' ? masters(chance, unit, tutors) : [])]
  })
}

type Place = { unit: Unit; major: Major; entered: number; serial: number; tutor: string | null; given: Special | undefined; suspended: boolean }

function enrol(chance: Chance, { unit, major, entered, serial, tutor, given, suspended }: Place): Student {
  const sex = given?.sex ?? chance.pick(['男', '女'])
  const number = `${entered}${unit.code.slice(1)}${major.code}${two(serial)}`
  const born = given?.born ?? `${entered - 18}-${two(chance.between(1, 12))}-${two(chance.between(1, 28))}`
  const row = {
    学号: number, 姓名: given?.name ?? hanName(chance, sex), 英文姓名: given?.english ?? null, 性别: sex, 出生日期: given?.passport ? born : null,
    ...documentOf(chance, born, sex, given?.passport), 院系编号: unit.code, 专业: major.name, 英文专业: major.english, 班级: `${major.name}${entered % 100}${two(1)}班`,
    培养层次: '本科', 学制: 4, 入学日期: `${entered}-09-01`, 预计毕业日期: `${entered + 4}-06-30`, 学籍状态: suspended ? '休学' : '在读',
    辅导员工号: tutor, ...contactOf(chance, number), 企业微信账号: null,
  }
  return { row, unit, major, entered, terms: (2026 - entered) * 2, ability: chance.around(79, 9) }
}

/** Two masters: the same ID number under an earlier undergraduate number that has graduated. */
function masters(chance: Chance, unit: Unit, tutors: readonly string[]): Student[] {
  return [1, 2].flatMap(serial => {
    const major = unit.majors[serial - 1]
    if (!major) return []
    const before = enrol(chance, { unit, major, entered: 2021, serial: 40 + serial, tutor: tutors[0] ?? null, given: undefined, suspended: false })
    const number = `M2025${unit.code.slice(1)}${major.code}${two(serial)}`
    const graduated = { ...before, terms: 8, row: { ...before.row, 学籍状态: '毕业', 预计毕业日期: '2025-06-30' } }
    const now = { ...before, entered: 2025, terms: 2, row: {
      ...before.row, 学号: number, 班级: `${major.name}硕25级`, 培养层次: '硕士研究生', 学制: 3, 入学日期: '2025-09-01', 预计毕业日期: '2028-06-30', 学籍状态: '在读', 电子邮箱: mailOf(number),
    } }
    return [graduated, now]
  })
}

/** An ID number with a right check character in a division that does not exist; the 17th digit is odd for men. */
function documentOf(chance: Chance, born: string, sex: Sex, passport?: string): Row {
  if (passport) return { 证件类型: '护照', 证件号码: passport }
  const order = String((chance.serial() * 2) % 1000 + (sex === '男' ? 1 : 0)).padStart(3, '0')
  const first17 = `110199${born.replaceAll('-', '')}${order}`
  return { 证件类型: '居民身份证', 证件号码: first17 + checkDigitOf(first17) }
}

function contactOf(chance: Chance, number: string): Row {
  return { 手机号: `1990000${1000 + chance.serial()}`, 电子邮箱: mailOf(number) }
}

function mailOf(number: string): string {
  return `${number.toLowerCase()}@minghu.example`
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
