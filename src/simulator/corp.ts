import { NEWCOMER } from './phone-book.ts'
import type { Department, Member, MemberSeed, SimulatorOptions } from './types.ts'

export type Agent = {
  agentid: number; name: string; description: string; square_logo_url: string; redirect_domain: string
  report_location_flag: number; isreportenter: number; home_url: string; close: number
}

export type Corp = {
  readonly corpId: string
  readonly agent: Agent
  readonly members: Map<string, Member>
  readonly departments: Map<number, Department>
  /** userids are compared without regard to case. */
  find(userid: string): Member | undefined
  /** In the app's visible range and not gone. */
  reachable(member: Member | undefined): boolean
  add(member: Member): void
  remove(userid: string): void
  /** Another userid for the same member. */
  rename(userid: string, renamed: string): void
  /** Direct members of a department, whoever they are. */
  inDepartment(id: number): readonly Member[]
  /** To be called when somebody's departments changed. */
  moved(): void
  /** The departments below this one and itself. */
  subtree(id: number): Set<number>
  /** Whose phone has this name. */
  memberOf(phoneLabel: string): Member | undefined
  /** DNS-safe name of a member's phone. */
  phoneLabel(userid: string): string
  reset(): void
}

export function fold(userid: string): string {
  return userid.toLowerCase()
}

export function mustFind(corp: Corp, userid: string): Member {
  const member = corp.find(userid)
  if (!member) throw new Error(`no member ${userid}`)
  return member
}

/** A member with every field the platform keeps. */
export function newMember(seed: MemberSeed): Member {
  const zeros = seed.department.map(() => 0)
  const status = seed.status ?? 1
  return {
    userid: seed.userid, name: seed.name, department: [...seed.department], order: zeros, is_leader_in_dept: seed.is_leader_in_dept ?? [...zeros],
    direct_leader: [...seed.direct_leader ?? []], main_department: seed.department[0] ?? 1, alias: '', position: seed.position ?? '', mobile: seed.mobile ?? '',
    email: seed.email ?? '', biz_mail: '', gender: seed.gender ?? '0', telephone: '', address: '', avatar: seed.avatar ?? '',
    extattr: { attrs: [] }, status, joined: status !== 4, generated: seed.generated ?? false, visible: seed.visible ?? true, licensed: seed.licensed ?? true, label: seed.label ?? '成员', shown: seed.shown ?? false,
  }
}

function newAgent(options: SimulatorOptions): Agent {
  return {
    agentid: options.agentId, name: options.appName ?? '办事大厅', description: '一站式网上办事大厅', square_logo_url: '',
    redirect_domain: new URL(options.hallOrigin).host, report_location_flag: 0, isreportenter: 1, home_url: `${options.hallOrigin}/`, close: 0,
  }
}

/** `zhang.san` and `zhang-san` would share a host, so the later one gets a number. */
function freeLabel(userid: string, taken: Map<string, string>): string {
  const plain = fold(userid).replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 50) || 'member'
  let label = plain
  for (let n = 2; taken.has(label); n += 1) label = `${plain}-${n}`
  return label
}

/** The corporation: people, departments, the one app. */
export function createCorp(options: SimulatorOptions): Corp {
  const members = new Map<string, Member>()
  const departments = new Map<number, Department>()
  // No member's phone is called like the newcomer's.
  const labels = new Map<string, string>([[NEWCOMER, '']])
  const labelOf = new Map<string, string>()
  const agent = newAgent(options)
  let byDepartment: Map<number, Member[]> | null = null

  function add(member: Member): void {
    const key = fold(member.userid)
    byDepartment = null
    members.set(key, member)
    if (labelOf.has(key)) return
    const label = freeLabel(member.userid, labels)
    labels.set(label, key)
    labelOf.set(key, label)
  }

  function reset(): void {
    byDepartment = null
    members.clear()
    departments.clear()
    Object.assign(agent, newAgent(options))
    for (const department of options.departments) departments.set(department.id, { ...department })
    if (!departments.has(1)) departments.set(1, { id: 1, name: '企业', parentid: 0 })
    for (const seed of options.members) add(newMember(seed))
  }

  function inDepartment(id: number): readonly Member[] {
    if (byDepartment === null) {
      byDepartment = new Map()
      for (const member of members.values()) {
        for (const department of new Set(member.department)) {
          const there = byDepartment.get(department) ?? []
          there.push(member)
          byDepartment.set(department, there)
        }
      }
    }
    return byDepartment.get(id) ?? []
  }

  function remove(userid: string): void {
    byDepartment = null
    members.delete(fold(userid))
  }

  function rename(userid: string, renamed: string): void {
    const member = members.get(fold(userid))
    if (!member) return
    remove(userid)
    add(Object.assign(member, { userid: renamed, generated: false }))
  }

  function subtree(id: number): Set<number> {
    const found = new Set([id])
    for (let size = 0; size !== found.size;) {
      size = found.size
      for (const department of departments.values()) if (found.has(department.parentid)) found.add(department.id)
    }
    return found
  }

  reset()
  return {
    corpId: options.corpId, agent, members, departments, add, remove, rename, subtree, inDepartment, reset,
    moved: () => { byDepartment = null },
    find: (userid) => members.get(fold(userid)),
    reachable: (member) => member !== undefined && member.visible && member.status !== 5 && member.status !== 2,
    memberOf: (label) => members.get(labels.get(label) ?? ''),
    phoneLabel: (userid) => labelOf.get(fold(userid)) ?? freeLabel(userid, new Map()),
  }
}
