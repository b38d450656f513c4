import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { promisify } from 'node:util'
import type { Cleaner } from './database.ts'

const run = promisify(execFile)

export type KeyKind = 'rsa' | 'ec'
/** Where a certificate says that its revocation can be asked for. */
type Asked = 'ocsp' | 'crl' | 'nowhere'
/** What a server does instead of its duty. */
type Trouble = 'down' | 'silent' | 'nonsense'

export type Authority = {
  folder: string
  /** PEM */
  root: string
  tsaUrl: string
  /** what is wrong now */
  trouble: { tsa?: Trouble | 'wrong-nonce' | 'wrong-hash' | 'ended' | 'refuses' | undefined; ocsp?: Trouble | 'about-another' | undefined; crl?: Trouble | undefined }
  /** how often each was asked */
  asked: { tsa: number; ocsp: number; crl: number }
  /** a key with its certificate: paths of PEM files, and both in a PKCS#12 file with this password */
  issue(name: string, options?: { key?: KeyKind; asked?: Asked; days?: number }): Promise<{ key: string; certificate: string; chain: string; p12: string; password: string }>
  revoke(certificate: string): Promise<void>
  /** The time stamp authority goes on with another certificate, for so many days. */
  renewStamping(days: number): Promise<void>
}

/**
 * A certificate authority as OpenSSL makes one, with its time stamp authority (`openssl ts`), OCSP responder (`openssl ocsp`) and revocation list
 * behind a loopback port. They go by this machine's own clock.
 */
export async function startAuthority(t: Cleaner): Promise<Authority> {
  const folder = await mkdtemp(join(tmpdir(), 'authority-'))
  const trouble: Authority['trouble'] = {}
  const asked = { tsa: 0, ocsp: 0, crl: 0 }
  const openssl = (...args: string[]) => run('openssl', args, { cwd: folder })
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.after(async () => {
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true, force: true })
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, kind, asGet] = /^\/(tsa|ocsp|crl)\/?(.*)$/.exec(request.url ?? '') ?? []
    if (kind !== 'tsa' && kind !== 'ocsp' && kind !== 'crl') return void response.writeHead(404).end()
    // OCSP may be asked in the address (RFC 6960 appendix A.1).
    const body = asGet ? Buffer.from(decodeURIComponent(asGet), 'base64') : await buffer(request)
    asked[kind]++
    if (trouble[kind] === 'down') return void request.socket.destroy()
    if (trouble[kind] === 'silent') return
    if (trouble[kind] === 'nonsense') return void response.end('<html>maintenance</html>')
    response.writeHead(200, { 'content-type': { tsa: 'application/timestamp-reply', ocsp: 'application/ocsp-response', crl: 'application/pkix-crl' }[kind] })
    response.end(await { tsa: stamp, ocsp: word, crl: list }[kind](body))
  }

  let questions = 0

  async function stamp(query: Buffer): Promise<Buffer> {
    const [question, reply] = [`${++questions}.tsq`, `${questions}.tsr`]
    const digest = /[0-9a-f]{64}/.exec(query.toString('hex').replace(/^.*?0420/, ''))?.[0] ?? ''
    await writeFile(join(folder, question), query)
    const instead = { 'wrong-nonce': ['-digest', digest, '-sha256'], 'wrong-hash': ['-digest', 'ab'.repeat(32), '-sha256'], refuses: ['-digest', 'ab'.repeat(20), '-sha1'] }
    if (trouble.tsa && trouble.tsa in instead) await openssl('ts', '-query', ...Object.entries(instead).find(([name]) => name === trouble.tsa)?.[1] ?? [], '-cert', '-out', question)
    await openssl('ts', '-reply', '-config', 'ca.cnf', '-section', 'tsa', '-queryfile', question, '-signer', trouble.tsa === 'ended' ? 'old-tsa.pem' : 'tsa.pem', '-inkey', 'tsa.key', '-out', reply)
    return readFile(join(folder, reply))
  }

  async function word(request: Buffer): Promise<Buffer> {
    const [question, reply] = [`${++questions}.ocsp-request`, `${questions}.ocsp-response`]
    await writeFile(join(folder, question), request)
    if (trouble.ocsp === 'about-another') await openssl('ocsp', '-issuer', 'root.pem', '-cert', 'ocsp.pem', '-reqout', question)
    await openssl('ocsp', '-index', 'index.txt', '-CA', 'root.pem', '-rsigner', 'ocsp.pem', '-rkey', 'ocsp.key', '-reqin', question, '-respout', reply, '-ndays', '2')
    return readFile(join(folder, reply))
  }

  async function list(): Promise<Buffer> {
    const name = String(++questions)
    await openssl('ca', '-config', 'ca.cnf', '-gencrl', '-crldays', '2', '-out', `${name}.crl-pem`)
    await openssl('crl', '-in', `${name}.crl-pem`, '-outform', 'DER', '-out', `${name}.crl`)
    return readFile(join(folder, `${name}.crl`))
  }

  let count = 0
  async function certify(name: string, file: string, extensions: string, days = 30): Promise<void> {
    await openssl('req', '-new', '-utf8', '-key', `${file}.key`, '-subj', `/C=CN/O=明湖大学/CN=${name}`, '-out', `${file}.csr`)
    await openssl('ca', '-batch', '-config', 'ca.cnf', '-extensions', extensions, '-startdate', stampOf(-1), '-enddate', stampOf(days), '-notext', '-in', `${file}.csr`, '-out', `${file}.pem`)
  }

  await writeFile(join(folder, 'ca.cnf'), configuration(folder, url))
  await writeFile(join(folder, 'index.txt'), '')
  await Promise.all([newKey('root', 'rsa', openssl), newKey('tsa', 'rsa', openssl), newKey('ocsp', 'ec', openssl)])
  await openssl('req', '-new', '-utf8', '-key', 'root.key', '-subj', '/C=CN/O=明湖大学/CN=测试根证书', '-out', 'root.csr')
  await openssl('ca', '-selfsign', '-batch', '-config', 'ca.cnf', '-extensions', 'root', '-startdate', stampOf(-2), '-enddate', stampOf(60), '-notext', '-in', 'root.csr', '-out', 'root.pem')
  await certify('时间戳', 'tsa', 'stamping_ocsp')
  await certify('证书状态', 'ocsp', 'responding')
  await openssl('req', '-new', '-utf8', '-key', 'tsa.key', '-subj', '/C=CN/O=明湖大学/CN=过期的时间戳', '-out', 'old-tsa.csr')
  await openssl('ca', '-batch', '-config', 'ca.cnf', '-extensions', 'stamping_ocsp', '-startdate', '20200101000000Z', '-enddate', '20210101000000Z', '-notext', '-in', 'old-tsa.csr', '-out', 'old-tsa.pem')

  return {
    folder, trouble, asked, tsaUrl: `${url}/tsa`, root: await readFile(join(folder, 'root.pem'), 'utf8'),
    async issue(name, { key = 'rsa', asked: where = 'ocsp', days = 30 } = {}) {
      const file = `own-${++count}`
      await newKey(file, key, openssl)
      await certify(name, file, `signing_${where}`, days)
      const path = (end: string) => join(folder, `${file}.${end}`)
      await writeFile(path('chain'), await readFile(path('pem'), 'utf8') + await readFile(join(folder, 'root.pem'), 'utf8'))
      const password = 'correct horse'
      await openssl('pkcs12', '-export', '-inkey', `${file}.key`, '-in', `${file}.pem`, '-certfile', 'root.pem', '-passout', `pass:${password}`, '-out', `${file}.p12`)
      return { key: path('key'), certificate: path('pem'), chain: path('chain'), p12: path('p12'), password }
    },
    renewStamping: days => certify('时间戳', 'tsa', 'stamping_ocsp', days),
    async revoke(certificate) {
      await openssl('ca', '-config', 'ca.cnf', '-revoke', certificate)
    },
  }
}

