import { defineApprover } from '../../features/approvals/define.ts'

/** `field`: the form's field in which a department was named. `role`: the holders of this role for it; its head where this is left out. */
export default defineApprover({
  name: 'form-department',
  label: '表单里填写的部门的负责人',
  check({ field, role }) {
    if (typeof field !== 'string' || field === '') return '没有写明表单的字段'
    return role === undefined || (typeof role === 'string' && role !== '') ? null : '没有写明角色'
  },
  fields: ({ field }) => typeof field === 'string' ? [field] : [],
  async find({ form, params: { field, role }, directory }) {
    const values = [typeof field === 'string' && Object.hasOwn(form, field) ? form[field] : undefined].flat().filter(id => typeof id === 'string')
    const units = await Promise.all(values.map(id => directory.unit(id)))
    return (await Promise.all(units.flatMap(unit => unit ?? []).map(async ({ id, name: unit }) => {
      if (typeof role === 'string') return (await directory.holdersOf(role, id)).map(person => ({ id: person, why: { phrase: '{unit}的{post}', params: { unit, post: directory.roleName(role) } } }))
      const head = await directory.headOf(id)
      return head ? [{ id: head, why: { phrase: '{unit}负责人', params: { unit } } }] : []
    }))).flat()
  },
})
