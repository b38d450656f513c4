import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import fastify from 'fastify'
import { createCallbacks } from '../../src/features/callbacks/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import { startSimulator } from '../../src/simulator/index.ts'
import { openTestDatabase } from '../support/database.ts'

const keys = { corpId: 'ww0000000000000001', token: 'tokenOfCallback', encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C' }
const contacts = { ...keys, token: 'tokenOfContacts', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' }

/** The platform as the simulator plays it, calling our addresses over HTTP. */
async function open(t: TestContext) {
  const clock = testClock()
  const database = await openTestDatabase(t, { clock })
  const callbacks = createCallbacks({ database, clock, endpoints: [
    { path: '/wecom/callback', source: 'wecom', ...keys }, { path: '/wecom/contacts/callback', source: 'contacts', ...contacts },
  ] })
  const app = fastify()
  if (callbacks.machineRoutes) await app.register(callbacks.machineRoutes)
  const origin = await app.listen({ port: 0, host: '127.0.0.1' })
  t.after(() => app.close())
  const simulator = await startSimulator({
    ...keys, now: clock.now, agentId: 1000002, secret: 's', hallOrigin: origin, contactsSecret: 'c', contactsToken: contacts.token,
    contactsEncodingAesKey: contacts.encodingAesKey,
    departments: [{ id: 1, name: '示范大学', parentid: 0 }], members: [{ userid: 'LiMin', name: '李敏', department: [1] }],
  })
  t.after(() => simulator.close())
  simulator.trouble.retryDelayMs = 1
  const kept = async () => (await database.db.selectFrom('callbacks_received').select(['id', 'source', 'event']).orderBy('id').execute())
  return { simulator, database, callbacks, origin, kept }
}

test('the platform accepts our address and nobody else’s', async t => {
  const { simulator, origin } = await open(t)
  assert.equal((await simulator.setCallbackUrl(`${origin}/wecom/callback`)).ok, true)
  assert.equal((await simulator.setCallbackUrl(`${origin}/wecom/contacts/callback`, 'contacts')).ok, true)
  assert.equal((await simulator.setCallbackUrl(`${origin}/wecom/contacts/callback`)).ok, false)
})

test('what a member does arrives and is kept by its name', async t => {
  const { simulator, callbacks, database, kept } = await open(t)
  await simulator.event('LiMin', 'enter_agent')
  await simulator.event('LiMin', 'click', { EventKey: 'help' })
  await simulator.say('LiMin', '您好 <b>& 再见')
  await simulator.admin.setVisible('LiMin', false)
  await simulator.waitIdle()
  assert.deepEqual((await kept()).map(row => row.event), ['enter_agent', 'click', 'text', 'unsubscribe'])
  const [, click, text] = await kept()
  assert.equal((await callbacks.bodyOf(database.db, click?.id ?? '')).key, 'help')
  assert.equal((await callbacks.bodyOf(database.db, text?.id ?? '')).fields['Content'], '您好 <b>& 再见')
})

test('a callback that comes twice is kept once; one that is not ours is not kept', async t => {
  const { simulator, kept } = await open(t)
  simulator.trouble.doubleCallback = 1
  assert.equal((await simulator.event('LiMin', 'enter_agent')).state, 'delivered')
  await simulator.waitIdle()
  assert.equal((await kept()).length, 1)
  Object.assign(simulator.trouble, { wrongSignature: true })
  assert.equal((await simulator.event('LiMin', 'click', { EventKey: 'a' })).state, 'failed')
  Object.assign(simulator.trouble, { wrongSignature: false, wrongReceiver: true })
  assert.equal((await simulator.event('LiMin', 'click', { EventKey: 'b' })).state, 'failed')
  await simulator.waitIdle()
  assert.equal((await kept()).length, 1)
})
