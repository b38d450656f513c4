import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killer } from '../support/killer.ts'
import { openCodes, OTHER, PHONE, refusal, wrong } from './phones.ts'

const MINUTE = 60_000
const YES = { right: true, left: 4 }

test('a code has six digits, goes to the phone, and is right once', async t => {
  const { ask, check, drain, sent } = await openCodes(t)
  assert.deepEqual(await ask({ phone: '+86 １３８-0000 0001' }), { masked: '138****0001', wait_seconds: 60 })
  await drain()
  const [{ to, text, params } = { to: '', text: '', params: {} }] = sent
  const code = String(new Map(Object.entries(params)).get('code'))
  assert.deepEqual([sent.length, to, text], [1, PHONE, 'code'])
  assert.match(code, /^\d{6}$/)
  assert.deepEqual(await check(` ${code.slice(0, 3)} ${code.slice(3)} `), YES)
  assert.deepEqual(await check(code), { right: false, left: 0 })
})

test('neither code nor phone stands in the database', async t => {
  const { codeFor, db } = await openCodes(t)
  const code = await codeFor()
  const rows = JSON.stringify([await db.selectFrom('identity_codes').selectAll().execute(), await db.selectFrom('jobs').selectAll().execute(), await db.selectFrom('identity_asks').selectAll().execute()])
  assert.ok(!rows.includes(PHONE))
  assert.ok(!new RegExp(`(?<!\\d)${code}(?!\\d)`).test(rows))
})

test('the fifth wrong try is the last: then the right code is refused too', async t => {
  const { codeFor, check } = await openCodes(t)
  const code = await codeFor()
  for (const left of [4, 3, 2, 1, 0]) assert.deepEqual(await check(wrong(code)), { right: false, left })
  assert.deepEqual(await check(code), { right: false, left: 0 })
})

