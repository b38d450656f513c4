import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import type { ServiceDefinition } from '../../src/features/services/catalogue.ts'
import type { Client, Page } from '../support/client.ts'
import { desksOf } from '../support/desks.ts'
import { APPLY, apply, type Campus, decide, GOOD, SERVICE, startCampus } from './campus.ts'

const KEY = 'enrolment-certificate'
const CONSOLE = `/admin/services/${KEY}`
const base = (): ServiceDefinition => JSON.parse(readFileSync(join(import.meta.dirname, `../../src/catalogue/services/${KEY}.json`), 'utf8'))

/** With a number of copies; of more than three the vice dean is asked too. */
function wider(change: (definition: ServiceDefinition) => void = () => {}): ServiceDefinition {
  const definition = base()
  definition.form.fields.push(JSON.parse('{ "key": "copies", "type": "number", "label": "份数", "required": true, "min": 1, "max": 10 }'))
  definition.sample.copies = '1'
  definition.flow.nodes.splice(1, 0, {
    id: 'many', kind: 'condition', label: '份数多少', otherwise: [], branches: [{
      label: '三份以上', when: { field: 'copies', over: 3 }, nodes: [{ id: 'dean', kind: 'approval', label: '副院长审批', mode: 'any', approver: { rule: 'post', params: { post: '副院长', within: 'unit' } }, fields: { mailbox: 'hidden' } }],
    }],
  })
  change(definition)
  return definition
}

type Desk = Campus & { admin(): Promise<Client>; upload(definition: unknown, key?: string): Promise<Page> }

async function startDesk(t: TestContext): Promise<Desk> {
  const campus = await startCampus(t)
  const desk = desksOf(campus)
  const admin = () => desk('services.manage')
  return { ...campus, admin, upload: (definition, key = '') => uploadTo(admin, typeof definition === 'string' ? definition : JSON.stringify(definition), key) }
}

async function uploadTo(admin: () => Promise<Client>, text: string, key: string): Promise<Page> {
  const client = await admin()
  return client.submit(await client.get('/admin/services'), '/admin/services/proposals', { file: { filename: `${KEY}.json`, type: 'application/json', content: Buffer.from(text) }, key })
}

/** Publishes what stands at this address, with every doubt ticked. */
async function publish(client: Client, edition: string, note = ''): Promise<Page> {
  const page = await client.get(`${CONSOLE}/${edition}/publication`)
  return client.submit(page, `${CONSOLE}/${edition}/publication`, { note, agreed: page.root.querySelectorAll('[name=agreed]').map(box => box.getAttribute('value') ?? '') })
}

