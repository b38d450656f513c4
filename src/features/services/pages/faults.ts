import type { T } from '../../../platform/text.ts'
import type { Finding } from '../rules/check-branches.ts'
import { answers, type Form } from '../rules/form.ts'

/** Wrong places of a definition, for whoever wrote it: where it is, and what is wrong there. */
export function faultLines(t: T, faults: readonly string[]): { place: string; text: string }[] {
  return faults.map(fault => {
    const [, place = '', sentence = fault.trim()] = /^(\/[\w/.-]*):? +(.+)$/s.exec(fault) ?? []
    return { place, text: sentenceOf(t, sentence) }
  })
}

// What the checks say in English, in the words of the reader. What is missing here is shown as it is.
const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^not JSON, at line (?<line>\d+) column (?<column>\d+)$/, '不是 JSON：第 {line} 行第 {column} 个字符附近有误'],
  [/^not JSON, near (?<text>.+)$/, '不是 JSON：“{text}”附近有误'],
  [/^not JSON$/, '不是 JSON，可能没有写完'],
  [/^(?<kb>\d+) KB, at most (?<most>\d+) KB are allowed$/, '有 {kb} KB，最多 {most} KB'],
  [/^the name must be small letters, digits and dashes$/, '事项代码只能用小写字母、数字和连字符，以字母开头，最多 40 个字符'],
  [/^nested more than (?<most>\d+) levels deep$/, '嵌套超过 {most} 层'],
  [/^there are (?<n>\d+) fields, at most (?<most>\d+) are allowed$/, '有 {n} 个字段，最多 {most} 个'],
  [/^(?<n>\d+) inputs with every table filled, at most (?<most>\d+) are allowed$/, '表格填满时有 {n} 个输入框，最多 {most} 个'],
  [/^there is no field type (?<type>.+)$/, '没有“{type}”这种字段'],
  [/^no column can be of type (?<type>.+)$/, '表格里不能用“{type}”这种字段'],
  [/^(?<key>\S+) is there twice$/, '“{key}”出现了两次'],
  [/^nested too deep to be read$/, '套得太深'],
  [/^of more than (?<most>\d+) parts$/, '太复杂，最多由 {most} 个部分组成'],
  [/^there is no earlier field (?<field>\S+)$/, '前面没有字段“{field}”'],
  [/^no earlier field (?<field>\S+) can be (?<value>.+)$/, '前面的字段“{field}”不会是“{value}”'],
  [/^no earlier field (?<field>\S+) is .+$/, '前面没有能这样计算的字段“{field}”'],
  [/^no earlier field (?<field>\S+) holds several things$/, '前面没有能这样计算的字段“{field}”'],
  [/^(?<field>\S+) is never over or under (?<value>.+)$/, '“{field}”不能和“{value}”比大小'],
  [/^(?<field>\S+) is filled in by an approver, later than this$/, '“{field}”由审批人填写，这里还没有'],
  [/^of (?<field>\S+) only 'filled' can be asked, it is kept sealed$/, '“{field}”加密保存，只能问有没有填'],
  [/^a (?<type>\S+) cannot hold (?<what>\S+)$/, '“{type}”字段不能预填“{what}”'],
  [/^(?<key>\S+) has a name that JavaScript keeps for itself$/, '“{key}”不能用作字段代码'],
  [/^(?<key>\S+) has two underscores.+$/, '字段代码“{key}”不能有两个连续的下划线'],
  [/^no field (?<field>\S+) is .+$/, '没有合适的字段“{field}”'],
  [/^(?<field>\S+) must always be filled in by the applicant$/, '“{field}”必须由申请人填写，不能有条件'],
  [/^step (?<step>\S+) may not change (?<field>\S+)$/, '环节“{step}”不能改“{field}”'],
  [/^step (?<step>\S+) (?:names|fills in) a field (?<field>\S+) that the form does not have$/, '环节“{step}”用到的字段“{field}”在表单里没有'],
  [/^step (?<step>\S+) cannot write (?<field>[^:]+): .+$/, '环节“{step}”不能填写“{field}”：这种字段不由审批人填写'],
  [/^step (?<step>\S+) asks (?<field>\S+) anew and may not write it$/, '环节“{step}”要重新填写“{field}”，但这一环节不能填写它'],
  [/^step (?<step>\S+) cannot fill in (?<field>[^:]+): .+$/, '环节“{step}”不能填入“{field}”：这种字段不由流程填写'],
  [/^(?<field>\S+) is an approver's, and no step may write it$/, '“{field}”由审批人填写，但没有环节可以填写它'],
  [/^there is no field (?<field>\S+)$/, '表单里没有字段“{field}”'],
  [/^says nothing for (?<option>\S+)$/, '没有写明选“{option}”时怎么办'],
  [/^what issues a document cannot be taken back$/, '办结后出证明的事项不能撤销'],
  [/^must have required properties (?<names>.+)$/, '缺少：{names}'],
  [/^must not have additional properties: (?<names>.+)$/, '多出了不认识的内容：{names}'],
  [/^must be (?<type>string|number|integer|boolean|array|object)$/, '类型不对，应是 {type}'],
  [/^must be one of (?<type>.+)$/, '类型不对，应是 {type}'],
  [/^must match pattern (?<pattern>.+)$/, '写法不对，应符合 {pattern}'],
  [/^must not have fewer than (?<n>\d+) (?:characters|items|properties)$/, '太短，至少 {n}'],
  [/^must not have duplicate items$/, '有重复的内容'],
  [/^must not have more than (?<n>\d+) (?:characters|items|properties)$/, '太长，最多 {n}'],
  [/^must be (?<sign>[<>]=?) (?<n>\S+)$/, '应 {sign} {n}'],
  [/^must (?:be equal to constant|be equal to one of the allowed values|match a schema in anyOf)$/, '不是允许的内容'],
]

function sentenceOf(t: T, sentence: string): string {
  for (const [pattern, phrase] of SENTENCES) {
    const found = pattern.exec(sentence)
    if (found) return t(phrase, { ...found.groups })
  }
  return t(sentence)
}

/** A finding as a line; its example is read with the form's own labels. */
export function findingLine(t: T, form: Form, { label, sentence, params, example }: Finding): { place: string; text: string } {
  const text = t(sentence, labelled(t, params))
  const cases = example ? answers(form, example, t).map(answer => t('{label}：{value}', { label: answer.label, value: answer.text })) : []
  return { place: label === null ? '' : t(label), text: example ? t('{sentence}，例如 {case}', { sentence: text, case: cases.join(t('，')) || t('什么都不填') }) : text }
}

function labelled(t: T, params: Finding['params'] = {}): Record<string, string | number> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? t(value) : value]))
}
