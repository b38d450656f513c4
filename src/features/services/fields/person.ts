import { Type } from 'typebox'
import { defineField, MISSHAPEN, partsOf, readLine } from './field.ts'
import { personText } from './known.ts'

/** Somebody of the university, found by a search on the page; kept by id. */
export const personField = defineField({
  name: 'person',
  extra: Type.Object({ /** who can be chosen: staff (usual), or students, which lets every applicant find their names */ kind: Type.Optional(Type.Enum(['staff', 'student'])) }),
  value: () => Type.String({ minLength: 26, maxLength: 26 }),
  control: ({ kind = 'staff' }) => ({ kind: 'person', of: kind }),
  shape: () => ({ kind: 'parts', names: ['id', 'q'] }),
  names: 'person',
  read(typed, { kind = 'staff' }, { people }) {
    const parts = partsOf(typed)
    if (!parts) return MISSHAPEN
    const chosen = readLine(parts.id, id => {
      const person = people.get(id)
      return person?.kind === kind && !person.gone ? { value: id } : { fault: { sentence: '“{label}”选的人不能选，可能已经离校，请重新查找' } }
    })
    if (!('value' in chosen) || chosen.value !== undefined) return chosen
    // A name that was typed and never looked up is no choice, and must not be lost in silence.
    return readLine(parts.q, () => ({ fault: { sentence: '“{label}”还没有选定，请查找后选一个人' } }))
  },
  typed: id => ({ id }),
  summary(id, _field, t, { people }) {
    const person = people.get(id)
    return person ? personText(person) : t('不在名单里的人')
  },
})
