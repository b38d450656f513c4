import { AppError } from '../../platform/errors.ts'
import { defineMachine } from '../../platform/machine.ts'
import { can } from '../../platform/rights.ts'
import type { SignedIn } from '../../platform/web.ts'
import { ENDED } from '../services/index.ts'
import { documentImpossible, documentIssued, documentReserved, documentRevoked } from './events.ts'
import type { DocumentRow } from './tables.ts'

export const documentMachine = defineMachine({
  name: 'documents.document', table: 'documents_documents',
  edges: {
    issue: { from: ['reserved'], to: 'issued', emits: documentIssued },
    giveUp: { from: ['reserved'], to: 'impossible', emits: documentImpossible },
    redraw: { from: ['impossible'], to: 'reserved', emits: documentReserved },
    revoke: { from: ['issued'], to: 'revoked', emits: documentRevoked },
    /** what it tells of is not so any more */
    lapse: { from: ['reserved', 'issued', 'impossible'], to: 'revoked', emits: documentRevoked },
  },
  sentences: { reserved: '文件还在生成', issued: '文件已经签章', impossible: '文件没有生成', revoked: '文件已经作废' },
})

type Viewer = Pick<SignedIn, 'person_id' | 'rights'>

/** Its owner and who manages documents may open a document; the same rule for link and route. */
export function canSee(viewer: Viewer, document: Pick<DocumentRow, 'person_id'>): boolean {
  return viewer.person_id === document.person_id || can(viewer, 'documents.manage')
}

/** Only its owner can agree that a document goes to somebody else. */
export function canGiveAway(viewer: Pick<Viewer, 'person_id'>, document: Pick<DocumentRow, 'person_id'>): boolean {
  return viewer.person_id === document.person_id
}

/** Its owner takes back what is theirs; the same rule for button and route. */
export function canRevokeOwn(viewer: Pick<Viewer, 'person_id'>, document: Pick<DocumentRow, 'person_id' | 'status'>): boolean {
  return viewer.person_id === document.person_id && document.status === 'issued'
}

export function canRevoke(viewer: Viewer, document: Pick<DocumentRow, 'status'>): boolean {
  return can(viewer, 'documents.manage') && document.status === 'issued'
}

/** A 办结单 is made anew where its application is; all else is reissued here. */
export function canReissue(viewer: Viewer, document: Pick<DocumentRow, 'status' | 'record_of'>): boolean {
  return canRevoke(viewer, document) && document.record_of === null
}

export function canRedraw(viewer: Viewer, document: Pick<DocumentRow, 'status'>): boolean {
  return can(viewer, 'documents.manage') && document.status === 'impossible'
}

/** A template drawn with somebody's own grades: only who may handle grades sees them, and papers are their work. The same rule for link and picture. */
export function canTryOnPeople(viewer: Pick<Viewer, 'rights'>): boolean {
  return can(viewer, 'documents.manage') && can(viewer, 'grades.import')
}

type Ended = { status: string; person_id: string; forgotten_at: number | null }

/** 办结单 of what has ended: who applied, and who reads all applications and manages documents. The same rule for link and route. */
export function canAskRecord(viewer: Viewer, { status, person_id, forgotten_at }: Ended): boolean {
  return forgotten_at === null && ENDED.some(each => each === status) && (viewer.person_id === person_id || (can(viewer, 'applications.read') && can(viewer, 'documents.manage')))
}

export const LONGEST_REASON = 200

/** A reason of revoking as it was typed; throws `invalid` where it is none. */
export function reasonTyped(typed: string): string {
  const reason = typed.trim()
  if (reason === '') throw refused('请写明作废的原因，核验的人会看到')
  if ([...reason].length > LONGEST_REASON) throw refused('原因最多 200 个字')
  return reason
}

function refused(sentence: string): AppError {
  return new AppError('invalid', sentence, { fields: { reason: sentence } })
}

/** Deliveries of one document in a day, first ones included: enough for every honest slip, too few to pester a mailbox. */
export const DELIVERIES_A_DAY = 12
const DAY = 24 * 3_600_000

/** Why it may not be sent (again) now, as a phrase; null where it may. */
export function whyNotSend({ status }: Pick<DocumentRow, 'status'>, deliveries: readonly { created_at: number }[], now: number): string | null {
  if (status === 'revoked') return '文件已经作废，不能再发送'
  if (status !== 'issued') return '文件还没有签章，不能发送'
  const today = deliveries.filter(({ created_at }) => created_at > now - DAY).length
  return today < DELIVERIES_A_DAY ? null : '这份文件今天发送的次数太多，请明天再试，或者下载后自己发送'
}

/** Wrong codes an address may try in a window before its next answers wait. A code has 80 bits: this is for peace, not for safety. */
export const FREE_MISSES = 30
export const GUESS_WINDOW = 10 * 60_000
const LONGEST_WAIT = 5000
/** From so many on the wait is the longest. */
export const MOST_COUNTED = FREE_MISSES + LONGEST_WAIT / 100

/**
 * Who is counted as one: an IPv4 address, of IPv6 the first four groups, because one subscriber has all the addresses below them.
 */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.split('::')
  const [front, back] = [head, tail ?? ''].map(part => part.split(':').filter(Boolean))
  const groups = tail === undefined ? front : [...front ?? [], ...Array.from({ length: 8 - (front?.length ?? 0) - (back?.length ?? 0) }, () => '0'), ...back ?? []]
  return (groups ?? []).slice(0, 4).map(group => parseInt(group, 16).toString(16)).join(':')
}

/**
 * Milliseconds an answer waits after so many misses from one address. Nobody is shut out: behind one address may stand a whole
 * campus, and its honest askers get their answer all the same.
 */
export function waitAfter(misses: number): number {
  return misses <= FREE_MISSES ? 0 : Math.min(LONGEST_WAIT, 100 * (misses - FREE_MISSES))
}

/** `ABCDEFGHJKMNPQRS` → `ABCD-EFGH-JKMN-PQRS` */
export function grouped(code: string): string {
  return code.replace(/(.{4})(?=.)/g, '$1-')
}

const FAILED: ReadonlySet<string> = new Set(['refused', 'bounced', 'unknown'])

/** What of it may not have arrived, and was not made good later the same way, as to the right mailbox after a wrong one. */
export function inArrears<Sent extends { id: string; part: string; status: string }>(deliveries: readonly Sent[]): Sent[] {
  return deliveries.filter(({ id, part, status }) => FAILED.has(status) && !deliveries.some(later => later.part === part && later.id > id && !FAILED.has(later.status)))
}
