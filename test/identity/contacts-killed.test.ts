import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVault } from '../../src/features/identity/vault.ts'
import { beginPull } from '../../src/features/identity/verbs/contact-runs.ts'
import { wantMember } from '../../src/features/identity/verbs/members.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { openDatabase } from '../../src/platform/db.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { store } from '../support/database.ts'
import { castOf, startHall } from '../kill/hall.ts'
import { until } from '../kill/until.ts'

// Where several processes share a database, the work of a killed one is taken over when its lease ends, 20 s later: fewer blows there.
const BLOWS = store === 'sqlite'
  ? { reading: ['asked department/list', 'answered department/list', 'asked user/list', 'answered user/list', 'answered user/list_id'], writing: ['asked user/create', 'answered user/create'] }
  : { reading: ['answered user/list', 'answered user/list_id'], writing: ['answered user/create'] }

test('killed while it reads the address book and while it writes to it, the hall goes on where it was, and makes nobody twice', async t => {
  const hall = await startHall(t)
  const { simulator, moments, processes } = hall
  const database = openDatabase({ url: hall.env['DATABASE_URL'] ?? '', clock: systemClock, listeners: { reactions: new Map(), jobs: new Map() } })
  t.after(() => database.close())
  const { db } = database
  const { worker } = processes
  const kill = async (at: string) => {
    const came = await moments.strike({ name: at, within: 45_000, goesOn: at.startsWith('answered') }, async () => {
      await worker.kill()
      await worker.start().ready
    })
    assert.ok(came, `nobody came by ${at}`)
  }
  const [{ student } = { student: null }, { student: other } = { student: null }] = await castOf(hall.database, 2)
  assert.ok(student && other)
  await simulator.admin.updateMember(student.userid, { position: '班长', department: [1] })

  await database.write(tx => beginPull(tx, null))
  for (const at of BLOWS.reading) await kill(at)
  await until('the reading to end', async () => (await db.selectFrom('identity_contact_runs').select('id').where('status', '=', 'done').executeTakeFirst()) !== undefined)
  assert.deepEqual((await db.selectFrom('identity_contact_runs').select(['kind', 'status']).execute()), [{ kind: 'pull', status: 'done' }])
  assert.deepEqual((await db.selectFrom('identity_differences').select(['number', 'field', 'decision']).execute()), [{ number: student.number, field: 'department', decision: 'open' }])
  const members = await db.selectFrom('identity_members').select('userid_key').where('wecom_status', '=', 1).execute()
  const there = await db.selectFrom('identity_bindings').select('current_userid').where('ended_at', 'is', null).execute()
  assert.deepEqual(members.map(row => row.userid_key).toSorted(), there.map(row => row.current_userid ?? '').toSorted())

  await simulator.admin.removeMember(other.userid)
  const vault = createVault(createKeyring([Buffer.alloc(32, 5)]))
  await db.updateTable('identity_people').set({ phone_sealed: vault.seal('phone', '13900000001') }).where('id', '=', other.person_id).execute()
  await database.write(tx => wantMember(tx, vault, { number: other.number }))
  for (const at of BLOWS.writing) await kill(at)
  await until('the member to be made', async () => (await db.selectFrom('identity_members').select('pushed_at').where('number', '=', other.number).where('due_at', 'is', null).executeTakeFirst())?.pushed_at)
  assert.equal(simulator.state.member(other.userid)?.status, 4)
  assert.equal((await db.selectFrom('identity_members').select(['problem', 'wecom_status']).where('number', '=', other.number).executeTakeFirstOrThrow()).problem, null)
})
