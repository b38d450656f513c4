import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { loggableError } from '../../src/platform/log.ts'
import { startTestApp } from '../support/app.ts'
import { ask } from './attack.ts'

const run = promisify(execFile)

test('the log of a whole story, at its most talkative, names nobody and gives no key away', async () => {
  const { stdout, stderr } = await run(process.execPath, [join(import.meta.dirname, 'story.ts')], { env: { ...process.env, LOG_LEVEL: 'trace', NODE_TEST_CONTEXT: undefined }, maxBuffer: 64 * 1024 * 1024, timeout: 120_000 })
  const words: string[] = JSON.parse(/^WORDS (.*)$/m.exec(stderr)?.[1] ?? '[]')
  assert.ok(words.length > 20)
  assert.ok(stdout.split('\n').length > 25, 'there is a log')
  assert.ok(stdout.includes('as a database says it') && stdout.includes('as a mail server says it'))
  const found = words.filter(word => stdout.includes(word)).map(word => `${word}: ${stdout.split('\n').find(line => line.includes(word))?.slice(0, 400)}`)
  assert.deepEqual(found, [])
})

test('an error keeps its name, its code and its place in a log, and nothing it carries', () => {
  const kept = loggableError(Object.assign(new Error("Incorrect string value: '\\xF0' for column 'name' at row 1", { cause: new Error('because') }), { code: 'ER_X', sql: 'select 1', errno: 1366, config: { headers: { cookie: 'x' } } }))
  assert.deepEqual(Object.keys(kept).toSorted(), ['cause', 'code', 'message', 'stack', 'type'])
  assert.deepEqual([kept.code, kept.cause?.message], ['ER_X', 'because'])
  assert.ok(!JSON.stringify(kept).includes('xF0'))
  assert.match(kept.stack ?? '', /secrets\.test\.ts/)
})

const SOUND = {
  SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University', WECOM_CORP_ID: 'ww0123', WECOM_AGENT_ID: '1', WECOM_SECRET: 's', WECOM_TOKEN: 't', PORT: '0', DATABASE_URL: 'sqlite::memory:',
  WECOM_ENCODING_AES_KEY: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', HALL_SECRET: Buffer.alloc(32, 1).toString('base64'), MAIL_FROM: 'a@b.cn',
}
const SECRET = 'S3cretS3cret'
const wrong: Record<string, string> = {
  DATABASE_URL: `mysql://hall:${SECRET}@db:99999/hall`, REDIS_URL: `redis://:${SECRET}@redis:port`, SMTP_URL: `smtp://hall:${SECRET}@mail:99999`, HALL_SECRET: SECRET, WECOM_TOKEN: `${SECRET}!`,
  WECOM_ENCODING_AES_KEY: SECRET, WECOM_API_BASE: `https://u:${SECRET}@[bad`, TSA_URL: `https://u:${SECRET}@tsa:99999`, SEAL_IMAGE: `/${SECRET}`, LOG_LEVEL: SECRET, PORT: SECRET,
}
for (const [name, value] of Object.entries(wrong)) test(`a wrong ${name} stops the start with its name and without its value`, async () => {
  const main = join(import.meta.dirname, '../../src/main.ts')
  const { code, output } = await run(process.execPath, [main, 'start'], { env: { PATH: process.env.PATH, ...SOUND, [name]: value }, timeout: 30_000 })
    .then(({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }), (error: { code: number; stdout: string; stderr: string }) => ({ code: error.code, output: error.stdout + error.stderr }))
  assert.equal(code, 2)
  assert.ok(output.includes(name))
  assert.ok(!output.includes(SECRET), output)
})

test('a fault of ours is a page with a number to tell, and not a word of where it was', async t => {
  const hall = await startTestApp(t)
  await sql`alter table identity_sessions rename to identity_sessions_gone`.execute(hall.app.database.db)
  for (const accept of ['text/html', 'application/json', '*/*']) {
    const answer = await ask(hall.origin, '/login', { headers: { accept } })
    assert.equal(answer.status, 500)
    assert.ok(answer.body.includes(String(answer.headers['x-request-id'])))
    assert.doesNotMatch(answer.body, /identity_sessions|node_modules|\.ts:|SQLITE|ER_|Error:|no such table/)
  }
  await sql`alter table identity_sessions_gone rename to identity_sessions`.execute(hall.app.database.db)
})
