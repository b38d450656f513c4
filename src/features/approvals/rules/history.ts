import type { Why } from '../define.ts'
import type { Flow } from '../schema.ts'

/**
 * What has happened to an instance, as data. The history is the truth; rows of nodes and tasks are its shadow.
 * Entries are never changed or removed. A further capability is a further kind of entry.
 */
export type Entry = Answer | Act | Intervention | Happening

export type Person = { person_id: string; person_name: string }
/** step → ids of those whom the applicant or an approver named for it */
export type Chosen = Readonly<Record<string, readonly string[]>>

type Acted = { at: number; task: string; by: string }

/** What people do with what they hold, and the applicant with the whole. */
export type Act =
  | { kind: 'started'; at: number; chosen?: Chosen }
  | Acted & { kind: 'decided'; decision: 'approve' | 'reject'; chosen?: Chosen }
  /** `to`: the applicant, or an earlier step. `straight`: back to who returned it, and not all the way again. */
  | Acted & { kind: 'returned'; to: string; straight?: boolean }
  | Acted & { kind: 'replied' }
  | Acted & { kind: 'transferred'; to: Seated }
  | Acted & { kind: 'delegated'; to: Seated }
  | Acted & { kind: 'consulted'; to: Seated }
  | Acted & { kind: 'signers-added'; place: Place; mode: SideMode; people: Seated[] }
  | Acted & { kind: 'claimed' }
  | Acted & { kind: 'given-back' }
  | Acted & { kind: 'taken-back' }
  | { kind: 'signer-removed'; at: number; seat: number; by: string }
  | { kind: 'resubmitted'; at: number; chosen?: Chosen }
  | { kind: 'withdrawn'; at: number }
  /** `by`: an administrator; without it the applicant */
  | { kind: 'revoked'; at: number; by?: string; by_name?: string }
  | { kind: 'urged'; at: number }
  /** 抄送 by hand */
  | { kind: 'sent-copy'; at: number; by: string; by_name: string; people: Person[] }

type Intervened = { at: number; by: string; by_name: string }

/** What an administrator does. */
export type Intervention =
  | Intervened & { kind: 'reassigned'; task: string; to: Seated }
  | Intervened & { kind: 'jumped'; to: string }
  | Intervened & { kind: 'ended' }
  | Intervened & { kind: 'suspended' }
  | Intervened & { kind: 'resumed' }
  /** Onto another flow; `from`: the one that held until then, so that the history keeps both. */
  | Intervened & { kind: 'moved'; from: Flow }

/** What time and machines do. `node`: number of the visit. */
export type Happening =
  | { kind: 'elapsed'; at: number; node: number }
  | { kind: 'called'; at: number; node: number; ok: boolean; status: number | null }
  | { kind: 'reminded'; at: number; node: number }
  | { kind: 'overdue'; at: number; node: number; as: 'approve' | 'reject' }
  | { kind: 'overdue'; at: number; node: number; as: 'transfer'; people: Seated[] }

/** The answers to an ask; nothing else may stand between the two. */
export type Answer =
  /** who acts; `later`: whose turn comes after them; `agreed`: whose earlier approval counts here */
  | { kind: 'assigned'; at: number; node: number; tasks: Assignment[]; later?: Seated[]; agreed?: Seated[] }
  | { kind: 'skipped'; at: number; node: number; why: Emptiness }
  | { kind: 'refused'; at: number; node: number; why: Emptiness }
  /** the tasks of those whose turn has come; `seat`: number of the seat */
  | { kind: 'handed'; at: number; node: number; tasks: (Assignment & { seat: number })[] }
  /** which branches hold; of a route: 0 where it jumps */
  | { kind: 'chose'; at: number; node: number; branches: number[] }
  | { kind: 'copied'; at: number; node: number; people: Person[] }
  | { kind: 'filled'; at: number; node: number }
  /** when a delay ends (epoch ms); null where nothing says so */
  | { kind: 'timed'; at: number; node: number; until: number | null }

/** Why nobody is asked: the rule found nobody, only the applicant, or only who had approved before. */
export type Emptiness = 'nobody' | 'self' | 'again'

/** How a task came to its person. */
export type Reason = 'rule' | 'nobody' | 'named' | 'leader' | 'transfer' | 'delegate' | 'add' | 'consult' | 'reassign' | 'overdue'

/**
 * A person who has a say. `why`: what the rule says of this person, where its label does not say it all.
 * `weight`: in a vote, 1 where nothing is said.
 */
export type Seated = { person_id: string; person_name: string; rule: string; reason: Reason; why?: Why; weight?: number }

/** A task as it is handed out. `for_id`: whom the person stands in for, by a standing delegation. */
export type Assignment = Seated & { id: string; for_id?: string; for_name?: string }

/** Where signers are added: they come before who adds them, beside, or after. */
export type Place = 'before' | 'beside' | 'after'
export type SideMode = 'any' | 'all' | 'in-turn'
