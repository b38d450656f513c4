import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/platform/ids.ts'
import { move } from '../../src/platform/machine.ts'
import { applicationMachine, type Status } from '../../src/features/services/rules/application.ts'
import { insertApplication } from '../../src/features/services/store/applications.ts'
import { openTestDatabase } from '../support/database.ts'

const legal: Record<keyof typeof applicationMachine.edges, Status[]> = {
  submit: ['draft'], return: ['running'], resubmit: ['returned'], withdraw: ['running', 'returned'], approve: ['running'], reject: ['running'],
  revoke: ['approved'], end: ['running', 'returned'],
}
const statuses: Status[] = ['draft', 'running', 'returned', 'approved', 'rejected', 'withdrawn', 'revoked', 'ended']
const verbs = ['submit', 'return', 'resubmit', 'withdraw', 'approve', 'reject', 'revoke', 'end'] as const

test('of every status and verb the legal pairs move an application, and the others say what it is now', async t => {
  const { db, write } = await openTestDatabase(t)
  for (const status of statuses) for (const verb of verbs) {
    const id = newId()
    await write(tx => insertApplication(tx, {
      id, number: null, service_key: 's', version_id: id, title: '在读证明', person_id: id, person_number: '1', person_name: '甲', status, draft_key: null,
      draft: null, form: {}, sources: null, instance_id: null, revision: 1, created_at: 1, saved_at: null, submitted_at: 1, due_at: null, ended_at: null, expires_at: null, warned_at: null, forgotten_at: null, hold_reason: null,
    }))
    const moved = write(tx => move(tx, applicationMachine, { id }, verb, { actor: null, data: { application_id: id } }))
    if (legal[verb].includes(status)) assert.equal(await moved, applicationMachine.edges[verb].to)
    else await assert.rejects(moved, { kind: 'conflict', message: applicationMachine.sentences?.[status] }, `${status} ${verb}`)
    const events = await db.selectFrom('events').select('name').where('subject', '=', id).execute()
    assert.equal(events.length, legal[verb].includes(status) ? 1 : 0)
  }
})
