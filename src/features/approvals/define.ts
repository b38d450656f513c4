/** What a file of `catalogue/approvers/` needs; it may import this and nothing else, so nothing but types is imported here. */
export type { ApprovalStep, Flow, ParallelStep, Step } from './schema.ts'

/** A person as the rules see one. `unit_id`: the department of the number the person acts under. */
export type DirectoryPerson = { id: string; name: string; number: string | null; unit_id: string | null }

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
  admins(): Promise<string[]>
}

export type Params = Readonly<Record<string, unknown>>
export type Question = { applicant: DirectoryPerson; form: Readonly<Record<string, unknown>>; params: Params; directory: Directory }

/** One way of naming people. `label` tells the reader why a task came to them. */
export type Approver = {
  name: string
  label: string
  /** What is wrong with the params, as a sentence; null when they will do. */
  check?(params: Params): string | null
  /** Person ids; empty when the rule finds nobody. */
  find(question: Question): Promise<string[]>
}

export function defineApprover(approver: Approver): Approver {
  return approver
}
