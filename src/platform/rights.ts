/**
 * What may be done in the console. A right stands at a group of routes and at the menu entry that leads there;
 * which role brings it stands in the features' table of roles.
 */
export const rightLabels = {
  'console.open': '打开管理后台',
  'people.read': '查看人员',
  'people.reveal': '查看完整的证件号和手机号',
  'accounts.help': '重置密码和解除绑定',
  'roles.grant': '授予和收回角色',
  'factors.reset': '重置二次验证',
  'roster.import': '导入名单',
  'groups.manage': '管理工作组',
  'contacts.sync': '同步企业微信通讯录',
  'tickets.answer': '答复求助',
  'applications.read': '查看所有申请',
  'ratings.follow': '跟进评价',
  'cases.manage': '查看和处置申请',
  'cases.people': '查看办理人员的数据',
  'cases.override': '跳转、撤销、迁移和交接申请',
  'connections.manage': '管理外部连接',
  'api.manage': '管理接口',
  'hall.manage': '管理公告、轮播图和搜索词',
  'services.manage': '管理事项',
  'documents.manage': '管理证明文件',
  'grades.import': '导入成绩',
  'payments.manage': '查看缴费、退款和对账',
  'jobs.run': '查看和重试后台作业',
  'audit.read': '查看事件记录',
} as const

export type Right = keyof typeof rightLabels

/** The one rule for a button, a menu entry and a route. */
export function can(person: { readonly rights: readonly Right[] } | null | undefined, right: Right): boolean {
  return person?.rights.includes(right) ?? false
}
