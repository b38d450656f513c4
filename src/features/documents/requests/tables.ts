/** A paper that a person asks for without an approval, from choosing its kind to the sealed file. */
export interface RequestsTable {
  id: string
  person_id: string
  person_number: string
  kind: string
  status: 'chosen' | 'awaiting-payment' | 'issuing' | 'done' | 'impossible' | 'cancelled'
  /** number and kind; one open request of a kind at a time. null once it has ended */
  open_key: string | null
  /** fen; 0: free */
  price: number
  /** where it goes by mail; null: nowhere */
  mail_to: string | null
  /** whose mailbox that is, or for whom the link is; null: the owner's */
  recipient: string | null
  /** ShareWish as JSON; null: no link */
  share: string | null
  document_id: string | null
  order_id: string | null
  created_at: number
  confirmed_at: number | null
  ended_at: number | null
}

/** The link that is opened once the file is there. */
export type ShareWish = { days: number; views: number | null; passcode: boolean }

export type RequestRow = Omit<RequestsTable, 'share'> & { share: ShareWish | null }
