import assert from 'node:assert/strict'
import crypto from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { after, test } from 'node:test'
import type { Page } from '../support/client.ts'
import { tryAt } from './accounts.ts'
import { openHall, signIn } from './world.ts'

/** How often a password was hashed; each time takes longer than everything else of an answer together. */
const hashed = { times: 0 }
const { scrypt } = crypto
Object.assign(crypto, { scrypt: (...args: Parameters<typeof scrypt>) => { hashed.times += 1; return scrypt(...args) } })
syncBuiltinESMExports()
after(() => {
  Object.assign(crypto, { scrypt })
  syncBuiltinESMExports()
})

/** All that an answer says, but what differs each time and the number that was typed. */
function said(page: Page, typed: string): string {
  const body = page.html.replace(/name="_csrf" value="[^"]*"/g, '').replace(/nonce="[^"]*"/g, '').replaceAll(typed, 'TYPED')
  const headers = [...page.headers].filter(([name]) => !['date', 'content-length', 'x-request-id', 'set-cookie', 'content-security-policy'].includes(name)).map(pair => pair.join(': '))
  return [page.status, ...headers, body].join('\n')
}

test('whether a number is known cannot be told from the answer to a password', async t => {
  const { browser, database, newcomer } = await openHall(t)
  const [own, initial, left] = [newcomer(), newcomer(), newcomer()]
  await signIn(browser(), own.number, own.first)
  await database.write(async tx => { await tx.updateTable('identity_numbers').set({ standing: 'withdrawn' }).where('number', '=', left.number).execute() })
  const numbers = [own.number, initial.number, left.number, '20990001']
  await tryAt(browser(), 'WARMUP01', 'wrong')

  for (let round = 1; round <= 6; round++) {
    const answers = new Map<string, number>()
    for (const number of numbers) {
      const before = hashed.times
      const page = await tryAt(browser(), number, 'Wrong#2026')
      assert.ok(page.html.includes(number))
      const hashes = hashed.times - before
      assert.equal(hashes, round <= 5 ? 1 : 0, `round ${round}, ${number}`)
      answers.set(said(page, number), (answers.get(said(page, number)) ?? 0) + 1)
    }
    assert.deepEqual([...answers.values()], [numbers.length], `one answer for all in round ${round}`)
  }
})