test('many tries at once are five, and the right code at once is right once', async t => {
  const first = await openCodes(t)
  const code = await first.codeFor()
  const answers = await Promise.all(Array.from({ length: 12 }, () => first.check(wrong(code))))
  assert.deepEqual(answers.map(answer => answer.left).toSorted(), [0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
  first.clock.advance(MINUTE)
  const next = await first.codeFor()
  const rights = await Promise.all(Array.from({ length: 4 }, () => first.check(next)))
  assert.equal(rights.filter(answer => answer.right).length, 1)
})

test('a code holds five minutes', async t => {
  const { codeFor, check, clock } = await openCodes(t)
  const code = await codeFor()
  clock.advance(5 * MINUTE)
  assert.deepEqual(await check(code), { right: false, left: 0 })
})

test('a code is worthless for another session, another purpose or another phone', async t => {
  const { codeFor, check } = await openCodes(t)
  const code = await codeFor()
  assert.deepEqual(await check(code, { session: 's2' }), { right: false, left: 0 })
  assert.deepEqual(await check(code, { purpose: 'unbind' }), { right: false, left: 0 })
  assert.deepEqual(await check(code, { phone: OTHER }), { right: false, left: 0 })
  assert.deepEqual(await check(code), YES)
})

test('a newer code ends the older one', async t => {
  const { codeFor, check, clock } = await openCodes(t)
  const older = await codeFor()
  clock.advance(MINUTE)
  const newer = await codeFor()
  if (older !== newer) assert.deepEqual(await check(older), { right: false, left: 4 })
  assert.equal((await check(newer)).right, true)
})

test('a code replaced before it went out is not sent', async t => {
  const { ask, drain, sent, clock } = await openCodes(t)
  await ask()
  clock.advance(MINUTE)
  await ask()
  await drain()
  assert.equal(sent.length, 1)
})

test('one a minute to a phone, whoever asks and for whatever', async t => {
  const { ask, clock } = await openCodes(t)
  await ask()
  clock.advance(MINUTE - 1500)
  const said = await refusal(ask({ session: 's2', purpose: 'reset', address: '10.0.0.9' }))
  assert.deepEqual([said.code, said.params?.['seconds']], ['identity:code-wait', 2])
  await ask({ phone: OTHER })
  clock.advance(1500)
  await ask()
})

test('two who ask for one phone at once get one code', async t => {
  const { ask, drain, sent } = await openCodes(t)
  const asked = await Promise.allSettled(Array.from({ length: 6 }, (_, at) => ask({ session: `s${at}`, address: `10.0.0.${at}` })))
  await drain()
  assert.deepEqual([asked.filter(each => each.status === 'fulfilled').length, sent.length], [1, 1])
})

test('ten a day to a phone; the eleventh says how long to wait', async t => {
  const { ask, clock } = await openCodes(t)
  for (let n = 0; n < 10; n++) {
    await ask({ session: `s${n}` })
    clock.advance(30 * MINUTE)
  }
  const said = await refusal(ask())
  assert.deepEqual([said.code, said.params?.['hours']], ['identity:code-day', 19])
  clock.advance(19 * 60 * MINUTE)
  await ask()
  assert.equal((await refusal(ask())).code, 'identity:code-day')
})

test('an address may ask for its hour at once and is then slowed, not shut out; what is refused costs it nothing', async t => {
  const { ask, clock } = await openCodes(t, { perAddressPerHour: 60 })
  const phone = (n: number) => `139${String(n).padStart(8, '0')}`
  for (let n = 0; n < 60; n++) await ask({ phone: phone(n), address: '2001:db8:0:1::7' })
  const said = await refusal(ask({ phone: phone(60), address: '2001:db8:0:1:ffff::9' }))
  assert.deepEqual([said.code, said.params?.['seconds']], ['identity:code-network', 60])
  await ask({ phone: phone(60), address: '2001:db8:0:2::7' })
  clock.advance(MINUTE)
  await ask({ phone: phone(61), address: '2001:db8:0:1::7' })
  assert.equal((await refusal(ask({ phone: phone(62), address: '2001:db8:0:1::7' }))).code, 'identity:code-network')
})

test('for a phone that nobody has the answer and the limits are the same, nothing is sent, and no code is right', async t => {
  const { ask, check, drain, sent, clock, vault, db, codes, database } = await openCodes(t)
  const known = await ask({ purpose: 'reset' })
  const unknown = await ask({ purpose: 'reset', phone: OTHER, session: 's2', deliver: false })
  assert.deepEqual(unknown, { ...known, masked: '138****0002' })
  assert.equal((await refusal(ask({ purpose: 'reset', phone: OTHER, session: 's2', deliver: false }))).code, 'identity:code-wait')
  const { id } = await db.selectFrom('identity_codes').select('id').where('phone_index', '=', vault.index('phone', OTHER)).executeTakeFirstOrThrow()
  const code = (await codes.toSend(db, id))?.code ?? ''
  await drain()
  assert.deepEqual(sent.map(each => each.to), [PHONE])
  assert.deepEqual(await check(code, { purpose: 'reset', phone: OTHER, session: 's2' }), { right: false, left: 4 })
  const view = (session: string) => database.write(tx => codes.stateOf(tx, { purpose: 'reset', session }))
  assert.deepEqual((await view('s1'))?.state, (await view('s2'))?.state)
  clock.advance(MINUTE)
})

test('the page learns whether the SMS went out, is put off, or cannot be sent', async t => {
  const { ask, drain, clock, codes, database, provider, sent } = await openCodes(t)
  const state = async () => {
    const view = await database.write(tx => codes.stateOf(tx, { purpose: 'phone', session: 's1' }))
    return [view?.state, view?.reason]
  }
  await ask()
  assert.deepEqual(await state(), ['sending', null])
  provider.failures = ['away']
  await drain()
  assert.deepEqual(await state(), ['sending', 'away'])
  clock.advance(1000)
  await drain()
  assert.deepEqual([await state(), sent.length], [['sent', null], 1])
  for (const failure of ['number', 'template', 'unconfigured'] as const) {
    clock.advance(MINUTE)
    provider.failures = [failure]
    await ask()
    await drain()
    assert.deepEqual(await state(), ['failed', failure])
  }
  clock.advance(MINUTE)
  provider.failures = Array.from({ length: 20 }, () => 'limited' as const)
  await ask()
  for (let n = 0; n < 6; n++) {
    await drain()
    clock.advance(MINUTE)
  }
  assert.deepEqual([await state(), sent.length], [['failed', 'limited'], 1])
})

test('a page that must not tell who is known tells a provider that is down to everybody', async t => {
  const { ask, drain, codes, database, provider } = await openCodes(t)
  const state = async (session: string) => (await database.write(tx => codes.stateOf(tx, { purpose: 'reset', session })))?.reason
  provider.failures = ['number']
  await ask({ purpose: 'reset', session: 'real' })
  await ask({ purpose: 'reset', session: 'decoy', phone: OTHER, deliver: false })
  await drain()
  assert.deepEqual([await state('real'), await state('decoy')], [null, null])
  provider.failures = ['away']
  await ask({ purpose: 'reset', session: 'third', phone: '13900000003' })
  await drain()
  assert.deepEqual([await state('real'), await state('decoy'), await state('third')], ['away', 'away', 'away'])
})

test('a code sent before the key was changed is right after it', async t => {
  const { codeFor, withKeys, database } = await openCodes(t)
  const code = await codeFor()
  const { codes } = withKeys([Buffer.alloc(32, 9), Buffer.alloc(32, 7)])
  assert.equal((await database.write(tx => codes.checkCode(tx, { purpose: 'phone', phone: PHONE, session: 's1', code }))).right, true)
  await refusal(database.write(tx => codes.askCode(tx, { purpose: 'phone', phone: PHONE, session: 's1', address: '10.0.0.1' })))
})

test('what is no mobile number is refused in words; others are a setting', async t => {
  const { ask } = await openCodes(t)
  for (const phone of ['', '1380000000', '138000000011', '12800000001', '+852 5123 4567', 'abc']) assert.equal((await refusal(ask({ phone }))).code, 'identity:phone')
  const abroad = await openCodes(t, { phonesAbroad: true })
  await abroad.ask({ phone: '00852 5123 4567' })
  await abroad.drain()
  assert.equal(abroad.sent[0]?.to, '+85251234567')
})

/** Restarts after a kill: the lease of what was running ends, and everything due is run. */
async function live({ drain, clock, runner }: Awaited<ReturnType<typeof openCodes>>, revive: () => boolean): Promise<boolean> {
  await drain().catch(() => {})
  const struck = revive()
  clock.advance(2 * MINUTE)
  await runner.tick()
  await drain()
  return struck
}

test('killed between any two steps, a code goes out at most once; where nobody knows, the page says so and the code that may have come is right', async t => {
  const death = killer()
  const hall = await openCodes(t, { death })
  const known = new Set<string>()
  for (let steps = 1; ; steps++) {
    const session = `kill-${steps}`
    const before = hall.sent.length
    death.arm(steps)
    await hall.ask({ session, phone: `139${String(steps).padStart(8, '0')}` })
    const struck = await live(hall, death.revive)
    const view = await hall.codes.stateOf(hall.db, { purpose: 'phone', session })
    const arrived = hall.sent.slice(before)
    known.add(`${view?.state} ${arrived.length}`)
    for (const { to, params } of arrived) assert.deepEqual(await hall.check(params['code'] ?? '', { session, phone: to }), YES)
    if (!struck) break
  }
  assert.deepEqual([...known].toSorted(), ['sent 1', 'unknown 0', 'unknown 1'])
})

test('a provider that does not answer is not asked again, and a person asks for another code', async t => {
  const { ask, drain, clock, codes, db, provider, sent, codeFor, check } = await openCodes(t)
  provider.failures = ['unknown']
  await ask()
  await ask({ purpose: 'reset', session: 'hidden', phone: OTHER, deliver: false })
  for (let n = 0; n < 3; n++) {
    await drain()
    clock.advance(MINUTE)
  }
  assert.equal(sent.length, 0)
  for (const where of [{ purpose: 'phone', session: 's1' }, { purpose: 'reset', session: 'hidden' }] as const) assert.equal((await codes.stateOf(db, where))?.state, 'unknown', 'told to everybody alike')
  assert.deepEqual(await check(await codeFor()), YES)
})
