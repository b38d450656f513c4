import { randomBytes } from 'node:crypto'
import type { ApiTable } from './api.ts'
import { fold, type Corp } from './corp.ts'
import { WecomError } from './errors.ts'
import { createMember, samePhone, updateMember } from './member-fields.ts'
import type { Limiter } from './limits.ts'
import { isRecord, read, type Json } from './shape.ts'
import type { Who } from './token.ts'
import type { Limits, Member } from './types.ts'

/** §3.1: an app reads inside its range and never writes; the assistant writes and reads ids only. */
const readOnly = { contacts: 48009 }
const writeOnly = { app: 48002 }
const JOIN_LIFE = 7 * 24 * 3600_000

export type Contacts = {
  apis: ApiTable
  /** Whether a join code of get_join_qrcode is known and not older than 7 days. */
  joinable(code: string): boolean
  clear(): void
}
type Deps = {
  corp: Corp; now: () => number; origin: () => string; limiter: Limiter; limits: Limits
  changed(): void
  /** The app hears that somebody left its range, or came back into it. */
  left(member: Member): void
  came(member: Member): void
}

/** What an app may see of a member: mobile, mail, picture, gender and address are kept back (§3.1). */
function shown(member: Member): Json {
  const { userid, name, department, order, position, is_leader_in_dept, direct_leader, telephone, alias, main_department, extattr, status } = member
  return {
    userid, name, department, order, position, is_leader_in_dept, direct_leader, telephone, alias, main_department, extattr, status,
    open_userid: '', external_position: '', isleader: is_leader_in_dept[0] ?? 0, enable: status === 2 ? 0 : 1,
  }
}

function getMember(corp: Corp, userid: string | undefined): Json {
  if (!userid) throw new WecomError(41009)
  const member = corp.find(userid)
  if (!member || member.status === 5) throw new WecomError(60111)
  if (!member.visible) throw new WecomError(60011)
  return shown(member)
}

/** Direct members only: walking down the tree is the caller's work. */
function membersOf(corp: Corp, id: string | undefined): Member[] {
  const department = Number(id)
  if (!Number.isInteger(department) || !corp.departments.has(department)) throw new WecomError(60003)
  return corp.inDepartment(department).filter((one) => one.visible && one.status !== 5)
}

function listIds(corp: Corp, body: Json): Json {
  const { cursor = '', limit = 10_000 } = read({ cursor: 'text', limit: 'number' }, body)
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) throw new WecomError(40058, 'limit')
  const start = cursor === '' ? 0 : Number(Buffer.from(cursor, 'base64url').toString())
  if (!Number.isInteger(start)) throw new WecomError(40058, 'cursor')
  const all = [...corp.members.values()].filter((one) => one.status !== 5).flatMap(({ userid, department }) => department.map((id) => ({ userid, department: id })))
  const end = start + limit
  return { dept_user: all.slice(start, end), next_cursor: end < all.length ? Buffer.from(String(end)).toString('base64url') : '' }
}

function batchDelete(deps: Deps, body: Json): Json {
  const { useridlist = [] } = read({ useridlist: ['text'] }, body)
  if (useridlist.length < 1 || useridlist.length > 200) throw new WecomError(40032)
  const members = useridlist.map((userid) => deps.corp.find(userid))
  if (members.some((member) => !member)) throw new WecomError(40031)
  checkDeletions(deps, members.length)
  for (const member of members) if (member) removeMember(deps, member)
  return { errmsg: 'deleted' }
}

/** The protection against deleting a corporation by mistake (45026). */
function checkDeletions({ limiter, limits: { deletionsPerHour } }: Deps, count: number): void {
  for (let n = 0; n < count; n += 1) if (!limiter.take('deletions', deletionsPerHour, 3600_000)) throw new WecomError(45026)
}

function removeMember(deps: Deps, member: Member): void {
  deps.corp.remove(member.userid)
  deps.left(member)
  deps.changed()
}

const DAY = 24 * 3600_000

/** Too many misses, over a fifth of the head-count cap, close the interface for a day: it is not for trying lists. */
function byPhoneOrMail({ corp, limiter, limits: { accounts } }: Deps, api: string, match: (member: Member) => boolean): Json {
  const key = `misses ${api}`
  if (limiter.blocked(key)) throw new WecomError(45009)
  const member = [...corp.members.values()].find((one) => one.visible && one.status !== 5 && match(one))
  if (!member) {
    limiter.pass(key, accounts * 0.2, DAY, DAY)
    throw new WecomError(46004)
  }
  return { userid: member.userid }
}

