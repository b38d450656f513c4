import { type Static, Type } from 'typebox'
import type { Call, Request } from './call.ts'

const text = Type.Optional(Type.String())
const Member = Type.Object({
  userid: Type.String(), name: text, department: Type.Optional(Type.Array(Type.Integer())), main_department: Type.Optional(Type.Integer()),
  position: text, is_leader_in_dept: Type.Optional(Type.Array(Type.Integer())), direct_leader: Type.Optional(Type.Array(Type.String())),
  /** 1 activated, 2 disabled, 4 not activated, 5 left */
  status: Type.Optional(Type.Integer()),
})
const Department = Type.Object({
  id: Type.Integer(), name: text, name_en: text, parentid: Type.Optional(Type.Integer()), order: Type.Optional(Type.Integer()),
  department_leader: Type.Optional(Type.Array(Type.String())),
})
const Nothing = Type.Object({})

/** A department may have 30,000 members, and comes in one answer; ms. */
const LONG = 30_000

export type Member = Static<typeof Member>
export type Department = Static<typeof Department>
/** What is written; mobile or e-mail is needed. `to_invite` is true at the platform where it is left out. */
export type NewMember = {
  userid: string; name: string; department: number[]; main_department?: number; mobile?: string; email?: string; position?: string
  /** as many as departments, 0 or 1 each (60132) */
  is_leader_in_dept?: number[]
  /** at most one userid, of a member that is there */
  direct_leader?: string[]
  enable?: 0 | 1; to_invite?: boolean
}
export type NewDepartment = { name: string; parentid: number; name_en?: string; order?: number; id?: number }

/** The address book: the app reads inside its visible range, contact sync writes (90193). */
export function contactCalls(call: Call) {
  const write = (path: string, body: object) => call(Nothing, { path, as: 'contacts', body: JSON.stringify(body) })
  const remove = (path: string, query: Request['query']) => call(Nothing, { path, as: 'contacts', ...(query && { query }) })
  return {
    members: {
      get: (userid: string): Promise<Member> => call(Member, { path: '/cgi-bin/user/get', query: { userid } }),
      /** Direct members of a department; its sub-departments are asked one by one. */
      async list(department: number): Promise<Member[]> {
        const request: Request = { path: '/cgi-bin/user/list', query: { department_id: department }, timeout: LONG }
        return (await call(Type.Object({ userlist: Type.Array(Member) }), request)).userlist
      },
      /** Every userid with a department of it, page by page (`limit` up to 10,000); a member of several departments comes several times. */
      async listIds(cursor = '', limit = 10_000): Promise<{ members: { userid: string; department: number }[]; next: string | null }> {
        const Page = Type.Object({ next_cursor: text, dept_user: Type.Array(Type.Object({ userid: Type.String(), department: Type.Integer() })) })
        const page = await call(Page, { path: '/cgi-bin/user/list_id', as: 'contacts', timeout: LONG, body: JSON.stringify({ cursor, limit }) })
        return { members: page.dept_user, next: page.next_cursor || null }
      },
      /** Throws `wecom:46004` where nobody has it. Never for probing lists: too many misses close the interface for a day. */
      idByMobile: (mobile: string): Promise<string> => idFrom(call, '/cgi-bin/user/getuserid', { mobile }),
      idByEmail: (email: string, kind: 'corporate' | 'personal'): Promise<string> =>
        idFrom(call, '/cgi-bin/user/get_userid_by_email', { email, email_type: kind === 'corporate' ? 1 : 2 }),
      create: (member: NewMember) => write('/cgi-bin/user/create', member),
      /** Only the given fields change; the mobile of an activated member silently does not. */
      update: (member: Partial<NewMember> & { userid: string; new_userid?: string }) => write('/cgi-bin/user/update', member),
      delete: (userid: string) => remove('/cgi-bin/user/delete', { userid }),
      /** All of them or none: one wrong userid fails the call (40031). Up to 200. */
      deleteMany: (userids: readonly string[]) => write('/cgi-bin/user/batchdelete', { useridlist: userids }),
      /** Sends the invitation again; returns whom it could not reach. */
      async invite(userids: readonly string[]): Promise<string[]> {
        const Answer = Type.Object({ invaliduser: Type.Optional(Type.Array(Type.String())) })
        return (await call(Answer, { path: '/cgi-bin/batch/invite', as: 'contacts', body: JSON.stringify({ user: userids }) })).invaliduser ?? []
      },
      /** Picture of the QR code that joins the corporation; lives 7 days. */
      async joinQrcode(): Promise<string> {
        const Answer = Type.Object({ join_qrcode: Type.String() })
        return (await call(Answer, { path: '/cgi-bin/corp/get_join_qrcode', as: 'contacts', query: { size_type: 3 } })).join_qrcode
      },
    },
    departments: {
      /** The whole tree that the app may see. */
      async list(): Promise<Department[]> {
        return (await call(Type.Object({ department: Type.Array(Department) }), { path: '/cgi-bin/department/list', timeout: LONG })).department
      },
      async create(department: NewDepartment): Promise<number> {
        const request: Request = { path: '/cgi-bin/department/create', as: 'contacts', body: JSON.stringify(department) }
        return (await call(Type.Object({ id: Type.Integer() }), request)).id
      },
      update: (department: Partial<NewDepartment> & { id: number }) => write('/cgi-bin/department/update', department),
      delete: (id: number) => remove('/cgi-bin/department/delete', { id }),
    },
  }
}

async function idFrom(call: Call, path: string, body: object): Promise<string> {
  return (await call(Type.Object({ userid: Type.String() }), { path, body: JSON.stringify(body) })).userid
}
