import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { checkText, type ServiceDefinition } from '../../src/features/services/catalogue.ts'
import { createServices, type Services } from '../../src/features/services/index.ts'
import { createFiles } from '../../src/integrations/files/index.ts'
import { textIn } from '../../src/platform/text.ts'
import { cast } from '../support/people.ts'
import { startCampus } from './campus.ts'

const KEY = 'enrolment-certificate'
const t = textIn('zh')
const base = (): ServiceDefinition => JSON.parse(readFileSync(join(import.meta.dirname, `../../src/catalogue/services/${KEY}.json`), 'utf8'))
const called = (title: string): ServiceDefinition => ({ ...base(), title })

test('a file and the console publish the same service: what was published last is in force, in every process', async context => {
  const campus = await startCampus(context)
  const { database, approvals, identity, keyring, messages } = campus.app
  const { db, write } = database
  const { admin, security } = await cast(campus.app)
  const folder = mkdtempSync(join(tmpdir(), 'hall-offered-'))
  context.after(() => rmSync(folder, { recursive: true, force: true }))

  /** A process that starts with these files; `ask`: a page of it. */
  async function startProcess(...files: ServiceDefinition[]): Promise<{ services: Services; ask(): Promise<string[]> }> {
    const own = mkdtempSync(join(folder, 'p'))
    for (const [at, file] of files.entries()) writeFileSync(join(own, `${at === 0 ? KEY : `other-${at}`}.json`), JSON.stringify(file))
    const services = createServices({
      database, clock: campus.clock, workingTime: { isWorkday: () => true, add: from => from, addDays: from => from, between: () => 0 }, keyring, identity, approvals, messages, scanner: null,
      files: createFiles(`file:${join(folder, 'files')}`), labels: () => new Map(), documentKinds: () => ['enrolment-zh', 'enrolment-en'], folder: own,
    })
    let starting: Promise<void> | undefined
    const gate = services.gate as unknown as () => Promise<undefined>
    const ask = async () => {
      await gate()
      return services.all(t, 'enrolled').filter(line => line.key === KEY || line.key.startsWith('other-')).map(line => line.title)
    }
    // Of a server nothing is needed here but that it starts.
    await services.routes?.(Object.assign(Object.create(null), { addHook: (_when: string, run: () => Promise<void>) => { starting = run() }, register: () => Promise.resolve() }), {})
    await starting
    return { services, ask }
  }

  const publishing = async (services: Services, definition: ServiceDefinition, person = admin) => {
    const read = checkText(KEY, JSON.stringify(definition), () => [])
    assert.ok('service' in read)
    await write(tx => services.propose(tx, person, { service: read.service, file_name: 'x.json' }))
    return { key: KEY, word: 'proposal', hash: read.service.hash, agreed: [], note: '' }
  }
  const numbers = async () => (await db.selectFrom('services_publications').select(['turn', 'act', 'by_file']).where('service_key', '=', KEY).orderBy('turn').execute()).map(row => `${row.turn} ${row.act}${row.by_file ? ' by file' : ''}`)

  const first = await startProcess(base())
  const second = await startProcess(base())
  assert.deepEqual([await first.ask(), await second.ask()], [['在读证明'], ['在读证明']])

  await context.test('what one process publishes the others have with their next page', async () => {
    const asked = await publishing(first.services, called('在读证明（新）'))
    assert.deepEqual(await write(tx => first.services.publishEdition(tx, admin, asked)), { outcome: 'published' })
    assert.deepEqual([await first.ask(), await second.ask()], [['在读证明（新）'], ['在读证明（新）']])
  })

  await context.test('a list stays the same list until something is published', async () => {
    await first.ask()
    const list = first.services.all(t, 'enrolled')
    await first.ask()
    assert.equal(first.services.all(t, 'enrolled'), list)
  })

  await context.test('a process that starts with the same file changes nothing, one with another text publishes it', async () => {
    const same = await startProcess(base())
    assert.deepEqual(await same.ask(), ['在读证明（新）'])
    const release = await startProcess(called('在读证明（随新版本）'))
    assert.deepEqual([await release.ask(), await first.ask()], [['在读证明（随新版本）'], ['在读证明（随新版本）']])
    assert.deepEqual((await numbers()).slice(-2), ['2 published', '3 published by file'])
  })

  await context.test('many processes that start at once bring a new file once', async () => {
    const before = await numbers()
    const started = await Promise.all(Array.from({ length: 4 }, () => startProcess(called('在读证明（齐）'), called('另一项'))))
    for (const each of started) assert.deepEqual((await each.ask()).toSorted(), ['另一项', '在读证明（齐）'].toSorted())
    assert.equal((await numbers()).length, before.length + 1)
    assert.equal((await db.selectFrom('services_publications').select('turn').where('service_key', '=', 'other-1').execute()).length, 1)
  })

  await context.test('of two administrators who publish at the same moment one is told', async () => {
    const asked = await publishing(first.services, called('在读证明（争）'))
    const both = await Promise.allSettled([write(tx => first.services.publishEdition(tx, admin, asked)), write(tx => second.services.publishEdition(tx, security, asked))])
    assert.deepEqual(both.map(one => one.status).toSorted(), ['fulfilled', 'rejected'])
    for (const one of both) if (one.status === 'rejected') assert.ok(['conflict', 'not-found'].includes(one.reason.kind), String(one.reason))
    assert.deepEqual(await second.ask(), ['在读证明（争）', '另一项'])
  })

  await context.test('withdrawn stays withdrawn when a new text is published', async () => {
    await write(tx => first.services.withdrawService(tx, admin, { key: KEY, reason: '停' }))
    const asked = await publishing(first.services, called('在读证明（停）'))
    await write(tx => first.services.publishEdition(tx, admin, asked))
    assert.deepEqual(await second.ask(), ['另一项'])
    await first.ask()
    assert.deepEqual(first.services.titles().filter(one => one.key === KEY).map(one => one.title), ['在读证明（停）'])
    await write(tx => second.services.restoreService(tx, admin, { key: KEY }))
    assert.deepEqual(await first.ask(), ['在读证明（停）', '另一项'])
  })

  await context.test('what a later release wrote and this one cannot read closes that service alone', async () => {
    const strange = { ...base(), form: { fields: [{ key: 'a', type: 'hologram', label: '甲' }] } }
    await db.insertInto('services_versions').values({ id: '01JDSTRANGESTRANGESTRANGES', service_key: KEY, version: 99, definition: JSON.stringify(strange), hash: 'f'.repeat(64), published_at: 1 }).execute()
    const turn = (await numbers()).length + 1
    await db.insertInto('services_publications').values({ service_key: KEY, turn, act: 'published', version_id: '01JDSTRANGESTRANGESTRANGES', offered: 1, by_file: 0, note: '', person_id: null, person_name: null, at: 1 }).execute()
    assert.deepEqual(await first.ask(), ['另一项'])
    const desk = await campus.phone(admin.userid)
    const page = await desk.get(`/admin/services/${KEY}`)
    assert.equal(page.status, 200)
    assert.ok(page.has('无法使用'), page.text)
    assert.ok((await desk.get('/admin/services?state=unreadable')).has(KEY))
    assert.equal((await desk.get(`/admin/services/${KEY}/99`)).status, 409)
  })
})
