import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { capabilitiesPage, proven } from '../capabilities.ts'

/** Not built, or built without a test that says so. A row leaves this list with its first proof. */
const UNPROVEN = ['B25']

test('every capability names tests that are there', () => {
  assert.deepEqual(proven().flatMap(({ proofs }) => proofs.filter(({ titles }) => titles.length === 0).map(({ proof }) => proof)), [], 'a title has changed: say so in test/capabilities.ts')
})

test('every capability has a test, but those that are known to have none', () => {
  assert.deepEqual(proven().filter(({ proofs }) => proofs.length === 0).map(({ id }) => id), UNPROVEN)
})

test('docs/capabilities.md says what the rows say', () => {
  assert.equal(readFileSync(join(import.meta.dirname, '../../docs/capabilities.md'), 'utf8'), capabilitiesPage(), 'run node test/capabilities.ts')
})
