import type { TSchema } from 'typebox'
import { AppError } from '../../platform/errors.ts'
import { errorsIn, fits, type SchemaError } from '../../platform/schema.ts'

/** For Fastify: nothing is made to fit, no field is dropped or filled in; what does not fit is named with its place (a JSON pointer). */
export function validatorOf(schema: TSchema): (value: unknown) => { value: unknown } | { error: Error } {
  return value => fits(schema, value) ? { value } : { error: new AppError('invalid', '提交的内容和接口说明不符', { code: 'invalid-request', fields: faultsIn(errorsIn(schema, value)) }) }
}

/** By place; of what is wrong in several ways at one place, the first. */
function faultsIn(errors: readonly SchemaError[]): Record<string, string> {
  const faults = errors.flatMap((error): [string, string][] => {
    const at = (names: readonly string[], sentence: string) => names.slice(0, 20).map((name): [string, string] => [`${error.instancePath}/${name.slice(0, 60)}`, sentence])
    if (error.keyword === 'required') return at(error.params.requiredProperties, '缺少这一项')
    if (error.keyword === 'additionalProperties') return at(error.params.additionalProperties, '没有这一项，请检查拼写')
    // Said of the same place by the keyword before.
    if (error.keyword === 'boolean') return []
    return [[error.instancePath || '/', SENTENCES[error.keyword] ?? '格式不对，请看接口说明']]
  })
  return Object.fromEntries(faults.toReversed())
}

const SENTENCES: Readonly<Record<string, string>> = { maxLength: '太长', minLength: '不能是空的', pattern: '格式不对，请看接口说明' }
