import { defineApprover } from '../../features/approvals/define.ts'

/** Nobody has more superiors; where the roster leads in a circle, the walk ends as it comes round. */
const MOST = 10
const LEVELS = ['直接上级', '二级上级', '三级上级', '四级上级', '五级上级', '六级上级', '七级上级', '八级上级', '九级上级', '十级上级']

/**
 * The applicant's line of superiors. One of: `level`, that superior alone; `up_to`, the superiors up to that level, the nearest first;
 * `all`, every one to the top.
 */
export default defineApprover({
  name: 'leader',
  label: '申请人的上级',
  check({ level, up_to, all }) {
    const said = [level, up_to, all].filter(one => one !== undefined)
    if (said.length !== 1) return '上级的级数要写一种：level、up_to 或 all'
    return all === true || isLevel(level ?? up_to) ? null : '上级的级数应是 1 到 10 的整数'
  },
  async find({ applicant, params: { level, up_to, all }, directory }) {
    const last = all === true ? MOST : isLevel(level) ? level : isLevel(up_to) ? up_to : 0
    const line: string[] = []
    let next = last > 0 ? await directory.leaderOf(applicant.id, applicant.number) : null
    while (next !== null && next !== applicant.id && !line.includes(next)) {
      line.push(next)
      next = line.length < last ? await directory.leaderOf(next) : null
    }
    const found = line.map((id, index) => ({ id, why: { phrase: LEVELS[index] ?? '申请人的上级' } }))
    return isLevel(level) ? found.slice(level - 1) : found
  },
})

function isLevel(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MOST
}
