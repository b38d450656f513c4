import { Type } from 'typebox'

/** What a choice is kept as. */
export const OptionValue = Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' })

export const Options = Type.Array(Type.Object({
  value: OptionValue,
  label: Type.String({ minLength: 1, maxLength: 40 }),
}, { additionalProperties: false }), { minItems: 2, maxItems: 200 })

export function twiceAmong(options: readonly { value: string }[]): string[] {
  const values = options.map(option => option.value)
  return values.flatMap((value, at) => values.indexOf(value) === at ? [] : [`options: ${value} is there twice`])
}
