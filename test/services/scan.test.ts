import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { EICAR, INFECTED_PDF, startClamd } from '../support/clamd.ts'
import type { Client, File, Page } from '../support/client.ts'
import { holderOf } from '../support/desks.ts'
import { APPLY, decide, GOOD, openTask, PDF, PNG, startCampus } from './campus.ts'

const INFECTED: File = { filename: '邀请函.pdf', type: 'application/pdf', content: INFECTED_PDF }
const AGAIN = 61_000

test('what is uploaded is looked at for viruses', async t => {
  const clamd = await startClamd()
  t.after(() => clamd.stop())
  const hall = await startCampus(t, { env: { CLAMD_URL: clamd.url } })
  const { db } = hall.app.database
  const tutor = await hall.as('李敏')
  const upload = async (client: Client, file: File): Promise<Page> => client.submit(await client.get(APPLY), APPLY, { ...GOOD, attachment: file, act: 'attachment.put' })
  const send = async (client: Client): Promise<Page> => client.submit(await client.get(APPLY), APPLY, { ...GOOD, intent: 'submit' })
  const newest = async () => db.selectFrom('services_attachments').selectAll().orderBy('id', 'desc').executeTakeFirstOrThrow()
  const isKept = (sha: string) => existsSync(join(hall.app.config.filesUrl.slice('file:'.length), sha.slice(0, 2), sha.slice(2, 4), sha))
  /** What happens until the scanner has had its look; jobs may run at any moment, so it is away meanwhile. */
  const unseen = async <R>(work: () => Promise<R>): Promise<R> => {
    await clamd.kill()
    const result = await work()
    await clamd.restart()
    hall.clock.advance(AGAIN)
    await hall.drain()
    return result
  }
  const pathOf = async () => { const { id, application_id } = await newest(); return `/applications/${application_id}/attachments/${id}` }

  await t.test('a clean file waits a moment, and is then open to those who approve', async () => {
    const { client, name } = await hall.student()
    await unseen(async () => {
      const page = await upload(client, PDF)
      assert.ok(page.has('正在检查病毒') && page.root.querySelector('#files-attachment[data-enhance=poll]'), page.text)
      assert.equal((await client.get(await pathOf())).status, 200, 'its owner may open it meanwhile')
      assert.equal((await send(client)).status, 200)
    })
    const task = await openTask(tutor, name)
    assert.ok(!task.has('正在检查病毒') && task.root.querySelector('#files-attachment a'))
    const { bytes } = await tutor.get(await pathOf())
    assert.deepEqual(Buffer.from(bytes), PDF.content)
  })

  await t.test('EICAR inside a PDF: deleted from the store, told to who uploaded it, in the trail, and not sent', async () => {
    const { client } = await hall.student()
    await unseen(async () => {
      await upload(client, INFECTED)
      assert.ok(isKept((await newest()).sha256))
    })
    const { sha256, application_id } = await newest()
    assert.ok(!isKept(sha256))
    const page = await client.get(APPLY)
    assert.ok(page.has('查出病毒，已删除') && !page.root.querySelector('#files-attachment a') && !page.root.querySelector('[data-enhance=poll]'), page.text)
    assert.equal((await client.get(await pathOf())).status, 403)
    const refused = await send(client)
    assert.deepEqual([refused.status, refused.has('“邀请函.pdf”里查出病毒，已经删除。请移除它，再换一个文件'), refused.value('remark').trim()], [422, true, GOOD.remark])
    assert.ok((await client.get('/messages')).has('你上传的文件里查出病毒，已经删除'))
    const trail = await db.selectFrom('events').select(['data', 'actor_id']).where('subject', '=', application_id).where('name', '=', 'services.attachment-infected').execute()
    assert.deepEqual(trail.map(({ data, actor_id }) => [JSON.parse(data), actor_id]), [[{ application_id, field: 'attachment', virus: 'Eicar-Test-Signature.UNOFFICIAL' }, null]])
    const { id } = await newest()
    await client.submit(await client.get(APPLY), APPLY, { ...GOOD, remove: id })
    const sent = await send(client)
    assert.match(sent.path, /^\/applications\//)
    assert.ok(!sent.has('查出病毒'), 'what was taken out before it was sent is not told to approvers')
  })

  await t.test('while the scanner is away nothing is lost: it can be sent, approvers see that it waits, and later it is scanned', async () => {
    const { client, name } = await hall.student()
    await clamd.kill()
    await upload(client, PNG)
    const sent = await send(client)
    assert.match(sent.path, /^\/applications\//)
    await hall.drain()
    const waiting = await openTask(tutor, name)
    assert.ok(waiting.has('正在检查病毒') && waiting.root.querySelector('#files-attachment[data-enhance=poll]') && !waiting.root.querySelector('#files-attachment a, #files-attachment img'), waiting.text)
    const refused = await tutor.get(await pathOf())
    assert.deepEqual([refused.status, refused.has('这个文件正在检查病毒，请过一会儿再打开')], [403, true])
    hall.clock.advance(11 * 60_000)
    const { userid } = await holderOf(hall, 'admin')
    const console_ = await hall.phone(userid)
    assert.ok((await console_.get('/admin')).has('有 1 个上传的文件等病毒检查超过十分钟'))
    await hall.drain()
    await clamd.restart()
    hall.clock.advance(AGAIN)
    await hall.drain()
    assert.equal((await tutor.get(await pathOf())).status, 200)
    assert.ok(!(await console_.get('/admin')).has('等病毒检查超过'))
  })

  await t.test('sent before it was found out: approvers read that it is gone, and the applicant hears of it', async () => {
    const { client, name } = await hall.student()
    await unseen(async () => {
      await upload(client, INFECTED)
      await send(client)
    })
    const task = await openTask(tutor, name)
    assert.ok(task.has('查出病毒，已删除') && task.has('附件里查出病毒（Eicar-Test-Signature.UNOFFICIAL），文件已删除'), task.text)
    const refused = await tutor.get(await pathOf())
    assert.deepEqual([refused.status, refused.has('这个文件没有通过病毒检查，不能打开')], [403, true])
    assert.ok((await client.get('/messages')).has('可以请办理人退回修改后补上'))
    await decide(tutor, name, 'return', '请换一个附件')
    const correction = `${(await client.get('/sent')).link('在读证明')}/correction`
    const again = await client.submit(await client.get(correction), correction, { ...GOOD, intent: 'submit' })
    assert.deepEqual([again.status, again.has('里查出病毒，已经删除')], [422, true])
  })

  await t.test('the same bytes under many names are gone at once, and everybody who uploaded them is told', async () => {
    const [one, other] = [await hall.student(), await hall.student()]
    const twin: File = { ...INFECTED, filename: '另一份.pdf', content: Buffer.concat([INFECTED_PDF, Buffer.from('%')]) }
    await upload(one.client, twin)
    await upload(other.client, twin)
    await hall.drain()
    const { sha256 } = await newest()
    const rows = await db.selectFrom('services_attachments').select(['status', 'uploaded_by']).where('sha256', '=', sha256).execute()
    assert.deepEqual(rows.map(row => row.status), ['infected', 'infected'])
    for (const { client } of [one, other]) assert.ok((await client.get('/messages')).has('另一份.pdf'))
  })

  await t.test('a job that was killed after the record deletes the bytes when it comes again', async () => {
    const { client } = await hall.student()
    const sha256 = await unseen(async () => {
      await upload(client, INFECTED)
      const { sha256: kept, id } = await newest()
      await db.updateTable('services_attachments').set({ status: 'infected' }).where('id', '=', id).execute()
      assert.ok(isKept(kept))
      return kept
    })
    assert.ok(!isKept(sha256))
  })

  await t.test('what calls itself a document and is EICAR is not even taken', async () => {
    const { client } = await hall.student()
    const page = await upload(client, { ...PDF, content: EICAR })
    assert.deepEqual([page.status, page.has('的内容不是 PDF / JPG / PNG')], [422, true])
  })
})

test('without a scanner files are open at once, and the console says that nobody looks at them', async t => {
  const hall = await startCampus(t)
  const { client, name } = await hall.student()
  await client.submit(await client.get(APPLY), APPLY, { ...GOOD, attachment: PDF, intent: 'submit' })
  const task = await openTask(await hall.as('李敏'), name)
  assert.ok(!task.has('病毒') && task.root.querySelector('#files-attachment a'))
  const { userid } = await holderOf(hall, 'admin')
  assert.ok((await (await hall.phone(userid)).get('/admin')).has('没有配置病毒检查（CLAMD_URL），上传的文件不经检查就能打开'))
})
