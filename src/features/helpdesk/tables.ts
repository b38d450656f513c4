/** open: nobody has answered · answered: the person was told · closed: nothing more to do */
export type TicketStatus = 'open' | 'answered' | 'closed'

export interface TicketsTable {
  id: string
  /** what people say on the telephone */
  code: string
  status: TicketStatus
  /** who wrote it while signed in; a stranger's name and number are what they typed, and prove nothing */
  person_id: string | null
  name: string
  number: string
  school: string
  contact_kind: 'phone' | 'email'
  contact_sealed: string
  problem: string
  /** where it happened: a path of ours */
  page: string | null
  created_at: number
  updated_at: number
}

export interface EntriesTable {
  id: string
  ticket_id: string
  /** an answer is told to the person, a note stays with the desk */
  kind: 'answer' | 'note'
  author_id: string
  author_name: string
  text: string
  /** how an answer went out; by telephone the desk calls itself */
  told: 'wecom' | 'email' | 'phone' | null
  created_at: number
}

export interface HelpdeskTables {
  helpdesk_tickets: TicketsTable
  helpdesk_entries: EntriesTable
}
