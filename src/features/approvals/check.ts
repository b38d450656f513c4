import type { Db } from '../../platform/db.ts'
import { fits } from '../../platform/schema.ts'
import type { ApprovalStep, Approver, Directory, Flow, RuleUse, Sample, Step } from './define.ts'
import type { Deps, VerbDeps } from './deps.ts'
import { askRule } from './rules/ask.ts'
import { type Fault, faultsOf, rulesNamedBy } from './rules/check-flow.ts'
import { reviewOf, usesOf } from './rules/review-flow.ts'
import { allSteps } from './rules/tree.ts'
import { flowSchema } from './schema.ts'

/** So many departments are named for a step; the rest is counted. */
const NAMED = 20

/** Faults alone where there are any; else what is hardly meant, and for whom nobody is found. `fields`: keys of the form, where it is known. */
export async function checkFlow({ approvers, directory, connections }: Pick<VerbDeps, 'approvers' | 'directory'> & Pick<Deps, 'connections'>, db: Db, { flow, audience, fields }: { flow: unknown; audience: readonly string[]; fields?: readonly string[] }): Promise<Fault[]> {
  const faults = faultsOf(flow, approvers)
  if (faults.length > 0 || !fits<Flow>(flowSchema, flow)) return faults
  return [...reviewOf(flow, approvers, fields), ...await checkDirectory(approvers, directory(db), { flow, audience }), ...connectionDoubts(flow, await connections.names(db))]
}

/** Calls over connections that nobody has made yet: the flow may be published before them, and says itself what a failed call means. */
function connectionDoubts({ nodes }: Flow, known: ReadonlySet<string>): Fault[] {
  return allSteps(nodes).flatMap((step): Fault[] => {
    const name = step.kind === 'trigger' && 'call' in step.does ? step.does.call : null
    return name === null || known.has(name) ? [] : [{ label: step.label, sentence: '没有叫“{name}”的外部连接，系统调用会失败', params: { name } }]
  })
}

/**
 * For whom of the audience (standings) a step's rule finds nobody today. A few applicants stand for each department, and what they ask in common is asked
 * once, so the number of questions grows with the departments and not with the people. What waits for a form or a choice is not asked.
 */
async function checkDirectory(approvers: ReadonlyMap<string, Approver>, directory: Directory, { flow, audience }: { flow: Flow; audience: readonly string[] }): Promise<Fault[]> {
  const samples = await directory.samples(audience)
  if (samples.length === 0) return [{ label: null, sentence: '学校名单里没有这项服务的申请人' }]
  const asked = remembering(directory)
  const faults: Fault[] = []
  for (const step of allSteps(flow.nodes)) {
    faults.push(...await lacksOf(approvers, asked, step))
    if (step.kind !== 'approval') continue
    for (const { use, approver } of usesOf(step.approver, approvers)) {
      if (approver.fields || approver.candidates || approver.conditions) continue
      // Said already, and better.
      if (await approver.lacks?.(use.params ?? {}, asked)) continue
      const missing = await withoutAnyone(approvers, asked, { use, step: step.id, samples })
      faults.push(...faultsFor({ step, rule: approver.label, missing, everyone: samples.length }))
    }
  }
  return faults
}

/** What the step's rules name and the directory has not. Where the step refuses without anybody, nothing gets past it. */
async function lacksOf(approvers: ReadonlyMap<string, Approver>, directory: Directory, step: Step): Promise<Fault[]> {
  const uses = rulesNamedBy(step).flatMap(use => usesOf(use, approvers))
  const lacks = await Promise.all(uses.map(({ use, approver }) => approver.lacks?.(use.params ?? {}, directory)))
  return lacks.flatMap((lack): Fault[] => lack ? [{ label: step.label, sentence: lack.phrase, ...(lack.params && { params: lack.params }), ...(step.kind === 'approval' && step.nobody === 'refuse' && { stops: true }) }] : [])
}

async function withoutAnyone(approvers: ReadonlyMap<string, Approver>, directory: Directory, { use, step, samples }: { use: RuleUse; step: string; samples: readonly Sample[] }): Promise<Sample[]> {
  const missing: Sample[] = []
  for (const sample of samples) {
    const found = await askRule(approvers, use, { applicant: sample.person, form: {}, directory, step, chosen: {} })
    if (found.length === 0) missing.push(sample)
  }
  return missing
}

/** Of a step that is passed where nobody is found, only that it finds nobody for anyone. */
function faultsFor({ step: { label, nobody }, rule, missing, everyone }: { step: ApprovalStep; rule: string; missing: readonly Sample[]; everyone: number }): Fault[] {
  if (missing.length === 0 || (nobody === 'pass' && missing.length < everyone)) return []
  if (missing.length === everyone) {
    return nobody === 'refuse' ? [{ label, sentence: '所有申请人按“{rule}”都找不到办理人，申请到这里会被驳回，后面的环节到不了', params: { rule }, stops: true }] : [{ label, sentence: '所有申请人按“{rule}”都找不到办理人', params: { rule } }]
  }
  const places = [...Map.groupBy(missing, ({ unit_name, kind }) => `${kind} ${unit_name}`).values()].flatMap(([first, ...rest]) => first ? [{ ...first, people: rest.reduce((sum, one) => sum + one.people, first.people) }] : [])
  const named = places.toSorted((a, b) => b.people - a.people).slice(0, NAMED)
    .map(({ unit_name: unit, kind, people }): Fault => ({ label, sentence: SENTENCES[kind], params: { unit, n: people, rule } }))
  const rest = places.length - named.length
  return rest > 0 ? [...named, { label, sentence: '另有 {n} 个部门的申请人按“{rule}”找不到办理人', params: { n: rest, rule } }] : named
}

const SENTENCES = { student: '{unit}的 {n} 名学生按“{rule}”找不到办理人', staff: '{unit}的 {n} 名教职工按“{rule}”找不到办理人' }

/** The same directory, which is asked the same thing once. */
function remembering(directory: Directory): Directory {
  const { person, personByNumber, tutorOf, holdersOf, headOf, deputiesOf, leaderOf, holdersOfPost, group, unit, unitByCode } = directory
  return {
    ...directory, person: once(person), personByNumber: once(personByNumber), tutorOf: once(tutorOf), holdersOf: once(holdersOf), headOf: once(headOf), deputiesOf: once(deputiesOf),
    leaderOf: once(leaderOf), holdersOfPost: once(holdersOfPost), group: once(group), unit: once(unit), unitByCode: once(unitByCode),
  }
}

function once<Args extends readonly unknown[], Answer>(ask: (...args: Args) => Promise<Answer>): (...args: Args) => Promise<Answer> {
  const known = new Map<string, Promise<Answer>>()
  return (...args) => {
    const key = JSON.stringify(args)
    const answer = known.get(key) ?? ask(...args)
    known.set(key, answer)
    return answer
  }
}
