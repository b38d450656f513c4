import { defineApprover } from '../../features/approvals/define.ts'

/** `field`: the form's field in which people were named. */
export default defineApprover({
  name: 'form-person',
  label: '表单里填写的人员',
  check: ({ field }) => typeof field === 'string' && field !== '' ? null : '没有写明表单的字段',
  fields: ({ field }) => typeof field === 'string' ? [field] : [],
  async find({ form, params: { field } }) {
    const value = typeof field === 'string' && Object.hasOwn(form, field) ? form[field] : undefined
    return [value].flat().filter(id => typeof id === 'string')
  },
})
