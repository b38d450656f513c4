import { defineChoice } from '../../features/approvals/define.ts'

/** Whom the applicant chose for this step before sending. */
export default defineChoice({ name: 'applicant-choice', label: '由申请人选定' })
