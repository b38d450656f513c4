import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { createVault } from '../../src/features/identity/vault.ts'
import { reseal, restsUnderOldKey } from '../../src/platform/reseal.ts'
import { startTestApp } from '../support/app.ts'
import { quietLog } from '../support/database.ts'
import { cast } from '../support/people.ts'

const fresh = Buffer.alloc(32, 9)

test('a new secret takes over: an end in the middle loses nothing, and afterwards the old one can go', async t => {
  const hall = await startTestApp(t)
  const { student } = await cast(hall.app)
  const stranger = hall.stranger()
  await stranger.submit(await stranger.get('/help'), '/help', { name: '王伟', number: '1', school: '文学院', contact: 'wangwei@example.com', problem: '忘记密码' })
  const before = await hall.app.identity.contactOf(hall.app.database.db, student.person_id)
  assert.ok(before.phone)

  async function under(secrets: Buffer[]) {
    const app = await createApp({ ...hall.app.config, secrets }, { clock: hall.clock, log: quietLog })
    t.after(() => app.close())
    return app
  }
  const columns = hall.app.features.flatMap(feature => feature.sealed ?? [])
  const both = await under([fresh, ...hall.app.config.secrets])
  const parts = { database: both.database, keyring: both.keyring, columns }
  const rotated = both.features.flatMap(feature => feature.sealed ?? [])
  assert.ok(await restsUnderOldKey(both.database, both.keyring, columns))
  await assert.rejects(reseal({ ...parts, columns: rotated, onSlice: () => { throw new Error('the process ends here') } }), /ends here/)
  assert.deepEqual(await both.identity.contactOf(both.database.db, student.person_id), before, 'half way, everything is read')
  const rest = await reseal({ ...parts, columns: rotated })
  assert.ok(rest > 400, `${rest} rows`)
  assert.equal(await reseal({ ...parts, columns: rotated }), 0, 'again, there is nothing to do')
  assert.equal(await restsUnderOldKey(both.database, both.keyring, rotated), false)

  const alone = await under([fresh])
  assert.deepEqual(await alone.identity.contactOf(alone.database.db, student.person_id), before)
  const found = await alone.database.db.selectFrom('identity_people').select('id').where('phone_index', '=', createVault(alone.keyring).index('phone', before.phone)).execute()
  assert.deepEqual(found.map(({ id }) => id), [student.person_id], 'and found by the number')
  const ticket = await alone.database.db.selectFrom('helpdesk_tickets').select('contact_sealed').executeTakeFirstOrThrow()
  assert.equal(alone.keyring.open('helpdesk.contact', ticket.contact_sealed), 'wangwei@example.com')
})

test('where the old secret was taken out too early, the command says which one is missing and changes nothing', async t => {
  const hall = await startTestApp(t)
  const app = await createApp({ ...hall.app.config, secrets: [fresh] }, { clock: hall.clock, log: quietLog })
  t.after(() => app.close())
  const columns = app.features.flatMap(feature => feature.sealed ?? [])
  const sealed = () => app.database.db.selectFrom('identity_people').select(['id', 'document_sealed']).orderBy('id').execute()
  const before = await sealed()
  await assert.rejects(reseal({ database: app.database, keyring: app.keyring, columns }), /put the secret that it was written under at the end of HALL_SECRET/)
  assert.deepEqual(await sealed(), before)
})
