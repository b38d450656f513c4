import assert from 'node:assert/strict'
import { test } from 'node:test'
import { APPLY, apply, SERVICE, startCampus } from '../services/campus.ts'

test('people arrive in the hall', async t => {
  const campus = await startCampus(t)

  for (const typed of ['在读', 'zaidu', 'zdzm', 'ZAI DU', '学籍证明', '在渎证明', 'zaidou']) {
    await t.test(`typing ${typed} finds 在读证明, at home and among all services`, async () => {
      const { client } = await campus.student()
      for (const path of ['/', '/services']) {
        const page = await client.get(`${path}?q=${encodeURIComponent(typed)}`)
        assert.equal(page.value('q'), typed)
        assert.equal(page.root.querySelector('#found a.cell')?.getAttribute('href'), SERVICE, path)
      }
    })
  }

  await t.test('what fits is marked, and what only comes close is said to', async () => {
    const { client } = await campus.student()
    const found = await client.get('/?q=zhengm')
    assert.equal(found.root.querySelector('#found mark')?.text, '证明')
    const synonym = await client.get(`/?q=${encodeURIComponent('学籍证')}`)
    assert.ok(synonym.has('也叫：学籍证明') && synonym.root.querySelector('#found mark')?.text === '学籍证')
    assert.ok((await client.get(`/?q=${encodeURIComponent('在渎证明')}`)).has('没有“在渎证明”，下面是最接近的'))
  })

  await t.test('what is not found says what to try; odd questions are questions too', async () => {
    const { client } = await campus.student()
    const none = await client.get('/?q=毕业典礼')
    assert.ok(none.has('没有找到') && none.link('看全部服务') === '/services' && none.link('还是找不到？联系客服') === '/help')
    for (const path of ['/?q=%00%25', '/?q=a&q=b', `/?q=${'长'.repeat(500)}`, '/services?category=%3Cscript%3E', '/services?for=x&page=-1', '/services?page=999999']) assert.equal((await client.get(path)).status, 200, path)
    assert.ok(!(await client.get('/?q=<script>alert(1)</script>')).html.includes('<script>alert'))
    const cut = await client.get(`/?q=${encodeURIComponent(`${'长'.repeat(59)}😀`)}`)
    assert.ok(cut.status === 200 && cut.value('q') === `${'长'.repeat(59)}\ufffd`, 'half of a character, where the question was cut, stands as what it is')
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

  await t.test('a fresh hall shows its own picture, which leads to the services', async () => {
    const { client } = await campus.student()
    const home = await client.get('/')
    const slide = home.root.querySelector('.carousel a')
    assert.equal((await client.get(slide?.getAttribute('href') ?? '')).heading, '我的服务')
    assert.ok(slide?.querySelector('svg'))
  })

  await t.test('who has something to decide sees it first, with the number as a link to it', async () => {
    const { client, name } = await campus.student()
    await apply(client)
    const tutor = await campus.as('李敏')
    const home = await tutor.get('/')
    assert.match(home.root.querySelector('#todo')?.structuredText ?? '', /待办 \d+/)
    const tally = home.root.querySelectorAll('.tally').find(each => each.text.includes('待办'))
    const received = await tutor.get(tally?.getAttribute('href') ?? '')
    assert.equal(received.heading, '我收到的')
    assert.equal(received.root.querySelector('.segment[aria-current] small')?.text, tally?.querySelector('strong')?.text)
    assert.ok((await tutor.get(home.link(`${name}的在读证明`))).has('审批意见'))
    assert.ok(home.has('没有对当前身份开放的服务') || home.has('我的服务'))
  })

  await t.test('what was begun is told as not sent, to be continued or thrown away', async () => {
    const { client } = await campus.student()
    await client.submit(await client.get(APPLY), APPLY, { purpose: 'exchange', intent: 'draft' })
    const home = await client.get('/')
    const draft = home.root.querySelector('#drafts')
    assert.ok(draft?.text.includes('未提交') && draft.text.includes('继续填写'))
    assert.ok(draft)
    assert.equal((await client.get(home.link('在读证明继续填写'))).value('purpose'), 'exchange')
    const question = await client.get(draft.querySelector('[aria-label="删除“在读证明”的草稿"]')?.getAttribute('href') ?? '')
    const after = await client.submit(question, question.path)
    assert.ok(after.has('草稿已删除') && !after.root.querySelector('#drafts'))
  })

  await t.test('a service used before stands on the first page', async () => {
    const { client } = await campus.student()
    assert.ok((await client.get('/')).root.querySelector('#mine ul[aria-label="我的服务"]'), 'before anything was used, what is open')
    await apply(client)
    assert.equal((await client.get('/')).root.querySelector('#mine ul[aria-label="最近使用"] a')?.getAttribute('href'), SERVICE)
  })

  await t.test('services for others are not offered, and can be looked at', async () => {
    const tutor = await campus.as('李敏')
    const own = await tutor.get('/services')
    assert.ok(!own.has('在读证明') && own.has('用印申请'))
    const all = await tutor.get('/services?for=all')
    assert.ok(all.has('在读证明') && all.has('不对当前身份开放'))
    const asked = await tutor.get('/services?q=zdzm')
    const elsewhere = await tutor.get(asked.link('别的分类或身份里有 2 项'))
    assert.equal(elsewhere.value('q'), 'zdzm')
    const guide = await tutor.get(elsewhere.root.querySelector('#found a.cell')?.getAttribute('href') ?? '')
    assert.ok(guide.has('这项服务不对当前身份开放') && !guide.has('开始办理'))
    assert.ok((await tutor.get('/services?for=student')).has('在读证明') && !(await tutor.get('/services?for=staff')).has('在读证明'))
  })

  await t.test('filters stay in the address while one searches', async () => {
    const { client } = await campus.student()
    const page = await client.get(`/services?for=student&category=${encodeURIComponent('学籍与证明')}&q=zdzm`)
    assert.deepEqual([page.value('for'), page.value('category')], ['student', '学籍与证明'])
    assert.ok(page.link('全部').includes('q=zdzm'))
  })

  await t.test('in English everything of the home and the form is English', async () => {
    const { client } = await campus.student()
    client.cookies.set('language', 'en')
    for (const path of ['/', '/services', '/services/enrolment-certificate', '/services/enrolment-certificate/apply', '/sent', '/received', '/favourites', '/announcements']) {
      const page = await client.get(path)
      // Names of people and units stay as they are.
      const main = page.root.querySelector('main')?.structuredText.split('\n').filter(line => !/^(.+, good|.+·)/.test(line)).join(' ') ?? ''
      assert.doesNotMatch(main, /\p{Script=Han}/u, path)
    }
  })
})
