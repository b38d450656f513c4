export interface BatchesTable {
  id: string
  name: string
  kind: string
  /** said of everybody, beside what is known of each */
  facts: string
  /** 1: also for who has such a paper that holds */
  again: number
  deliver: 'none' | 'wecom' | 'mail'
  status: 'checking' | 'ready' | 'running' | 'paused' | 'stopped' | 'done'
  total: number
  by_id: string
  by_number: string | null
  by_name: string
  /** counts how often it was set going: work of an earlier run does nothing */
  run: number
  /** when this run began, and how many were settled by then: what the speed is measured from */
  run_at: number | null
  run_from: number
  /** when anything in it last moved; written first by whoever settles some of it, which puts them in line */
  moved_at: number
  /** why all of it is revoked; null: it is not */
  revoke_reason: string | null
  created_at: number
  begun_at: number | null
  ended_at: number | null
}

/** One person of a batch. */
export interface BatchItemsTable {
  id: string
  batch_id: string
  /** those of one number are drawn together */
  slice: number
  number: string
  /** null: nobody has this number */
  person_id: string | null
  name: string
  /** barred: cannot be issued; failed: should have been */
  outcome: 'unchecked' | 'barred' | 'ready' | 'drawing' | 'issued' | 'failed' | 'revoked'
  /** a Problem as JSON */
  problem: string | null
  document_id: string | null
  /** when the message to its owner was written */
  told_at: number | null
}

export type BatchRow = Omit<BatchesTable, 'facts'> & { facts: Record<string, string> }
export type Outcome = BatchItemsTable['outcome']
