import { Type } from 'typebox'
import { defineField, readLine } from './field.ts'

/** A unit of the university, kept by id. */
export const departmentField = defineField({
  name: 'department',
  extra: Type.Object({}),
  value: () => Type.String({ minLength: 26, maxLength: 26 }),
  control: () => ({ kind: 'unit' }),
  names: 'unit',
  read: (typed, _field, { units }) => readLine(typed, id => units.has(id) ? { value: id } : { fault: { sentence: '“{label}”请从给出的选项里选择' } }),
  summary: (id, _field, t, { units }) => units.get(id)?.name ?? t('已撤销的部门'),
})
