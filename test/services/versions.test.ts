import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createServices } from '../../src/features/services/index.ts'
import { createFiles } from '../../src/integrations/files/index.ts'
import { apply, decide, GOOD, startCampus } from './campus.ts'

const FILE = 'enrolment-certificate.json'

test('a service that changes makes a version; what is under way finishes on its own', async t => {
  const campus = await startCampus(t)
  const { database, approvals, identity, keyring, messages, services } = campus.app
  const { db, write } = database
  const folder = mkdtempSync(join(tmpdir(), 'hall-services-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  const definition = JSON.parse(readFileSync(join(import.meta.dirname, '../../src/catalogue/services', FILE), 'utf8'))
  definition.form.fields.push({ key: 'copies', type: 'text', label: '份数', required: true })
  writeFileSync(join(folder, FILE), JSON.stringify(definition))
  const changed = createServices({ database, clock: campus.clock, workingTime: { isWorkday: () => true, add: from => from, addDays: from => from, between: () => 0 }, keyring, identity, approvals, messages, scanner: null, files: createFiles(`file:${join(folder, 'files')}`), labels: () => new Map(), documentKinds: () => [], folder })
  const personOf = (name: string) => db.selectFrom('identity_people').innerJoin('identity_numbers as number', 'number.number', 'identity_people.number')
      .select(['identity_people.id as person_id', 'identity_people.number', 'identity_people.name', 'number.standing', 'number.kind']).where('name', '=', name).executeTakeFirstOrThrow()
  const versions = () => db.selectFrom('services_versions').select(['version', 'hash']).where('service_key', '=', 'enrolment-certificate').orderBy('version').execute()
  const early = await campus.student()
  const sent = await apply(early.client)
  const id = sent.path.slice('/applications/'.length)
  assert.equal((await versions()).length, 1)

  await t.test('the same text is the same version, the new text is the next, however many nodes publish it at once', async () => {
    await Promise.all([write(changed.publish), write(changed.publish), write(services.publish), write(changed.publish)])
    assert.deepEqual((await versions()).map(row => row.version), [1, 2])
  })

  await t.test('a draft begun before follows the service as it is now', async () => {
    const person = await personOf((await campus.student()).name)
    const draft = await write(tx => services.open(tx, person, 'enrolment-certificate'))
    const input = { purpose: 'visa', language: 'zh', mailbox: 'a@example.com' }
    const refused = await write(tx => changed.submit(tx, person, { id: draft.id, input }))
    assert.deepEqual(refused, { outcome: 'refused', faults: { copies: { sentence: '请填写“{label}”', params: { label: '份数' } } } })
    assert.deepEqual(await write(tx => changed.submit(tx, person, { id: draft.id, input: { ...input, copies: '2' } })), { outcome: 'sent' })
    assert.equal((await changed.applicationById(db, draft.id)).form.copies, '2')
  })

  await t.test('what was returned is corrected on the form it was sent with', async () => {
    await decide(await campus.as('李敏'), early.name, 'return', '改一下')
    const input = { purpose: 'visa', language: 'en', mailbox: String(GOOD.mailbox) }
    const person = await personOf(early.name)
    assert.deepEqual(await write(tx => changed.submit(tx, person, { id, input })), { outcome: 'sent' })
    assert.equal((await services.applicationById(db, id)).outcome.document?.kind, 'enrolment-en')
  })
})
