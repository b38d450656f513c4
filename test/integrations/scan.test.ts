import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { test } from 'node:test'
import { createClamd, createScanner } from '../../src/integrations/scan/index.ts'
import { AppError } from '../../src/platform/errors.ts'
import { EICAR, INFECTED_PDF, startClamd } from '../support/clamd.ts'
import { PDF } from '../services/campus.ts'

test('a real ClamAV daemon', async t => {
  const clamd = await startClamd({ largest: '1M' })
  t.after(() => clamd.stop())
  const scanner = createScanner(clamd.url)
  assert.ok(scanner)

  await t.test('EICAR is found, by itself and inside a PDF, and called by its name', async () => {
    for (const bytes of [EICAR, INFECTED_PDF]) assert.deepEqual(await scanner.scan(bytes), { word: 'infected', virus: 'Eicar-Test-Signature.UNOFFICIAL' })
  })

  await t.test('what is harmless, or empty, or longer than a chunk, is clean', async () => {
    for (const bytes of [PDF.content, new Uint8Array(), Buffer.alloc(700_000, 'a')]) assert.deepEqual(await scanner.scan(bytes), { word: 'clean' })
  })

  await t.test('what the daemon does not take is no virus and not clean either', async () => {
    assert.equal((await scanner.scan(Buffer.alloc(3_000_000, 'a'))).word, 'unscannable')
  })

  await t.test('twenty at once are each answered with their own', async () => {
    const verdicts = await Promise.all(Array.from({ length: 20 }, (_, n) => scanner.scan(n % 2 ? EICAR : PDF.content)))
    assert.deepEqual(verdicts.map(verdict => verdict.word), Array.from({ length: 20 }, (_, n) => n % 2 ? 'infected' : 'clean'))
  })

  await t.test('while it is away nothing is said about a file, and it is asked again once it is back', async () => {
    await clamd.kill()
    await assert.rejects(scanner.scan(EICAR), isAway)
    await clamd.restart()
    assert.equal((await scanner.scan(EICAR)).word, 'infected')
  })
})

test('a daemon that hangs up, is silent or says something else has said nothing about the file', async t => {
  const answers: [string | null, string][] = [['', 'scan:away'], [null, 'scan:away'], ['UNKNOWN COMMAND\0', 'scan:answer'], ['x'.repeat(10_000), 'scan:answer']]
  for (const [answer, code] of answers) {
    const server = createServer(socket => {
      socket.on('error', () => {}).resume()
      if (answer !== null) socket.end(answer)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    t.after(() => server.close())
    const address = server.address()
    assert.ok(address && typeof address === 'object')
    await assert.rejects(createClamd(`tcp://127.0.0.1:${address.port}`, { patience: 200 }).scan(EICAR), (error: unknown) => isAway(error) && error.code === code, `${answer?.slice(0, 20)}`)
  }
})

test('without CLAMD_URL there is no scanner', () => {
  assert.equal(createScanner(undefined), null)
})

function isAway(error: unknown): error is AppError {
  return error instanceof AppError && error.kind === 'upstream'
}
