import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createHttp } from '../../src/edges/http/server.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import type { SignedIn } from '../../src/platform/web.ts'
import { quietLog } from '../support/database.ts'
import { openOffice } from './office.ts'

const config = loadConfig({
  HALL_SECRET: Buffer.alloc(32, 1).toString('base64'), SCHOOL_NAME: '示范大学', SCHOOL_NAME_EN: 'Sample University', WECOM_CORP_ID: 'ww0000000000000001',
  WECOM_AGENT_ID: '1000002', WECOM_SECRET: 's', WECOM_TOKEN: 't', WECOM_ENCODING_AES_KEY: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', LOG_LEVEL: 'silent',
})
const person: SignedIn = { person_id: 'P1', number: '2023001', name: '张三', kind: 'student', standing: 'enrolled', unit_name: '文学院', roles: [], rights: [] }

test('a person sees every message, whether it arrived, and nobody else’s', async t => {
  const office = await openOffice(t)
  for (let i = 1; i <= 21; i++) await office.tell({ title: `第${i}条<b>` })
  await office.tell({ to: 'P2', title: '别人的通知' })
  await office.drain()
  let visitor: SignedIn | null = person
  const app = await createHttp({
    config, features: [office.messages], database: office.database, keyring: createKeyring(config.secrets), clock: office.clock, log: quietLog,
    sessionStore: { find: async () => ({ content: {}, text: '{}', visitor }), keep: async () => {}, end: async () => {} }, faultOfFiles: async () => null, countsOf: async () => ({ todo: 0 }),
  })
  t.after(() => app.close())
  const ask = (url: string, more = '') => app.inject({ url, headers: { cookie: `hall=${'x'.repeat(43)}; ${more}` } })
  const first = await ask('/messages')
  assert.equal(first.statusCode, 200, first.body)
  assert.ok(first.body.includes('第21条&lt;b&gt;') && first.body.includes('第2条&lt;b&gt;') && !first.body.includes('第1条&lt;b&gt;') && !first.body.includes('别人的通知'))
  assert.match(first.body, /已发送/)
  const next = /href="(\/messages\?before=[0-9A-Z]{26})"/.exec(first.body)?.[1]
  assert.ok(next)
  const second = await ask(next)
  assert.ok(second.body.includes('第1条&lt;b&gt;') && !second.body.includes('第2条&lt;b&gt;'))
  assert.equal((await ask(`/messages?m=${'0'.repeat(26)}`)).statusCode, 200, 'as opened from a message')
  assert.equal((await ask('/messages?before=%27')).statusCode, 400)
  visitor = { ...person, person_id: 'P7' }
  const nothing = await ask('/messages', 'language=en')
  assert.match(nothing.body, /No messages yet/)
  visitor = null
  assert.notEqual((await ask('/messages')).statusCode, 200)
})
