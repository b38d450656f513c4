import type { CallbackBody } from '../../callbacks/index.ts'

/** What an event of the platform says of the address book (90970–90973, 90240). */
export type ContactEvent =
  | { kind: 'member'; userid: string; change: 'there' | 'gone' | 'followed' | 'left-range'; renamed: string | null }
  | { kind: 'department'; id: number; change: 'there' | 'gone'; name: string | null; parent: number | null }
  | { kind: 'import' }

const HEARD = new Set(['change_contact', 'batch_job_result', 'subscribe', 'unsubscribe'])

/** Is it worth reading? Clicks and messages are others' affair. */
export function isContactEvent(source: string, event: string): boolean {
  return HEARD.has(event) && (source === 'contacts' || event === 'subscribe' || event === 'unsubscribe')
}

/** Null for what says nothing of members or departments (tags), and for what is not as the platform writes it. */
export function readContactEvent({ event, from, fields }: Pick<CallbackBody, 'event' | 'from' | 'fields'>): ContactEvent | null {
  const text = (name: string): string | null => {
    const value = fields[name]
    return typeof value === 'string' && value !== '' ? value : null
  }
  const member = (userid: string | null, change: 'there' | 'gone' | 'followed' | 'left-range', renamed: string | null = null): ContactEvent | null =>
    userid === null || !isUserid(userid) || (renamed !== null && !isUserid(renamed)) ? null : { kind: 'member', userid, change, renamed }
  const id = Number(text('Id'))
  const department = (change: 'there' | 'gone'): ContactEvent | null => {
    const parent = Number(text('ParentId') ?? Number.NaN)
    return Number.isInteger(id) && id > 0 ? { kind: 'department', id, change, name: text('Name'), parent: Number.isInteger(parent) ? parent : null } : null
  }
  if (event === 'subscribe') return member(from, 'followed')
  if (event === 'unsubscribe') return member(from, 'left-range')
  if (event === 'batch_job_result') return { kind: 'import' }
  switch (text('ChangeType')) {
    case 'create_user': return member(text('UserID'), 'there')
    case 'update_user': return member(text('UserID'), 'there', text('NewUserID'))
    case 'delete_user': return member(text('UserID'), 'gone')
    case 'create_party': case 'update_party': return department('there')
    case 'delete_party': return department('gone')
    default: return null
  }
}

// 1 to 64 bytes, letters, digits and _-@. (90195)
function isUserid(text: string): boolean {
  return /^[0-9A-Za-z][0-9A-Za-z_\-@.]{0,63}$/.test(text)
}