test('a service is exported, changed, imported, checked, published and put back', async t => {
  const campus = await startDesk(t)
  const admin = await campus.admin()
  const { db } = campus.app.database

  await t.test('the list says how each stands, and is narrowed', async () => {
    const list = await admin.get('/admin/services')
    for (const words of ['在读证明', KEY, '教务处', '可以办理', '第 1 版']) assert.ok(list.has(words), words)
    assert.ok((await admin.get('/admin/services?q=签证')).has('在读证明'))
    assert.ok((await admin.get('/admin/services?q=nothing')).has('没有符合条件的事项'))
    assert.ok((await admin.get('/admin/services?state=withdrawn')).has('没有符合条件的事项'))
  })

  await t.test('what is exported is the file, and imported again changes nothing', async () => {
    const file = await admin.get(`${CONSOLE}/1/file`)
    assert.equal(file.headers.get('content-disposition'), `attachment; filename="${KEY}.v1.json"`)
    const text = new TextDecoder().decode(file.bytes)
    assert.deepEqual(JSON.parse(text), base())
    const again = await campus.upload(text, KEY)
    assert.equal(again.status, 409)
    assert.ok(again.has('和正在使用的第 1 版完全相同'))
  })

  await t.test('a file with faults is told each of them by its place, and nothing is kept', async () => {
    const wrong = wider(definition => {
      Object.assign(definition.form.fields[0] ?? {}, { type: 'hologram' })
      Object.assign(definition.form.fields[1] ?? {}, { when: { field: 'ghost', is: 'x' }, max_length: 'many' })
    })
    const refused = await campus.upload(wrong, 'my-key')
    assert.equal(refused.status, 422)
    for (const words of ['处不对，没有导入', '/form/fields/0/type：没有“hologram”这种字段', '/form/fields/1/max_length：类型不对，应是 integer']) assert.ok(refused.has(words), `${words}: ${refused.text}`)
    assert.ok(refused.html.indexOf('没有导入') < refused.html.indexOf('id="services"'), 'what was wrong is read before the list')
    assert.equal(refused.root.querySelectorAll('input[name=key]').map(input => input.getAttribute('value')).join(), 'my-key')
    for (const [text, words] of [['{ "title": ', '不是 JSON'], [`${'['.repeat(5000)}`, '不是 JSON'], [JSON.stringify({ ...base(), summary: 'x'.repeat(600_000) }), '最多 512 KB']] as const) assert.ok((await campus.upload(text, 'x')).has(words), words)
    assert.ok((await campus.upload(base(), 'No Key')).has('事项代码只能用小写字母'))
    assert.equal((await db.selectFrom('services_proposals').selectAll().execute()).length, 0)
  })

  const early = await campus.student()
  const running = await apply(early.client)

  await t.test('an upload is a draft: nothing runs on it, and it is replaced and discarded', async () => {
    assert.equal((await campus.upload(wider(definition => { definition.title = '别的名字' }))).path, CONSOLE)
    const page = await campus.upload(wider())
    for (const words of ['草稿', '新增 1 个字段', '新增 2 个环节']) assert.ok(page.has(words), words)
    const { client } = await campus.student()
    assert.ok(!(await client.get(APPLY)).has('份数'))
    const question = await admin.get(`${CONSOLE}/proposal/removal`)
    await campus.upload(wider(definition => { definition.summary = '又换了一份' }))
    assert.equal((await admin.submit(question, `${CONSOLE}/proposal/removal`)).status, 409, 'it is another by now')
    assert.ok((await admin.submit(await admin.get(`${CONSOLE}/proposal/removal`), `${CONSOLE}/proposal/removal`)).has('草稿已丢弃'))
    assert.equal((await admin.get(`${CONSOLE}/proposal`)).status, 404)
  })

  await t.test('before publishing one reads what differs, what follows, and ticks what is doubtful', async () => {
    await campus.upload(wider())
    const page = await admin.get(`${CONSOLE}/proposal/publication`)
    for (const words of ['从第 1 版到草稿', '份数多少：有的情况不走任何分支，直接到下一环节，例如 份数：', '正在办理的 1 份申请用原来的版本办完', '副院长审批']) assert.ok(page.has(words), `${words}: ${page.text}`)
    const refused = await admin.submit(page, `${CONSOLE}/proposal/publication`, { note: '多份的由副院长批' })
    assert.equal(refused.status, 422)
    assert.ok(refused.has('请逐条确认要注意的地方'))
    assert.equal(refused.value('note').trim(), '多份的由副院长批')
    const done = await publish(admin, 'proposal', '多份的由副院长批')
    assert.equal(done.path, CONSOLE)
    for (const words of ['已发布', '第 2 版', '多份的由副院长批']) assert.ok(done.has(words), words)
  })

  await t.test('new applications are on the new version, what was under way ends on its own', async () => {
    const { client, name } = await campus.student()
    const form = await client.get(APPLY)
    assert.ok(form.has('份数'))
    const sent = await client.submit(form, APPLY, { ...GOOD, copies: '5', intent: 'submit' })
    assert.match(sent.path, /^\/applications\//)
    await decide(await campus.as('李敏'), name, 'approve')
    assert.ok((await client.get(sent.path)).has('等副院长'))
    await decide(await campus.as('李敏'), early.name, 'approve')
    await decide(await campus.as('周静'), early.name, 'approve')
    assert.ok((await early.client.get(running.path)).has('审批已通过'))
  })

  await t.test('any two versions are compared, side by side', async () => {
    const page = await admin.get(`${CONSOLE}/1/differences?from=2`)
    for (const words of ['从第 2 版到第 1 版', '删除 1 个字段', '删除 2 个环节']) assert.ok(page.has(words), words)
    assert.ok((await admin.get(`${CONSOLE}/2/differences?from=2`)).has('没有不同'))
    assert.equal((await admin.get(`${CONSOLE}/7/differences?from=2`)).status, 404)
    await campus.upload(wider(definition => { Object.assign(definition.form.fields[3] ?? {}, { required: false, help: '可以不填' }) }))
    const changed = await admin.get(`${CONSOLE}/proposal/differences?from=2`)
    assert.deepEqual(changed.root.querySelectorAll('.difference-table tr').slice(1).map(row => row.structuredText.split(/\s+/).filter(Boolean)), [['填写提示', '建议填写非QQ邮箱，收到后请在电脑上打开', '可以不填'], ['必填', '是', '否']])
  })

  await t.test('an old version is published again; what is in force cannot be', async () => {
    const done = await publish(admin, '1')
    assert.ok(done.has('已发布'))
    const { client } = await campus.student()
    assert.ok(!(await client.get(APPLY)).has('份数'))
    assert.equal((await admin.get(`${CONSOLE}/1/publication`)).status, 409)
    assert.equal((await db.selectFrom('services_versions').selectAll().where('service_key', '=', KEY).execute()).length, 2, 'putting back makes no version')
  })

  await t.test('withdrawn with a reason: nothing new, what runs goes on, and back', async () => {
    const { client, name } = await campus.student()
    const sent = await apply(client)
    const question = await admin.get(`${CONSOLE}/withdrawal`)
    assert.ok(question.has('正在办理的 2 份申请继续'))
    const silent = await admin.submit(question, `${CONSOLE}/withdrawal`, { reason: ' ' })
    assert.equal(silent.status, 422)
    assert.ok((await admin.submit(question, `${CONSOLE}/withdrawal`, { reason: '系统升级' })).has('已暂停办理'))
    const other = (await campus.student()).client
    for (const path of [SERVICE, APPLY]) {
      const page = await other.get(path)
      assert.equal(page.status, 404)
      assert.ok(page.has('“在读证明”已暂停办理'))
    }
    assert.equal((await other.get('/services')).root.querySelector(`a[href="${SERVICE}"]`), null)
    await decide(await campus.as('李敏'), name, 'approve')
    assert.ok((await client.get(sent.path)).has('等教务员'))
    assert.equal((await admin.submit(question, `${CONSOLE}/withdrawal`, { reason: '再来' })).status, 409)
    const page = await admin.get(CONSOLE)
    assert.ok(page.has('系统升级'))
    assert.ok((await admin.submit(page, `${CONSOLE}/restoration`)).has('已恢复办理'))
    assert.equal((await other.get(APPLY)).status, 200)
  })

  await t.test('each act is in the trail, by whom and why', async () => {
    const audit = await desksOf(campus)('audit.read')
    const trail = await audit.get('/admin/events?name=services.')
    for (const words of ['导入了事项“在读证明”的草稿', '丢弃了事项“在读证明”的草稿', '发布了事项“在读证明”', '暂停办理事项“在读证明”：系统升级', '恢复办理事项“在读证明”']) assert.ok(trail.has(words), words)
  })
})

test('a new service comes by upload alone, and what must not be published is stopped', async t => {
  const campus = await startDesk(t)
  const admin = await campus.admin()
  const path = '/admin/services/library-card'

  await t.test('its faults in reach of the directory stop it', async () => {
    const broken = wider(definition => {
      definition.title = '借书证'
      definition.sample.copies = 'many'
      Object.assign(definition.outcome?.document ?? {}, { kind: 'diploma' })
      Object.assign(definition.flow.nodes[1] ?? {}, { branches: [{ label: '不可能', when: { field: 'copies', over: 10 }, nodes: [] }, { label: '没有的字段', when: { field: 'ghost', filled: true }, nodes: [] }] })
      definition.flow.nodes.push({ id: 'nobody', kind: 'approval', label: '没有人', mode: 'any', approver: { rule: 'post', params: { post: '看门人' } }, nobody: 'refuse' })
    })
    assert.equal((await campus.upload(broken, 'library-card')).path, path)
    const list = await admin.get('/admin/services?state=unpublished')
    assert.ok(list.has('借书证') && list.has('未发布'))
    const page = await admin.get(`${path}/proposal/publication`)
    for (const words of ['必须先改好', '示例填写：“份数”', '没有叫“diploma”的证明文件', '表单里没有字段“ghost”', '没有人：所有申请人按“担任指定岗位的人员”都找不到办理人，申请到这里会被驳回，后面的环节到不了']) assert.ok(page.has(words), `${words}: ${page.text}`)
    assert.equal(page.root.querySelectorAll('form[action$="/publication"] button.button-main').length, 0)
    const forced = await admin.submit(page, `${path}/proposal/publication`, {})
    assert.equal(forced.status, 422)
    const { client } = await campus.student()
    assert.equal((await client.get('/services/library-card')).status, 404)
  })

  await t.test('mended, it is in the hall, for the search too, and takes applications', async () => {
    await campus.upload(wider(definition => { Object.assign(definition, { title: '借书证', keywords: ['图书馆'], outcome: undefined }) }), 'library-card')
    const page = await admin.get(`${path}/proposal/publication`)
    await admin.submit(page, `${path}/proposal/publication`, { agreed: page.root.querySelectorAll('[name=agreed]').map(box => box.getAttribute('value') ?? '') })
    const { client } = await campus.student()
    assert.ok((await client.get('/?q=图书馆')).has('借书证'))
    const form = await client.get('/services/library-card/apply')
    assert.match((await client.submit(form, '/services/library-card/apply', { ...GOOD, copies: '1', intent: 'submit' })).path, /^\/applications\//)
  })
})

test('a dry run says who would get what, why and by which branch, and leaves no trace', async t => {
  const campus = await startDesk(t)
  const admin = await campus.admin()
  const { db } = campus.app.database
  const tables = ['services_applications', 'approvals_instances', 'approvals_tasks', 'messages_messages', 'events', 'jobs'] as const
  const rows = () => Promise.all(tables.map(async table => Number((await db.selectFrom(table).select(({ fn }) => fn.countAll<number>().as('n')).executeTakeFirstOrThrow()).n)))
  const { client, name } = await campus.student()
  const sent = await apply(client)
  await campus.upload(wider())
  await campus.drain()
  const trial = `${CONSOLE}/proposal/trial`

  await t.test('somebody of the directory is chosen, the real form filled in', async () => {
    const before = await rows()
    const found = await admin.get(`${trial}?q=${encodeURIComponent(name)}`)
    const at = found.link(name)
    const form = await admin.get(at)
    assert.ok(form.has('份数') && form.has('这里不用填，按已经提交算：附件'))
    const wrong = await admin.submit(form, at, { ...GOOD, copies: '99', intent: 'run' })
    assert.equal(wrong.status, 422)
    assert.equal(wrong.value('mailbox'), GOOD.mailbox)
    const few = await admin.submit(form, at, { ...GOOD, copies: '2', intent: 'run' })
    for (const words of ['会由谁办理', '李敏', '申请人的辅导员', '周静', '都同意后办结', '份数多少 其他情况']) assert.ok(few.has(words), `${words}: ${few.text}`)
    assert.ok(!few.has('副院长审批'))
    const many = await admin.submit(form, at, { ...GOOD, copies: '4', intent: 'run' })
    for (const words of ['副院长审批', '文学院的副院长', '经过：份数多少：三份以上']) assert.ok(many.has(words), `${words}: ${many.text}`)
    const sample = await admin.get(`${at}&fill=sample`)
    assert.equal(sample.value('mailbox'), 'student@example.com')
    assert.deepEqual(await rows(), before)
  })

  await t.test('or with what an application says', async () => {
    const before = await rows()
    const number = /\d{8}-\d{4}/.exec(sent.text)?.[0] ?? ''
    const page = await admin.get(`${CONSOLE}/1/trial?application=${number}`)
    for (const words of [name, '李敏', '都同意后办结']) assert.ok(page.has(words), `${words}: ${page.text}`)
    assert.equal(page.value('mailbox'), GOOD.mailbox)
    const missing = await admin.get(`${CONSOLE}/1/trial?application=19990101-0001`)
    assert.equal(missing.status, 422)
    assert.ok(missing.has('没有这个编号的申请'))
    // The draft asks something that the application never answered.
    assert.equal((await admin.get(`${trial}?application=${number}`)).status, 422)
    assert.deepEqual(await rows(), before)
  })

  await t.test('the form is shown as its applicant and as each step sees it', async () => {
    const own = await admin.get(`${CONSOLE}/proposal/preview`)
    assert.ok(own.root.querySelector('.phone-frame [name=copies]'))
    const dean = await admin.get(own.link('副院长审批'))
    assert.ok(dean.has('看不到：接收邮箱') && dean.has('办理签证') && !dean.has('student@example.com'))
    assert.ok(!dean.root.querySelector('.phone-frame [name=copies]'))
    assert.ok((await admin.get(own.link('辅导员审批'))).has('student@example.com'))
  })
})
