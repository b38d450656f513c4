import type { Callbacks } from './callbacks.ts'
import { type Corp, mustFind, newMember } from './corp.ts'
import type { Delivery, Department, Member, MemberSeed } from './types.ts'
import type { XmlFields } from './xml.ts'

/** What an administrator does in WeCom's console: the contacts callback hears of it, which it does not of the assistant's own writing (§5.5). */
export type Admin = {
  addMember(seed: MemberSeed): Promise<void>
  updateMember(userid: string, change: Partial<Pick<Member, 'name' | 'department' | 'position' | 'mobile' | 'is_leader_in_dept' | 'direct_leader'>>): Promise<void>
  /** Another userid, where the system made up the present one. */
  renameMember(userid: string, renamed: string): Promise<void>
  /** The member leaves the corporation: kept with status 5. */
  leave(userid: string): Promise<void>
  /** The member is deleted. */
  removeMember(userid: string): Promise<void>
  setEnabled(userid: string, enabled: boolean): Promise<void>
  setVisible(userid: string, visible: boolean): Promise<void>
  addDepartment(department: Department): Promise<void>
  updateDepartment(id: number, change: Partial<Pick<Department, 'name' | 'parentid' | 'order'>>): Promise<void>
  removeDepartment(id: number): Promise<void>
  /** Somebody's import is over. */
  importEnded(jobid: string, type: 'sync_user' | 'replace_user' | 'invite_user' | 'replace_party'): Promise<void>
}

type Deps = { corp: Corp; callbacks: Callbacks; changed(): void }
type Voices = {
  contacts(fields: XmlFields): Promise<Delivery | undefined>
  range(member: Member, event: 'subscribe' | 'unsubscribe'): Promise<Delivery | undefined>
  changed(): void
}

function voicesOf({ callbacks, changed }: Deps): Voices {
  return {
    changed,
    async contacts(fields) {
      if (callbacks.url('contacts') === null) return undefined
      return await callbacks.raise({ channel: 'contacts', userid: 'sys', fields: { MsgType: 'event', ...fields } })
    },
    async range(member, event) {
      if (callbacks.url('app') === null) return undefined
      return await callbacks.raise({ userid: member.userid, fields: { MsgType: 'event', Event: event, EventKey: '' } })
    },
  }
}

const change = (ChangeType: string, fields: XmlFields): XmlFields => ({ Event: 'change_contact', ChangeType, ...fields })

function memberActs(corp: Corp, { contacts, range, changed }: Voices): Pick<Admin, 'addMember' | 'updateMember' | 'renameMember' | 'leave' | 'removeMember' | 'setEnabled' | 'setVisible'> {
  async function gone(member: Member): Promise<void> {
    changed()
    await Promise.all([contacts(change('delete_user', { UserID: member.userid })), member.visible ? range(member, 'unsubscribe') : undefined])
  }
  return {
    async addMember(seed) {
      const member = newMember(seed)
      corp.add(member)
      changed()
      const heard = contacts(change('create_user', { UserID: seed.userid, Department: seed.department.join(',') }))
      await Promise.all([heard, member.visible && member.status === 1 ? range(member, 'subscribe') : undefined])
    },
    async updateMember(userid, fields) {
      const member = mustFind(corp, userid)
      const zeros = fields.department?.map(() => 0)
      Object.assign(member, zeros && { order: zeros, is_leader_in_dept: [...zeros], main_department: fields.department?.[0] ?? 1 }, fields)
      corp.moved()
      changed()
      const told: XmlFields = {
        ...(fields.department && { Department: fields.department.join(',') }), ...(fields.is_leader_in_dept && { IsLeaderInDept: fields.is_leader_in_dept.join(',') }),
        ...(fields.direct_leader && { DirectLeader: fields.direct_leader.join(',') }),
      }
      // Since 2022 only these are told.
      if (Object.keys(told).length > 0) await contacts(change('update_user', { UserID: member.userid, ...told }))
    },
    async renameMember(userid, renamed) {
      const member = mustFind(corp, userid)
      if (!member.generated || corp.find(renamed)) throw new Error(`${userid} cannot be renamed to ${renamed}`)
      const before = member.userid
      corp.rename(userid, renamed)
      changed()
      await contacts(change('update_user', { UserID: before, NewUserID: renamed }))
    },
    async leave(userid) {
      const member = mustFind(corp, userid)
      member.status = 5
      await gone(member)
    },
    async removeMember(userid) {
      const member = mustFind(corp, userid)
      corp.remove(userid)
      await gone(member)
    },
    async setEnabled(userid, enabled) {
      const member = mustFind(corp, userid)
      const before = member.status
      member.status = enabled ? (member.joined ? 1 : 4) : 2
      changed()
      if (member.visible && before !== member.status && member.joined) await range(member, enabled ? 'subscribe' : 'unsubscribe')
    },
    async setVisible(userid, visible) {
      const member = mustFind(corp, userid)
      member.visible = visible
      changed()
      await range(member, visible ? 'subscribe' : 'unsubscribe')
    },
  }
}

function departmentActs(corp: Corp, { contacts, changed }: Voices): Pick<Admin, 'addDepartment' | 'updateDepartment' | 'removeDepartment'> {
  return {
    async addDepartment(department) {
      corp.departments.set(department.id, { ...department })
      changed()
      await contacts(change('create_party', { Id: department.id, Name: department.name, ParentId: department.parentid, Order: department.order ?? 0 }))
    },
    async updateDepartment(id, fields) {
      const department = corp.departments.get(id)
      if (!department) throw new Error(`no department ${id}`)
      Object.assign(department, fields)
      changed()
      await contacts(change('update_party', { Id: id, ...(fields.name !== undefined && { Name: fields.name }), ...(fields.parentid !== undefined && { ParentId: fields.parentid }) }))
    },
    async removeDepartment(id) {
      corp.departments.delete(id)
      changed()
      await contacts(change('delete_party', { Id: id }))
    },
  }
}

/** An administrator's acts. */
export function adminActs(deps: Deps): Admin {
  const voices = voicesOf(deps)
  return {
    ...memberActs(deps.corp, voices), ...departmentActs(deps.corp, voices),
    async importEnded(jobid, type) {
      await voices.contacts({ Event: 'batch_job_result', BatchJob: { JobId: jobid, JobType: type, ErrCode: 0, ErrMsg: 'ok' } })
    },
  }
}
