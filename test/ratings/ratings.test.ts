import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Client, Page } from '../support/client.ts'
import { holderOf } from '../support/desks.ts'
import { cast } from '../support/people.ts'
import { idIn } from '../support/certificate.ts'
import { apply, type Campus, decide, startCampus } from '../services/campus.ts'

const DAY = 86_400_000

/** An application of a student that the tutor has rejected: it is over. */
async function ended(campus: Campus): Promise<{ client: Client; name: string; path: string }> {
  const { client, name } = await campus.student()
  const { path } = await apply(client)
  await decide(await campus.as('李敏'), name, 'reject', '不在读')
  return { client, name, path }
}

async function rate(client: Client, path: string, fields: Record<string, string | readonly string[]>): Promise<Page> {
  return client.submit(await client.get(`${path}/rating`), `${path}/rating`, fields)
}

const titles = (page: Page) => page.root.querySelectorAll('.row-link').map(each => each.text.trim())

test('好差评', async t => {
  const campus = await startCampus(t)
  const { database: { db }, identity } = campus.app

  await t.test('who applied is asked at the end, on the page and in the message, and nobody else is', async () => {
    const { client, name } = await campus.student()
    const { path } = await apply(client)
    assert.ok(!(await client.get(path)).has('这次办理怎么样'))
    const early = await client.get(`${path}/rating`)
    assert.ok(early.has('办结以后才能评价') && !early.root.querySelector('[name=step]'))
    await decide(await campus.as('李敏'), name, 'reject', '不在读')
    await campus.drain()
    const page = await client.get(path)
    assert.ok(page.has('这次办理怎么样'))
    const form = await client.get(page.link('基本满意'))
    assert.equal(form.value('step'), '3')
    const message = await db.selectFrom('messages_messages').select('text').where('kind', '=', 'approvals.rejected').where('subject', '=', idIn(path)).executeTakeFirstOrThrow()
    assert.match(message.text ?? '', /评价/)
    const tutor = await campus.as('李敏')
    assert.ok(!(await tutor.get(path)).has('这次办理怎么样'))
    assert.equal((await tutor.get(`${path}/rating`)).status, 403)
  })

  await t.test('a good one is thanked for, is one however often it is sent, and can be changed for seven days', async () => {
    const { client, path } = await ended(campus)
    const missing = await rate(client, path, { words: '很快' })
    assert.deepEqual([missing.status, missing.has('请选择满意程度'), missing.value('words').trim()], [422, true, '很快'])
    const done = await rate(client, path, { step: '5', words: '很快' })
    assert.ok(done.has('谢谢，评价已收到') && done.has('我的评价') && done.has('非常满意'))
    await Promise.all([rate(client, path, { step: '4', aspects: ['speed', 'nonsense'], words: '很快' }), rate(client, path, { step: '4', aspects: ['speed'], words: '很快' })])
    const rows = await db.selectFrom('ratings_ratings').selectAll().where('application_id', '=', idIn(path)).execute()
    assert.deepEqual(rows.map(({ step, aspects, words }) => ({ step, aspects, words })), [{ step: 4, aspects: 'speed', words: '很快' }])
    assert.equal(await db.selectFrom('ratings_follow_ups').select('id').executeTakeFirst(), undefined)
    const open = await client.get(`${path}/rating`)
    campus.clock.advance(7 * DAY)
    const again = await campus.phone((await db.selectFrom('identity_bindings').select('userid').where('person_id', '=', rows[0]?.person_id ?? '').executeTakeFirstOrThrow()).userid)
    assert.ok((await again.get(`${path}/rating`)).has('评价已经超过 7 天，不能再修改'))
    const late = await again.post(`${path}/rating`, { step: '1', words: 'x', _csrf: open.value('_csrf') })
    assert.notEqual(late.status, 200)
  })

  await t.test('a bad one wants a word, and opens a follow-up that the department answers and closes', async () => {
    const { client, path, name } = await ended(campus)
    const unit = await identity.unitByCode(db, '0201')
    const { person_id, userid } = await holderOf(campus, 'service-owner')
    // Of the one department alone: the grant for everything goes.
    await db.deleteFrom('identity_grants').where('person_id', '=', person_id).execute()
    await campus.app.database.write(tx => identity.grantRole(tx, null, { person_id, role: 'service-owner', scope_kind: 'unit', scope_id: unit?.id ?? '', reason: '试用' }))
    const bare = await rate(client, path, { step: '1', words: '' })
    assert.deepEqual([bare.status, bare.has('部门才知道改什么'), bare.value('step')], [422, true, '1'])
    assert.ok((await rate(client, path, { step: '2', words: '来回退了三次' })).has('谢谢，评价已收到'))
    assert.ok((await client.get(`${path}/rating`)).has('日前答复你'))
    await campus.drain()
    assert.equal(campus.simulator.state.messagesTo(userid).filter(message => JSON.stringify(message).includes('差评等待跟进')).length, 1)
    const desk = await campus.phone(userid)
    const list = await desk.get('/admin/follow-ups')
    assert.deepEqual(titles(list), ['在读证明'])
    assert.ok(list.has('来回退了三次') && list.has('待跟进'))
    const row = await desk.get(list.link('在读证明'))
    assert.ok(row.has(name) && row.has('不满意'))
    const empty = await desk.submit(row, `${row.path}/answer`, { answer: ' ' })
    assert.deepEqual([empty.status, empty.has('请写下给本人的答复')], [422, true])
    const answered = await desk.submit(row, `${row.path}/answer`, { answer: '已把要求写进办事指南' })
    assert.ok(answered.has('已答复，正在送达本人') && answered.has('已把要求写进办事指南'))
    const told = await db.selectFrom('messages_messages').select(['text', 'url']).where('kind', '=', 'ratings.answered').executeTakeFirstOrThrow()
    assert.deepEqual([told.text, told.url], ['已把要求写进办事指南', `${path}/rating`])
    assert.ok((await client.get(`${path}/rating`)).has('已把要求写进办事指南'))
    const closed = await desk.submit(answered, `${row.path}/closing`, { note: '与辅导员谈过' })
    assert.ok(closed.has('跟进已办结') && !closed.root.querySelector('textarea'))
    assert.ok(!(await client.get(`${path}/rating`)).has('与辅导员谈过'))
    const late = await desk.post(`${row.path}/answer`, { answer: '再说一句', _csrf: row.value('_csrf') })
    assert.equal(late.status, 409)
    assert.ok(late.has('这条差评的跟进已经办结'))
  })

  await t.test('what is over its time is marked; a department sees its own alone; the counts are told per service', async () => {
    const { client, path } = await ended(campus)
    await rate(client, path, { step: '1', aspects: ['manner'], words: '' })
    campus.clock.advance(14 * DAY)
    const other = await identity.unitByCode(db, '0101')
    const { person_id } = await cast(campus.app, 3).then(people => people.tutor)
    await db.deleteFrom('identity_grants').where('person_id', '=', person_id).execute()
    await campus.app.database.write(tx => identity.grantRole(tx, null, { person_id, role: 'service-owner', scope_kind: 'unit', scope_id: other?.id ?? '', reason: '试用' }))
    const theirs = await campus.phone((await db.selectFrom('identity_bindings').select('userid').where('person_id', '=', person_id).executeTakeFirstOrThrow()).userid)
    assert.ok((await theirs.get('/admin/follow-ups')).has('没有等待跟进的差评'))
    assert.ok((await theirs.get('/admin/ratings')).has('还没有评价'))
    const { userid } = await holderOf(campus, 'admin')
    const admin = await campus.phone(userid)
    const list = await admin.get('/admin/follow-ups?late=1')
    assert.ok(list.has('已超时'))
    assert.equal(titles(list).length, 1)
    assert.equal((await theirs.get(list.link('在读证明'))).status, 404)
    const statistics = await admin.get('/admin/ratings')
    assert.match(statistics.text, /在读证明.*33\.3%/)
    for (const odd of ['status=x', 'before=x', 'late=1&status=closed']) assert.equal((await admin.get(`/admin/follow-ups?${odd}`)).status, 200, odd)
  })

  await t.test('whoever owes the answer is told that it is over its time, once a week and no more once it was answered', async () => {
    const reminders = async () => (await db.selectFrom('messages_messages').select('id').where('title', 'like', '%超过期限还没有答复').execute()).length
    const nights = async (days: number) => {
      for (let day = 0; day < days; day++) {
        campus.clock.advance(DAY)
        await campus.app.runner.tick()
        await campus.drain()
      }
    }
    await nights(1)
    const first = await reminders()
    assert.ok(first > 0)
    await nights(5)
    assert.equal(await reminders(), first)
    await nights(2)
    assert.equal(await reminders(), 2 * first)
    const { userid } = await holderOf(campus, 'admin')
    const admin = await campus.phone(userid)
    const row = await admin.get((await admin.get('/admin/follow-ups?late=1')).link('在读证明'))
    await admin.submit(row, `${row.path}/answer`, { answer: '已经改进' })
    await nights(8)
    assert.equal(await reminders(), 2 * first)
  })

  await t.test('a mind that changes for the worse after the end of a follow-up opens it again', async () => {
    const { client, path } = await ended(campus)
    await rate(client, path, { step: '2', words: '慢' })
    const { userid } = await holderOf(campus, 'admin')
    const admin = await campus.phone(userid)
    const row = await admin.get((await admin.get('/admin/follow-ups')).root.querySelectorAll('.row-link').at(-1)?.getAttribute('href') ?? '')
    await admin.submit(row, `${row.path}/closing`, { note: '已加人手' })
    await rate(client, path, { step: '4', words: '好一点了' })
    assert.ok((await admin.get(row.path)).has('本人后来改为“满意”'))
    await rate(client, path, { step: '1', words: '又慢了' })
    assert.ok((await admin.get(row.path)).has('待跟进'))
  })
})
