import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test, type TestContext } from 'node:test'
import { promisify } from 'node:util'
import { readAddress } from '../../src/integrations/files/bucket-address.ts'
import { createFiles, type Files } from '../../src/integrations/files/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import { AppError } from '../../src/platform/errors.ts'
import { type Bucket, startBucket } from '../support/bucket.ts'

const nobody = 'f'.repeat(64)
const HOUR = 3_600_000
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const placeOf = (sha: string) => `${sha.slice(0, 2)}/${sha.slice(2, 4)}/${sha}`

/** A store with a way round it. */
type Store = { files: Files; /** as if it had been kept so, long ago */ lay(place: string, text: string): Promise<void>; lies(place: string): Promise<boolean>; close(): Promise<void> }

async function onDisk(): Promise<Store> {
  const root = await mkdtemp(join(tmpdir(), 'files-'))
  const at = (place: string) => join(root, 'store', place)
  return {
    files: createFiles(`file:${join(root, 'store')}`),
    lay: async (place, text) => { await writeFile(at(place), text); await utimes(at(place), 0, 0) },
    lies: place => stat(at(place)).then(() => true, () => false),
    close: () => rm(root, { recursive: true }),
  }
}

async function inBucket(): Promise<Store> {
  const bucket = await startBucket()
  return {
    files: createFiles(bucket.url()),
    lay: async (place, text) => void assert.equal((await bucket.object(place, text)).status, 200),
    lies: async place => (await bucket.object(place)).status === 200,
    close: () => bucket.stop(),
  }
}

for (const [name, open] of [['on disk', onDisk], ['in a bucket', inBucket]] as const) {
  describe(`files ${name}`, () => {
    let store: Store
    let files: Files
    before(async () => {
      store = await open()
      files = store.files
    })
    after(() => store.close())

    test('keeps bytes under their digest, whole and streamed', async () => {
      for (const bytes of [randomBytes(3_000_000), Buffer.alloc(0)]) {
        const sha = await files.put(bytes)
        assert.equal(sha, digest(bytes))
        assert.ok(Buffer.from(await files.get(sha)).equals(bytes))
        assert.ok((await buffer(await files.open(sha))).equals(bytes))
        assert.equal(await files.has(sha), true)
        assert.ok(await store.lies(placeOf(sha)), 'in the same place below the root, so that one store can be copied into the other')
      }
      assert.equal(await files.fault(), null)
    })

    test('keeps the same bytes once, from many writers', async () => {
      const bytes = randomBytes(1000)
      const shas = new Set(await Promise.all(Array.from({ length: 20 }, () => files.put(bytes))))
      const [sha = ''] = shas
      assert.equal(shas.size, 1)
      assert.ok(Buffer.from(await files.get(sha)).equals(bytes))
    })

    test('tells what is absent, and removes without complaint', async () => {
      assert.equal(await files.has(nobody), false)
      await assert.rejects(files.get(nobody), { kind: 'not-found' })
      await assert.rejects(files.open(nobody), { kind: 'not-found' })
      await files.remove(nobody)
      const sha = await files.put(Buffer.from('gone soon'))
      await files.remove(sha)
      assert.equal(await files.has(sha), false)
    })

    test('never hands out bytes that are not what their name says, and heals them when they come again', async () => {
      for (const damage of ['the mark is 99', 'the mark', 'the mark is 95, and more']) {
        const sha = await files.put(Buffer.from('the mark is 95'))
        await store.lay(placeOf(sha), damage)
        await assert.rejects(files.get(sha), { kind: 'upstream', code: 'file-damaged' })
        await files.put(Buffer.from('the mark is 95'))
        assert.equal(Buffer.from(await files.get(sha)).toString(), 'the mark is 95')
      }
    })

    test('takes no name that is not a digest', async () => {
      for (const wrong of ['../../etc/passwd', `${'a'.repeat(63)}/`, nobody.toUpperCase(), '']) {
        for (const act of ['get', 'open', 'has', 'remove'] as const) await assert.rejects(async () => await files[act](wrong), { kind: 'not-found' }, `${act} ${wrong}`)
      }
    })

    test('a sweep forgets what nothing points to, and neither what is fresh nor what is needed', async () => {
      const [needed, orphan] = [await files.put(Buffer.from('needed')), await files.put(Buffer.from('orphan'))]
      assert.equal(await files.sweep(Date.now() - HOUR, async () => new Set()), 0)
      const asked: string[] = []
      await files.sweep(Date.now() + HOUR, async shas => { asked.push(...shas); return new Set([needed]) })
      assert.ok(asked.includes(needed) && asked.includes(orphan))
      assert.deepEqual([await files.has(needed), await files.has(orphan)], [true, false])
    })

    test('what comes again while a sweep decides is kept', async () => {
      const bytes = Buffer.from('comes again')
      const sha = await files.put(bytes)
      const since = Date.now() + HOUR
      await files.sweep(since, async shas => {
        if (shas.includes(sha)) await files.remove(sha)
        return new Set()
      })
      await files.put(bytes)
      assert.equal(await files.has(sha), true)
    })
  })
}

