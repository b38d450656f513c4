import { AppError } from '../../../platform/errors.ts'
import { can } from '../../../platform/rights.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { TaskView } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'

/** That a task is there, and whose it is, is told to those alone who may see what it is about. */
export async function getTask(context: Context, id: string, viewer: SignedIn): Promise<TaskView> {
  const task = await context.approvals.taskById(context.database.db, id)
  if (!task || !await concerns(context, task, viewer)) throw new AppError('not-found', '没有找到这项待办')
  return task
}

async function concerns({ approvals, database: { db } }: Context, { person_id, applicant_id, instance_id }: TaskView, viewer: SignedIn): Promise<boolean> {
  if ([person_id, applicant_id].includes(viewer.person_id) || can(viewer, 'applications.read')) return true
  return (await approvals.nodesOf(db, instance_id)).some(node => node.tasks.some(task => task.person_id === viewer.person_id))
}
