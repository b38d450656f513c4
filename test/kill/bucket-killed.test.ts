import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { startBucket } from '../support/bucket.ts'
import { checkApplications, checkDeliveries, checkJobs, drained } from './count.ts'
import { castOf, startHall } from './hall.ts'
import { createMoments } from './moments.ts'
import { FATES, live } from './story.ts'
import { tapHttp } from './wire.ts'

test('killed while a paper goes into the bucket, before it is there and after, the hall makes it once and loses nothing', async t => {
  const bucket = await startBucket()
  t.after(() => bucket.stop())
  const moments = createMoments()
  const wire = await tapHttp(bucket.port, { ...moments, pass: name => moments.pass(name.replace(/ \/hall\/[0-9a-f]{2}\/.*/, ' file')) })
  t.after(() => wire.close())
  const hall = await startHall(t, { env: { FILES_URL: `s3://S3RVER:S3RVER@127.0.0.1:${wire.port}/hall?tls=off` } })
  const { worker } = hall.processes
  const blow = async () => {
    await worker.kill()
    await worker.start().ready
  }
  const [people] = await castOf(hall.database, 1)
  assert.ok(people)
  const story = live(hall, people, FATES[0], 'student@example.com')
  const struck = [await moments.strike({ name: 'asked file', within: 300_000, goesOn: false }, blow), await moments.strike({ name: 'answered file', within: 300_000, goesOn: true }, blow)]
  assert.deepEqual(struck, [true, true])
  const stories = [await story]
  await drained(hall, 400_000)

  await checkApplications(hall, stories)
  const rows = await hall.database.db.selectFrom('documents_documents').select(['application_id', 'status', 'sha256', 'number']).execute()
  assert.deepEqual(rows.map(row => [row.application_id, row.status]), stories.map(({ id }) => [id, 'issued']))
  for (const { sha256, number } of rows) {
    const sha = sha256 ?? ''
    const answer = await fetch(`http://127.0.0.1:${bucket.port}/hall/${sha.slice(0, 2)}/${sha.slice(2, 4)}/${sha}`)
    const content = new Uint8Array(await answer.arrayBuffer())
    assert.equal(createHash('sha256').update(content).digest('hex'), sha)
    const page = await hall.stranger().post('/verify/file', { file: { filename: 'a.pdf', type: 'application/pdf', content } })
    assert.ok(page.has('真实有效') && page.has(number), page.text)
  }
  const tally = await checkDeliveries(hall)
  assert.deepEqual(Object.keys(tally).filter(key => !/ (sent|dropped)$/.test(key)), [], 'no message was going out')
  await checkJobs(hall)
})
