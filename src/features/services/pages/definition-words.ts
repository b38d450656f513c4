import { type Condition, conditionSchema, isTooDeep } from '../../../platform/condition.ts'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import { roleLabel } from '../../identity/index.ts'
import type { ServiceDefinition } from '../catalogue.ts'
import type { Form } from '../rules/form.ts'

/** Properties of definitions as people call them. */
const PROPERTIES: Readonly<Record<string, string>> = {
  keep: '办结后保存的月数', title: '名称', summary: '简介', category: '所属分类', icon: '图标', audience: '适用对象', department: '负责部门', keywords: '搜索词', on_correction: '退回修改时', revoke: '办结后可以撤销',
  who: '谁可以办', materials: '需要的材料', promise: '承诺时限', steps: '办理步骤', 'contact.office': '咨询部门', 'contact.phone': '咨询电话', 'contact.place': '地点', 'contact.hours': '办公时间',
  type: '类型', label: '名称', help: '填写提示', required: '必填', when: '什么情况下', prefill: '自动带入', by: '由谁填写', options: '选项', max_length: '最多字数', rows: '行数', min: '最小', max: '最大',
  decimals: '小数位数', unit: '单位', words: '评分说明', from: '从', to: '终点', of: '区间类型', kind: '种类', landline: '可以填座机', types: '文件类型', max_mb: '每个文件最大 MB', max_files: '最多文件数',
  columns: '列', many: '可选多个', reserves: '预约占用', until: '等到哪天', sign: '手写签名', anew: '每次重新填写', min_rows: '最少行数', max_rows: '最多行数', sums: '合计', value: '计算方法', as: '显示为', tone: '语气',
  approver: '办理人', mode: '办理方式', vote: '票签', nobody: '找不到办理人时', self: '办理人是申请人时', again: '同一人再次办理时', limit: '时限', fields: '字段权限', branches: '分支', wait: '等它办完', rejected: '被驳回时',
  units: '限定部门', entry_years: '限定年级', numbers: '限定名单', why: '对其他人的说明', once: '办理次数', at_once: '每人同时在办', total: '名额', opens: '开始时间', closes: '截止时间',
  minutes: '分钟数', clock: '时间算法', does: '执行的动作', failed: '失败时', most: '最多跳转次数', place: '位置', language: '语种', mail_to: '发到邮箱', facts: '证明上的内容',
}

export function propertyName(t: T, what: string): string {
  return PROPERTIES[what] === undefined ? what : t(PROPERTIES[what])
}

const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  audience: { enrolled: '在读学生', suspended: '休学学生', graduated: '毕业生', employed: '教职工' },
  on_correction: { open: '都可以改', locked: '只改指出的内容' },
  once: { ever: '每人一次', term: '每人每学期一次', year: '每人每学年一次' },
  by: { applicant: '申请人', approver: '审批人' },
  kind: {
    staff: '教职工', student: '学生', approval: '审批', cc: '抄送', parallel: '并行', condition: '条件分支', inclusive: '包容分支', route: '跳转', 'sub-process': '子流程', delay: '等待', trigger: '自动执行',
  },
  mode: { any: '或签（任一人同意）', all: '会签（全部同意）', vote: '票签', 'in-turn': '依次', random: '随机一人', pool: '认领' },
  nobody: { admin: '由管理员办理', refuse: '驳回', pass: '跳过' },
  self: { self: '照常办理', skip: '跳过', leader: '由上级办理' },
  again: { never: '照常办理', once: '不再办理', consecutive: '连续时不再办理' },
  rejected: { reject: '一起驳回', pass: '继续' }, failed: { reject: '驳回', pass: '继续' }, clock: { working: '工作时间', clock: '自然时间' },
  within: { unit: '本部门' }, who: { head: '正职', deputies: '副职', all: '正副职' },
  from: { today: '填写当天' },
  fields: { write: '可填写', read: '可见', hidden: '不可见' },
  type: {
    text: '单行文字', 'long-text': '多行文字', number: '数字', rating: '评分', money: '金额', date: '日期', time: '时间', range: '区间', select: '单选', 'multi-select': '多选', cascade: '级联选择', person: '人员', department: '部门',
    phone: '电话', email: '邮箱', 'id-number': '证件号码', attachment: '附件', image: '图片', table: '表格', computed: '计算', signature: '签名', location: '地点', note: '说明',
  },
}

/** A word of a definition in the reader's language; itself where it has none. */
export function wordOf(t: T, what: string, value: string): string {
  const word = WORDS[what]?.[value]
  return t(word ?? value)
}

/** How a rule for finding people is called. */
export type RuleText = (rule: string) => string
/** What is said in the words of a form and of the rules. */
type Words = { form: Form; ruleText: RuleText }

