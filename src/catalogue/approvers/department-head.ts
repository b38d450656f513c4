import { defineApprover } from '../../features/approvals/define.ts'

export default defineApprover({
  name: 'department-head',
  label: '申请人所在部门的负责人',
  async find({ applicant, directory }) {
    const head = applicant.unit_id && await directory.headOf(applicant.unit_id)
    return head ? [head] : []
  },
})
