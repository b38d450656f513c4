import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Context, Person } from '../deps.ts'
import { getApplication } from '../store/applications.ts'
import { draftVerbs, type Sent } from './draft.ts'
import { submit, type Submission } from './submit.ts'
import type { Faults } from '../rules/form.ts'

export type Verbs = ReturnType<typeof createVerbs>

/** What can be done with applications; each takes the open transaction first. */
export function createVerbs(context: Context) {
  const { approvals, versions } = context
  return {
    ...draftVerbs(context),
    submit: (tx: Tx, person: Person, sent: Sent & { faults?: Faults }): Promise<Submission> => submit(context, tx, person, sent),
    /** Makes a version of every service whose text is new. */
    publish: (tx: Tx): Promise<void> => versions.publishAll(tx),

    /** 撤回; approvals says whether it may be, and our row follows its event. */
    async withdraw(tx: Tx, person: Person, id: string): Promise<void> {
      await approvals.withdraw(tx, actorOf(person), { instance_id: await instanceIdOf(tx, id) })
    },

    /** 催办: whoever holds it is told again. */
    async urge(tx: Tx, person: Person, id: string): Promise<void> {
      await approvals.urge(tx, actorOf(person), { instance_id: await instanceIdOf(tx, id) })
    },
  }
}

async function instanceIdOf(tx: Tx, id: string): Promise<string> {
  const { instance_id } = await getApplication(tx, id)
  if (instance_id === null) throw new AppError('conflict', '这份申请还没有提交')
  return instance_id
}

function actorOf({ person_id, number }: Person) {
  return { person_id, number }
}
