import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { createVerification } from '../../src/features/documents/verify.ts'
import type { Database } from '../../src/platform/db.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { startTestApp, type TestApp } from '../support/app.ts'
import { type Issued, issued, sharedCleaner, upload } from './office.ts'

const GUESSES = 1000
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const guess = () => Array.from({ length: 16 }, () => ALPHABET[randomInt(32)]).join('')

const shared = sharedCleaner(after)
let hall: TestApp
let certificate: Issued
before(async () => {
  hall = await startTestApp(shared)
  certificate = await issued(hall)
})

const verificationOn = (database: Database) => createVerification({ database, clock: hall.clock, keyring: createKeyring([Buffer.alloc(32, 5)]), checkSignature: () => assert.fail('no file is asked about'), roots: [], shares: { tryPasscode: () => assert.fail('no passcode is asked about') } })

async function missesKept(): Promise<number> {
  const { misses } = await hall.app.database.db.selectFrom('documents_guesses').select(({ fn }) => fn.sum('misses').as('misses')).executeTakeFirstOrThrow()
  return Number(misses)
}

test('a thousand guesses at once find nothing, make each other wait, and lock no honest asker out', async () => {
  const verification = verificationOn(hall.app.database)
  const attack = Promise.all(Array.from({ length: GUESSES }, () => verification.byCode(guess(), '203.0.113.7')))
  const honest = await verification.byCode(certificate.code, '198.51.100.9')
  assert.equal(honest.verdict, 'genuine', 'from elsewhere it is answered while the guessing goes on')
  const found = await attack
  const misses = await missesKept()
  assert.ok(misses <= 100, `${misses} of them were written down: no more than change the wait`)
  assert.deepEqual([...new Set(found.map(({ verdict }) => verdict))], ['unknown'])
  assert.ok(found.every(each => Object.keys(each).length === 1), 'nothing but that is told')
  assert.equal((await verification.byCode(certificate.code, '203.0.113.7')).verdict, 'genuine', 'and an honest asker behind the same address is answered too')
})

test('guesses from a thousand places at once are written down together, and no honest asker stands behind them', async () => {
  const { database } = hall.app
  let writes = 0
  const counted: Database = { ...database, write: work => { writes++; return database.write(work) } }
  const verification = verificationOn(counted)
  const kept = await missesKept()
  const attack = Array.from({ length: GUESSES }, (_, index) => verification.byCode(guess(), `10.${index >> 8}.${index & 255}.1`))
  const honest = verification.byCode(certificate.code, '198.51.100.10')
  assert.equal((await honest).verdict, 'genuine')
  await Promise.all(attack)
  assert.ok(writes <= 20, `${writes} transactions for ${GUESSES} guesses and an honest question`)
  assert.equal(await missesKept() - kept, GUESSES, 'and none is lost')
})

test('guesses do not use up what others behind the same address may ask: codes are asked for without a limit', async () => {
  const phone = await hall.phone(certificate.student.userid)
  const MORE_THAN_PAGES = 620
  const asked = await Promise.all(Array.from({ length: MORE_THAN_PAGES }, () => phone.get(`/verify/${certificate.code}`)))
  assert.deepEqual([...new Set(asked.map(({ status }) => status))], [200])
})

test('what took the place of a revoked document is named, once it is sealed', async () => {
  const { db } = hall.app.database
  const next = await issued(hall, { which: 1 })
  await db.updateTable('documents_documents').set({ status: 'revoked', ended_at: hall.clock.now(), reason: '专业有误' }).where('id', '=', certificate.document.id).execute()
  await db.insertInto('documents_replacements').values({ document_id: certificate.document.id, replaced_by: next.document.id, at: hall.clock.now() }).execute()
  const byCode = await hall.stranger().get(`/verify/${certificate.code}`)
  const byFile = await upload(hall.stranger(), certificate.pdf)
  for (const page of [byCode, byFile]) {
    assert.ok(page.has('已换发') && page.has(`新的文件编号：${next.document.number}`) && page.has('原因：专业有误'), page.text)
    assert.ok(!page.has(next.student.name), 'nothing else is said of it')
  }
})
