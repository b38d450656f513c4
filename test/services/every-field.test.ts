import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { fits } from '../../src/platform/schema.ts'
import { textIn } from '../../src/platform/text.ts'
import { readService } from '../../src/features/services/catalogue.ts'
import { formSchema } from '../../src/features/services/rules/form.ts'
import { answersOn, EVERY, FILLED, findTeacher, idOf, MASKED_ID, send, startActivity } from './activity.ts'
import { PDF, PNG } from './campus.ts'

const { form } = readService('every-field', readFileSync(join(import.meta.dirname, 'catalogue/every-field.json'), 'utf8'), { file: 'every-field.json', flowFaults: () => [] })

test('a form with every type of field', async t => {
  const campus = await startActivity(t)
  const { db } = campus.app.database

  await t.test('one definition draws the page, checks the input, and is what the page, the card and an export say', async () => {
    const { client } = await campus.student()
    const empty = await client.get(EVERY)
    for (const { definition: { label, by } } of form.fields) assert.equal(empty.has(label), by !== 'approver', label)
    const unit = empty.root.querySelectorAll('select[name=host] option').at(-1)
    const sent = await send(client, {
      office_phone: '029-88250101', kind: 'other', kind_other: '读书会', 'hours.from': '08:00', 'hours.to': '10:00', 'age.from': '18', 'age.to': '25', deadline: '2026-11-30', start_at: '07:30',
      needs: ['room', 'bus'], place: 'north/library/r203', host: unit?.getAttribute('value') ?? '', 'spot.lat': '34.1', 'spot.lng': '108.9', plan: PDF, poster: PNG,
    })
    const id = idOf(sent)
    const said = answersOn(sent)
    for (const [label, words] of [
      ['办公电话', '029-88250101'], ['身份证号', MASKED_ID], ['活动类型', '其他'], ['其他类型', '读书会'], ['活动日期', '2026-12-01 – 2026-12-05'], ['天数', '5 天'], ['每天时段', '08:00 – 10:00'], ['参加者年龄', '18 – 25 岁'],
      ['参加人数', '30 人'], ['每人费用', '¥20.50'], ['收费合计', '¥615.00'], ['需要的支持', '场地、用车'], ['场地', '北校区 / 图书馆 / 203'], ['指导老师', '李敏（文学院）'], ['主办部门', unit?.text.trim() ?? '?'],
      ['经费明细', '车票 ¥10.00 30 ¥300.00'], ['预算结余', '¥315.00'], ['活动方案', '要求.pdf'], ['海报', '图.png'], ['集合地点', '西门（34.1, 108.9）'], ['准备程度', '4 分（满意）'], ['承诺签名', '签名人（输入的签名）'],
    ] as const) assert.ok(said.get(label)?.includes(words), `${label}: ${said.get(label)}`)
    assert.equal(sent.root.querySelectorAll('.answer-files img').length, 1, 'a picture is shown as one')

    const { form: kept } = await campus.app.services.applicationById(db, id)
    assert.ok(fits(formSchema(form), kept), JSON.stringify(kept))
    assert.deepEqual([kept.fee, kept.people, kept.income, kept.budget, kept.days], [2050, 30, 61_500, 31_500, 5])
    const exported = new Map((await campus.app.services.answersOf(db, textIn('zh'), id)).map(({ label, text }) => [label, text]))
    const card: { label: string; value: string }[] = JSON.parse((await db.selectFrom('approvals_instances').select('summary').where('subject', '=', id).executeTakeFirstOrThrow()).summary)
    for (const { label, value } of card) assert.equal(value, exported.get(label), label)
    assert.ok(card.length > 20 && !card.some(({ label }) => ['准备程度', '活动方案', '手机'].includes(label)), 'what a step must not see is in no card')
    assert.ok((await client.get(sent.path)).text.includes('李敏'))
  })

  await t.test('what is typed is kept by itself in every type, and the draft is announced on the hall', async () => {
    const { client } = await campus.student()
    const teacher = await findTeacher(client, 'limin')
    const page = await client.get(EVERY)
    const typed = { ...FILLED, 'teacher.id': teacher, 'teacher.q': 'limin', 'items.0.price': 'not yet', 'items.3.name': '水', 'age.from': '十八', needs: ['bus', 'money'] }
    const saved = await client.post(`/applications/${page.value('draft')}/draft`, { _csrf: page.value('_csrf'), draft: page.value('draft'), ...typed })
    assert.equal(saved.status, 200)
    const told: { live: Record<string, string>; unasked: string[] } = JSON.parse(Buffer.from(saved.bytes).toString())
    assert.deepEqual([told.live.days, told.live.income, told.live['items.0.amount'], told.live['items.sum.count']], ['5 天', '¥615.00', '', '30'])
    assert.deepEqual(told.unasked, ['kind_other', 'insurance', 'place'])
    const again = await client.get(EVERY)
    assert.deepEqual(['id_number', 'period.to', 'age.from', 'items.0.price', 'items.1.name', 'teacher.id', 'signature.name', 'confidence', 'spot.text'].map(name => again.value(name)),
      [FILLED.id_number, '2026-12-05', '十八', 'not yet', '水', teacher, '签名人', '4', '西门'])
    assert.deepEqual(again.root.querySelectorAll('input[name=needs][checked]').map(box => box.getAttribute('value')), ['bus', 'money'])
    assert.ok((await client.get('/')).has('还没有提交'))
  })

  await t.test('rows are added and taken out by buttons that keep everything else, without script', async () => {
    const { client } = await campus.student()
    const act = async (pressed: string, fields = {}) => client.submit(await client.get(EVERY), EVERY, { ...FILLED, ...fields, act: pressed })
    const two = await act('items.add')
    assert.deepEqual([two.root.querySelectorAll('.line').length, two.value('title'), two.value('items.0.name')], [2, '秋游', '车票'])
    const cut = await act('items.cut.0', { 'items.1.name': '水', 'items.1.price': '2', 'items.1.count': '5' })
    assert.deepEqual([cut.root.querySelectorAll('.line').length, cut.value('items.0.name'), cut.value('items.0.price')], [1, '水', '2'])
    for (let row = 1; row <= 5; row++) await act('items.add', Object.fromEntries(Array.from({ length: row }, (_, at) => [`items.${at}.name`, `第${at}`])))
    const full = await client.get(EVERY)
    assert.deepEqual([full.root.querySelectorAll('.line').length, full.has('最多 5 行'), full.has('添加一行')], [5, true, false])
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, at) => [[`items.${at}.name`, 'x'], [`items.${at}.price`, '1'], [`items.${at}.count`, '1']]).flat())
    assert.ok((await send(client, many)).has('“经费明细”最多 5 行，现在有 6 行'))
  })

  await t.test('what is wrong is said at its field and, in a table, at its cell; everything typed comes back', async () => {
    const { client } = await campus.student()
    const back = await send(client, { id_number: '110105194912310021', 'period.to': '2026-11-01', 'items.0.price': 'x', needs: ['room', 'bus', 'money'], fee: '1.005', 'signature.name': '', poster: PDF, 'items.0.colour': 'red' })
    assert.equal(back.status, 422)
    for (const sentence of ['“身份证号”的校验位不对', '“活动日期”的结束不能早于开始', '经费明细第 1 行：“单价”应填写金额', '“需要的支持”最多选 2 项', '“每人费用”应填写金额', '请在“承诺签名”处签名', '的内容不是 JPG / PNG', '收到了这项服务没有的内容，没有提交：items.0.colour']) assert.ok(back.has(sentence), sentence)
    assert.ok(back.root.querySelector('.summary a[href="#f-items.0.price"]') && back.root.querySelector('[id="f-items.0.price"][aria-invalid]'))
    assert.deepEqual(['id_number', 'period.to', 'items.0.price', 'fee'].map(name => back.value(name)), ['110105194912310021', '2026-11-01', 'x', '1.005'])
  })

  await t.test('a field is asked where the answers before it say so, and what was not asked is not kept', async () => {
    const { client } = await campus.student()
    const asked = await send(client, { kind: 'trip' })
    assert.deepEqual([asked.status, asked.has('请填写“保险单号”')], [422, true], 'a trip of five days')
    const short = await send(client, { kind: 'trip', 'period.to': '2026-12-02', insurance: '没有问到', place: 'south/hall' })
    const { form: kept } = await campus.app.services.applicationById(db, idOf(short))
    assert.deepEqual([kept.insurance, kept.place, kept.days], [undefined, undefined, 2])
  })

  await t.test('what the hall knows is filled in with its source; the phone is masked until its owner asks', async () => {
    const { client, name } = await campus.student()
    const fresh = await client.get(EVERY)
    assert.equal(fresh.value('applicant'), name)
    assert.ok(fresh.has('来自学籍信息') && fresh.has('来自账户资料'))
    assert.match(fresh.value('mobile'), /^\d{3}\*{4}\d{4}$/)
    const shown = await client.submit(fresh, EVERY, { mobile: fresh.value('mobile'), act: 'mobile.show' })
    assert.match(shown.value('mobile'), /^1\d{10}$/)
    const draft = await db.selectFrom('services_applications').select('draft').where('id', '=', fresh.value('draft')).executeTakeFirstOrThrow()
    assert.ok(!draft.draft?.includes(shown.value('mobile')), 'the draft holds the mask')
    const sent = await send(client, { applicant: '别的名字', college: fresh.value('college'), mobile: fresh.value('mobile') })
    const { form: kept } = await campus.app.services.applicationById(db, idOf(sent))
    assert.equal(kept.mobile, shown.value('mobile'), 'the mask means what is behind it')
    const wrong = await send((await campus.student()).client, { applicant: '别的名字', mobile: '13900139000', people: '0' })
    for (const words of ['学籍信息里是“', '账户资料里是“1']) assert.ok(wrong.has(words), words)
    const said = answersOn(sent)
    assert.match(said.get('申请人姓名') ?? '', /别的名字.*申请人改过/)
    assert.match(said.get('院系') ?? '', /来自学籍信息$/)
  })

  await t.test('a drawn signature is a picture among the attachments; what only calls itself one is not', async () => {
    const { client } = await campus.student()
    const drawn = `data:image/png;base64,${PNG.content.toString('base64')}`
    const kept = await client.submit(await client.get(EVERY), EVERY, { 'signature.drawn': drawn, act: 'signature.put' })
    assert.ok(kept.root.querySelector('.signature-kept img'))
    const false_ = await client.submit(await client.get(EVERY), EVERY, { 'signature.drawn': `data:image/png;base64,${Buffer.from('<svg onload=alert(1)>').toString('base64')}`, act: 'signature.put' })
    assert.equal(false_.status, 422)
    const sent = await send(client, { 'signature.name': '' })
    assert.ok(sent.root.querySelector('img[alt="已手写签名"]')?.getAttribute('src')?.includes('/attachments/'))
  })

  await t.test('a search shows the name, the unit and a masked number, and looks for nobody by one letter', async () => {
    const { client, name } = await campus.student()
    const search = async (q: string) => client.submit(await client.get(EVERY), EVERY, { 'teacher.q': q, act: 'teacher.find' })
    const found = await search('李敏')
    const part = found.root.querySelector('#part-teacher')?.text ?? ''
    assert.match(part, /李敏\s*文学院 · \S*\*{4}/)
    assert.doesNotMatch(part, /@|1\d{10}/)
    assert.ok((await search('李')).has('请至少输入两个字'))
    assert.ok((await search('查无此人的名字')).has('没有找到'))
    assert.ok((await search(name)).has('没有找到'), 'students are not found where a teacher is asked for')
    const { id } = await db.selectFrom('identity_people').select('id').where('name', '=', name).executeTakeFirstOrThrow()
    assert.ok((await send(client, { 'teacher.id': id })).has('“指导老师”选的人不能选'))
  })
})
