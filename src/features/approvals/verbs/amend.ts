import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Instance, instanceOf, lockInstance, updateForm } from '../store.ts'

/** The form as it stands now, where somebody at a node filled in what is theirs to fill in: later nodes see it. Who may is the owner's business. */
export async function amend(tx: Tx, { instance_id, form, summary }: { instance_id: string } & Pick<Instance, 'form' | 'summary'>): Promise<void> {
  await lockInstance(tx, instance_id)
  const instance = await instanceOf(tx, instance_id)
  if (instance?.status !== 'running') throw new AppError('conflict', '这份申请已经不在审批中，填写的内容没有保存')
  await updateForm(tx, instance_id, { ...instance, form, summary })
}
