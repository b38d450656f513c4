import type { App } from '../app.ts'
import { AppError } from '../platform/errors.ts'
import { pendingMigrations } from '../platform/migrate.ts'

type Deps = Pick<App, 'campusAuth' | 'config' | 'identity' | 'database'>
const SHOWN = 10

/** Where to look when the server does not answer as it should. */
const SETTINGS = {
  builtin: '', cas: 'CAS_URL (the address that /login is added to)', oidc: 'OIDC_ISSUER (the address that /.well-known/openid-configuration is added to)',
  ldap: 'LDAP_URL, LDAP_STARTTLS, LDAP_CA, LDAP_BIND_DN, LDAP_BIND_PASSWORD, LDAP_BASE_DN',
} as const

/**
 * `npm run campus`, after the settings of campus sign-in were written: does the school's server answer, and do its accounts and the
 * roster name the same people? Reads only. Returns 0 where people can sign in.
 */
export async function campusCommand({ campusAuth, config, database, identity }: Deps, print: (line: string) => void = console.log): Promise<number> {
  if (campusAuth === null) {
    print('CAMPUS_AUTH=builtin: the hall keeps the accounts itself')
    return 0
  }
  try {
    if (campusAuth.way === 'redirect') {
      const { address } = await campusAuth.begin(`${config.publicUrl}/auth/campus/callback`, 'check')
      print(`${new URL(address).origin} answers; people are sent to ${address.split('?', 1)[0]}`)
      return 0
    }
    if ((await pendingMigrations(database)).length > 0) {
      print('the database is not ready; run: npm run migrate')
      return 1
    }
    return await compare(campusAuth.list(), numbers => identity.knownNumbers(database.db, numbers), print)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    print(`the school's server: ${reasonOf(error)}`)
    print(`look at ${SETTINGS[config.campusAuth.kind]}`)
    return 1
  }
}

/** The innermost cause says most: ECONNREFUSED rather than 'fetch failed'. */
function reasonOf(error: Error): string {
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}

/** Page by page: a directory of forty thousand is never held whole. */
async function compare(pages: AsyncIterable<{ numbers: string[]; without: number }>, knownOf: (numbers: string[]) => Promise<ReadonlySet<string>>, print: (line: string) => void): Promise<number> {
  const count = { accounts: 0, without: 0, known: 0, unknown: 0 }
  const examples: string[] = []
  for await (const { numbers, without } of pages) {
    const known = await knownOf(numbers)
    const unknown = numbers.filter(number => !known.has(number))
    count.accounts += numbers.length + without
    count.without += without
    count.known += known.size
    count.unknown += unknown.length
    examples.push(...unknown.slice(0, Math.max(0, SHOWN - examples.length)))
  }
  print(`${count.accounts} accounts in the directory: ${count.known} are in the roster, ${count.unknown} are not, ${count.without} have no number of their own (CAMPUS_NUMBER_ATTRIBUTE)`)
  if (examples.length > 0) print(`not in the roster: ${examples.join(', ')}${count.unknown > examples.length ? ' …' : ''}`)
  if (count.known === 0) print('nobody could sign in: is CAMPUS_NUMBER_ATTRIBUTE the attribute that holds the 学号 or 工号?')
  return count.known > 0 ? 0 : 1
}
