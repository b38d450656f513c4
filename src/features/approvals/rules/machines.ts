import { defineMachine } from '../../../platform/machine.ts'
import { instanceApproved, instanceEnded, instanceRejected, instanceReturned, instanceRevoked, instanceWithdrawn } from '../events.ts'

export const instanceMachine = defineMachine({
  name: 'approvals.instance',
  table: 'approvals_instances',
  edges: {
    approve: { from: ['running'], to: 'approved', emits: instanceApproved },
    reject: { from: ['running'], to: 'rejected', emits: instanceRejected },
    return: { from: ['running'], to: 'returned', emits: instanceReturned },
    resubmit: { from: ['returned'], to: 'running' },
    withdraw: { from: ['running', 'returned'], to: 'withdrawn', emits: instanceWithdrawn },
    revoke: { from: ['approved'], to: 'revoked', emits: instanceRevoked },
    end: { from: ['running', 'returned'], to: 'ended', emits: instanceEnded },
  },
})

export const nodeMachine = defineMachine({
  name: 'approvals.node',
  table: 'approvals_nodes',
  edges: {
    pass: { from: ['open'], to: 'passed' },
    skip: { from: ['open'], to: 'skipped' },
    reject: { from: ['open'], to: 'rejected' },
    return: { from: ['open'], to: 'returned' },
    cancel: { from: ['open'], to: 'cancelled' },
  },
})

/** done: its own person decided. close: it ended without that person. */
export const taskMachine = defineMachine({
  name: 'approvals.task',
  table: 'approvals_tasks',
  edges: {
    decide: { from: ['open'], to: 'done' },
    close: { from: ['open'], to: 'closed' },
  },
})
