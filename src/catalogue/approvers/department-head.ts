import { defineApprover, type Directory, type DirectoryUnit, ownUnit } from '../../features/approvals/define.ts'

const WHO = ['head', 'deputies', 'all']

/**
 * `unit`: code of the department meant; the applicant's own where it is left out. `above`: so many departments further up.
 * `who`: its head (as a rule), its deputies (副职), or all of them, the head first.
 */
export default defineApprover({
  name: 'department-head',
  label: '申请人所在部门的负责人',
  check({ unit, above = 0, who = 'head' }) {
    if (unit !== undefined && (typeof unit !== 'string' || unit === '')) return '没有写明部门的编号'
    if (!isLevel(above)) return '往上的级数应是 0 到 10 的整数'
    return typeof who === 'string' && WHO.includes(who) ? null : '部门的办理人只能是 head、deputies 或 all'
  },
  async find({ applicant, params: { unit, above = 0, who = 'head' }, directory }) {
    const first = typeof unit === 'string' ? await directory.unitByCode(unit) : await ownUnit({ applicant, directory })
    const department = isLevel(above) ? await upwards(directory, first, above) : null
    if (!department) return []
    const params = { unit: department.name }
    const head = who === 'deputies' ? null : await directory.headOf(department.id)
    const deputies = who === 'head' ? [] : await directory.deputiesOf(department.id)
    return [...head ? [{ id: head, why: { phrase: '{unit}负责人', params } }] : [], ...deputies.map(id => ({ id, why: { phrase: '{unit}副职', params } }))]
  },
})

async function upwards(directory: Directory, from: Pick<DirectoryUnit, 'id' | 'name'> | null, levels: number): Promise<Pick<DirectoryUnit, 'id' | 'name'> | null> {
  let at = from
  for (let left = levels; left > 0 && at; left--) {
    const parent_id: string | null | undefined = (await directory.unit(at.id))?.parent_id
    at = parent_id ? await directory.unit(parent_id) : null
  }
  return at
}

function isLevel(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 10
}
