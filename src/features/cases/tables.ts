export interface CasesTables {
  cases_moves: MovesTable
  cases_move_items: MoveItemsTable
}

/** 迁移: applications of one service that are to go on with another of its versions, by a job. */
export interface MovesTable {
  id: string
  service_key: string
  version_id: string
  version: number
  reason: string
  by_id: string
  by_number: string | null
  by_name: string
  total: number
  created_at: number
  ended_at: number | null
}

/** One of them, and what became of it; written with the move itself. */
export interface MoveItemsTable {
  id: string
  move_id: string
  application_id: string
  outcome: 'waiting' | 'moved' | 'kept'
  /** JSON: why it was kept, a phrase with its params */
  sentence: string | null
}
