import type { T } from '../../platform/text.ts'

/** Why a document cannot be drawn as it stands: characters that no type has, or facts (by key) that nobody knows. */
export type Trouble = { why: 'unprintable' | 'facts-missing'; what: readonly string[] }

const SENTENCES: Record<Trouble['why'], string> = {
  unprintable: '字库里没有这些字：{what}',
  'facts-missing': '名单里缺少：{what}',
}

const REMEDIES: Record<Trouble['why'], string> = {
  unprintable: '请在服务器上安装含有这些字的字体，或者更正名单里的写法，然后打开这份文件，点“重新生成”',
  'facts-missing': '请在名单里补全后重新导入，然后打开这份文件，点“重新生成”',
}

// The facts of identity.factsOf, as people call them.
export const FACTS: Record<string, string> = {
  name: '姓名', name_en: '英文姓名', gender: '性别', birth_on: '出生日期', number: '学号', unit: '院系', unit_en: '院系英文名称',
  major: '专业', major_en: '专业英文名称', class_name: '班级', level: '培养层次', years: '学制', entered_on: '入学日期', ends_on: '预计毕业日期',
}

/** As the column `reason` holds it, so that it can be read in any language. */
export function keptTrouble({ why, what }: Trouble): string {
  return `${why}:${what.join(' ')}`.slice(0, 600)
}

export function readTrouble(kept: string): Trouble {
  const [why, what = ''] = kept.split(':', 2)
  return { why: why === 'unprintable' ? 'unprintable' : 'facts-missing', what: what.split(' ').filter(Boolean) }
}

export function troubleSentence({ why, what }: Trouble, t: T): string {
  const names = why === 'unprintable' ? what : what.map(key => t(FACTS[key] ?? key))
  return t(SENTENCES[why], { what: names.join(t('、')) })
}

/** What an administrator does about it. */
export function remedy({ why }: Trouble, t: T): string {
  return t(REMEDIES[why])
}
