import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { after, before, describe, test, type TestContext } from 'node:test'
import { createApp } from '../../src/app.ts'
import { fileVerdict } from '../../src/features/documents/shared/verdict.ts'
import { archiveSeals } from '../../src/features/documents/sealing/jobs.ts'
import { checkSignature } from '../../src/integrations/seal/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import { schoolInstant, schoolTime } from '../../src/platform/dates.ts'
import { enqueue } from '../../src/platform/jobs.ts'
import { startTestApp } from '../support/app.ts'
import { type Authority, startAuthority } from '../support/authority.ts'
import { quietLog } from '../support/database.ts'
import { othersAgree } from '../support/pdf.ts'
import { cast } from '../support/people.ts'
import { approved, checks, documentOf, issued, sharedCleaner, upload } from './office.ts'

const MINUTE = 60_000
const DAY = 1440 * MINUTE

describe('the level of a document', () => {
  const shared = sharedCleaner(after)
  let authority: Authority
  let own: Awaited<ReturnType<Authority['issue']>>
  before(async () => {
    authority = await startAuthority(shared)
    own = await authority.issue('明湖大学电子签章', { key: 'ec' })
  })

  /** The hall with this seal, on the authority's clock. */
  function hallOf(t: TestContext, { key = own, tsa = true, archive = false, clock = testClock(Date.now()) } = {}) {
    writeFileSync(`${authority.folder}/roots.pem`, authority.root)
    return startTestApp(t, { clock, env: { SEAL_P12: '', SEAL_P12_PASSWORD: '', SEAL_KEY: key.key, SEAL_CERT: key.chain, SEAL_ROOTS: `${authority.folder}/roots.pem`, ...tsa && { TSA_URL: authority.tsaUrl }, ...archive && { SEAL_ARCHIVE: 'on' } } })
  }

  test('with everybody there a document is of level B-LT at once, and who cuts off what follows the seal still has it', async t => {
    const hall = await hallOf(t)
    const { document, pdf } = await issued(hall)
    assert.equal(document.level, 'B-LT')
    await othersAgree(t, pdf, { roots: [authority.root], level: 'B-LT' })
    const told = checks(await upload(hall.stranger(), pdf))
    for (const line of ['green 文件里带着证书当时没有被吊销的证明', 'green 签章的级别：PAdES B-LT签章、时间戳和证书的证明都在文件里']) assert.ok(told.some(each => each.startsWith(line)), told.join('\n'))
    assert.match(told.find(each => each.includes('第三方的时间戳')) ?? '', /^green .*出具时间戳的机构：.+/)
    const [revision] = await hall.app.database.db.selectFrom('documents_revisions').selectAll().where('document_id', '=', document.id).execute()
    assert.equal(revision?.level, 'B-T')
    const cut = prefixWith(pdf, revision?.sha256 ?? '')
    await othersAgree(t, cut, { roots: [authority.root], level: 'B-T' })
    assert.ok((await upload(hall.stranger(), cut)).has(document.number))
  })

  test('where our clock is ahead a document waits, and is sealed within a minute after the clock was set right', async t => {
    const hall = await hallOf(t, { clock: testClock(Date.now() + 180 * MINUTE) })
    const { student } = await cast(hall.app)
    const application = await approved(hall, await hall.phone(student.userid))
    await hall.drain()
    assert.equal((await documentOf(hall.app, application)).status, 'reserved')
    hall.clock.set(Date.now())
    await hall.app.runner.tick()
    hall.clock.advance(MINUTE)
    await hall.drain()
    assert.equal((await documentOf(hall.app, application)).status, 'issued')
  })

  test('while the time stamp authority is away a document is sealed all the same; later it is raised, and what was sent before stays known', async t => {
    // The authority goes by the machine's clock: only at the end the hall does as well.
    const hall = await hallOf(t, { clock: testClock(Date.now() - 21 * MINUTE) })
    authority.trouble.tsa = 'down'
    const { document, pdf, phone } = await issued(hall)
    assert.equal(document.level, 'B-B')
    assert.ok((await upload(hall.stranger(), pdf)).has(document.number))
    const lowered = await hall.app.database.db.selectFrom('events').select('data').where('name', '=', 'documents.lowered').executeTakeFirstOrThrow()
    assert.deepEqual(JSON.parse(lowered.data), { document_id: document.id, level: 'B-B', wished: 'B-LT' })

    hall.clock.advance(10 * MINUTE)
    await hall.drain()
    assert.equal((await documentOf(hall.app, document.application_id ?? '')).level, 'B-B', 'still away')
    authority.trouble.tsa = undefined
    hall.clock.advance(11 * MINUTE)
    await hall.drain()

    const raised = await documentOf(hall.app, document.application_id ?? '')
    assert.equal(raised.level, 'B-LT')
    const { bytes } = await phone.get(`/documents/${document.id}/file`)
    await othersAgree(t, bytes, { roots: [authority.root], level: 'B-LT', documentStamp: true })
    const log = (await phone.get(`/documents/${document.id}/log`)).text
    assert.match(log, /签章补到了 B-LT.*签章先做到 B-B，以后自动补到 B-LT.*学校签章.*签章级别 PAdES B-B/)
    assert.deepEqual(Buffer.from(bytes.subarray(0, pdf.length)), Buffer.from(pdf))
    const old = await upload(hall.stranger(), pdf)
    assert.ok(old.has(document.number) && checks(old).length > 0, old.text)
    assert.equal(hall.simulator.state.mails.length, 1, 'nobody is told again')
  })

  test('where it is asked for, a paper is stamped as a whole by job, and again before that stamp ends; without the authority it stays what it is', async t => {
    const hall = await hallOf(t, { archive: true })
    const { document: { id, application_id }, pdf, phone } = await issued(hall)
    // The authority goes by the machine's clock, which the hall's must not leave: the job is asked for, and not awaited.
    const atWork = async () => {
      await hall.app.database.write(tx => enqueue(tx, archiveSeals, {}))
      await hall.drain()
      return documentOf(hall.app, application_id ?? '')
    }
    authority.trouble.tsa = 'down'
    assert.deepEqual([(await atWork()).level, (await atWork()).archived_until], ['B-LT', null])
    authority.trouble.tsa = undefined
    hall.clock.advance(MINUTE)
    const once = await atWork()
    assert.equal(once.level, 'B-LTA')
    const first = await phone.get(`/documents/${id}/file`)
    await othersAgree(t, first.bytes, { roots: [authority.root], level: 'B-LTA' })
    assert.equal((await atWork()).sha256, once.sha256, 'the same certificate would prove nothing longer')

    await authority.renewStamping(58)
    const twice = await atWork()
    assert.ok((twice.archived_until ?? 0) > (once.archived_until ?? 0))
    const { bytes } = await phone.get(`/documents/${id}/file`)
    const day = new Date((twice.archived_until ?? 0) + 8 * 60 * MINUTE).toISOString().slice(0, 10)
    const told = checks(await upload(hall.stranger(), bytes))
    assert.ok(told.some(line => line.startsWith('green 签章的级别：PAdES B-LTA')) && told.some(line => line.includes(`文件里的时间戳能证明到 ${day}`)), told.join('\n'))
    assert.match((await phone.get(`/documents/${id}/log`)).text, new RegExp(`盖了归档时间戳（B-LTA），时间证明到 ${day}.*盖了归档时间戳.*签章级别 PAdES B-LT `))
    for (const old of [pdf, first.bytes]) assert.ok((await upload(hall.stranger(), old)).has('真实有效'))
  })

  test('a certificate that was called back: documents wait, the console says why, and go on with a new one', async t => {
    const gone = await authority.issue('明湖大学旧章', { key: 'ec' })
    await authority.revoke(gone.certificate)
    // What is called back after the hall's moment does not count for it.
    const clock = testClock(Date.now())
    const hall = await hallOf(t, { key: gone, clock })
    const { student, admin } = await cast(hall.app)
    const phone = await hall.phone(student.userid)
    const application = await approved(hall, phone)
    await hall.drain()
    assert.equal((await documentOf(hall.app, application)).status, 'reserved')
    assert.ok((await (await hall.phone(admin.userid)).get('/admin')).has('已被签发机构吊销'))

    const { config } = hall.app
    const restarted = await createApp({ ...config, seal: { ...config.seal, key: own.key, certificates: own.chain } }, { clock, log: quietLog })
    t.after(() => restarted.close())
    clock.advance(2 * MINUTE)
    const [job] = await restarted.runner.due('documents', 1)
    assert.equal(await restarted.runner.runJob(job?.id ?? ''), true)
    assert.equal((await documentOf(hall.app, application)).level, 'B-LT')
  })

  test('administrators are told 60, 30, 7 days and one day before the certificate ends and on that day, by the calendar, once each; the console says it all the while', async t => {
    const ending = await authority.issue('明湖大学电子签章', { key: 'ec', days: 90 })
    const end = Date.parse(new X509Certificate(readFileSync(ending.certificate)).validTo)
    const hall = await hallOf(t, { key: ending, tsa: false })
    const { admin } = await cast(hall.app)
    const admins = (await hall.app.identity.admins(hall.app.database.db)).length
    let seen = 0
    /** What is told so many days before that day, whatever the hour of either. */
    const told = async (days: number, time = '08:40') => {
      hall.clock.set(schoolInstant(schoolTime(end - days * DAY).date, time) ?? 0)
      await hall.app.database.db.deleteFrom('jobs').execute()
      await hall.app.runner.tick()
      await hall.drain()
      const messages = await hall.app.database.db.selectFrom('messages_messages').select('title').where('kind', '=', 'documents.seal-ending').execute()
      const fresh = messages.slice(seen).map(({ title }) => title)
      seen = messages.length
      assert.equal(fresh.length, fresh[0] ? admins : 0)
      return fresh[0]
    }
    const overview = async () => (await (await hall.phone(admin.userid)).get('/admin')).text
    assert.equal(await told(61, '23:50'), undefined)
    assert.doesNotMatch(await overview(), /电子签章的证书/)
    assert.equal(await told(60), '电子签章的证书还有 60 天到期')
    assert.match(await overview(), /电子签章的证书还有 60 天（[-\d]+）到期/)
    assert.equal(await told(60, '23:50'), undefined)
    assert.equal(await told(31, '23:50'), undefined)
    assert.equal(await told(30), '电子签章的证书还有 30 天到期')
    assert.equal(await told(7, '23:50'), '电子签章的证书还有 7 天到期')
    assert.equal(await told(2), undefined)
    assert.equal(await told(1), '电子签章的证书还有 1 天到期')
    assert.equal(await told(0), '电子签章的证书今天到期')
    assert.equal(await told(0, '23:50'), undefined)
    hall.clock.set(end - 1000)
    assert.match(await overview(), /电子签章的证书今天 \d\d:\d\d 到期/)
    hall.clock.set(end)
    const ended = await overview()
    assert.ok(ended.includes('电子签章的证书已经过期') && !ended.includes('今天'), ended)
    assert.equal(await told(-1), undefined)
  })

  test('after a change of key the console names an earlier certificate that nobody put among those trusted, while papers of it hold', async t => {
    const hall = await hallOf(t, { tsa: false })
    const { document, pdf } = await issued(hall)
    const next = await authority.issue('明湖大学新章', { key: 'ec' })
    const { config, database } = hall.app
    const warned = async (roots: string | undefined) => {
      const app = await createApp({ ...config, seal: { ...config.seal, key: next.key, certificates: next.chain, roots } }, { clock: hall.clock, log: quietLog })
      t.after(() => app.close())
      return (await app.warnings()).filter(({ text }) => text.startsWith('以前的签章证书')).map(({ params }) => params?.name)
    }
    assert.deepEqual(await warned(undefined), ['明湖大学电子签章'])
    const read = fileVerdict(await checkSignature(pdf, { roots: [readFileSync(next.certificate, 'utf8')], at: hall.clock.now() }), { status: 'issued' }, phrase => phrase)
    assert.deepEqual([read.word, read.checks.find(({ ok }) => ok === false)?.text], ['不能确认', '签章的证书不在学校公布的证书之列'])
    assert.deepEqual(await warned(own.certificate), [])
    assert.deepEqual(await warned(`${authority.folder}/roots.pem`), [], 'or the authority that issued it')
    assert.ok((await upload(hall.stranger(), pdf)).has('真实有效'))
    await database.db.updateTable('documents_documents').set({ status: 'revoked' }).where('id', '=', document.id).execute()
    assert.deepEqual(await warned(undefined), [])
  })

  test('after a change of key what the earlier one sealed stays genuine, where its certificate is among SEAL_ROOTS', async t => {
    const hall = await hallOf(t, { tsa: false })
    const { pdf } = await issued(hall)
    const next = await authority.issue('明湖大学新章', { key: 'rsa' })
    const { config } = hall.app
    const restarted = await startTestApp(t, { clock: hall.clock, env: { SEAL_P12: '', SEAL_P12_PASSWORD: '', SEAL_KEY: next.key, SEAL_CERT: next.chain, SEAL_ROOTS: folderOf(authority.folder, own.certificate) } })
    assert.ok(restarted.app.config.seal.key !== config.seal.key)
    // Another hall's register does not know it, but whose seal it is stays certain.
    assert.ok((await upload(restarted.stranger(), pdf)).has('签章的证书属于学校'))
  })
})

/** The beginning of the file with this SHA-256. */
function prefixWith(pdf: Uint8Array, sha256: string): Uint8Array {
  const text = Buffer.from(pdf)
  for (let end = text.indexOf('%%EOF'); end >= 0; end = text.indexOf('%%EOF', end + 1)) {
    for (const length of [end + 5, end + 6, end + 7]) if (createHash('sha256').update(text.subarray(0, length)).digest('hex') === sha256) return text.subarray(0, length)
  }
  throw new Error('no such beginning')
}

/** A folder with one certificate in it. */
function folderOf(parent: string, certificate: string): string {
  const folder = `${parent}/earlier`
  mkdirSync(folder, { recursive: true })
  copyFileSync(certificate, `${folder}/2025.pem`)
  return folder
}
