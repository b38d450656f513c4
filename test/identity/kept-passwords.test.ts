import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startTestApp } from '../support/app.ts'
import { desksOf } from '../support/desks.ts'
import { cast } from '../support/people.ts'

const nowhere = 'http://127.0.0.1:1'

/** Each kind of campus account; no server need be there to know who keeps the passwords. */
const providers: Record<string, Record<string, string>> = {
  builtin: {},
  cas: { CAMPUS_AUTH: 'cas', CAS_URL: nowhere },
  oidc: { CAMPUS_AUTH: 'oidc', OIDC_ISSUER: nowhere, OIDC_CLIENT_ID: 'hall', OIDC_CLIENT_SECRET: 'secret' },
  ldap: { CAMPUS_AUTH: 'ldap', LDAP_URL: 'ldap://127.0.0.1:1', LDAP_BASE_DN: 'dc=minghu,dc=example' },
}

for (const [kind, env] of Object.entries(providers)) {
  const kept = kind === 'builtin'
  test(`passwords with ${kind}: ${kept ? 'changed, recovered and put back here' : 'nothing of that is here, neither the button nor the page'}`, async t => {
    const hall = await startTestApp(t, { env })
    const { student } = await cast(hall.app)
    const [phone, stranger, desk] = [await hall.phone(student.userid), hall.stranger(), await desksOf(hall)('accounts.help')]
    const person = `/admin/people/${student.person_id}`

    const shown = {
      修改密码: (await phone.get('/account')).has('修改密码'), 忘记密码: (await stranger.get('/login')).has('忘记密码'), 恢复初始密码: (await desk.get(person)).has('恢复初始密码'),
      初始密码: (await stranger.get('/login')).has('证件号码的最后'),
    }
    assert.deepEqual(shown, { 修改密码: kept, 忘记密码: kept, 恢复初始密码: kept, 初始密码: kept })

    const pages = [[phone, '/account/password'], [stranger, '/login/reset'], [stranger, '/login/first-use'], [desk, `${person}/password-reset?number=${student.number}`]] as const
    for (const [client, path] of pages) assert.equal((await client.get(path)).status === 404, !kept, path)

    const form = { _csrf: (await phone.get('/account/email')).value('_csrf') }
    const asked = { _csrf: (await desk.get('/account/email')).value('_csrf'), number: student.number, reason: '核实了学生证' }
    const posts = [
      [phone, '/account/password', form], [phone, '/login/reset', form], [phone, '/login/reset/code', form], [phone, '/login/reset/password', form],
      [phone, '/login/first-use', form], [phone, '/login/first-use/code', form], [desk, `${person}/password-reset`, asked],
    ] as const
    for (const [client, path, fields] of posts) assert.equal((await client.post(path, fields)).status === 404, !kept, path)
    const resets = await hall.app.database.db.selectFrom('events').select('id').where('name', '=', 'identity.password-reset').execute()
    assert.equal(resets.length, kept ? 1 : 0)
  })
}
