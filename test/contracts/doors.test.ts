import assert from 'node:assert/strict'
import { test } from 'node:test'
import { whoMay } from '../security/access.ts'
import { allAddresses } from '../security/access-world.ts'
import type { Address } from '../security/routing-tree.ts'
import { startTestApp } from '../support/app.ts'
import { cast } from '../support/people.ts'

test('a stranger is led to the door, and a student who knocks at the console reads which right is missing and who grants it', async t => {
  const hall = await startTestApp(t)
  const closed = (await allAddresses(hall)).filter(({ method, path }) => !whoMay.get(`${method} ${path}`)?.includes('stranger'))
  const admin = closed.filter(({ path }) => /^\/admin(\/|$)/.test(path))
  assert.ok(closed.length > 50 && admin.length > 15, `${closed.length} addresses, ${admin.length} of the console`)

  const { student } = await cast(hall.app)
  const phone = await hall.phone(student.userid)
  const token = (await phone.get('/account')).value('_csrf')
  const cookie = [...phone.cookies].map(pair => pair.join('=')).join('; ')
  const ask = ({ method, path }: Address, headers: Record<string, string> = {}) => fetch(new URL(path.replace(/:[a-z_]+/g, '01ARZ3NDEKTSV4RRFFQ69G5FAV'), hall.origin), {
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
    assert.ok(words.includes('的权限，现在的角色里没有') && words.includes('信息中心的安全管理员'), 'which right is missing and who grants it')
  }
})
