import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { checkSignature, createChecker } from '../../src/integrations/seal/index.ts'
import { AppError } from '../../src/platform/errors.ts'
import { corpus } from '../support/corpus.ts'

const { genuine, attacks, roots } = await corpus()

test('files are checked in threads of their own and come out as they would here, many at a time', async t => {
  const checker = createChecker({ threads: 2, waiting: 100, patience: 120_000 })
  t.after(() => checker.close())
  const at = Date.now()
  const files = [genuine, ...attacks.map(({ bytes }) => bytes).filter(({ length }) => length < 1_000_000)]
  const found = await Promise.all(files.map(file => checker.check(file, { roots, at })))
  for (const [number, file] of files.entries()) assert.deepEqual(found[number], await checkSignature(file, { roots, at }))
})

test('what takes too long is given up with its thread, and the next file is checked all the same', async t => {
  const hasty = createChecker({ threads: 1, patience: 0 })
  t.after(() => hasty.close())
  const given = await Promise.all([1, 2, 3].map(() => hasty.check(genuine, { roots, at: Date.now() })))
  for (const found of given) assert.deepEqual([found.reasons, found.signed, found.revisions], [['too-hard'], false, [hash('sha256', genuine)]])
})

test('where too many wait, the next is told so at once', async t => {
  const checker = createChecker({ threads: 1, waiting: 2, patience: 120_000 })
  t.after(() => checker.close())
  const check = () => checker.check(genuine, { roots, at: Date.now() })
  const taken = [check(), check(), check()]
  await assert.rejects(check(), (error: unknown) => error instanceof AppError && error.kind === 'upstream' && error.message.includes('过一会儿再试'))
  for (const found of await Promise.all(taken)) assert.equal(found.whole && found.intact && found.trusted, true)
})
