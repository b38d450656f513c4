import { Type } from 'typebox'
import { defineField, MISSHAPEN, partsOf, readLine } from './field.ts'
import { personText } from './known.ts'

const Id = Type.String({ minLength: 26, maxLength: 26 })
/** Of several people, where the form says no number. */
const MOST = 20

/** Somebody of the university, or several, found by a search on the page; kept by id, several as a list. */
export const personField = defineField({
  name: 'person',
  extra: Type.Object({
    /** who can be chosen: staff (usual), or students, which lets every applicant find their names */
    kind: Type.Optional(Type.Enum(['staff', 'student'])),
    many: Type.Optional(Type.Boolean()),
    /** of several */
    max: Type.Optional(Type.Integer({ minimum: 1, maximum: 50 })),
  }),
  faults: ({ many, max }) => max !== undefined && !many ? ['max: only of several people there can be too many'] : [],
  value: ({ many, max = MOST }) => many ? Type.Array(Id, { minItems: 1, maxItems: max, uniqueItems: true }) : Id,
  control: ({ kind = 'staff', many, max = MOST }) => ({ kind: 'person', of: kind, most: many ? max : 1, among: null, preset: [] }),
  shape: () => ({ kind: 'parts', names: ['id', 'q'] }),
  names: 'person',
  read(typed, { kind = 'staff', many, max = MOST }, { people }) {
    const parts = partsOf(typed)
    if (!parts) return MISSHAPEN
    const ids = [...new Set([parts.id ?? []].flat().filter(id => id !== ''))]
    // A name that was typed and never looked up is no choice, and must not be lost in silence.
    if (ids.length === 0) return readLine(parts.q, () => ({ fault: { sentence: '“{label}”还没有选定，请查找后选一个人' } }))
    const most = many ? max : 1
    if (ids.length > most) return { fault: { sentence: '“{label}”最多选 {n} 人，现在选了 {now} 人', params: { n: most, now: ids.length } } }
    const can = (id: string) => people.get(id)?.kind === kind && !people.get(id)?.gone
    if (!ids.every(can)) return { fault: { sentence: '“{label}”选的人不能选，可能已经离校，请重新查找' } }
    return { value: many ? ids : ids[0] }
  },
  typed: id => ({ id }),
  summary: (value, _field, t, { people }) => [value].flat().map(id => {
    const person = people.get(id)
    return person ? personText(person) : t('不在名单里的人')
  }).join(t('、')),
})
