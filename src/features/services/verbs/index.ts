import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import type { SignedIn } from '../../../platform/web.ts'
import type { Context, Person } from '../deps.ts'
import { wholeSeen } from '../events.ts'
import { canSeeWhole } from '../rules/sight.ts'
import { openSecrets } from '../secrets.ts'
import { getApplication } from '../store/applications.ts'
import { amend, attach } from './amend.ts'
import { changeVersion } from './change-version.ts'
import { askCorrections, type Asking } from './correct.ts'
import { decide, type Deciding, keepSignature } from './decide.ts'
import { draftVerbs, type Sent } from './draft.ts'
import { limitVerbs } from './limits.ts'
import { offeringVerbs } from './offering.ts'
import { submit, type Submission } from './submit.ts'
import { keepingVerbs } from './forget.ts'
import type { Faults } from '../rules/form.ts'

export type Verbs = ReturnType<typeof createVerbs>

/** What can be done with applications; each takes the open transaction first. */
export function createVerbs(context: Context) {
  const { approvals, versions } = context
  return {
    ...draftVerbs(context),
    ...offeringVerbs(context),
    ...limitVerbs(context),
    ...keepingVerbs(context),
    submit: (tx: Tx, person: Person, sent: Sent & { faults?: Faults }): Promise<Submission> => submit(context, tx, person, sent),
    amend: (tx: Tx, viewer: Pick<SignedIn, 'person_id' | 'number'>, sent: Sent & { faults?: Faults }): Promise<{ faults: Faults }> => amend(context, tx, viewer, sent),
    attach: (tx: Tx, viewer: Pick<SignedIn, 'person_id' | 'number'>, sent: Sent): Promise<void> => attach(context, tx, viewer, sent),
    decide: (tx: Tx, viewer: Pick<SignedIn, 'person_id' | 'number'>, deciding: Deciding): Promise<{ faults: Faults }> => decide(context, tx, viewer, deciding),
    keepSignature: (tx: Tx, viewer: Pick<SignedIn, 'person_id' | 'number'>, sent: Pick<Deciding, 'task' | 'uploads' | 'remove'>): Promise<void> => keepSignature(context, tx, viewer, sent),
    askCorrections: (tx: Tx, viewer: Pick<SignedIn, 'person_id' | 'number' | 'name'>, asking: Asking): Promise<void> => askCorrections(context, tx, viewer, asking),

    changeVersion: (tx: Tx, actor: Actor, input: { application_id: string; version_id: string; reason: string }): Promise<void> => changeVersion(context, tx, actor, input),

    /** What a mask stands for, for who may see it; that they did stays in the record. */
    async seeWhole(tx: Tx, viewer: SignedIn, { id, field }: { id: string; field: string }): Promise<string> {
      const row = await getApplication(tx, id)
      const { definition, form } = await versions.get(tx, row.version_id)
      const nodes = row.instance_id ? await approvals.nodesOf(tx, row.instance_id) : []
      if (!canSeeWhole({ person_id: row.person_id, flow: definition.flow, form, nodes }, viewer, field)) throw new AppError('forbidden', '完整的证件号码只有申请人和正在办理的人能看')
      const whole = new Map(Object.entries(await openSecrets(context, tx, form, { application_id: id, revision: row.revision }))).get(field)
      if (whole === undefined) throw new AppError('not-found', '没有找到要看的内容')
      await emit(tx, wholeSeen, { application_id: id, field }, { subject: id, actor: actorOf(viewer) })
      return whole
    },

    /** Publishes every file whose text is new. */
    publish: (tx: Tx): Promise<void> => context.catalogue.takeFiles(tx),

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

function actorOf({ person_id, number }: Pick<Person, 'person_id' | 'number'>) {
  return { person_id, number }
}
