import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createLog, loggable, loggableError } from '../../src/platform/log.ts'
import { startTestApp } from '../support/app.ts'
import { type Cleaner, openTestDatabase } from '../support/database.ts'

function memory(): { lines: string[]; log: ReturnType<typeof createLog> } {
  const lines: string[] = []
  return { lines, log: createLog('trace', { write: line => void lines.push(line) }) }
}

/** A hall whose log is kept. */
async function logging(t: Cleaner) {
  const hall = await startTestApp(t)
  const { lines, log } = memory()
  const app = await createApp(hall.app.config, { clock: hall.clock, log })
  t.after(() => app.close())
  const http = await app.http()
  t.after(() => http.close())
  return { lines, http }
}

test('what a database refused is logged without the values of the statement', async t => {
  const { db } = await openTestDatabase(t)
  const insert = () => db.insertInto('documents_guesses').values({ slot: '张三 13800138000', misses: 1, ends_at: 1 }).execute()
  await insert()
  const error: unknown = await insert().catch((caught: unknown) => caught)
  assert.ok(error instanceof Error)
  const { lines, log } = memory()
  log.error({ err: error }, 'request failed')
  log.error({ err: new AppError('upstream', '系统正忙，请稍后再试', { cause: error }) }, 'request failed')
  assert.equal(lines.length, 2)
  assert.doesNotMatch(lines.join(''), /张三|13800138000|insert into/i)
  assert.match(lines.join(''), /"code":"(ER_DUP_ENTRY|ERR_SQLITE_ERROR)"/)
  assert.match(lines[0] ?? '', /store|log\.test\.ts/, 'where it happened is still told')
})

test('a page that fails is logged without what its error quotes', async t => {
  const { lines, http } = await logging(t)
  http.get('/failing', async () => { throw Object.assign(new Error("Duplicate entry '张三' for key 'name'"), { sqlState: '23000', sqlMessage: '张三', sql: "insert into people values ('张三')", code: 'ER_DUP_ENTRY' }) })
  const answer = await http.inject({ url: '/failing?name=%E5%BC%A0%E4%B8%89', headers: { accept: 'text/html', cookie: 'hall=secret-session' } })
  assert.equal(answer.statusCode, 500)
  assert.doesNotMatch(answer.body, /张三|insert/)
  assert.match(lines.join(''), /ER_DUP_ENTRY/)
  assert.doesNotMatch(lines.join(''), /张三|%E5%BC%A0|insert into|secret-session/i)
})

test('of an address that there is not, nothing is logged: it may hold a code', async t => {
  const { lines, http } = await logging(t)
  for (const url of ['/en/verify/7Q2MXK4T9ZRB3WDN', '/7Q2MXK4T9ZRB3WDN', '/verfy/7Q2MXK4T9ZRB3WDN?code=7Q2MXK4T9ZRB3WDN', '/help']) await http.inject({ url, headers: { accept: 'text/html' } })
  const logged = lines.map(line => JSON.parse(line)).filter(({ msg }) => msg === 'answered').map(({ url, status }) => `${status} ${url}`)
  assert.deepEqual(logged, ['404 /…', '404 /…', '404 /…', '200 /help'])
  assert.doesNotMatch(lines.join(''), /7Q2M/)
})

const said: [string, Error, RegExp][] = [
  ['the text that could not be parsed', parsing('张三的成绩'), /^Unexpected token/],
  ['a mailbox', new Error('550 <zhang.san@minghu.example> unknown'), /^550 /],
  ['a telephone number', new Error('no answer from 13800138000'), /^no answer from …$/],
  ['an identity number', new Error('bad value 11010119900307123X'), /^bad value …$/],
  ['a quoted value', new Error(`got "张三", 'Zhang San' and “张三”`), /^got …, … and …$/],
]
for (const [what, error, wanted] of said) {
  test(`${what} is cut out of an error`, () => {
    const { message } = loggableError(error)
    assert.match(message, wanted)
    assert.doesNotMatch(message, /张三|zhang|13800138000|1990/i)
  })
}

function parsing(text: string): Error {
  try {
    JSON.parse(text)
  } catch (error) {
    if (error instanceof Error) return error
  }
  throw new Error('this should not have parsed')
}

test('our own sentences stay, what they name does not', () => {
  const logged = loggableError(new AppError('conflict', '已由{name}同意', { params: { name: '张三' } }))
  assert.equal(logged.message, '已由{name}同意')
  assert.doesNotMatch(JSON.stringify(logged), /张三/)
})

for (const [url, wanted] of [
  ['/verify/7Q2MXK4T9ZRB3WDN', '/verify/…'], ['/verify/7Q2M/x', '/verify/…'], ['/%76erify/7Q2M', '/verify/…'], ['//verify//7Q2M', '/verify/…'],
  ['/verify?code=7Q2M', '/verify'], ['/documents/01ARZ3NDEKTSV4RRFFQ69G5FAV?x=1', '/documents/01ARZ3NDEKTSV4RRFFQ69G5FAV'], ['/verify/%', '/verify/…'],
] as const) {
  test(`${url} stands in a log as ${wanted}`, () => assert.equal(loggable(url), wanted))
}
