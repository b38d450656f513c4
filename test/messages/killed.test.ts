import assert from 'node:assert/strict'
import { test } from 'node:test'
import { killer } from '../support/killer.ts'
import { card, type Office, openOffice } from './office.ts'

async function openMortal(t: Parameters<typeof openOffice>[0]) {
  const { around, arm, revive } = killer()
  const office = await openOffice(t, {
    database: real => ({ ...real, write: work => around(() => real.write(work))() }),
    wecom: real => ({ ...real, send: around(real.send), upload: around(real.upload), updateCard: around(real.updateCard) }),
    mailer: real => ({ send: around(real.send) }),
  })
  office.files.set('f'.repeat(64), new TextEncoder().encode('%PDF-1.7 sample'))
  return { office, arm, revive }
}

const RESTARTS = [Infinity, 2, 5] // steps after the restart until it is killed again

test('killed between any two steps, card and file arrive once and the end of the task is told once', async t => {
  const { office, arm, revive } = await openMortal(t)
  for (const again of RESTARTS) {
    for (let steps = 1; ; steps++) {
      // Spelled so that no random id can hold it by chance.
      const name = `kill_${steps}_${again}_end`
      arm(steps)
      await office.tell({ subject: name, title: name, card: card(`T-${name}`), file: { sha256: 'f'.repeat(64), filename: `${name}.pdf` } })
      let struck = await live(office, revive, again, arm)
      await office.database.write(tx => office.messages.closeCard(tx, { task_id: `T-${name}`, text: `${name} 已结束` }))
      struck = await live(office, revive, again, arm) || struck
      if (!struck) break
      assert.deepEqual(seen(office, name), { cards: 1, files: 1, endings: 1 }, `killed at step ${name}`)
      assert.deepEqual((await office.states(name)).filter(state => !state.endsWith(' sent')), [], `killed at step ${name}`)
    }
  }
})

test('killed between any two steps, a mail arrives at most once, and what is not known says so', async t => {
  const { office, arm, revive } = await openMortal(t)
  const known = new Set<string>()
  for (let steps = 1; ; steps++) {
    arm(steps)
    const id = await office.database.write(tx => office.messages.mail(tx, {
      to_address: 'zhangsan@example.org', person_id: null, kind: 'test', subject_line: `${steps}`, text: '请查收', attachments: [], subject: `M${steps}`,
    }))
    const struck = await live(office, revive, Infinity, arm)
    const arrived = office.simulator.state.mails.filter(mail => mail.subject === `${steps}`).length
    const status = (await office.messages.deliveryById(office.database.db, id))?.status
    known.add(`${status} ${arrived}`)
    if (!struck) break
  }
  // Killed before the sending: sent later. Killed around it: nobody can know. Killed after recording: sent.
  assert.deepEqual([...known].toSorted(), ['sent 1', 'unknown 0', 'unknown 1'])
})

async function live(office: Office, revive: () => boolean, again: number, arm: (steps: number) => void): Promise<boolean> {
  await office.drain()
  const struck = revive()
  if (struck) arm(again)
  await office.pass(5 * 60_000, 5)
  if (revive()) arm(Infinity)
  await office.pass(30 * 60_000, 5)
  return struck
}

function seen(office: Office, name: string) {
  const all = office.phone('LiMin').filter(message => JSON.stringify(message).includes(name))
  const told = all.filter(message => message.msgtype === 'textcard' && String(message.content['description']).includes(`${name} 已结束`))
  const cards = all.filter(message => message.task_id === `T-${name}`)
  const changed = cards.filter(message => message.card?.sub_title_text === `${name} 已结束`)
  return { cards: cards.length, files: all.filter(message => message.msgtype === 'file').length, endings: told.length + changed.length }
}