function writes(deps: Deps): ApiTable {
  const { corp, changed, limits } = deps
  return {
    'user/create': {
      method: 'POST', refuses: writeOnly,
      run({ body }) {
        const { made } = createMember(corp, body, limits)
        changed()
        return { errmsg: 'created', created_department_list: { department_info: made } }
      },
    },
    'user/update': {
      method: 'POST', refuses: writeOnly,
      run({ body }) {
        const before = corp.find(read({ userid: 'text' }, body).userid ?? '')?.status
        const member = updateMember(corp, body, limits)
        changed()
        if (before !== 2 && member.status === 2) deps.left({ ...member, status: before ?? 1 })
        if (before === 2 && member.status === 1) deps.came(member)
        return { errmsg: 'updated' }
      },
    },
    'user/delete': {
      method: 'GET', refuses: writeOnly,
      run({ query }) {
        const member = corp.find(query['userid'] ?? '')
        if (!member) throw new WecomError(query['userid'] ? 60111 : 41009)
        checkDeletions(deps, 1)
        removeMember(deps, member)
        return { errmsg: 'deleted' }
      },
    },
    'user/batchdelete': { method: 'POST', refuses: writeOnly, run: ({ body }) => batchDelete(deps, body) },
  }
}

function reads(deps: Deps): ApiTable {
  const { corp } = deps
  return {
    'user/get': { method: 'GET', refuses: readOnly, run: ({ query }) => getMember(corp, query['userid']) },
    'user/simplelist': {
      method: 'GET', refuses: readOnly,
      run: ({ query }) => ({ userlist: membersOf(corp, query['department_id']).map(({ userid, name, department }) => ({ userid, name, department, open_userid: '' })) }),
    },
    'user/list': { method: 'GET', refuses: readOnly, run: ({ query }) => ({ userlist: membersOf(corp, query['department_id']).map(shown) }) },
    'user/list_id': { method: 'POST', refuses: writeOnly, run: ({ body }) => listIds(corp, body) },
    'user/getuserid': {
      method: 'POST', refuses: readOnly,
      run({ body }) {
        const { mobile = '' } = read({ mobile: 'text' }, body)
        if (mobile.length < 5 || mobile.length > 32) throw new WecomError(60103)
        return byPhoneOrMail(deps, 'mobile', (one) => samePhone(one.mobile, mobile))
      },
    },
    'user/get_userid_by_email': {
      method: 'POST', refuses: readOnly,
      run({ body }) {
        const { email = '', email_type = 1 } = read({ email: 'text', email_type: 'number' }, body)
        if (email === '') throw new WecomError(60105)
        return byPhoneOrMail(deps, 'email', (one) => fold(email_type === 2 ? one.email : one.biz_mail) === fold(email))
      },
    },
  }
}

/** Members (§3.2): the permission matrix stands in `refuses`. */
export function createContacts(deps: Deps): Contacts {
  const { corp, now, origin } = deps
  const joins = new Map<string, number>()

  function joinCode(size: string | undefined): Json {
    if (size !== undefined && !['1', '2', '3', '4'].includes(size)) throw new WecomError(40058, 'size_type')
    const code = randomBytes(16).toString('hex')
    joins.set(code, now() + JOIN_LIFE)
    return { join_qrcode: `${origin()}/join/${code}/qr.png?size_type=${size ?? '1'}` }
  }

  function invite(body: Json, who: Who | 'nobody'): Json {
    const { user = [], party = [], tag = [] } = read({ user: ['text'], party: ['number'], tag: ['number'] }, body)
    if (user.length + party.length + tag.length === 0) throw new WecomError(40035)
    if (user.length > 1000 || party.length > 100 || tag.length > 100) throw new WecomError(40035)
    const known = (userid: string): boolean => (who === 'app' ? corp.reachable(corp.find(userid)) : corp.find(userid) !== undefined)
    return { invaliduser: user.filter((userid) => !known(userid)), invalidparty: party.filter((id) => !corp.departments.has(id)), invalidtag: tag }
  }

  return {
    apis: {
      ...writes(deps), ...reads(deps),
      'batch/invite': { method: 'POST', run: ({ body, who }) => invite(isRecord(body) ? body : {}, who) },
      'corp/get_join_qrcode': { method: 'GET', refuses: writeOnly, run: ({ query }) => joinCode(query['size_type']) },
    },
    joinable: (code) => (joins.get(code) ?? 0) > now(),
    clear: () => joins.clear(),
  }
}
