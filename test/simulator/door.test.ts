import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startSimulator } from '../../src/simulator/index.ts'
import { ticketSignature } from '../../src/simulator/tickets.ts'
import { aesKey, agentId, buttonCard, cardMessage, textMessage, world } from './support.ts'

test('reset brings back the people and forgets everything that happened', async (t) => {
  const { sim, call } = await world(t)
  await call('message/send', textMessage('x'))
  await call('message/send', cardMessage(buttonCard('t-1')))
  await call('user/delete?userid=lisi', undefined, 'contacts')
  await call('agent/set', { agentid: agentId, name: '别的' })
  await sim.waitIdle()
  sim.trouble.busy = true
  sim.reset()
  assert.deepEqual([sim.state.messagesTo('zhangsan').length, sim.state.callbacks.length, sim.state.calls.length, sim.trouble.busy, sim.state.agent.name], [0, 0, 0, false, '办事大厅'])
  assert.equal(sim.state.member('lisi')?.name, '李四')
  assert.equal((await call('message/send', cardMessage(buttonCard('t-1')))).errcode, 0, 'the task_id is free again')
})

test('a page signature is accepted with the ticket it was made with, for its own address', async (t) => {
  const { sim, call, pass } = await world(t)
  const { ticket } = await call('ticket/get?type=agent_config')
  const page = { noncestr: 'n', timestamp: '1', url: 'http://localhost:3000/scan?a=1' }
  const signature = ticketSignature(String(ticket), page)
  assert.deepEqual([sim.signed('agent_config', signature, page), sim.signed('corp', signature, page), sim.signed('agent_config', signature, { ...page, url: 'http://localhost:3000/' })], [true, false, false])
  pass(7200_000)
  assert.equal(sim.signed('agent_config', signature, page), false)
})

test('keys that the console would not save are refused at the start', async () => {
  const options = { corpId: 'ww1', agentId, secret: 's', token: 't', encodingAesKey: aesKey, hallOrigin: 'http://localhost:3000', departments: [], members: [] }
  await assert.rejects(startSimulator({ ...options, encodingAesKey: 'short' }), /EncodingAESKey/)
  await assert.rejects(startSimulator({ ...options, token: 'a-b' }), /token/)
})
