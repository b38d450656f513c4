import { defineApprover, ownUnit } from '../../features/approvals/define.ts'

/**
 * `role`: whose holders act. `within: 'unit'`: only those whose role covers the applicant's department. `unit`: only those whose role
 * covers the department of this code.
 */
export default defineApprover({
  name: 'role',
  label: '担任指定角色的人员',
  check({ role, within, unit }) {
    if (typeof role !== 'string' || role === '') return '没有写明角色'
    if (unit !== undefined && (typeof unit !== 'string' || unit === '')) return '没有写明部门的编号'
    if (unit !== undefined && within !== undefined) return '角色的范围只能写一种：unit 或 within'
    return within === undefined || within === 'unit' ? null : '角色的范围只能是申请人所在部门'
  },
  async find({ applicant, params: { role, within, unit }, directory }) {
    if (typeof role !== 'string') return []
    const post = directory.roleName(role)
    if (within === undefined && unit === undefined) return (await directory.holdersOf(role)).map(id => ({ id, why: { phrase: '担任{post}', params: { post } } }))
    const place = typeof unit === 'string' ? await directory.unitByCode(unit) : await ownUnit({ applicant, directory })
    if (!place) return []
    return (await directory.holdersOf(role, place.id)).map(id => ({ id, why: { phrase: '{unit}的{post}', params: { unit: place.name, post } } }))
  },
})
