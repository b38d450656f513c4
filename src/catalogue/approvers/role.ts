import { defineApprover } from '../../features/approvals/define.ts'

/** `role`: whose holders act. `within: 'unit'`: only those whose role covers the applicant's department. */
export default defineApprover({
  name: 'role',
  label: '担任指定角色的人员',
  check({ role, within }) {
    if (typeof role !== 'string' || role === '') return '没有写明角色'
    return within === undefined || within === 'unit' ? null : '角色的范围只能是申请人所在部门'
  },
  async find({ applicant, params, directory }) {
    if (typeof params.role !== 'string') return []
    if (params.within !== 'unit') return await directory.holdersOf(params.role)
    return applicant.unit_id ? await directory.holdersOf(params.role, applicant.unit_id) : []
  },
})
