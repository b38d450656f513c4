import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createShareVerbs } from '../../src/features/documents/shares/verbs.ts'
import { createVerification } from '../../src/features/documents/verify.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { startTestApp } from '../support/app.ts'
import type { Page } from '../support/client.ts'
import { issued, sharedCleaner } from './office.ts'

const hall = await startTestApp(sharedCleaner(after))
const { student, phone, document, code } = await issued(hall)
const { database } = hall.app

const DAY = 24 * 3_600_000
const dayIn = (days: number) => new Date(hall.clock.now() + days * DAY + 8 * 3_600_000).toISOString().slice(0, 10)
const shared = async (more: object) => phone.submit(await phone.get(`/documents/${document.id}/shares/new`), `/documents/${document.id}/shares`, { until: dayIn(7), ...more })
const passcodeOn = (page: Page) => page.root.querySelector('.code-large')?.text ?? assert.fail(page.text)
const ask = (passcode: string) => hall.stranger().post(`/verify/${code}/content`, { passcode })

test('who has a passcode of the holder reads the whole content by the code, and the holder sees that it was read', async () => {
  await shared({})
  assert.ok(!(await hall.stranger().get(`/verify/${code}`)).has('用口令查看'), 'a link without passcode gives nobody one')
  assert.ok(!(await ask('')).has(student.name))
  const share = await shared({ passcode: 'on' })
  const stranger = hall.stranger()
  const masked = await stranger.get(`/verify/${code}`)
  assert.ok(masked.has('用口令查看') && !masked.has(student.name), masked.text)
  const wrong = await ask('000000')
  assert.equal(wrong.status, 422)
  assert.ok(wrong.has('口令不对') && wrong.has('真实有效') && !wrong.has(student.name), wrong.text)

  const whole = await ask(passcodeOn(share).toLowerCase())
  for (const words of ['真实有效', student.name, student.number, document.facts.major ?? '', document.facts.purpose ?? '']) assert.ok(whole.has(words), `${words}: ${whole.text}`)
  for (const words of ['2023年9月1日', '四年']) assert.ok(whole.has(words), `as the paper says it, ${words}: ${whole.text}`)
  assert.ok(!whole.has('2023-09-01'), whole.text)
  assert.ok(!whole.has('用口令查看'))
  assert.equal(whole.headers.get('cache-control'), 'no-store')
  const log = await phone.get(share.path)
  assert.ok(log.has('有人在真伪认证用口令看了内容') && log.has('打开过 0 次'), log.text)

  await phone.submit(log, `${share.path}/ending`)
  assert.ok(!(await ask(passcodeOn(share))).has(student.name), 'the link is over, and its passcode with it')
})

test('passcodes are guessed five times from one place and thirty from all, and one who guesses shuts nobody else out', async () => {
  hall.clock.advance(10 * 60_000)
  const keyring = createKeyring([Buffer.alloc(32, 5)])
  const shares = createShareVerbs({ keyring, messages: hall.app.messages, school: { name: '明湖大学', nameEn: 'Minghu University' }, publicUrl: 'https://hall.example.edu', templates: new Map() })
  const { tryPasscode } = createVerification({ database, clock: hall.clock, keyring, checkSignature: () => assert.fail('no file is asked about'), roots: [], shares })
  const { share_id } = await database.write(tx => shares.open(tx, { person_id: document.person_id, number: null }, document.id, { expires_at: hall.clock.now() + DAY, views: null, passcode: true, to: null }))
  const share = await database.db.selectFrom('documents_shares').selectAll().where('id', '=', share_id).executeTakeFirstOrThrow()
  const right = shares.passcodeOf(share) ?? assert.fail()
  const wrong = right === '000000' ? '000001' : '000000'
  const from = (address: string, times: number, typed = wrong) => Promise.all(Array.from({ length: times }, () => tryPasscode(document, typed, address)))
  const told = (outcomes: string[]) => ['right', 'wrong', 'wait'].map(word => outcomes.filter(each => each === word).length)

  assert.deepEqual(told(await from('203.0.113.7', 12)), [0, 5, 7], 'five in all, however many at once')
  assert.deepEqual(told(await from('203.0.113.7', 1, right)), [0, 0, 1], 'not even the right one, or guessing would go on')
  assert.deepEqual(told(await from('198.51.100.9', 8, right)), [8, 0, 0], 'right ones do not count')
  for (let i = 1; i <= 5; i++) assert.deepEqual(told(await from(`203.0.113.${10 + i}`, 5)), [0, 5, 0])
  assert.deepEqual(told(await from('203.0.113.99', 1)), [0, 0, 1], 'thirty from all')
  hall.clock.advance(10 * 60_000)
  assert.deepEqual(told(await from('203.0.113.7', 1, right)), [1, 0, 0])
})
