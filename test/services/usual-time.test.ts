import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import { measureUsualTimes } from '../../src/features/services/jobs/usual-time.ts'
import { SERVICE, startCampus } from './campus.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

test('a service says how long it usually takes', async t => {
  const campus = await startCampus(t)
  const { db } = campus.app.database
  const { person_id } = await db.selectFrom('identity_numbers').select('person_id').where('standing', '=', 'enrolled').executeTakeFirstOrThrow()
  const usual = async () => (await (await campus.student()).client.get(SERVICE)).root.querySelectorAll('.rows > div').find(row => row.text.includes('实际用时'))?.querySelector('dd')?.text

  /** Applications that ended now (or then) after so many hours. */
  async function ended(hours: readonly number[], status: 'approved' | 'rejected' | 'withdrawn' | 'running' = 'approved', at = campus.clock.now()): Promise<void> {
    const { id: version_id } = await db.selectFrom('services_versions').select('id').where('service_key', '=', 'enrolment-certificate').executeTakeFirstOrThrow()
    await db.insertInto('services_applications').values(hours.map(each => ({
      id: newId(), number: null, service_key: 'enrolment-certificate', version_id, title: '在读证明', person_id, person_number: '1', person_name: '陈', status, draft_key: null, draft: null, form: '{}', sources: null,
      instance_id: null, revision: 1, created_at: 0, saved_at: null, submitted_at: at - each * HOUR, ended_at: at,
    }))).execute()
  }

  async function measuredTonight(): Promise<void> {
    campus.clock.advance(DAY)
    await campus.app.runner.tick()
    await campus.drain()
    const rows = await db.selectFrom('jobs').select('status').where('name', '=', measureUsualTimes.name).execute()
    assert.ok(rows.length > 0 && rows.every(row => row.status === 'done'))
  }

  await t.test('fewer than ten finished say nothing yet', async () => {
    await (await campus.student()).client.get(`${SERVICE}/apply`)
    await ended([1, 1, 1, 1, 1, 1, 1, 1, 1])
    await measuredTonight()
    assert.equal(await usual(), '还不知道：近一年办结的申请不到 10 份')
  })

  await t.test('nine of ten took no longer; the slowest, what was withdrawn, and last year’s do not count', async () => {
    await ended([500])
    await ended([900, 900, 900], 'withdrawn')
    await ended([900, 900, 900], 'approved', campus.clock.now() - 366 * DAY)
    await measuredTonight()
    assert.equal(await usual(), '近一年九成的申请在 1 小时内办结（含休息日）')
  })

  await t.test('what was refused took its time as well, and many days are said as days', async () => {
    await ended([100, 100, 100, 100, 100], 'rejected')
    await measuredTonight()
    assert.equal(await usual(), '近一年九成的申请在 5 天内办结（含休息日）')
  })
})
