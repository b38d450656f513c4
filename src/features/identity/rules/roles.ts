/** The roles of this version as the roster names them; guards and approver rules go by the key. */
export const roles = {
  tutor: '辅导员',
  registrar: '教务员',
  operator: '现场工作人员',
  admin: '系统管理员',
} as const

export type Role = keyof typeof roles

/** '' stands for the whole university in `identity_roles.unit_id`. */
export const WHOLE_UNIVERSITY = ''

export function isRole(word: string): word is Role {
  return Object.hasOwn(roles, word)
}

/** `教务员` is for the person's own department, `教务员(全校)` for all of it; null where no role is meant. Administrators are always for all. */
export function readRole(word: string): { role: Role; whole: boolean } | null {
  const found = /^(.+?)(?:\((全校)\))?$/.exec(word.normalize('NFKC').replace(/\s/g, ''))
  const role = Object.keys(roles).filter(isRole).find(key => roles[key] === found?.[1])
  return role === undefined ? null : { role, whole: found?.[2] !== undefined || role === 'admin' }
}

type Unit = { id: string; parent_id: string | null }

/** The unit and those above it, nearest first; safe against circles that an import could not have made. */
export function upwards(units: ReadonlyMap<string, Unit>, unit_id: string): string[] {
  const path: string[] = []
  for (let at: string | null = unit_id; at !== null && !path.includes(at); at = units.get(at)?.parent_id ?? null) path.push(at)
  return path
}

/** The unit and everything below it. */
export function downwards(units: ReadonlyMap<string, Unit>, unit_id: string): string[] {
  return [...units.keys()].filter(id => upwards(units, id).includes(unit_id))
}
