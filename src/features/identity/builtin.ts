import type { CampusIdentity } from '../../integrations/campus-auth/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Db } from '../../platform/db.ts'
import { hashPassword, isPassword, isSame } from './passwords.ts'
import { type FirstUse, firstUseOf, type FirstUseProof } from './rules/first-use.ts'
import { initialPassword } from './rules/password.ts'
import { type Account, accountTyped } from './store/accounts.ts'
import type { Vault } from './vault.ts'

/** `first`: the initial password was right, and what else it takes; null where it is the person's own. */
export type BuiltinAnswer = CampusIdentity & { first: FirstUse | null }

export type Builtin = {
  readonly way: 'password'
  verify(account: string, password: string): Promise<BuiltinAnswer | null>
}

type Deps = { db: Db; clock: Clock; vault: Pick<Vault, 'open' | 'seal'>; digits: number; proof: FirstUseProof; days: number }

/**
 * Campus accounts kept here: the password that was set, until then the last digits of the ID number, which must be changed.
 * Nothing is hashed for the initial one: six digits fall to anybody who has the table, so the sealed ID number is what protects it.
 */
export function createBuiltin({ db, clock, vault, digits, proof, days }: Deps): Builtin {
  let decoy: Promise<string> | undefined
  const nobody = vault.seal('document', '000000000000000000')

  function isInitial(account: Account | undefined, password: string): boolean {
    // Opened for nobody too: known or not, one secret is opened and one hash computed.
    const initial = initialPassword(vault.open('document', account?.document_sealed ?? nobody), digits)
    return isSame(password.normalize('NFKC').trim().toUpperCase(), initial) && account?.password_hash === null
  }

  return {
    way: 'password',
    async verify(typed, password) {
      const account = await accountTyped(db, typed)
      // An unknown account costs the same time as a wrong password, so that the clock tells nobody which it was.
      decoy ??= hashPassword('nobody has this password')
      const right = await isPassword(password, account?.password_hash ?? await decoy)
      const initial = isInitial(account, password)
      if (!account || !(account.password_hash === null ? initial : right)) return null
      const { since, checked } = account
      const first = initial ? firstUseOf({ since, checked, hasPhone: account.phone_sealed !== null }, { proof, days, now: clock.now() }) : null
      return { account: account.number, attributes: {}, first }
    },
  }
}
