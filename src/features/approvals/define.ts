/** What a file of `catalogue/approvers/` needs; it may import this and nothing else, so nothing but types is imported here. */
export type { ApprovalStep, Flow, ParallelStep, Step } from './schema.ts'

/** A person as the rules see one. `unit_id`, `unit_name`: the department of the number the person acts under. */
export type DirectoryPerson = { id: string; name: string; number: string | null; unit_id: string | null; unit_name?: string }

/** A department; `parent_id`: the one above. */
export type DirectoryUnit = { id: string; code: string; name: string; parent_id: string | null }

/** One applicant for many (`people`) who look alike to a rule. */
export type Sample = { person: DirectoryPerson; unit_name: string; kind: 'student' | 'staff'; people: number }

/** The narrow reads that rules may ask, bound to the transaction in which a node begins. People who have left are never returned. */
export type Directory = {
  /** `number`: the one the person acts under, where there are several. */
  person(person_id: string, number?: string | null): Promise<DirectoryPerson | null>
  /** Those of them who are known, as their leading numbers have them, in any order. */
  people(ids: readonly string[]): Promise<DirectoryPerson[]>
  personByNumber(number: string): Promise<DirectoryPerson | null>
  tutorOf(person_id: string, number?: string | null): Promise<string | null>
  /** Everyone with the role, or only those whose role covers the unit. */
  holdersOf(role: string, unit_id?: string): Promise<string[]>
  headOf(unit_id: string): Promise<string | null>
  /** 副职 of the unit */
  deputiesOf(unit_id: string): Promise<string[]>
  /** The direct superior: a student's tutor; of the staff whom the roster names, else the nearest head above. */
  leaderOf(person_id: string, number?: string | null): Promise<string | null>
  /** Staff with the post (岗位), or only those of the unit. */
  holdersOfPost(post: string, unit_id?: string): Promise<string[]>
  /** The 工作组 that is called so, and who of it is here, in the order in which they joined. */
  group(word: string): Promise<{ name: string; people: string[] } | null>
  unit(unit_id: string): Promise<DirectoryUnit | null>
  unitByCode(code: string): Promise<DirectoryUnit | null>
  /** 教务员 of `registrar`; the word itself where it is no role */
  roleName(role: string): string
  admins(): Promise<string[]>
  /** Of those whose standing is one of these, a few in each department: for the check of a flow before it is published. */
  samples(standings: readonly string[]): Promise<Sample[]>
}

export type Params = Readonly<Record<string, unknown>>

/** A rule by its file name, with what it is told. */
export type RuleUse = { rule: string; params?: Params }

export type Question = {
  applicant: DirectoryPerson
  form: Readonly<Record<string, unknown>>
  params: Params
  directory: Directory
  /** id of the step that wants people */
  step: string
  /** Whom people chose for a step, by its id: the applicant when sending, or who decided an earlier step. */
  chosen: Readonly<Record<string, readonly string[]>>
  /** Does the condition (see platform/condition.ts) hold for the form? */
  holds(condition: unknown): boolean
  /** What another rule would answer here. Rules hold rules as deep as their author wrote them, so this ends. */
  ask(use: RuleUse): Promise<Found[]>
}

/** Words for a person's page; `phrase` is Chinese with its English in `views/text/en`, the params are names. */
export type Why = { phrase: string; params?: Readonly<Record<string, string>> }

/** A person, and where the rule can say it better than by its label, why. */
export type Found = { id: string; why?: Why }

/** One way of naming people. `label` tells the reader why a task came to them. */
export type Approver = {
  name: string
  label: string
  /** What is wrong with the params, as a sentence; null when they will do. */
  check?(params: Params): string | null
  /** Rules that the params name, which are checked with them. */
  uses?(params: Params): RuleUse[]
  /** Conditions that the params hold, likewise. */
  conditions?(params: Params): unknown[]
  /** Fields of the form that the params name; such a rule can only be asked with a form. */
  fields?(params: Params): string[]
  /** Steps that must have been decided before. */
  after?(params: Params): string[]
  /** What is allowed, but hardly meant, as a sentence. */
  doubt?(params: Params): string | null
  /** What the params name and the directory has not, as a sentence for whoever publishes; null where all is there. */
  lacks?(params: Params, directory: Directory): Promise<Why | null>
  /** In the order in which they should act; empty when the rule finds nobody. A bare id stands for a person whom the label explains. */
  find(question: Question): Promise<readonly (string | Found)[]>
  /** Of a rule that waits for somebody's choice: who may be chosen, null for anyone. */
  candidates?(question: Question): Promise<string[] | null>
}

export function defineApprover(approver: Approver): Approver {
  return approver
}

/**
 * A rule that waits for somebody's choice. Its params: `among`, a rule that says who may be chosen, anyone where it is left out; `most`, so many
 * at most. `check` and `after` are what one kind of choice wants besides.
 */
export function defineChoice({ check, ...kind }: Pick<Approver, 'name' | 'label' | 'check' | 'after'>): Approver {
  return {
    ...kind,
    check(params) {
      const { among, most = 1 } = params
      const fault = check?.(params) ?? null
      if (fault !== null) return fault
      if (among !== undefined && !isRuleUse(among)) return '没有写明可以选谁'
      return isCount(most) ? null : '最多选几人应是 1 到 50 的整数'
    },
    uses: ({ among }) => isRuleUse(among) ? [among] : [],
    async find({ params: { among, most = 1 }, step, chosen, ask }) {
      const picked = (chosen[step] ?? []).slice(0, isCount(most) ? most : 0)
      if (picked.length === 0 || !isRuleUse(among)) return picked
      // Asked again, for the page that offered them may be hours old.
      const allowed = new Set((await ask(among)).map(person => person.id))
      return picked.filter(id => allowed.has(id))
    },
    candidates: async ({ params: { among }, ask }) => isRuleUse(among) ? (await ask(among)).map(person => person.id) : null,
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 50
}

/** The applicant's department, as far as its name, without asking for what is known. */
export async function ownUnit({ applicant: { unit_id: id, unit_name: name }, directory }: Pick<Question, 'applicant' | 'directory'>): Promise<Pick<DirectoryUnit, 'id' | 'name'> | null> {
  if (id === null) return null
  return name === undefined ? await directory.unit(id) : { id, name }
}

export function isRuleUse(value: unknown): value is RuleUse {
  return typeof value === 'object' && value !== null && 'rule' in value && typeof value.rule === 'string' && (!('params' in value) || isParams(value.params))
}

function isParams(value: unknown): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value))
}
