import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Identity, identity, pem } from '../integrations/seal-material.ts'
import { untilListening } from './ports.ts'
import { startServer, type PrivateServer } from './private-server.ts'

export const base = 'dc=minghu,dc=example'
export const searcher = { dn: `cn=hall,${base}`, password: 'search-only' }

export type Account = { uid: string | string[]; name: string; password: string; employeeNumber?: string }

export type LdapServer = PrivateServer & {
  /** PEM of the authority that signed the server's certificate, which is for `localhost` */
  authority: string
}

const schemas = ['core', 'cosine', 'inetorgperson'].map(name => `include /etc/ldap/schema/${name}.schema`).join('\n')

/** An OpenLDAP directory with these accounts below ou=people. `ldap` takes StartTLS; only the service account may search. */
export async function startLdap(accounts: readonly Account[], { scheme = 'ldap' }: { scheme?: 'ldap' | 'ldaps' } = {}): Promise<LdapServer> {
  const authority = await identity('Minghu Test CA', { authority: true })
  const own = await identity('localhost', { issuer: authority })
  const server = await startServer({
    name: 'slapd',
    ready: /slapd starting/,
    async prepare(folder) {
      await mkdir(join(folder, 'data'))
      await writeFile(join(folder, 'ca.pem'), pem(authority))
      await writeFile(join(folder, 'server.pem'), pem(own))
      await writeFile(join(folder, 'server.key'), await keyOf(own), { mode: 0o600 })
      await writeFile(join(folder, 'slapd.conf'), configuration(folder))
      await writeFile(join(folder, 'people.ldif'), entries(accounts))
      return [['slapadd', '-q', '-f', join(folder, 'slapd.conf'), '-l', join(folder, 'people.ldif')]]
    },
    command: (folder, port) => ['slapd', '-d', 'none', '-f', join(folder, 'slapd.conf'), '-h', `${scheme}://127.0.0.1:${port}/`],
    url: port => `${scheme}://localhost:${port}`,
  })
  // It says that it starts a moment before it listens.
  const listening = () => untilListening(Number(new URL(server.url).port))
  await listening()
  return { ...server, authority: pem(authority), async restart() { await server.restart(); await listening() } }
}

function configuration(folder: string): string {
  return `${schemas}
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile ${join(folder, 'slapd.pid')}
TLSCACertificateFile ${join(folder, 'ca.pem')}
TLSCertificateFile ${join(folder, 'server.pem')}
TLSCertificateKeyFile ${join(folder, 'server.key')}
database mdb
maxsize 10485760
suffix "${base}"
directory ${join(folder, 'data')}
# Unpaged, a search ends after 500 entries, as Active Directory's does after 1000.
limits dn.exact="${searcher.dn}" size.soft=500 size.hard=500 size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="${searcher.dn}" read by * none
`
}

function entries(accounts: readonly Account[]): string {
  const text = (name: string, value: string) => `${name}:: ${Buffer.from(value).toString('base64')}`
  const people = accounts.map(({ uid, name, password, employeeNumber }, at) => [
    `dn: cn=p${at},ou=people,${base}`, 'objectClass: inetOrgPerson', `cn: p${at}`, text('sn', name), ...[uid].flat().map(value => text('uid', value)),
    text('userPassword', password), ...(employeeNumber === undefined ? [] : [text('employeeNumber', employeeNumber)]),
  ].join('\n'))
  return [
    `dn: ${base}\nobjectClass: dcObject\nobjectClass: organization\ndc: minghu\no: Minghu`,
    `dn: ou=people,${base}\nobjectClass: organizationalUnit\nou: people`,
    `dn: ${searcher.dn}\nobjectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: hall\n${text('userPassword', searcher.password)}`,
    ...people,
  ].join('\n\n')
}

async function keyOf({ keys }: Identity): Promise<string> {
  const bytes = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64')
  return `-----BEGIN PRIVATE KEY-----\n${bytes.replace(/(.{64})/g, '$1\n')}\n-----END PRIVATE KEY-----\n`
}