/** In so many days, as OpenSSL writes a time. */
function stampOf(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().replace(/\.\d+|[-:T]/g, '')
}

async function newKey(file: string, kind: KeyKind, openssl: (...args: string[]) => Promise<unknown>): Promise<void> {
  const how = kind === 'rsa' ? ['RSA', '-pkeyopt', 'rsa_keygen_bits:2048'] : ['EC', '-pkeyopt', 'ec_paramgen_curve:P-256']
  await openssl('genpkey', '-algorithm', ...how, '-out', `${file}.key`)
}

function configuration(folder: string, url: string): string {
  const signing = 'basicConstraints=critical,CA:false\nkeyUsage=critical,digitalSignature,nonRepudiation\nauthorityKeyIdentifier=keyid'
  return `
[req]
distinguished_name=dn
string_mask=utf8only
[dn]
[ca]
default_ca=own
[own]
dir=${folder}
database=${folder}/index.txt
new_certs_dir=${folder}
certificate=${folder}/root.pem
private_key=${folder}/root.key
rand_serial=yes
default_md=sha256
policy=any
unique_subject=no
string_mask=utf8only
utf8=yes
email_in_dn=no
[any]
countryName=optional
organizationName=optional
commonName=supplied
[root]
basicConstraints=critical,CA:true
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[signing_ocsp]
${signing}
authorityInfoAccess=OCSP;URI:${url}/ocsp
[signing_crl]
${signing}
crlDistributionPoints=URI:${url}/crl
[signing_nowhere]
${signing}
[stamping_ocsp]
${signing}
extendedKeyUsage=critical,timeStamping
authorityInfoAccess=OCSP;URI:${url}/ocsp
[responding]
${signing}
extendedKeyUsage=OCSPSigning
noCheck=ignored
[tsa]
serial=${folder}/tsa-serial
crypto_device=builtin
certs=${folder}/root.pem
signer_digest=sha256
default_policy=1.2.3.4.1
digests=sha256,sha384,sha512
accuracy=secs:1
ordering=no
tsa_name=no
ess_cert_id_chain=no
ess_cert_id_alg=sha256
`
}

/** A signer of its own process, as an HSM's: it has the key, and OpenSSL signs the digests it is sent. */
export async function startSigner(t: Cleaner, { key, secret }: { key: string; secret: string }): Promise<{ url: string; stop(): Promise<void> }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'signer.ts')], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, SIGNER_KEY: key, SIGNER_SECRET: secret } })
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill()
    await once(child, 'exit')
  }
  t.after(stop)
  const [line]: Buffer[] = await once(child.stdout, 'data')
  return { url: String(line).trim(), stop }
}
