import { Type } from 'typebox'
import { defineField, isTexts, MISSHAPEN } from './field.ts'
import { Options, twiceAmong } from './options.ts'

/** Any of several, kept in the order of the options. */
export const multiSelectField = defineField({
  name: 'multi-select',
  extra: Type.Object({
    options: Options,
    min: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    max: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  faults: ({ options, min = 1, max = options.length }) => [...twiceAmong(options), ...(min > max || min > options.length ? ['min: more than can be chosen'] : [])],
  value: ({ options, min = 1, max = options.length }) => Type.Array(Type.Enum(options.map(option => option.value)), { minItems: min, maxItems: max, uniqueItems: true }),
  control: ({ options }) => ({ kind: 'choice', options, as: 'check' }),
  read(typed, { options, min = 1, max = options.length }) {
    const chosen: unknown = typeof typed === 'string' ? [typed].filter(Boolean) : typed
    if (!isTexts(chosen)) return MISSHAPEN
    if (chosen.some(one => !options.some(option => option.value === one))) return { fault: { sentence: '“{label}”请从给出的选项里选择' } }
    const values = options.map(option => option.value).filter(value => chosen.includes(value))
    if (values.length === 0) return { value: undefined }
    if (values.length < min) return { fault: { sentence: '“{label}”至少选 {n} 项，现在选了 {now} 项', params: { n: min, now: values.length } } }
    if (values.length > max) return { fault: { sentence: '“{label}”最多选 {n} 项，现在选了 {now} 项', params: { n: max, now: values.length } } }
    return { value: values }
  },
  summary: (values, { options }, t) => options.filter(option => values.includes(option.value)).map(option => t(option.label)).join(t('、')),
})
