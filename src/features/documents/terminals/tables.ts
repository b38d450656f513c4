/** 自助终端: a machine with a printer. */
interface TerminalsTable {
  id: string
  name: string
  place: string
  /** copies that one person may print there in a calendar year; null: as many as they like */
  copies: number | null
  /** SHA-256 of what the machine proves itself by: whoever reads the table cannot */
  token_hash: string
  status: 'on' | 'ended'
  created_at: number
  /** when the machine asked last; null: never yet */
  seen_at: number | null
  /** when somebody told that no paper came out; null: nobody, or mended since */
  trouble_at: number | null
  ended_at: number | null
}

/** A paper that its owner handed to a terminal. */
interface PrintsTable {
  id: string
  terminal_id: string
  document_id: string
  person_id: string
  status: 'handed' | 'printed' | 'cancelled' | 'lapsed' | 'failed'
  /** the terminal while it shows this; one at a time */
  open_key: string | null
  /** how long the terminal has it, epoch ms */
  until: number
  /** the how manieth copy of this person at this terminal in its year */
  nth: number | null
  handed_at: number
  printed_at: number | null
  ended_at: number | null
}

export interface TerminalTables {
  documents_terminals: TerminalsTable
  documents_prints: PrintsTable
}

export type Terminal = TerminalsTable
export type Print = PrintsTable
