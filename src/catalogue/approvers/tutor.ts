import { defineApprover } from '../../features/approvals/define.ts'

export default defineApprover({
  name: 'tutor',
  label: '申请人的辅导员',
  async find({ applicant, directory }) {
    const tutor = await directory.tutorOf(applicant.id, applicant.number)
    return tutor ? [tutor] : []
  },
})
