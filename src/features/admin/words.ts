import type { EventRow } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'
import { can, type Right } from '../../platform/rights.ts'
import type { T } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'
import { formFilled, instanceApproved, instanceEnded, instanceRejected, instanceReturned, instanceRevoked, instanceWithdrawn, taskClosed, taskOpened } from '../approvals/index.ts'
import { applicationReturned } from '../services/index.ts'
import { jobRevived } from './events.ts'

export type Labels = ReadonlyMap<string, EventLabel>

/** What no timeline shows, because what it follows from stands there; the trail shows all. */
const TRAIL: Readonly<Record<string, string>> = {
  [instanceApproved.name]: '审批流程通过',
  [instanceRejected.name]: '审批流程驳回',
  [instanceReturned.name]: '审批流程退回申请人',
  [instanceWithdrawn.name]: '审批流程由申请人撤回',
  [instanceRevoked.name]: '审批流程通过后撤销',
  [instanceEnded.name]: '审批流程由管理员终止',
  [formFilled.name]: '流程更新了表单',
  [taskOpened.name]: '待办任务分派给处理人',
  [taskClosed.name]: '待办任务结束',
  [applicationReturned.name]: '申请退回修改',
}

/** The kinds of events, by the feature that tells them. */
export const KINDS: Readonly<Record<string, string>> = {
  callbacks: '企业微信回调', identity: '人员与登录', messages: '通知', payments: '缴费', approvals: '审批', services: '申请', ratings: '评价', cases: '申请管理', connections: '外部连接', api: '接口', hall: '大厅', documents: '证明文件', helpdesk: '求助', privacy: '个人信息', admin: '后台管理',
}

/** Kinds whose events are news by themselves; the others happen all day long and stand in the trail alone. */
export const NEWS: readonly string[] = ['services.', 'documents.', 'payments.', 'admin.', 'identity.role-', 'identity.factor-', 'privacy.personal-shown']

const JOBS: Readonly<Record<string, string>> = {
  'admin.chain-trail': '为事件记录加上校验', 'admin.prune-jobs': '清理完成的作业', 'admin.sweep-files': '清理没有用处的文件', 'approvals.card-click': '办理卡片上的点击', 'approvals.tick': '检查审批时限', 'approvals.call': '调用外部系统', 'approvals.find-forsaken': '查找离开的人手里的待办', 'approvals.hand-over': '交接待办', 'cases.move': '迁移申请到其他版本', 'cases.measure-days': '统计办理数据', 'cases.export': '导出申请', 'cases.forget-exports': '清理导出的文件', 'connections.test': '测试外部连接',
  'documents.check-batch': '检查批量出具的名单', 'documents.issue-slice': '批量出具一组文件', 'documents.tell-batch': '通知一批文件的持有人', 'documents.revoke-batch': '作废一批文件', 'documents.wake-batches': '接续中断的批量出具',
  'api.watch-clients': '提醒快要到期的接口', 'api.forget-uses': '清理接口的调用次数',
  'documents.draw': '生成并签章证明文件', 'documents.forget-guesses': '清理查验次数', 'documents.raise-level': '补上时间戳和验证资料', 'documents.archive-seals': '盖归档时间戳', 'documents.watch-seal': '检查签章证书的有效期', 'documents.close-forsaken': '取消没有办完的文件申请', 'documents.measure-days': '统计证明文件', 'documents.keep-templates': '保存文件模板的现行版本', 'documents.fetch-grades-daily': '每天读取成绩', 'documents.fetch-grades': '读取成绩', 'documents.adopt-grades': '写入核对过的成绩',
  'identity.contact-slice': '同步一批通讯录成员', 'identity.forget-rosters': '清理旧的名单文件', 'identity.hear-contacts': '处理通讯录的变更通知', 'identity.import-slice': '写入名单',
  'identity.index-phones': '为手机号建立索引', 'identity.look-at-member': '查看企业微信成员', 'identity.mark-missing': '标记名单里没有的人', 'identity.prune': '清理过期的登录',
  'identity.push-member': '写入企业微信成员', 'identity.read-roster': '读取名单', 'identity.reconcile-contacts': '核对通讯录', 'identity.send-code': '发送短信验证码',
  'identity.send-mailbox-link': '发送邮箱确认链接', 'identity.tell-old-phone': '通知原来的手机号', 'identity.watch-grants': '核对快要到期的角色',
  'payments.place': '向微信支付下单', 'payments.watch': '查询付款结果', 'payments.close-charge': '关闭没有用的付款方式', 'payments.expire': '关闭过期的订单', 'payments.refund': '退款', 'payments.check-bills': '下载微信支付账单', 'payments.check-bill': '核对一天的账单', 'payments.forget': '删除到期的缴费记录',
  'services.measure-usual-times': '统计实际用时', 'services.warn-of-closing': '提醒快要截止的草稿', 'services.forget-expired': '删除到期的申请内容', 'ratings.remind-of-follow-ups': '提醒超过期限的差评',
  'messages.read-bounces': '读取退信', 'messages.release-held': '发送攒下的通知', 'messages.send-mail': '发送邮件', 'messages.send-wecom': '发送企业微信消息', 'messages.settle-forsaken': '核对没有结果的发送', 'messages.update-card': '更新企业微信卡片', 'services.scan-attachment': '给上传的文件查病毒',
}

/** A background job as people call it. */
export function jobTitle(name: string, t: T): string {
  return t(jobPhrase(name))
}

/** The same as a phrase; a name without words stays as it is. */
export function jobPhrase(name: string): string {
  return JOBS[name] ?? name
}

/** Has the event words? A raw name is for nobody. */
export function isWorded(name: string, labels: Labels): boolean {
  return name in TRAIL || labels.has(name)
}

/** An event as a sentence, with what is known of it. */
export function describe(event: EventRow, actor: string, labels: Labels, t: T): string {
  const label = labels.get(event.name)
  const data = Object.fromEntries(Object.entries(event.data).map(([name, value]) => [name, String(value)]))
  const phrases = Object.fromEntries(Object.entries(label?.words?.(event.data) ?? {}).map(([name, phrase]) => [name, t(phrase)]))
  return t(TRAIL[event.name] ?? label?.text ?? '其他记录', { ...data, ...phrases, actor: actor || event.actor_number || t('系统') })
}

// Whose id the subject is, where the event's own label does not say where it leads, and the right to look at it.
const PLACES: Readonly<Record<string, { path: string; right: Right }>> = {
  services: { path: '/admin/applications/', right: 'cases.manage' }, approvals: { path: '/admin/applications/', right: 'cases.manage' }, connections: { path: '/admin/connections/', right: 'connections.manage' }, api: { path: '/admin/api/', right: 'api.manage' }, identity: { path: '/admin/people/', right: 'people.read' },
}

/** The page of what an event is about; undefined where it has none or the reader may not open it. */
export function placeOf({ name, subject, data }: EventRow, labels: Labels, person: SignedIn): string | undefined {
  if (name === jobRevived.name) return can(person, 'jobs.run') ? '/admin/jobs' : undefined
  const [kind = ''] = name.split('.', 1)
  const own = labels.get(name)?.href?.(data)
  const right = own ? OWN[kind] : PLACES[kind]?.right
  if (!right || !can(person, right)) return undefined
  return own ?? `${PLACES[kind]?.path ?? ''}${subject}`
}

// Of the places that features name themselves.
const OWN: Readonly<Record<string, Right>> = { services: 'services.manage', documents: 'documents.manage', identity: 'roster.import', cases: 'cases.override', payments: 'payments.manage' }
