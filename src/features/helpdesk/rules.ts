import { randomBytes } from 'node:crypto'
import { defineMachine } from '../../platform/machine.ts'
import { ticketAnswered, ticketClosed, ticketReopened } from './events.ts'

export const ticketMachine = defineMachine({
  name: 'helpdesk.ticket',
  table: 'helpdesk_tickets',
  edges: {
    answer: { from: ['open', 'answered'], to: 'answered', emits: ticketAnswered },
    close: { from: ['open', 'answered'], to: 'closed', emits: ticketClosed },
    reopen: { from: ['closed'], to: 'open', emits: ticketReopened },
  },
  sentences: { closed: '这条求助已经关闭了', open: '这条求助已经是打开的', answered: '这条求助已经答复了' },
})

export const LONGEST = { name: 64, number: 64, school: 64, contact: 120, problem: 2000, answer: 2000 }

// No letters that sound or look alike: it is said on the telephone.
const ALPHABET = '23456789ACDEFHJKMNPRTUVWXY'

/** Eight characters to say on the telephone. It opens nothing, so it need not be unguessable. */
export function newTicketCode(): string {
  return Array.from(randomBytes(8), byte => ALPHABET[byte % ALPHABET.length]).join('')
}

export type Contact = { kind: 'phone' | 'email'; value: string }

/** What was typed as a way to reach the person: a mailbox, or a telephone number of any kind; null where it is neither. */
export function readContact(typed: string): Contact | null {
  const plain = typed.normalize('NFKC').trim()
  if (/^[^\s@<>"',;:()[\]\\]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$/.test(plain)) return { kind: 'email', value: plain }
  const digits = plain.replace(/[\s\-()]/g, '')
  return /^\+?\d{7,15}$/.test(digits) ? { kind: 'phone', value: digits } : null
}

export type Asked = { name: string; number: string; school: string; contact: string; problem: string }
const MISSING = { name: '请填写姓名', school: '请填写学院或部门', contact: '请填写联系方式', problem: '请写下遇到的问题' }

/** What is wrong with a request for help, by field; the sentences are phrases. */
export function faultsOf(asked: Asked): Record<string, string> {
  const missing = Object.fromEntries((['name', 'school', 'contact', 'problem'] as const).filter(key => asked[key] === '').map(key => [key, MISSING[key]]))
  return asked.contact === '' || readContact(asked.contact) ? missing : { ...missing, contact: '请填写能联系到你的手机号或邮箱' }
}

/** A page of ours, to come back to; anything else is left out. */
export function pageOf(typed: string): string | null {
  return /^\/(?!\/)[\w\-./]{0,199}$/.test(typed) ? typed : null
}
