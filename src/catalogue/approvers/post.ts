import { defineApprover, type DirectoryUnit } from '../../features/approvals/define.ts'

/**
 * `post`: the 岗位 as the roster writes it. `unit`: only in the department of this code. `within: 'unit'`: only in the applicant's
 * department, or where nobody there has the post, in the nearest one above where somebody has.
 */
export default defineApprover({
  name: 'post',
  label: '担任指定岗位的人员',
  check({ post, unit, within }) {
    if (typeof post !== 'string' || post === '') return '没有写明岗位'
    if (unit !== undefined && (typeof unit !== 'string' || unit === '')) return '没有写明部门的编号'
    if (unit !== undefined && within !== undefined) return '岗位的范围只能写一种：unit 或 within'
    return within === undefined || within === 'unit' ? null : '岗位的范围只能是申请人所在部门'
  },
  async find({ applicant, params: { post, unit, within }, directory }) {
    if (typeof post !== 'string') return []
    if (unit === undefined && within === undefined) return (await directory.holdersOfPost(post)).map(id => ({ id, why: { phrase: '担任{post}', params: { post } } }))
    let place: DirectoryUnit | null = typeof unit === 'string' ? await directory.unitByCode(unit) : applicant.unit_id ? await directory.unit(applicant.unit_id) : null
    const seen = new Set<string>()
    while (place && !seen.has(place.id)) {
      seen.add(place.id)
      const params = { post, unit: place.name }
      const holders = await directory.holdersOfPost(post, place.id)
      if (holders.length > 0) return holders.map(id => ({ id, why: { phrase: '{unit}的{post}', params } }))
      place = within === 'unit' && place.parent_id ? await directory.unit(place.parent_id) : null
    }
    return []
  },
})
