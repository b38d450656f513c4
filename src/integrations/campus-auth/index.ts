import type { Clock } from '../../platform/clock.ts'
import type { CampusAuthConfig } from '../../platform/config-campus.ts'
import type { Log } from '../../platform/log.ts'
import { createCas } from './cas.ts'
import { createLdap } from './ldap.ts'
import { createOidc } from './oidc.ts'
import type { CampusAuth } from './port.ts'

export type { CampusAuth, CampusIdentity, PasswordProvider, RedirectProvider } from './port.ts'

/** The school's server that CAMPUS_AUTH names; null where the hall keeps the accounts itself. */
export function createCampusAuth(config: CampusAuthConfig, { clock, log }: { clock: Clock; log: Log }): CampusAuth | null {
  switch (config.kind) {
    case 'builtin': return null
    case 'cas': return createCas(config, { clock, log })
    case 'oidc': return createOidc(config, { clock, log })
    case 'ldap': return createLdap(config, { log })
  }
}
