import type { CampusIdentity, PasswordProvider } from '../../integrations/campus-auth/index.ts'
import type { Db } from '../../platform/db.ts'
import { hashPassword, isPassword, isSame } from './passwords.ts'
import { initialPassword } from './rules/password.ts'
import { accountOf, typedNumber } from './store/accounts.ts'
import type { Vault } from './vault.ts'

export type BuiltinAnswer = CampusIdentity & { must_change: boolean }
export type Builtin = Omit<PasswordProvider, 'verify'> & { verify(account: string, password: string): Promise<BuiltinAnswer | null> }

type Deps = { db: Db; vault: Pick<Vault, 'open'>; digits: number }

/**
 * Campus accounts kept here: the password that was set, until then the last digits of the ID number, which must be changed.
 * Nothing is hashed for the initial one: six digits fall to anybody who has the table, so the sealed ID number is what protects it.
 */
export function createBuiltin({ db, vault, digits }: Deps): Builtin {
  let decoy: Promise<string> | undefined
  return {
    way: 'password',
    async verify(typed, password) {
      const account = await accountOf(db, typed.normalize('NFKC').trim()) ?? await accountOf(db, typedNumber(typed))
      // An unknown account costs the same time as a wrong password, so that the clock tells nobody which it was.
      decoy ??= hashPassword('nobody has this password')
      const right = await isPassword(password, account?.password_hash ?? await decoy)
      if (!account) return null
      const initial = account.password_hash === null && isSame(password.trim().toUpperCase(), initialPassword(vault.open('document', account.document_sealed), digits))
      if (!(account.password_hash === null ? initial : right)) return null
      return { account: account.number, attributes: {}, must_change: initial || account.must_change === 1 }
    },
  }
}
