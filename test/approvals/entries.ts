import type { ApprovalStep, ParallelStep, Step } from '../../src/features/approvals/define.ts'
import type { Entry } from '../../src/features/approvals/rules/history.ts'

export function approval(id: string, more: Partial<ApprovalStep> = {}): ApprovalStep {
  return { id, kind: 'approval', label: id, approver: { rule: 'person' }, mode: 'any', ...more }
}

export function parallel(id: string, ...branches: Step[][]): ParallelStep {
  return { id, kind: 'parallel', label: id, branches }
}

/** Tasks are named by node and person: node 2 of person b is '2b'. */
export function assigned(node: number, ...people: string[]): Entry {
  return { kind: 'assigned', at: 1, node, tasks: people.map(id => ({ id: `${node}${id}`, person_id: id, person_name: id, rule: 'person', reason: 'rule' })) }
}

export function decided(task: string, by: string, decision: 'approve' | 'reject'): Entry {
  return { kind: 'decided', at: 1, task, by, decision }
}

export function returned(task: string, by: string): Entry {
  return { kind: 'returned', at: 1, task, by, to: 'applicant' }
}
