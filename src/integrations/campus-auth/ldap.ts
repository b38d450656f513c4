import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { type Client, type Entry, Filter, ResultCodeError, type SearchOptions } from 'ldapts'
import type { CampusAuthConfig } from '../../platform/config-campus.ts'
import type { Log } from '../../platform/log.ts'
import { numberless, silent, within } from './errors.ts'
import { connect } from './ldap-connection.ts'
import type { PasswordProvider } from './port.ts'

type Settings = Omit<Extract<CampusAuthConfig, { kind: 'ldap' }>, 'kind'>
type Deps = { log: Log; patience?: number }

/** ms for the whole of a check: connection, search, bind */
const PATIENCE = 5000
const PAGE = 500

// Answers to the person's own bind that mean the password (or the account behind it) is no good: 49 invalid credentials, 48 no password
// there, 53 unwilling (locked, expired), 19 too many failures (389 DS), 32 gone meanwhile, 50 not allowed.
const NO_GOOD = new Set([19, 32, 48, 49, 50, 53])

/** LDAP: find the entry as the service account, then let the directory check the password by binding as that entry. */
export function createLdap(settings: Settings, { log, patience = PATIENCE }: Deps): PasswordProvider {
  const { baseDn, filter, numberAttribute = 'uid' } = settings
  const ca = settings.ca === undefined ? undefined : readFileSync(settings.ca)
  const open = () => connect({ ...settings, ca, patience })

  async function find(client: Client, account: string): Promise<Entry | null> {
    const { searchEntries } = await client.search(baseDn, {
      scope: 'sub', derefAliases: 'never', sizeLimit: 2, timeLimit: Math.ceil(patience / 1000), attributes: [numberAttribute],
      filter: filter.replaceAll('{account}', () => Filter.escape(account)),
    })
    return searchEntries.length === 1 ? searchEntries[0] ?? null : null
  }

  async function check(client: Client, account: string, password: string): Promise<Entry | null> {
    const entry = await find(client, account)
    // Where nobody was found somebody is bound all the same, so that the clock does not tell which it was.
    const dn = entry?.dn ?? `cn=${randomBytes(8).toString('hex')},${baseDn}`
    return await isPassword(client, dn, password) ? entry : null
  }

  return {
    way: 'password',
    async verify(account, password) {
      // RFC 4513, 5.1.2: a bind with an empty password succeeds, as nobody. It must never come to that.
      if (password === '' || account.trim() === '') return null
      const connection = open()
      try {
        const entry = await within(patience, async () => {
          await connection.ready()
          return await check(connection.client, account, password)
        })
        return entry ? identityOf(entry, numberAttribute) : null
      } catch (error) {
        throw told(error, log)
      } finally {
        connection.end()
      }
    },
    async *list() {
      const connection = open()
      try {
        await connection.ready()
        const options: SearchOptions = { scope: 'sub', derefAliases: 'never', attributes: [numberAttribute], filter: filter.replaceAll('{account}', '*'), paged: { pageSize: PAGE } }
        for await (const { searchEntries } of connection.client.searchPaginated(baseDn, options)) {
          const numbers = searchEntries.map(entry => singleValue(entry, numberAttribute)).filter(number => number !== undefined)
          yield { numbers, without: searchEntries.length - numbers.length }
        }
      } catch (error) {
        throw told(error, log)
      } finally {
        connection.end()
      }
    },
  }
}

async function isPassword(client: Client, dn: string, password: string): Promise<boolean> {
  try {
    await client.bind(dn, password)
    return true
  } catch (error) {
    if (error instanceof ResultCodeError && NO_GOOD.has(error.code)) return false
    throw error
  }
}

function identityOf(entry: Entry, numberAttribute: string) {
  const account = singleValue(entry, numberAttribute)
  if (!account) throw numberless()
  return { account, attributes: { [numberAttribute]: account } }
}

/** Attribute names differ in case between servers; one with several values says nothing. */
function singleValue(entry: Entry, name: string): string | undefined {
  const found = Object.entries(entry).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1]
  const values = (Array.isArray(found) ? found : [found]).filter(value => typeof value === 'string').filter(value => value !== '')
  return values.length === 1 ? values[0] : undefined
}

// What the directory says may name the entry; the code alone goes to the log.
function told(error: unknown, log: Log): unknown {
  if (error instanceof Error && error.name === 'AppError') return error
  const reason = error instanceof ResultCodeError ? `result ${error.code} ${error.name}` : error instanceof Error ? ('code' in error ? String(error.code) : error.message.split('\n', 1)[0] ?? '') : 'unknown'
  log.warn({ reason }, 'the directory did not answer')
  return silent(new Error(reason))
}
