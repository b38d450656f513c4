import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** An element by its namespace, whatever prefix the sender gave it. */
export type Element = { namespace: string; name: string; attributes: Readonly<Record<string, string>>; text: string; children: Element[] }

const LONGEST = 64 * 1024
const parser = new XMLParser({
  preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', allowBooleanAttributes: false, parseTagValue: false, parseAttributeValue: false,
  processEntities: false, ignoreDeclaration: true, ignorePiTags: true, trimValues: false,
})

/**
 * The root element of a short XML text, or null for anything that is not well formed. Refused, because no honest server sends it and
 * each has tricked some reader before: document types, entities of one's own, comments (they cut a name in two).
 */
export function readXml(text: string): Element | null {
  if (text.length > LONGEST || /<!(?!\[CDATA\[)/.test(text)) return null
  try {
    if (XMLValidator.validate(text) !== true) return null
    const roots = elementsIn(parser.parse(text), new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]))
    return roots.length === 1 ? roots[0] ?? null : null
  } catch {
    return null
  }
}

/** The children with this name, of the element's own namespace. */
export function childrenOf(element: Element, name: string): Element[] {
  return element.children.filter(child => child.name === name && child.namespace === element.namespace)
}

type Prefixes = ReadonlyMap<string, string>

// What the parser gives: a list of { <name>: children, ':@'?: attributes }, text under '#text'.
function elementsIn(nodes: unknown, prefixes: Prefixes): Element[] {
  if (!Array.isArray(nodes)) return []
  return nodes.flatMap((node: unknown) => {
    const entries = isRecord(node) ? Object.entries(node) : []
    const attributes = attributesOf(isRecord(node) ? node[':@'] : undefined)
    return entries.filter(([name]) => name !== ':@' && !name.startsWith('#')).map(([name, children]) => elementOf(name, attributes, children, withDeclared(prefixes, attributes)))
  })
}

function attributesOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(isRecord(value) ? value : {}).map(([name, text]) => [name, decode(String(text))]))
}

function elementOf(qualified: string, attributes: Record<string, string>, children: unknown, prefixes: Prefixes): Element {
  const [prefix, name] = qualified.includes(':') ? [qualified.slice(0, qualified.indexOf(':')), qualified.slice(qualified.indexOf(':') + 1)] : ['', qualified]
  const namespace = prefixes.get(prefix) ?? ''
  if (prefix !== '' && namespace === '') throw new Error('a prefix that nobody declared')
  return { namespace, name, attributes, text: textIn(children), children: elementsIn(children, prefixes) }
}

function withDeclared(prefixes: Prefixes, attributes: Record<string, string>): Prefixes {
  const declared = Object.entries(attributes).filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
  return new Map([...prefixes, ...declared.map(([name, value]) => [name.slice('xmlns:'.length), value] as const)])
}

function textIn(nodes: unknown): string {
  if (!Array.isArray(nodes)) return ''
  return nodes.map((node: unknown) => (isRecord(node) && typeof node['#text'] === 'string' ? decode(node['#text']) : '')).join('').trim()
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** The five entities that XML itself has, and characters by number. */
function decode(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));/g, (whole, decimal?: string, hex?: string, name?: string) => {
    if (name !== undefined) return NAMED[name] ?? whole
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
