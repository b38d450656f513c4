import { AppError } from '../../../platform/errors.ts'
import type { Db } from '../../../platform/db.ts'
import type { T } from '../../../platform/text.ts'
import type { Context } from '../deps.ts'
import { isPassword } from '../passwords.ts'
import { weakness } from '../rules/password.ts'
import { accountOf, lastPasswords } from '../store/accounts.ts'

/** What is wrong with a new password for this number, by field. */
export async function faultsOfNew({ database: { db }, vault }: Pick<Context, 'database' | 'vault'>, t: T, number: string, { password, again }: { password: string; again: string }): Promise<Record<string, string>> {
  const account = await accountOf(db, number)
  if (!account) throw new AppError('not-found', '没有找到这个账号')
  const document = vault.open('document', account.document_sealed)
  const phone = account.phone_sealed === null ? null : vault.open('phone', account.phone_sealed)
  const weak = weakness(password, { number, name_pinyin: account.name_pinyin, document, phone })
  return { ...(weak && { password: t(weak) }), ...(password !== again && { again: t('两次输入的新密码不一样') }) }
}

/** Is it one of the last? Asked only of who has proved the account: the answer tells whether a guess was right. */
export async function wasUsed(db: Db, number: string, password: string): Promise<boolean> {
  for (const hash of await lastPasswords(db, number)) if (await isPassword(password, hash)) return true
  return false
}
