import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { AppError } from '../../platform/errors.ts'

export type Fields = { readonly [name: string]: unknown }

// One item and many must look the same, and ids of 64 bits do not survive as numbers.
const LISTS = new Set(['SelectedItem', 'OptionId'])
const parser = new XMLParser({
  ignoreAttributes: true, ignoreDeclaration: true, parseTagValue: false, processEntities: false, isArray: name => LISTS.has(name),
})

/** The children of `<xml>` by name; `invalid` for anything that is not well formed or declares entities. */
export function readXml(text: string): Fields {
  const root = /<!(DOCTYPE|ENTITY)/i.test(text) ? null : parsed(text)
  const fields = isFields(root) ? root['xml'] : null
  if (!isFields(fields)) throw new AppError('invalid', '回调的内容不是完整的 XML')
  return fields
}

/** Text of a child, '' where it is missing or has children of its own. */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

/** A child that has children. */
export function childOf(fields: Fields, name: string): Fields {
  const value = fields[name]
  return isFields(value) ? value : {}
}

/** The children of one name that have children, for names known as lists. */
export function listOf(fields: Fields, name: string): Fields[] {
  const value = fields[name]
  return Array.isArray(value) ? value.filter(isFields) : []
}

function parsed(text: string): unknown {
  try {
    return XMLValidator.validate(text) === true ? parser.parse(text) : null
  } catch {
    return null
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
