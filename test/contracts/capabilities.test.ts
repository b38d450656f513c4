import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { capabilitiesPage, proven } from '../capabilities.ts'

test('every capability names tests that are there', () => {
  assert.deepEqual(proven().flatMap(({ proofs }) => proofs.filter(({ titles }) => titles.length === 0).map(({ proof }) => proof)), [], 'a title has changed: say so in test/capabilities.ts')
})

test('every capability has a test', () => {
  assert.deepEqual(proven().filter(({ proofs }) => proofs.length === 0).map(({ id }) => id), [])
})

test('docs/capabilities.md says what the rows say', () => {
  assert.equal(readFileSync(join(import.meta.dirname, '../../docs/capabilities.md'), 'utf8'), capabilitiesPage(), 'run node test/capabilities.ts')
})
