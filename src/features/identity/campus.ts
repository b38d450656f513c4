import type { CampusAuth, CampusIdentity, RedirectProvider } from '../../integrations/campus-auth/index.ts'
import type { Builtin } from './builtin.ts'
import type { FirstUse } from './rules/first-use.ts'

/** Who a right password belongs to; `first`: it was the initial one, and what else it takes. */
export type CampusAnswer = CampusIdentity & { first: FirstUse | null }

/** The hall asks for the password itself; `own`: it also keeps it, and people change it here. */
export type AskedHere = { readonly way: 'password'; readonly own: boolean; verify(account: string, password: string): Promise<CampusAnswer | null> }

/** How people prove a campus account in this hall. */
export type Campus = AskedHere | RedirectProvider

/** Does the hall keep the passwords? What changes, recovers or puts one back is there only then: its pages, and the buttons that lead to them. */
export function keepsPasswords(campus: Campus): boolean {
  return campus.way === 'password' && campus.own
}

/** The school's server where there is one, else the accounts kept here. */
export function createCampus(builtin: Builtin, school: CampusAuth | null): Campus {
  if (school === null) return { way: 'password', own: true, verify: (account, password) => builtin.verify(account, password) }
  if (school.way === 'redirect') return school
  return {
    way: 'password', own: false,
    async verify(account, password) {
      const identity = await school.verify(account, password)
      return identity && { ...identity, first: null }
    },
  }
}
