import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import { createFiles, type Files } from '../../src/integrations/files/index.ts'

const nobody = 'f'.repeat(64)

describe('files', () => {
  let root: string
  let files: Files
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'files-'))
    files = createFiles(`file:${join(root, 'store')}`)
  })
  after(() => rm(root, { recursive: true }))

  test('keeps bytes under their digest, whole and streamed', async () => {
    const bytes = randomBytes(300_000)
    const sha = await files.put(bytes)
    assert.equal(sha, createHash('sha256').update(bytes).digest('hex'))
    assert.deepEqual(Buffer.from(await files.get(sha)), bytes)
    assert.deepEqual(await buffer(await files.open(sha)), bytes)
    assert.equal(await files.has(sha), true)
  })

  test('keeps the same bytes once, from many writers, in folders only the owner reads', async () => {
    const bytes = randomBytes(1000)
    const shas = new Set(await Promise.all(Array.from({ length: 20 }, () => files.put(bytes))))
    assert.equal(shas.size, 1)
    const [sha = ''] = shas
    const folder = join(root, 'store', sha.slice(0, 2), sha.slice(2, 4))
    assert.deepEqual(await readdir(folder), [sha])
    assert.equal((await stat(folder)).mode & 0o777, 0o700)
    assert.equal((await stat(join(folder, sha))).mode & 0o777, 0o600)
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
    const sha = await files.put(Buffer.from('the mark is 95'))
    await writeFile(join(root, 'store', sha.slice(0, 2), sha.slice(2, 4), sha), 'the mark is 99')
    await assert.rejects(files.get(sha), { kind: 'upstream', code: 'file-damaged' })
    await files.put(Buffer.from('the mark is 95'))
    assert.equal(Buffer.from(await files.get(sha)).toString(), 'the mark is 95')
  })

  test('takes no name that is not a digest', async () => {
    for (const name of ['../../etc/passwd', `${'a'.repeat(63)}/`, nobody.toUpperCase(), '']) {
      await assert.rejects(async () => files.get(name), { kind: 'not-found' })
      await assert.rejects(async () => files.remove(name), { kind: 'not-found' })
    }
  })

  test('says which FILES_URL it does not understand', () => {
    assert.throws(() => createFiles('s3://KEY:SECRET@host/bucket'), { kind: 'invalid', code: 'files-url', params: { scheme: 's3' } })
    assert.throws(() => createFiles('/var/files'), { kind: 'invalid', code: 'files-url' })
  })
})