describe('files on disk alone', () => {
  let store: Store
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'files-'))
    store = { ...await onDisk(), files: createFiles(`file:${join(root, 'store')}`) }
  })
  after(async () => { await store.close(); await rm(root, { recursive: true }) })

  test('lie in folders only the owner reads, and nothing half-written is left', async () => {
    const sha = await store.files.put(randomBytes(1000))
    const folder = join(root, 'store', sha.slice(0, 2), sha.slice(2, 4))
    assert.deepEqual(await readdir(folder), [sha])
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    assert.equal((await stat(join(folder, sha))).mode & 0o777, 0o600)
  })

  test('a place that is no folder is told, and what cannot be read is not called absent', async () => {
    const path = join(root, 'a file')
    await writeFile(path, '')
    const files = createFiles(`file:${path}`)
    assert.deepEqual(await files.fault(), { why: 'refused', answer: 'EEXIST' })
    await assert.rejects(files.put(Buffer.from('x')), { kind: 'upstream', code: 'file-not-stored' })
    for (const act of ['get', 'open'] as const) await assert.rejects(files[act](nobody), { kind: 'upstream', code: 'files:refused' })
  })
})

describe('a bucket in trouble', () => {
  let bucket: Bucket
  const bytes = randomBytes(1000)
  const sha = digest(bytes)
  before(async () => { bucket = await startBucket() })
  after(() => bucket.stop())

  const wrong = [
    ['a wrong secret', { secret: 'k9/+=@%' }, 'refused', '403 SignatureDoesNotMatch'], ['a key that nobody knows', { key: 'NOBODY' }, 'refused', '403 InvalidAccessKeyId'],
    ['a bucket that is not there', { bucket: 'other' }, 'missing', '404 NoSuchBucket'], ['encryption where there is none', { tls: 'on' }, 'away', 'EPROTO'],
  ] as const
  for (const [what, other, why, answer] of wrong) {
    test(`${what} is told as it is, and no file is taken for absent`, async () => {
      const files = createFiles(bucket.url(other))
      assert.deepEqual(await files.fault(), { why, answer })
      await assert.rejects(files.put(bytes), { kind: 'upstream', code: 'file-not-stored', message: '文件没有存下' })
      for (const act of ['get', 'open', 'remove'] as const) await assert.rejects(files[act](sha), { kind: 'upstream', code: `files:${why}`, params: { answer } })
      await assert.rejects(files.sweep(Date.now(), async () => new Set()), { kind: 'upstream', code: `files:${why}` })
      const said = JSON.stringify(await files.put(bytes).catch((error: unknown) => flat(error)))
      assert.ok(!said.includes('S3RVER') && !said.includes('k9') && !said.includes('NOBODY'), said)
    })
  }

  const answers = [[503, 'SlowDown', 'away'], [500, 'InternalError', 'away'], [507, 'XMinioStorageFull', 'full'], [403, 'QuotaExceeded', 'full'], [403, 'RequestTimeTooSkewed', 'clock'], [403, 'AccessDenied', 'refused'], [301, 'PermanentRedirect', 'refused'], [404, 'NoSuchUpload', 'refused']] as const
  for (const [status, code, why] of answers) {
    test(`an answer ${status} ${code} is told as ${why}`, async t => {
      t.after(() => bucket.ail(null))
      const files = createFiles(bucket.url())
      bucket.ail({ status, code })
      assert.deepEqual(await files.fault(), { why, answer: `${status} ${code}` })
      await assert.rejects(files.get(sha), { kind: 'upstream', code: `files:${why}` })
    })
  }

  test('what is over in a moment is not noticed', async () => {
    const files = createFiles(bucket.url())
    for (const [status, code] of [[503, 'SlowDown'], [500, 'InternalError'], [429, 'TooManyRequests']] as const) {
      bucket.ail({ status, code, times: 2 })
      assert.equal(await files.put(bytes), sha)
      bucket.ail({ status, code, times: 2 })
      assert.ok(Buffer.from(await files.get(sha)).equals(bytes))
    }
  })

  test('what a second try cannot mend is asked once', async t => {
    t.after(() => bucket.ail(null))
    bucket.ail({ status: 403, code: 'AccessDenied' })
    bucket.asked.length = 0
    await assert.rejects(createFiles(bucket.url()).get(sha))
    assert.equal(bucket.asked.length, 1)
  })

  test('a server that was stopped and comes back: first it is told, then it goes on', async () => {
    const clock = testClock()
    const files = createFiles(bucket.url(), { clock })
    await files.put(bytes)
    assert.equal(await files.fault(), null)
    await bucket.kill()
    assert.equal(await files.fault(), null, 'a success is believed for half a minute')
    await assert.rejects(files.get(sha), { kind: 'upstream', code: 'files:away' })
    assert.equal((await files.fault())?.why, 'away', 'and not after a failure')
    await bucket.restart()
    assert.equal(await files.fault(), null)
    assert.ok(Buffer.from(await files.get(sha)).equals(bytes))
    await bucket.kill()
    clock.advance(30_000)
    assert.equal((await files.fault())?.why, 'away')
    await bucket.restart()
  })

  test('a server that says nothing is not waited for without end, and is not asked twice', async t => {
    t.after(() => bucket.ail(null))
    const files = createFiles(bucket.url())
    bucket.ail({ hangs: true })
    bucket.asked.length = 0
    const half = createFiles(`s3://K:S@127.0.0.1:${await serve(t, (_, response) => { response.writeHead(200, { 'content-length': 1000 }).write(bytes.subarray(0, 500)) })}/hall?tls=off`)
    const [, , fault] = await Promise.all([
      assert.rejects(half.get(sha), { kind: 'upstream', code: 'files:away', params: { answer: 'no answer in time' } }), assert.rejects(async () => buffer(await half.open(sha)), /no answer in time/),
      files.fault(), files.fault(),
      assert.rejects(files.put(bytes), { kind: 'upstream', code: 'file-not-stored' }), assert.rejects(files.open(sha), { kind: 'upstream', code: 'files:away', params: { answer: 'no answer in time' } }),
    ])
    assert.deepEqual(fault, { why: 'away', answer: 'no answer in time' })
    assert.deepEqual(bucket.asked.toSorted(), [`GET /hall/${placeOf(sha)}`, `PUT /hall/${placeOf(sha)}`, 'PUT /hall/probe'])
  })

  test('a sweep goes through all pages, leaves what is not of the hall, and asks for no more than a page at once', async () => {
    const files = createFiles(bucket.url())
    await bucket.object('notes & <plans>.txt', 'somebody else’s')
    await bucket.object(`elsewhere/${nobody}`, 'somebody else’s')
    const many = Array.from({ length: 520 }, (_, n) => Buffer.from(`file ${n}`))
    await Promise.all(many.map(each => bucket.object(placeOf(digest(each)), String(each))))
    const [kept, orphans] = [many.slice(20).map(digest), many.slice(0, 20).map(digest)]
    const slices: number[] = []
    const gone = await files.sweep(Date.now() + HOUR, async names => { slices.push(names.length); return new Set([sha, ...kept]) })
    assert.equal(gone, orphans.length)
    assert.ok(slices.length === 2 && Math.max(...slices) <= 500, String(slices))
    assert.deepEqual([(await bucket.object('notes & <plans>.txt')).status, (await bucket.object(`elsewhere/${nobody}`)).status, (await bucket.object('probe')).status], [200, 200, 200])
    assert.deepEqual([await files.has(orphans[0] ?? ''), await files.has(kept[0] ?? '')], [false, true])
  })

  test('the other side is told the digest of what it gets', async t => {
    const seen: string[] = []
    const number = await serve(t, (request, response) => { seen.push(`${String(request.headers['x-amz-content-sha256'])} ${String(request.headers['content-length'])} ${String(request.headers.authorization).includes('x-amz-content-sha256')}`); request.resume().on('end', () => response.end()) })
    await createFiles(`s3://K:S@127.0.0.1:${number}/hall?tls=off`).put(bytes)
    assert.deepEqual(seen, [`${sha} 1000 true`])
  })

  test('it is spoken to encrypted unless told otherwise, by certificates that the machine trusts', async t => {
    const port = await tlsDoor(t, bucket)
    const script = `const { createFiles } = await import('./src/integrations/files/index.ts'); const files = createFiles('s3://S3RVER:S3RVER@localhost:${port.number}/hall'); console.log(JSON.stringify([await files.fault(), await files.put(Buffer.from('x'))]))`
    const ask = async (env: Record<string, string>): Promise<unknown> => JSON.parse((await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env: { ...process.env, ...env } })).stdout)
    assert.deepEqual(await ask({ NODE_EXTRA_CA_CERTS: port.certificate }), [null, digest(Buffer.from('x'))])
    const strange = createFiles(`s3://S3RVER:S3RVER@localhost:${port.number}/hall`)
    assert.deepEqual(await strange.fault(), { why: 'away', answer: 'DEPTH_ZERO_SELF_SIGNED_CERT' })
  })
})

