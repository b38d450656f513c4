import type { Db, Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { Actor } from '../../platform/events.ts'
import { move } from '../../platform/machine.ts'
import { contentOf } from './content.ts'
import type { Messages } from './index.ts'
import { revokeMessage } from './notices.ts'
import { documentMachine, reasonTyped } from './rules.ts'
import { getDocument } from './store.ts'
import type { DocumentRow } from './tables.ts'
import { type Facts, missingFacts, type Template } from './templates.ts'

type Deps = Parameters<typeof contentOf>[1] & {
  messages: Pick<Messages, 'tell'>
  templates: ReadonlyMap<string, Template>
  documents: { reserveFor(tx: Tx, actor: Actor | null, wanted: { kind: string; person_id: string; person_number: string; mail_to?: string | null; facts?: Facts }): Promise<string> }
}

/** What the new paper would say, beside what was said when it was asked for, as the purpose. */
export async function contentNow(db: Db, deps: Pick<Deps, 'templates'> & Parameters<typeof contentOf>[1], document: DocumentRow): Promise<{ template: Template; facts: Facts }> {
  const template = deps.templates.get(document.kind)
  if (!template || document.record_of !== null) throw new AppError('conflict', '这种文件不能重新出具')
  const { purpose } = document.facts
  return { template, facts: { ...await contentOf(db, deps, template, document), ...purpose && { purpose } } }
}

/** 作废并重新出具: the old one is void from now on and names the new one, which is drawn by job. Takes the open transaction first. */
export function reissueVerb(deps: Deps) {
  return async (tx: Tx, actor: Actor, id: string, typed: string): Promise<string> => {
    const reason = reasonTyped(typed)
    const document = await getDocument(tx, id)
    const { template, facts } = await contentNow(tx, deps, document)
    // Before the old one is void: nobody is left without a paper that could not be made.
    if (missingFacts(template, facts).length > 0) throw new AppError('conflict', '现在的资料不全，不能重新出具。请先补全，再来作废这一份')
    const { kind, person_id, person_number, mail_to, number, facts: { purpose } } = document
    const replaced_by = await deps.documents.reserveFor(tx, actor, { kind, person_id, person_number, mail_to, facts: { ...purpose && { purpose }, replaces: number } })
    await move(tx, documentMachine, document, 'revoke', { actor, set: { reason, ended_at: tx.bus.clock.now() }, data: { document_id: id }, subject: document.application_id ?? id })
    await tx.insertInto('documents_replacements').values({ document_id: id, replaced_by, at: tx.bus.clock.now() }).execute()
    await deps.messages.tell(tx, revokeMessage(document, reason))
    return replaced_by
  }
}

/** The paper that took this one's place, and the one whose place this one took. */
export async function replacementsOf(db: Db, document_id: string): Promise<{ by: string | null; of: string | null }> {
  const rows = await db.selectFrom('documents_replacements').select(['document_id', 'replaced_by'])
    .where(({ or, eb }) => or([eb('document_id', '=', document_id), eb('replaced_by', '=', document_id)])).execute()
  return { by: rows.find(row => row.document_id === document_id)?.replaced_by ?? null, of: rows.find(row => row.replaced_by === document_id)?.document_id ?? null }
}

export type FactChange = { key: string; before: string; after: string }

/** What the paper would say otherwise than before; of a list only what differs. */
export function changesIn({ facts: keys }: Pick<Template, 'facts'>, before: Facts, after: Facts): FactChange[] {
  return keys.filter(({ key }) => (before[key] ?? '') !== (after[key] ?? '')).map(({ key }) => {
    const [old, fresh] = [linesOf(before[key]), linesOf(after[key])]
    return { key, before: without(old, fresh), after: without(fresh, old) }
  })
}

function without(lines: readonly string[], others: readonly string[]): string {
  return lines.filter(line => !others.includes(line)).slice(0, 12).join('\n')
}

function linesOf(fact = ''): string[] {
  if (!/^[[{]/.test(fact)) return fact === '' ? [] : [fact]
  const read: unknown = JSON.parse(fact)
  return leaves(read)
}

/** Each innermost object or list of plain values as a line. */
function leaves(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  const inside = Object.values(value)
  return inside.some(each => typeof each === 'object' && each !== null) ? inside.flatMap(leaves) : [inside.join(' · ')]
}
