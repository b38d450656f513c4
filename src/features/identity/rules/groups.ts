export const LONGEST_NAME = 40
export const LONGEST_PURPOSE = 200
/** More nobody asks in one step; whoever needs all of a department names the post or the role. */
export const MOST_MEMBERS = 100

const WORD = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/

export type GroupForm = { word: string; name: string; purpose: string }

/** What is wrong with what was typed, by field, as phrases. */
export function groupFaults({ word, name, purpose }: GroupForm): Record<string, string> {
  return {
    ...(name === '' ? { name: '请填写工作组的名称' } : name.length > LONGEST_NAME && { name: '名称最多 40 个字' }),
    ...(word === '' ? { word: '请填写代号' } : (!WORD.test(word) || word.length > LONGEST_NAME) && { word: '代号用小写英文字母、数字和连字符，以字母开头，例如 website-board' }),
    ...(purpose.length > LONGEST_PURPOSE && { purpose: '用途最多 200 个字' }),
  }
}
