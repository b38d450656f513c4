import type { Department, MemberSeed } from '../simulator/index.ts'

type Corp = { departments: Department[]; members: MemberSeed[] }

/** The student whom WeCom does not know: who may try 用户注册 in the demo. */
export function forgottenIn(members: readonly MemberSeed[]): MemberSeed | undefined {
  return lastStudents(members)[2]
}

const lastStudents = (members: readonly MemberSeed[]): MemberSeed[] => members.filter(member => member.position === undefined && !member.shown).slice(-3)

/**
 * The address book as it comes to look after a year of work by hand: a promotion that the roster does not know, a student moved to another
 * department, one who was forgotten, one disabled by mistake, a contractor, a project group. Nobody of the demo's cast is touched.
 */
export function drifted({ departments, members }: Corp): Corp {
  const staff = members.filter(member => member.position !== undefined && !member.shown && !member.is_leader_in_dept?.includes(1))
  const [promoted] = staff.slice(-1)
  const [moved, disabled, forgotten] = lastStudents(members)
  const elsewhere = departments.find(department => department.parentid !== 0 && department.id !== moved?.department[0])
  const group = Math.max(...departments.map(department => department.id)) + 1
  const changed = members.filter(member => member !== forgotten).map((member): MemberSeed => {
    if (member === promoted) return { ...member, position: `高级${member.position ?? ''}` }
    if (member === moved && elsewhere) return { ...member, department: [elsewhere.id] }
    return member === disabled ? { ...member, status: 2 } : member
  })
  const contractor: MemberSeed = { userid: 'wang.contractor', name: '王建国', department: [group], position: '施工方项目经理', mobile: '19900009999', label: '校外人员' }
  return { departments: [...departments, { id: group, name: '校庆筹备组', parentid: 1 }], members: [...changed, contractor] }
}
