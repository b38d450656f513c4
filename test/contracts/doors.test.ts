import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'

type Route = { method: string; path: string }

/** The routing table as Fastify draws it: a tree, four columns for each step down. */
function routesIn(tree: string): Route[] {
  const above: string[] = []
  return tree.split('\n').flatMap(line => {
    const [, branch = '', part = '', methods = ''] = /^((?:[│ ] {3})*(?:├── |└── ))(.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (branch === '') return []
    const depth = branch.length / 4 - 1
    above.splice(depth, above.length, part)
    const path = above.join('')
    return methods.split(', ').filter(method => method !== '' && method !== 'HEAD').map(method => ({ method, path }))
  })
}

test('the tree of routes is read as it is meant', () => {
  const tree = '└── / (GET, HEAD)\n    ├── admin (GET, HEAD)\n    │   └── / (GET)\n    │       └── jobs/:id (POST)\n    └── verify (GET, HEAD)\n        └── /file (POST)\n'
  assert.deepEqual(routesIn(tree).map(({ method, path }) => `${method} ${path}`), ['GET /', 'GET /admin', 'GET /admin/', 'POST /admin/jobs/:id', 'GET /verify', 'POST /verify/file'])
})

/** For anyone, and for programs that prove themselves; every other address asks who is there. */
const OPEN = [
  'GET /*', 'GET /login', 'POST /login', 'POST /logout', 'POST /language', 'GET /auth/wecom', 'GET /auth/wecom/callback', 'GET /auth/wecom/scan', 'GET /auth/campus', 'GET /logout',
  'GET /login/first-use', 'POST /login/first-use', 'POST /login/first-use/code', 'GET /login/reset', 'POST /login/reset', 'GET /login/reset/code', 'POST /login/reset/code',
  'POST /login/reset/code/again', 'GET /login/reset/password', 'POST /login/reset/password',
  'GET /healthz', 'GET /readyz', 'GET /wecom/callback', 'POST /wecom/callback', 'GET /wecom/contacts/callback', 'POST /wecom/contacts/callback', 'GET /mailbox/:token', 'POST /mailbox/:token', 'GET /help', 'POST /help', 'GET /help/received', 'GET /privacy', 'GET /join', 'POST /join', 'GET /unbound', 'GET /privacy/:hash', 'GET /verify', 'GET /verify/:code', 'POST /verify/file',
]

test('every address is behind the guard of its kind', async t => {
  const hall = await startTestApp(t)
  const http = await hall.app.http()
  t.after(() => http.close())
  await http.ready()
  const routes = routesIn(http.printRoutes({ commonPrefix: false }))
  const closed = routes.filter(({ method, path }) => !OPEN.includes(`${method} ${path}`))
  const admin = closed.filter(({ path }) => /^\/admin(\/|$)/.test(path))
  assert.deepEqual(OPEN.filter(open => !routes.some(({ method, path }) => open === `${method} ${path}`)), [], 'nothing is open that is not there')
  assert.ok(routes.length > 50 && admin.length > 15, `${routes.length} addresses, ${admin.length} of the console`)

  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const token = (await phone.get('/account')).value('_csrf')
  const cookie = [...phone.cookies].map(pair => pair.join('=')).join('; ')
  const ask = ({ method, path }: Route, headers: Record<string, string> = {}) => fetch(new URL(path.replace(/:[a-z_]+/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV'), hall.origin), {
    method, redirect: 'manual', headers: { accept: 'text/html', ...headers }, ...(method === 'POST' && { body: new URLSearchParams({ _csrf: token }) }),
  })

  for (const route of closed) {
    const { status, headers } = await ask(route)
    const answer = `${route.method} ${route.path}: ${status} ${headers.get('location')}`
    if (route.method === 'GET') assert.match(answer, /: 303 \/login\?to=/)
    else assert.equal(status, 403, answer)
  }
  for (const route of admin) {
    const answer = await ask(route, { cookie })
    assert.equal(answer.status, 403, `${route.method} ${route.path}`)
    const words = (await answer.text()).replaceAll(/<[^>]+>/g, '')
    assert.ok(words.includes('的权限，现在的角色里没有') && words.includes('信息中心的安全管理员'), `${route.method} ${route.path} says which right is missing and who grants it`)
  }
})
