import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apply, startCampus } from '../services/campus.ts'

test('people arrive in the hall', async t => {
  const campus = await startCampus(t)

  for (const typed of ['在读', 'zaidu', 'zdzm', 'ZAI DU', '学籍证明']) {
    await t.test(`typing ${typed} finds 在读证明, at home and among all services`, async () => {
      const { client } = await campus.student()
      for (const path of ['/', '/services']) {
        const page = await client.get(`${path}?q=${encodeURIComponent(typed)}`)
        assert.equal(page.value('q'), typed)
        assert.equal(page.root.querySelector('#found a.cell')?.getAttribute('href'), '/services/enrolment-certificate', path)
      }
    })
  }

  await t.test('what is not found says what to try; odd questions are questions too', async () => {
    const { client } = await campus.student()
    assert.ok((await client.get('/?q=毕业典礼')).has('没有找到'))
    for (const path of ['/?q=%00%25', '/?q=a&q=b', `/?q=${'长'.repeat(500)}`, '/services?category=%3Cscript%3E']) assert.equal((await client.get(path)).status, 200, path)
    assert.ok(!(await client.get('/?q=<script>alert(1)</script>')).html.includes('<script>alert'))
  })

  await t.test('home greets, shows the picture to all services, and what was sent last', async () => {
    const { client, name } = await campus.student()
    await apply(client)
    const home = await client.get('/')
    assert.match(home.heading, new RegExp(`^${name}，`))
    assert.ok(home.has('最近的申请') && home.has('审批中') && !home.has('待办 1'))
    assert.equal((await client.get(home.link('要办事到大厅'))).heading, '我的服务')
    assert.match(home.html, /<title>一站式网上办事大厅/)
  })

  await t.test('who has something to decide sees it first, with the number', async () => {
    const { client, name } = await campus.student()
    await apply(client)
    const tutor = await campus.as('李敏')
    const home = await tutor.get('/')
    assert.match(home.root.querySelector('#todo')?.structuredText ?? '', /待办 \d+/)
    assert.ok((await tutor.get(home.link(`${name}的在读证明`))).has('审批意见'))
    assert.ok(home.has('没有对当前身份开放的服务') || home.has('我的服务'))
  })

  await t.test('in English everything of the home and the form is English', async () => {
    const { client } = await campus.student()
    client.cookies.set('language', 'en')
    for (const path of ['/', '/services', '/services/enrolment-certificate', '/services/enrolment-certificate/apply', '/sent', '/received']) {
      const page = await client.get(path)
      // Names of people and units stay as they are.
      const main = page.root.querySelector('main')?.structuredText.split('\n').filter(line => !/^(.+, good|.+·)/.test(line)).join(' ') ?? ''
      assert.doesNotMatch(main, /\p{Script=Han}/u, path)
    }
  })
})
