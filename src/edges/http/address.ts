import { parse } from 'node:querystring'

const LONGEST_SEGMENT = 200

/** Parameters of an address: one text each. Said twice, the first counts, so that no route meets a list where it asks for a word. */
export function readQuery(text: string): Record<string, string> {
  if (text === '') return {}
  const parameters = Object.entries(parse(text, '&', '=', { maxKeys: 100 }))
  return Object.fromEntries(parameters.map(([name, value]) => [name, (Array.isArray(value) ? value[0] : value) ?? '']))
}

/**
 * The address to route by. One that cannot be decoded, or has a part longer than any id or code, is like one that nobody has:
 * the router would answer it by itself, past our headers and pages.
 */
export function routable(url: string): string {
  const path = url.split('?', 1)[0] ?? '/'
  return isDecodable(path) && path.split('/').every(segment => segment.length <= LONGEST_SEGMENT) ? url : '/unknown-address'
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}