/** A property's value as a line; data that has no better words is shown as it stands in the file. */
export function valueText(t: T, what: string, value: unknown, { form, ruleText }: Words): string {
  if (value === undefined) return t('没有')
  if (typeof value === 'boolean') return value ? t('是') : t('否')
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return wordOf(t, what, value)
  if (isPromise(value)) return 'working_days' in value ? t('{n} 个工作日', { n: value.working_days }) : t('{n} 个工作小时', { n: value.working_hours })
  if (what === 'when' && isCondition(value)) return conditionText(t, form, value)
  if (what === 'fields' && typeof value === 'object' && value !== null) return Object.entries(value).map(([key, right]) => t('{label}：{value}', { label: labelOf(t, form, key), value: wordOf(t, 'fields', String(right)) })).join(t('，'))
  if (isRule(value)) return ruleLine(t, value, { form, ruleText })
  if (isUntil(value)) return [labelOf(t, form, value.field), value.time].filter(Boolean).join(' ')
  if (what === 'anew' && Array.isArray(value)) return value.map(key => labelOf(t, form, String(key))).join(t('、'))
  if (Array.isArray(value)) return value.map(one => itemText(t, what, one, form)).join(t('、'))
  return JSON.stringify(value)
}

/** 担任指定岗位的人员（岗位：副院长，范围：本部门） */
function ruleLine(t: T, { rule, params }: { rule: string; params?: unknown }, words: Words): string {
  const told = Object.entries(typeof params === 'object' && params !== null ? params : {}).map(([name, value]: [string, unknown]) => t('{label}：{value}', { label: t(PARAMS[name] ?? name), value: paramText(t, name, value, words) }))
  return told.length > 0 ? t('{rule}（{params}）', { rule: words.ruleText(rule), params: told.join(t('，')) }) : words.ruleText(rule)
}

const PARAMS: Readonly<Record<string, string>> = {
  role: '角色', post: '岗位', within: '范围', unit: '部门', numbers: '工号', level: '级数', up_to: '直到第几级', all: '每一级都办', field: '字段', above: '往上几级', who: '谁', among: '可选范围', most: '最多人数', otherwise: '其他情况', step: '环节',
}

function paramText(t: T, name: string, value: unknown, words: Words): string {
  if (isRule(value)) return ruleLine(t, value, words)
  if (name === 'role' && typeof value === 'string') return t(roleLabel(value))
  if (name === 'field' && typeof value === 'string') return labelOf(t, words.form, value)
  if ((name === 'within' || name === 'who') && typeof value === 'string') return wordOf(t, name, value)
  if (typeof value === 'boolean') return value ? t('是') : t('否')
  return Array.isArray(value) && value.every(one => typeof one === 'string') ? value.join(t('、')) : typeof value === 'string' ? value : JSON.stringify(value)
}

function itemText(t: T, what: string, one: unknown, form: Form): string {
  if (typeof one === 'string') return wordOf(t, what, one)
  if (typeof one === 'object' && one !== null && 'label' in one && typeof one.label === 'string') {
    return 'when' in one && isCondition(one.when) ? t('{label}：{value}', { label: t(one.label), value: conditionText(t, form, one.when) }) : t(one.label)
  }
  return JSON.stringify(one)
}

/** A condition as a sentence, with the labels of the form. */
export function conditionText(t: T, form: Form, condition: Condition): string {
  const each = (list: readonly Condition[], joint: string) => list.map(one => 'field' in one ? conditionText(t, form, one) : `(${conditionText(t, form, one)})`).join(joint)
  if ('all' in condition) return each(condition.all, t(' 且 '))
  if ('any' in condition) return each(condition.any, t(' 或 '))
  if ('not' in condition) return t('不满足（{condition}）', { condition: conditionText(t, form, condition.not) })
  const field = form.fields.find(one => one.definition.key === condition.field)
  const text = (value: unknown) => field?.summary(value, t) || field?.summary([value], t) || String(value)
  const { is, 'is-not': isNot, in: among, over, under, filled } = condition
  const said = [
    ...is === undefined ? [] : [t('是{value}', { value: text(is) })], ...isNot === undefined ? [] : [t('不是{value}', { value: text(isNot) })],
    ...among === undefined ? [] : [t('是{value}', { value: among.map(text).join(t(' 或 ')) })],
    ...over === undefined ? [] : [t('大于 {value}', { value: text(over) })], ...under === undefined ? [] : [t('小于 {value}', { value: text(under) })],
    ...filled === undefined ? [] : [filled ? t('已填写') : t('没有填写')],
  ]
  return `${labelOf(t, form, condition.field)} ${said.join(t(' 且 '))}`
}

export function labelOf(t: T, form: Form, key: string): string {
  const field = form.fields.find(one => one.definition.key === key)
  return field ? t(field.definition.label) : key
}

/** For whom a service is. */
export function audienceText(t: T, { audience }: Pick<ServiceDefinition, 'audience'>): string {
  return audience.map(one => wordOf(t, 'audience', one)).join(t('、'))
}

function isCondition(value: unknown): value is Condition {
  return !isTooDeep(value) && fits<Condition>(conditionSchema, value)
}

function isRule(value: unknown): value is { rule: string; params?: unknown } {
  return typeof value === 'object' && value !== null && 'rule' in value && typeof value.rule === 'string'
}

function isUntil(value: unknown): value is { field: string; time?: string } {
  return typeof value === 'object' && value !== null && Object.keys(value).every(key => key === 'field' || key === 'time') && 'field' in value && typeof value.field === 'string'
}

function isPromise(value: unknown): value is { working_days: number } | { working_hours: number } {
  return typeof value === 'object' && value !== null && (('working_days' in value && typeof value.working_days === 'number') || ('working_hours' in value && typeof value.working_hours === 'number'))
}
