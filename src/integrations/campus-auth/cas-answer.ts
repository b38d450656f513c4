import { childrenOf, type Element, readXml } from './xml.ts'

export type Validation = { user: string; attributes: Record<string, string> } | { failure: string }

const CAS = 'http://www.yale.edu/tp/cas'
const SAML = 'urn:oasis:names:tc:SAML:2.0:protocol'

/** What /p3/serviceValidate said; anything but exactly one success for exactly one user, or one failure, counts as INTERNAL_ERROR. */
export function readValidation(text: string): Validation {
  const root = readXml(text)
  if (!root || root.namespace !== CAS || root.name !== 'serviceResponse') return { failure: 'INTERNAL_ERROR' }
  const [success, ...more] = childrenOf(root, 'authenticationSuccess')
  const [failure, ...furtherFailures] = childrenOf(root, 'authenticationFailure')
  if (failure) return { failure: furtherFailures.length === 0 && !success ? failure.attributes['code'] ?? 'INTERNAL_ERROR' : 'INTERNAL_ERROR' }
  const [user, ...others] = success ? childrenOf(success, 'user') : []
  if (!success || more.length > 0 || !user?.text || user.children.length > 0 || others.length > 0) return { failure: 'INTERNAL_ERROR' }
  return { user: user.text, attributes: attributesOf(success) }
}

function attributesOf(success: Element): Record<string, string> {
  const all = childrenOf(success, 'attributes').flatMap(({ children }) => children)
  const values = Map.groupBy(all, ({ name }) => name)
  return Object.fromEntries([...values].flatMap(([name, found]) => (found.length === 1 && found[0] && found[0].children.length === 0 ? [[name, found[0].text]] : [])))
}

/** The ticket whose sign-in has ended at the CAS server; null for anything that is no logout request. */
export function readLogout(text: string): string | null {
  const root = readXml(text)
  if (!root || root.namespace !== SAML || root.name !== 'LogoutRequest') return null
  const [index, ...more] = childrenOf(root, 'SessionIndex')
  return index && more.length === 0 && index.children.length === 0 && index.text !== '' ? index.text : null
}
