import type { Db } from '../../platform/db.ts'
import type { PersonalKind } from '../../platform/personal.ts'
import { maskDocument, maskEmail, maskPhone } from './rules/mask.ts'
import { roleLabel } from './rules/roles.ts'
import { kindLabels, standings, wayLabels } from './rules/standing.ts'
import { bindingsOf } from './store/bindings.ts'
import { groupsOf } from './store/groups.ts'
import { numbersOf } from './store/people.ts'
import { rolesOf } from './store/roles.ts'
import type { Vault } from './vault.ts'

/** A person's document, telephone number and mailbox, opened. */
export async function wholeOf(db: Db, vault: Vault, person_id: string): Promise<{ document: string; phone: string | null; email: string | null }> {
  const { document_sealed, phone_sealed, email } = await db.selectFrom('identity_people').select(['document_sealed', 'phone_sealed', 'email']).where('id', '=', person_id).executeTakeFirstOrThrow()
  return { document: vault.open('document', document_sealed), phone: phone_sealed === null ? null : vault.open('phone', phone_sealed), email }
}

/** What is kept of a person here: themselves, their numbers, how they signed in. */
export async function personalOf(db: Db, vault: Vault, person_id: string): Promise<PersonalKind[]> {
  const person = await db.selectFrom('identity_people').selectAll().where('id', '=', person_id).executeTakeFirstOrThrow()
  const [numbers, bindings, roles, groups] = [await numbersOf(db, person_id), await bindingsOf(db, person_id), await rolesOf(db, person_id), await groupsOf(db, person_id)]
  const sessions = await db.selectFrom('identity_sessions').select(['number', 'way', 'device', 'created_at', 'seen_at', 'ended_at']).where('person_id', '=', person_id).orderBy('seen_at', 'desc').limit(100).execute()
  const { document, phone } = await wholeOf(db, vault, person_id)
  return [
    {
      label: '基本信息', purpose: '确认你是谁，写进需要它的证明文件', source: '学校的名单，你在账户信息里的修改', term: '在校期间；毕业以后，只要学校有出具证明的责任',
      entries: [{ title: person.name, facts: [
        { label: '姓名', value: person.name }, { label: '英文姓名', value: person.name_en }, { label: '性别', value: person.gender === 'male' ? '男' : '女' }, { label: '出生日期', value: person.birth_on },
        { label: '证件号码', value: maskDocument(document), whole: document }, { label: '手机号', value: phone && maskPhone(phone), whole: phone ?? undefined },
        { label: '电子邮箱', value: person.email && maskEmail(person.email), whole: person.email ?? undefined },
      ] }],
    },
    {
      label: '学工号', purpose: '决定你能办哪些事项、由谁审批', source: '学校的名单', term: '和基本信息一样',
      entries: numbers.map(each => ({ title: each.number, facts: [
        { label: '身份', value: kindLabels[each.kind] }, { label: '状态', value: standings[each.standing].label }, { label: '部门', value: each.unit_name },
        { label: '专业', value: each.major }, { label: '班级', value: each.class_name }, { label: '培养层次', value: each.level }, { label: '岗位', value: each.title }, { label: '直接上级工号', value: each.leader_number }, { label: '入校日期', value: each.entered_on },
      ] })),
    },
    {
      label: '企业微信绑定', purpose: '从企业微信直接打开办事大厅，接收通知', source: '你绑定的时候', term: '解除绑定以后保留记录，不再使用',
      entries: bindings.map(each => ({ title: each.userid, at: each.began_at, facts: [{ label: '学工号', value: each.number }, { label: '解除时间', value: each.ended_at, at: true }] })),
    },
    {
      label: '角色', purpose: '决定你能审批和管理什么', source: '名单，或安全管理员授予', term: '到收回为止，记录留在操作记录里',
      entries: roles.map(each => ({ title: roleLabel(each.role), facts: [{ label: '部门', value: each.unit_name ?? '全校' }] })),
    },
    {
      label: '工作组', purpose: '请你和同组的人一起审批', source: '系统管理员加入', term: '到移出为止，记录留在操作记录里',
      entries: groups.map(each => ({ title: each.name, at: each.added_at, facts: [{ label: '用途', value: each.purpose || null }] })),
    },
    {
      label: '登录', purpose: '保护账号安全', source: '你登录的时候', term: '最近的登录；登录记录不少于六个月',
      entries: sessions.map(each => ({ title: each.device ?? '', at: each.created_at, facts: [
        { label: '学工号', value: each.number }, { label: '方式', value: each.way && wayLabels[each.way] }, { label: '最近使用', value: each.seen_at, at: true }, { label: '结束', value: each.ended_at, at: true },
      ] })),
    },
  ]
}
