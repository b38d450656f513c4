import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { desksOf } from '../support/desks.ts'

const SAID = '第一次登录要短信验证码'

test('where a first sign-in needs an SMS and none can go out, the console says what to do', async t => {
  const without = { SMS_PROVIDER: '', SMS_ENDPOINT: '' }
  const settings: [Record<string, string>, boolean][] = [
    [{ ...without, FIRST_USE_PROOF: 'on' }, true], [{ ...without, FIRST_USE_PROOF: 'off' }, false], [{ FIRST_USE_PROOF: 'on' }, false],
    [{ ...without, FIRST_USE_PROOF: 'on', CAMPUS_AUTH: 'cas', CAS_URL: 'http://127.0.0.1:1' }, false],
  ]
  for (const [env, warned] of settings) {
    const hall = await startTestApp(t, { env })
    const page = await (await desksOf(hall)('jobs.run')).get('/admin')
    assert.equal(page.has(SAID), warned, JSON.stringify(env))
    if (warned) assert.ok(page.has('FIRST_USE_PROOF=off'))
  }
})
