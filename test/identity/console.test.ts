import assert from 'node:assert/strict'
import { test } from 'node:test'
import readXlsxFile from 'read-excel-file/node'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { quietLog } from '../support/database.ts'
import { openHall, signIn, studentRows, whoIs, workbookOf } from './world.ts'

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'
const fileOf = async (rows: Parameters<typeof workbookOf>[0]) => ({ filename: '学生.xlsx', type: XLSX, content: await workbookOf(rows) })

test('the console', async t => {
  const { browser, database, clock, identity, db, newcomer, phone, codeFor } = await openHall(t)
  const admin = browser()
  await signIn(admin, '10001', '010024')
  const security = browser()
  await signIn(security, '10003', '030019')
  const { drain } = createEmbeddedDispatcher({ database, runner: createRunner({ database, works: identity.jobs, clock, log: quietLog }), log: quietLog })

  await t.test('is closed to a student', async () => {
    const { number, first } = newcomer()
    const client = browser()
    await signIn(client, number, first)
    for (const path of ['/admin/people', '/admin/import', `/admin/people/${(await identity.personByNumber(db, number))?.id}`]) assert.equal((await client.get(path)).status, 403)
  })

  await t.test('finds people by name, pinyin, initials and number, by unit with those below it, a page at a time', async () => {
    for (const q of ['陈思', 'chensiyuan', 'csy', '20230101']) assert.ok((await admin.get(`/admin/people?q=${encodeURIComponent(q)}`)).has('陈思远'), q)
    const faculty = (await identity.listUnits(db)).find(unit => unit.code === '0100')
    const below = await admin.get(`/admin/people?unit=${faculty?.id}&kind=staff`)
    assert.ok(below.has('10002') && !below.has('10001') && !below.has('20230101'))
    assert.ok((await admin.get('/admin/people?q=nobodyatall')).has('没有符合条件的人'))
    const seen: string[] = []
    let after: string | null | undefined
    do {
      const { people, next } = await identity.searchPeople(db, { limit: 7, ...(after && { after }) })
      seen.push(...people.map(person => person.number))
      after = next
    } while (after)
    assert.deepEqual([seen.length, new Set(seen).size], [36, 36])
  })

  await t.test('shows a person without what nobody need see', async () => {
    const { id = '' } = await identity.personByNumber(db, '20230101') ?? {}
    const page = await admin.get(`/admin/people/${id}`)
    assert.equal(page.heading, '陈思远')
    assert.ok(page.has('199****0003') && page.has('李敏') && page.has('文学院'))
    assert.ok(!page.html.includes('19900000003') && !page.html.includes('110199200508090019'))
  })

  await t.test('grants a role and takes it back, but never the last administrator', async () => {
    const { id = '' } = await identity.personByNumber(db, '10002') ?? {}
    const granted = await security.submit(await security.get(`/admin/people/${id}`), `/admin/people/${id}/roles`, { role: 'operator', unit_id: '' })
    assert.ok(granted.has('现场工作人员') && granted.has('手工授予'))
    assert.deepEqual(await identity.holdersOf(db, 'operator'), [id])
    const { id: own = '' } = await identity.personByNumber(db, '10001') ?? {}
    const page = await security.get(`/admin/people/${own}`)
    const refused = await security.post(`/admin/people/${own}/roles/revocation`, { _csrf: page.value('_csrf'), role: 'admin', unit_id: '' })
    assert.deepEqual([refused.status, refused.has('最后一位系统管理员')], [409, true])
    assert.equal((await security.submit(page, `/admin/people/${own}/roles`, { role: 'emperor' })).status, 422)
  })

  await t.test('unbinds a person and puts the first password back, which ends the sessions', async () => {
    const { number, first } = newcomer()
    const client = browser()
    await signIn(client, number, first)
    const { id = '' } = await identity.personByNumber(db, number) ?? {}
    const question = await security.get((await security.get(`/admin/people/${id}`)).link('恢复初始密码'))
    assert.ok(question.has(`学工号 ${number} 的密码会变回初始密码`))
    await security.submit(question, `/admin/people/${id}/password-reset`)
    assert.equal((await client.get('/account')).heading, '登录')
    assert.equal((await client.submit(await client.get('/login'), '/login', { account: number, password: first })).heading, '修改密码')
    const done = await security.submit(await security.get((await security.get(`/admin/people/${id}`)).link('解除绑定')), `/admin/people/${id}/unbinding`)
    assert.ok(done.has('已解除绑定') && done.has('没有绑定'))
    const pocket = phone()
    assert.equal(whoIs(await pocket.get(`/auth/wecom/callback?code=${codeFor(number)}&state=x`)), null)
  })

  await t.test('shows what a roster would change, and writes it when told to', async () => {
    const rows = [{ ...studentRows[0], 班级: '中文2309' }, { ...studentRows[1] }, { ...studentRows[1], 学号: '20239999', 姓名: '新同学', 证件号码: '110199199009090051' }]
    const preview = await admin.submit(await admin.get('/admin/import'), '/admin/import', { kind: 'students', file: await fileOf(rows) })
    assert.ok(preview.has('没有错误，还没有写入') && preview.has('班级：中文2301 → 中文2309') && preview.has('新同学'))
    assert.equal(await identity.personByNumber(db, '20239999'), null)
    await admin.submit(preview, `${preview.path}/application`)
    await drain()
    assert.ok((await admin.get(preview.path)).has('已经写入'))
    assert.equal((await identity.personByNumber(db, '20239999'))?.name, '新同学')
    const again = await admin.post(`${preview.path}/application`, { _csrf: preview.value('_csrf') })
    assert.deepEqual([again.status, again.has('这份名单已经导入过了')], [409, true])
  })

  await t.test('tells errors by row and column, hands them out as a table, and takes the good rows alone', async () => {
    const rows = [{ ...studentRows[0], 班级: '中文2310', 性别: 'X' }, { ...studentRows[1], 班级: '中文2311' }]
    const preview = await admin.submit(await admin.get('/admin/import'), '/admin/import', { kind: 'students', file: await fileOf(rows) })
    assert.ok(preview.has('有 1 处错误，还没有写入任何内容') && preview.has('性别') && preview.has('只能是：男、女'))
    const [sheet] = await readXlsxFile(Buffer.from((await admin.get(`${preview.path}/errors`)).bytes))
    assert.deepEqual(sheet?.data, [['行', '列', '内容', '原因'], [2, '性别', 'X', '只能是：男、女']])
    const token = preview.value('_csrf')
    assert.equal((await admin.post(`${preview.path}/application`, { _csrf: token })).status, 422, 'nothing is written unless the good rows are asked for')
    await admin.submit(preview, `${preview.path}/application`)
    await drain()
    const { id = '' } = await identity.personByNumber(db, '20230102') ?? {}
    assert.equal((await identity.factsOf(db, id, '20230102'))['class_name'], '中文2311')
  })

  await t.test('drops a roster that nobody wants', async () => {
    const preview = await admin.submit(await admin.get('/admin/import'), '/admin/import', { kind: 'students', file: await fileOf([{ ...studentRows[0], 班级: '没有' }]) })
    assert.ok((await admin.submit(preview, `${preview.path}/removal`)).has('已放弃，没有写入任何内容'))
    assert.equal((await admin.post(`${preview.path}/application`, { _csrf: preview.value('_csrf') })).status, 409)
  })

  await t.test('sends a file back that is no workbook, and asks for what was left out', async () => {
    const form = await admin.get('/admin/import')
    const text = await admin.submit(form, '/admin/import', { kind: 'students', file: { filename: 'a.xlsx', type: XLSX, content: Buffer.from('学号,姓名') } })
    assert.deepEqual([text.status, text.has('这不是 Excel 工作簿（.xlsx）')], [422, true])
    const none = await admin.submit(form, '/admin/import', {})
    assert.deepEqual([none.status, none.has('请选择名单的种类') && none.has('请选择一个 .xlsx 文件')], [422, true])
  })

  await t.test('hands out a template that it takes back', async () => {
    const { bytes } = await admin.get('/admin/import/template/staff')
    const [sheet] = await readXlsxFile(Buffer.from(bytes))
    assert.ok(sheet?.data[0]?.includes('工号*') && sheet.data[0].includes('企业微信账号'))
  })
})
