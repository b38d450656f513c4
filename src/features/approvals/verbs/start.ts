import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import type { Actor } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import type { Flow } from '../define.ts'
import { choosingFor, demandChosen } from '../choosing.ts'
import type { VerbDeps } from '../deps.ts'
import { faultsOf } from '../rules/check-flow.ts'
import type { Chosen } from '../rules/history.ts'
import { unborn } from '../rules/run.ts'
import { insertInstance, type Instance, type Line } from '../store.ts'
import { play, type Standing } from './turn.ts'

export type Start = {
  /** the owner's word for what is being approved, at most 60 characters */
  kind: string
  /** the owner's id of it: events are told of it, so that one timeline shows all */
  subject: string
  /** what the owner calls it by: searched by its beginning, as 20261121-0001 */
  reference?: string | null
  /** the owner's word for what it is one of, as a service's key: lists are narrowed by it */
  topic?: string | null
  /** what the applicant is told besides, at the end */
  ending_note?: string | null
  /** by when (epoch ms) the owner promised an end */
  due_at?: number | null
  title: string
  /** path of the owner's page of it; `?task=ID` is added for who holds a task */
  url: string
  summary: Line[]
  /** what approver rules may ask about */
  form: Record<string, unknown>
  flow: Flow
  /** whom the applicant names for steps that wait for that */
  chosen?: Chosen
}

/**
 * Begins an instance for the actor. A flow whose every node is passed over ends here and now, so the owner's row must already say
 * that it is being approved: its reaction to `approvals.instance-approved` runs before this returns. Throws `invalid` where a choice is missing.
 */
export async function start(deps: VerbDeps, tx: Tx, actor: Actor, { kind, subject, reference = null, topic = null, due_at = null, ending_note = null, title, url, summary, form, flow, chosen }: Start): Promise<Standing> {
  const faults = faultsOf(flow, deps.approvers)
  if (faults.length > 0) throw new AppError('invalid', '这个事项的审批流程有误，请联系管理员', { cause: faults })
  const applicant = await deps.directory(tx).person(actor.person_id, actor.number)
  if (!applicant) throw new AppError('not-found', '没有找到申请人')
  const at = deps.clock.now()
  const instance: Instance = {
    id: newId(), kind, subject, reference, topic, title, url, summary, form, flow, version: 1, status: 'running',
    applicant_id: actor.person_id, applicant_number: actor.number, applicant_name: applicant.name, started_at: at, ended_at: null,
    due_at, ending_note, suspended_at: null, last_absence: Infinity,
  }
  const named = await demandChosen(deps, tx, choosingFor(instance, unborn()), null, chosen)
  await insertInstance(tx, instance)
  const state = await play(deps, { tx, actor, instance, history: [], state: unborn(), nodes: new Map() }, { kind: 'started', at, ...(Object.keys(named).length > 0 && { chosen: named }) })
  return { instance_id: instance.id, status: state.status, url: instance.url }
}
