import { Type } from 'typebox'
import { defineField, isTexts, MISSHAPEN } from './field.ts'

const Id = Type.String({ minLength: 26, maxLength: 26 })
/** Of several departments; a university has not many more. */
const MOST = 100

/** A department of the university, or several; kept by id, several as a list. */
export const departmentField = defineField({
  name: 'department',
  extra: Type.Object({ many: Type.Optional(Type.Boolean()) }),
  value: ({ many }) => many ? Type.Array(Id, { minItems: 1, maxItems: MOST, uniqueItems: true }) : Id,
  control: ({ many = false }) => ({ kind: 'unit', many }),
  names: 'unit',
  read(typed, { many }, { units }) {
    const found: unknown = typeof typed === 'string' ? [typed] : typed
    if (!isTexts(found) || (!many && found.length > 1)) return MISSHAPEN
    const ids = [...new Set(found.map(id => id.trim()).filter(id => id !== ''))]
    if (ids.length > MOST || !ids.every(id => units.has(id))) return { fault: { sentence: '“{label}”请从给出的选项里选择' } }
    return { value: many && ids.length > 0 ? ids : ids[0] }
  },
  summary: (value, _field, t, { units }) => [value].flat().map(id => units.get(id)?.name ?? t('已撤销的部门')).join(t('、')),
})
