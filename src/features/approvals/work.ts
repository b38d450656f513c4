import { Type } from 'typebox'
import { defineJob, defineQueue } from '../../platform/jobs.ts'

/** What the verbs leave to be done; the handlers are in jobs.ts. `node`: number of the visit. */
const ofNode = Type.Object({ instance_id: Type.String(), node: Type.Integer() })

const clocks = defineQueue('approval-clocks', { concurrency: 4 })
const calls = defineQueue('approval-calls', { concurrency: 4 })
const handovers = defineQueue('approval-handovers', { concurrency: 1 })

/** Looks whether the time of a node is up. Late, doubled or for what is over it does nothing. */
export const tick = defineJob({ name: 'approvals.tick', queue: clocks, input: ofNode })
export const callOut = defineJob({ name: 'approvals.call', queue: calls, input: ofNode, attempts: 5 })
/** Before the offices open: who holds tasks and has left. */
export const findForsaken = defineJob({ name: 'approvals.find-forsaken', queue: clocks, every: { dailyAt: '08:00' } })
export const handOverTasks = defineJob({ name: 'approvals.hand-over', queue: handovers, input: Type.Object({ handover_id: Type.String() }) })