/** The port of a server of a test's own. */
async function serve(t: TestContext, listener: RequestListener): Promise<number> {
  const server = createServer(listener)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.after(() => { server.closeAllConnections(); server.close() })
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}

/** The storage behind TLS, with a certificate of its own. */
async function tlsDoor(t: TestContext, bucket: Bucket): Promise<{ number: number; certificate: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'tls-'))
  t.after(() => rm(folder, { recursive: true }))
  const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  await promisify(execFile)('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'])
  const server = createTlsServer({ key: await readFile(key), cert: await readFile(certificate) }, (request, response) => void (async () => {
    const answer = await fetch(`http://127.0.0.1:${bucket.port}${request.url}`, { method: request.method ?? 'GET', body: new Uint8Array(await buffer(request)) })
    response.writeHead(answer.status).end()
  })())
  await new Promise<void>(resolve => server.listen(0, 'localhost', resolve))
  t.after(() => { server.closeAllConnections(); server.close() })
  const address = server.address()
  return { number: typeof address === 'object' && address ? address.port : 0, certificate }
}

function flat(error: unknown): unknown {
  return error instanceof AppError ? [error.message, error.code, error.params, flat(error.cause)] : error instanceof Error ? [error.message, flat(error.cause)] : error
}

test('where a bucket is, is read from one line', () => {
  const read = (text: string) => Object.values(readAddress(text))
  assert.deepEqual(read('s3://AK:SK@s3.example.edu.cn/hall'), ['https://s3.example.edu.cn/hall', 'AK', 'SK', undefined])
  assert.deepEqual(read('s3://AK:a%2Fb%2Bc%3D%40%25@10.0.0.7:9000/hall?tls=off&region=cn-north-1'), ['http://10.0.0.7:9000/hall', 'AK', 'a/b+c=@%', 'cn-north-1'])
  assert.deepEqual(read('s3://AK:a+b@oss-cn-hangzhou.aliyuncs.com/minghu-hall?style=host'), ['https://minghu-hall.oss-cn-hangzhou.aliyuncs.com', 'AK', 'a+b', undefined])
  for (const wrong of ['s3://host/hall', 's3://AK@host/hall', 's3://AK:SK@host', 's3://AK:SK@host/hall/deeper', 's3://AK:%FF%@host/hall', 's3://AK:S/K@host/hall']) {
    assert.throws(() => createFiles(wrong), (error: unknown) => error instanceof AppError && error.code === 'files-url' && !JSON.stringify(flat(error)).includes('AK'), wrong)
  }
  assert.throws(() => createFiles('ftp://host/files'), { kind: 'invalid', code: 'files-url', params: { scheme: 'ftp' } })
  assert.throws(() => createFiles('/var/files'), { kind: 'invalid', code: 'files-url' })
})
