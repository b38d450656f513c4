import { existsSync } from 'node:fs'
import type { EnvironmentReader } from './environment.ts'

/** How people prove a campus account; everything but `builtin` is a server of the school's. */
export type CampusAuthConfig =
  | { kind: 'builtin' }
  | { kind: 'cas'; url: string; numberAttribute: string | undefined }
  | { kind: 'oidc'; issuer: string; clientId: string; clientSecret: string; scope: string; numberAttribute: string | undefined }
  | {
    kind: 'ldap'; url: string; baseDn: string; bindDn: string | undefined; bindPassword: string | undefined
    /** with `{account}` where what was typed stands */
    filter: string
    startTls: boolean
    /** path of a PEM file */
    ca: string | undefined
    numberAttribute: string | undefined
  }

const ADDRESS = 'an address beginning with https:// (http:// for this machine only)'

/** The settings of campus sign-in. All are read whatever the choice, so that a wrong one is told before it is needed. */
export function readCampusAuth(read: EnvironmentReader): CampusAuthConfig {
  const kind = read.oneOf('CAMPUS_AUTH', ['builtin', 'cas', 'oidc', 'ldap'], 'builtin')
  const numberAttribute = read.optional('CAMPUS_NUMBER_ATTRIBUTE', /^[A-Za-z][\w.:-]*$/, 'the name of the attribute that holds the 学号 or 工号')
  const cas = readCas(read)
  const oidc = readOidc(read)
  const ldap = readLdap(read)
  const needed = (names: Record<string, string | undefined>): void => {
    for (const [name, value] of Object.entries(names)) if (value === undefined) read.fault(name, `is missing: CAMPUS_AUTH=${kind} needs it`)
  }
  if (kind === 'cas') {
    needed({ CAS_URL: cas.url })
    return { kind, url: cas.url ?? '', numberAttribute }
  }
  if (kind === 'oidc') {
    needed({ OIDC_ISSUER: oidc.issuer, OIDC_CLIENT_ID: oidc.clientId, OIDC_CLIENT_SECRET: oidc.clientSecret })
    return { kind, issuer: oidc.issuer ?? '', clientId: oidc.clientId ?? '', clientSecret: oidc.clientSecret ?? '', scope: oidc.scope, numberAttribute }
  }
  if (kind === 'ldap') {
    needed({ LDAP_URL: ldap.url, LDAP_BASE_DN: ldap.baseDn, ...(ldap.bindDn !== undefined && { LDAP_BIND_PASSWORD: ldap.bindPassword }) })
    if (ldap.ca !== undefined && !existsSync(ldap.ca)) read.fault('LDAP_CA', 'should be the path of a PEM file; there is none')
    return { kind, ...ldap, url: ldap.url ?? '', baseDn: ldap.baseDn ?? '', numberAttribute }
  }
  return { kind }
}

function readCas(read: EnvironmentReader) {
  const url = safely(read, 'CAS_URL', read.optional('CAS_URL', /^https?:\/\/[^?#]+$/, ADDRESS))
  return { url: url?.replace(/\/+$/, '') }
}

function readOidc(read: EnvironmentReader) {
  return {
    issuer: safely(read, 'OIDC_ISSUER', read.optional('OIDC_ISSUER', /^https?:\/\/[^?#]+$/, ADDRESS)),
    clientId: read.optional('OIDC_CLIENT_ID', /./, 'the id under which the hall is registered'),
    clientSecret: read.optional('OIDC_CLIENT_SECRET', /./, 'the secret of that registration'),
    scope: read.matching('OIDC_SCOPE', /^openid( \S+)*$/, 'openid and further scopes, by space', 'openid profile'),
  }
}

function readLdap(read: EnvironmentReader) {
  const url = read.optional('LDAP_URL', /^ldaps?:\/\/[^/?#]+\/?$/, 'ldaps://HOST:PORT or ldap://HOST:PORT')
  return {
    url,
    baseDn: read.optional('LDAP_BASE_DN', /=/, 'the entry below which people are, as ou=people,dc=example,dc=edu,dc=cn'),
    bindDn: read.optional('LDAP_BIND_DN', /=/, 'the entry that searches; absent: anybody may search'),
    bindPassword: read.optional('LDAP_BIND_PASSWORD', /./, 'the password of that entry'),
    filter: read.matching('LDAP_FILTER', /^\(.*\{account\}.*\)$/, 'a filter with {account} in it, as (uid={account})', '(uid={account})'),
    // A password that crosses a network in the clear is everybody's: only who says `off` gets that.
    startTls: read.oneOf('LDAP_STARTTLS', ['on', 'off'], 'on') === 'on' && url?.startsWith('ldaps:') !== true,
    ca: read.optional('LDAP_CA', /./, 'path of a PEM file with the certificates that the directory is trusted by'),
  }
}

// A ticket or code in the clear signs in whoever reads it first.
function safely(read: EnvironmentReader, name: string, address: string | undefined): string | undefined {
  const url = address === undefined ? null : URL.parse(address)
  if (url && url.protocol === 'http:' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname)) read.fault(name, `should be ${ADDRESS}`)
  return address
}
