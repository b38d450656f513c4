import { hash } from 'node:crypto'
import type { Db } from '../../platform/db.ts'
import { textIn } from '../../platform/text.ts'
import { checkText, type Service } from './catalogue.ts'
import type { Context } from './deps.ts'
import { knownIn } from './known.ts'
import { branchFindings, type Finding } from './rules/check-branches.ts'
import { instantOf } from './rules/limits.ts'
import { isAsked, readForm } from './rules/form.ts'

/** What stands against publishing. `faults`: wrong places of the definition itself, as of an import; then nothing else was looked at. A doubt has an `id` that stays as long as it is the same doubt. */
export type ServiceCheck = { faults: readonly string[]; errors: readonly Finding[]; doubts: readonly (Finding & { id: string })[] }

/** The check before publishing, with the people, rules and kinds of documents of this moment. */
export async function checkService(context: Context, db: Db, { key, definition, form }: Service): Promise<ServiceCheck> {
  const read = checkText(key, JSON.stringify(definition), context.flowFaults)
  if ('faults' in read) return { faults: read.faults, errors: [], doubts: [] }
  const { flow, audience } = definition
  const findings = [
    ...await sampleFindings(context, db, { definition, form }), ...kindFindings(context, definition), ...await limitFindings(context, db, definition), ...branchFindings(flow, form),
    ...await context.approvals.checkFlow(db, { flow, audience, fields: form.fields.map(field => field.definition.key) }),
  ]
  return { faults: [], errors: findings.filter(finding => finding.stops), doubts: findings.filter(finding => !finding.stops).map(finding => ({ ...finding, id: idOf(finding) })) }
}

/** The form's own sample must be accepted, and what is calculated must come to something with it. */
async function sampleFindings(context: Context, db: Db, { definition: { sample }, form }: Pick<Service, 'definition' | 'form'>): Promise<Finding[]> {
  const { values, faults } = readForm(form, sample, { known: await knownIn(context, db, form, sample) })
  // A sample cannot name people of every school.
  const ownPeople = (key: string) => form.fields.some(field => field.definition.key === key && (field.names !== null || field.definition.by === 'approver'))
  const refused = Object.entries(faults).filter(([key]) => !ownPeople(key)).map(([, { sentence, params }]): Finding => ({ label: '示例填写', sentence, ...(params && { params }), stops: true }))
  const silent = form.fields.filter(field => field.compute && isAsked(field, values) && values[field.definition.key] === undefined)
  return [...refused, ...silent.map(({ definition: { label } }): Finding => ({ label, sentence: '按示例填写算不出结果' }))]
}

function kindFindings({ documentKinds }: Context, { outcome }: Service['definition']): Finding[] {
  const kind = outcome?.document?.kind
  const named = kind === undefined ? [] : typeof kind === 'string' ? [kind] : Object.values(kind.of)
  return named.filter(one => !documentKinds().includes(one)).map((one): Finding => ({ label: '办结后的证明', sentence: '没有叫“{kind}”的证明文件', params: { kind: one }, stops: true }))
}

/** Departments that are not there, and an end that has come already. */
async function limitFindings({ identity, clock }: Context, db: Db, { limits: { units = [], closes } = {} }: Service['definition']): Promise<Finding[]> {
  const known = new Set(units.length > 0 ? (await identity.listUnits(db)).map(unit => unit.code) : [])
  return [
    ...units.filter(code => !known.has(code)).map((code): Finding => ({ label: '办理限制', sentence: '没有代码是“{code}”的部门', params: { code }, stops: true })),
    ...closes !== undefined && instantOf(closes) <= clock.now() ? [{ label: '办理限制', sentence: '截止时间已经过去，发布后没有人能办理' }] : [],
  ]
}

function idOf({ label, sentence, params, example }: Finding): string {
  return hash('sha256', JSON.stringify([label, textIn('zh')(sentence, params), example ?? null])).slice(0, 16)
}
