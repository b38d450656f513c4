import { defineChoice } from '../../features/approvals/define.ts'

/** Whom the one who decided the step `by` chose for this one. */
export default defineChoice({
  name: 'previous-choice',
  label: '由上一环节的办理人选定',
  check: ({ by }) => typeof by !== 'string' || by === '' ? '没有写明由哪个环节来选' : null,
  after: ({ by }) => typeof by === 'string' ? [by] : [],
})
