import { AppError } from '../../../platform/errors.ts'
import { emit } from '../../../platform/events.ts'
import { newId } from '../../../platform/ids.ts'
import type { VerbDeps } from '../deps.ts'
import { acted } from '../events.ts'
import type { Act } from '../rules/acts.ts'
import { insertRemark } from '../store-remarks.ts'
import type { Turn } from './turn.ts'

export const LONGEST_COMMENT = 500
const LONGEST_WHOM = 500

type Remarking = { act: Act; person_name: string | null; node?: number; whom?: string; text?: string }

/** Keeps what was done beside decisions, and announces it for the timeline. Returns its id. */
export async function remark({ clock }: Pick<VerbDeps, 'clock'>, { tx, actor, instance, nodes }: Turn, { act, person_name, node, whom = '', text = '' }: Remarking): Promise<string> {
  const id = newId()
  const node_id = node === undefined ? null : nodes.get(node)?.id ?? null
  await insertRemark(tx, {
    id, instance_id: instance.id, node_id, person_id: actor?.person_id ?? null, person_name, act, whom: [...whom].slice(0, LONGEST_WHOM).join(''), text, created_at: clock.now(),
  })
  await emit(tx, acted, { remark_id: id, instance_id: instance.id, act }, { subject: instance.subject, actor })
  return id
}

/** What was typed, trimmed. Throws `invalid` at the field where it is too long, or is missing and wanted: `missing` says what for. */
export function checkedText(text: string, missing: string | null = null): string {
  const said = text.trim()
  const fault = missing && said === '' ? missing : [...said].length > LONGEST_COMMENT ? '意见不能超过 {most} 个字' : null
  if (fault) throw new AppError('invalid', fault, { fields: { comment: fault }, params: { most: LONGEST_COMMENT } })
  return said
}
