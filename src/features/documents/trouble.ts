import type { T } from '../../platform/text.ts'
import { FACTS } from './shared/facts.ts'
import { type Facts, missingFacts, type Template } from './templates.ts'

const SENTENCES = {
  /** characters that no type has */
  unprintable: '字库里没有这些字：{what}',
  /** facts, by key, that nobody knows */
  'facts-missing': '名单里缺少：{what}',
  'no-grades': '这个学号还没有成绩',
  'no-scheme': '没有为这一届学生选定绩点算法',
  'marks-unknown': '成绩里有绩点算法不认识的写法：{what}',
  'english-missing': '这些课程没有英文名称：{what}',
  'nothing-counts': '还没有能计入平均分和绩点的成绩',
} as const

/** Why a document cannot be drawn as it stands, with what is wrong: characters, facts, marks or courses. */
export type Trouble = { why: keyof typeof SENTENCES; what: readonly string[] }

const REMEDIES: Record<Trouble['why'], string> = {
  unprintable: '请在服务器上安装含有这些字的字体，或者更正名单里的写法，然后打开这份文件，点“重新生成”',
  'facts-missing': '请在名单里补全后重新导入，然后打开这份文件，点“重新生成”',
  'no-grades': '请导入这个学号的成绩，然后打开这份文件，点“重新生成”',
  'no-scheme': '请在 catalogue/gpa/_cohorts.json 里为这一届选定绩点算法并重启，然后打开这份文件，点“重新生成”',
  'marks-unknown': '请更正成绩后重新导入，或者在 catalogue/gpa/_scales.json 里写明它的含义并重启，然后打开这份文件，点“重新生成”',
  'english-missing': '请在成绩表里补上英文课程名称后重新导入，然后打开这份文件，点“重新生成”',
  'nothing-counts': '请等有百分制或等级制的成绩导入以后，打开这份文件，点“重新生成”',
}

/** Why a paper of this kind cannot say what it must; null where nothing is missing. Looked at before anything is issued. */
export function whyNotDraw(template: Pick<Template, 'facts'>, facts: Facts): Trouble | null {
  const missing = missingFacts(template, facts)
  if (missing.length === 0) return null
  return facts.trouble ? readTrouble(facts.trouble) : { why: 'facts-missing', what: missing }
}

const GAP = '\u00a0'

/** As the column `reason` holds it, so that it can be read in any language. */
export function keptTrouble({ why, what }: Trouble): string {
  return `${why}:${what.map(each => each.replaceAll(/\s/g, GAP)).join(' ')}`.slice(0, 600)
}

export function readTrouble(kept: string): Trouble {
  const [, why = '', what = ''] = /^([a-z-]+):(.*)$/s.exec(kept) ?? []
  return { why: isWhy(why) ? why : 'facts-missing', what: what.split(' ').filter(Boolean).map(each => each.replaceAll(GAP, ' ')) }
}

function isWhy(text: string): text is Trouble['why'] {
  return text in SENTENCES
}

/** More names than these are a wall nobody reads. */
const NAMED = 6

export function troubleSentence({ why, what }: Trouble, t: T): string {
  const names = why === 'facts-missing' ? what.map(key => t(FACTS[key] ?? key)) : what
  const first = names.slice(0, NAMED).join(t('、'))
  return t(SENTENCES[why], { what: names.length > NAMED ? t('{names}等', { names: first }) : first })
}

/** What an administrator does about it. */
export function remedy({ why }: Trouble, t: T): string {
  return t(REMEDIES[why])
}
