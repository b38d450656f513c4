import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { roles } from '../../src/features/identity/rules/roles.ts'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'
import { access, accessPage, columns, whoMay } from './access.ts'
import { allAddresses, answerOf, isRefused, peopleOf } from './access-world.ts'
import { addressesIn } from './routing-tree.ts'

test('the tree of routes is read as it is meant', () => {
  const tree = '└── / (GET, HEAD)\n    ├── admin (GET, HEAD)\n    │   └── / (GET)\n    │       └── jobs/:id (POST)\n    └── verify (GET, HEAD)\n        └── /file (POST)\n'
  assert.deepEqual(addressesIn(tree).map(({ method, path }) => `${method} ${path}`), ['GET /', 'GET /admin', 'GET /admin/', 'POST /admin/jobs/:id', 'GET /verify', 'POST /verify/file'])
})

test('each role has a column, and docs/access.md says what the table says', () => {
  assert.deepEqual(Object.keys(roles).filter(role => !columns.some(column => column === role)), [])
  assert.equal(access.flatMap(({ routes }) => routes).length, whoMay.size, 'an address stands in one group')
  assert.equal(readFileSync(join(import.meta.dirname, '../../docs/access.md'), 'utf8'), accessPage(), 'run node test/security/access.ts')
})

test('every address opens for whom the table names, and for nobody else', async t => {
  const hall = await startTestApp(t)
  const addresses = await allAddresses(hall)
  const named = addresses.map(({ method, path }) => `${method} ${path}`)
  assert.ok(named.length > 100)
  assert.deepEqual(named.filter(route => !whoMay.has(route)), [], 'a new address: put it into its group in test/security/access.ts')
  assert.deepEqual([...whoMay.keys()].filter(route => !named.includes(route)), [], 'gone: take it out of test/security/access.ts')

  const people = await peopleOf(hall)
  const wrong: string[] = []
  for (const address of addresses) {
    const route = `${address.method} ${address.path}`
    for (const [column, client] of people) {
      const open = !isRefused(address, await answerOf(hall, client, address))
      if (open !== whoMay.get(route)?.includes(column)) wrong.push(`${route} is ${open ? 'open' : 'closed'} for ${column}`)
    }
  }
  assert.deepEqual(wrong, [])
})

test('without the second factor nothing of the console opens for anybody', async t => {
  const hall = await startTestApp(t, { env: { SECOND_FACTOR: 'on' } })
  const { admin, security, audit } = await cast(hall.app)
  const console = (await allAddresses(hall)).filter(({ path }) => /^\/admin(\/|$)/.test(path))
  assert.ok(console.length > 40)
  const wrong: string[] = []
  for (const { userid } of [admin, security, audit]) {
    const client = await hall.phone(userid)
    for (const address of console) {
      const { status, location, detail } = await answerOf(hall, client, address)
      const closed = status === 303 ? location.startsWith('/account/factor?to=') : status === 403 && /刚刚做过二次验证|的权限，现在的角色里没有/.test(detail)
      if (!closed) wrong.push(`${address.method} ${address.path} ${status} ${location}`)
    }
  }
  assert.deepEqual(wrong, [])
})
