import type { ApprovalStep } from '../define.ts'
import type { Task } from './history.ts'

/** Whether the approvals given pass the node. A further way of counting is a further case. */
export function isSettled(mode: ApprovalStep['mode'], tasks: readonly Task[]): boolean {
  switch (mode) {
    case 'any': return tasks.some(isApproved)
    case 'all': return tasks.every(isApproved)
  }
}

function isApproved(task: Task): boolean {
  return task.status === 'done' && task.ending?.as === 'approve'
}
