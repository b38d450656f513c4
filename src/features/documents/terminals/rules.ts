import { createHmac } from 'node:crypto'
import { SCHOOL_OFFSET } from '../../../platform/dates.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { defineMachine } from '../../../platform/machine.ts'
import { paperPrinted, printCancelled, printFailed, printLapsed, terminalEnded } from './events.ts'
import type { Print, Terminal } from './tables.ts'

export const terminalMachine = defineMachine({
  name: 'documents.terminal', table: 'documents_terminals',
  edges: { end: { from: ['on'], to: 'ended', emits: terminalEnded } },
  sentences: { ended: '这台终端已经停用' },
})

export const printMachine = defineMachine({
  name: 'documents.print', table: 'documents_prints',
  edges: {
    print: { from: ['handed'], to: 'printed', emits: paperPrinted },
    cancel: { from: ['handed'], to: 'cancelled', emits: printCancelled },
    lapse: { from: ['handed'], to: 'lapsed', emits: printLapsed },
    fail: { from: ['printed'], to: 'failed', emits: printFailed },
  },
  sentences: { printed: '文件已经打印', cancelled: '这次打印已经取消', lapsed: '等得太久，这次打印已经收回', failed: '这次没有打印出来' },
})

const MINUTE = 60_000

/** How long a terminal has what was handed to it, before and after it prints. */
export const HANDED_FOR = 2 * MINUTE
/** How long its owner may say that no paper came out. */
const COMPLAINT = 10 * MINUTE
/** A terminal that has not asked for so long is not there. */
const AWAY = 45_000
/** What it asked is written down at most so often. */
export const SEEN_EVERY = 15_000
/** Tries of six digits that a person has in ten minutes. */
export const CODE_TRIES = 10
export const TRY_WINDOW = 10 * MINUTE

/** A code is shown so long, and taken as long again: who has scanned has time to choose. */
const CODE_LASTS = 90_000

function codeAt(keyring: Pick<Keyring, 'derive'>, terminal_id: string, window: number): string {
  const digest = createHmac('sha256', keyring.derive('documents.terminal-code')).update(`${terminal_id}:${window}`).digest()
  return String(digest.readUInt32BE(0) % 1_000_000).padStart(6, '0')
}

/** The six digits that a terminal shows now. */
export function codeNow(keyring: Pick<Keyring, 'derive'>, terminal_id: string, now: number): string {
  return codeAt(keyring, terminal_id, Math.floor(now / CODE_LASTS))
}

export function isCode(keyring: Pick<Keyring, 'derive'>, terminal_id: string, typed: string, now: number): boolean {
  const window = Math.floor(now / CODE_LASTS)
  return [window, window - 1].some(each => codeAt(keyring, terminal_id, each) === typed)
}

export function isAway({ seen_at }: Pick<Terminal, 'seen_at'>, now: number): boolean {
  return seen_at === null || seen_at < now - AWAY
}

export type PrintStanding = Print['status']

/** What a print is worth now: what nobody touched in time has lapsed, written down or not. */
export function standingOf({ status, until }: Pick<Print, 'status' | 'until'>, now: number): PrintStanding {
  return status === 'handed' && until <= now ? 'lapsed' : status
}

/** Its owner, while the paper should still lie there; one rule for the button and the route. */
export function canComplain({ status, printed_at }: Pick<Print, 'status' | 'printed_at'>, now: number): boolean {
  return status === 'printed' && printed_at !== null && now - printed_at < COMPLAINT
}

/** When the school's calendar year began, epoch ms. */
export function yearStart(now: number): number {
  return Date.UTC(new Date(now + SCHOOL_OFFSET).getUTCFullYear(), 0, 1) - SCHOOL_OFFSET
}

export type Typed = { name: string; place: string; copies: string }
export type Settings = Pick<Terminal, 'name' | 'place' | 'copies'>

/** What was typed of a terminal, or a sentence for each field that is not right. */
export function readSettings({ name, place, copies }: Typed): { settings: Settings } | { faults: Partial<Record<keyof Typed, string>> } {
  const [called, stands, most] = [name.trim(), place.trim(), copies.trim() === '' ? null : Number(copies)]
  const faults = {
    ...called === '' ? { name: '请填写终端的名称' } : [...called].length > 40 ? { name: '名称最多 40 个字' } : {},
    ...stands === '' ? { place: '请填写终端放在哪里' } : [...stands].length > 80 ? { place: '地点最多 80 个字' } : {},
    ...most !== null && !(Number.isInteger(most) && most >= 1 && most <= 1000) ? { copies: '份数填 1 到 1000 的整数，不限就空着' } : {},
  }
  return Object.keys(faults).length > 0 ? { faults } : { settings: { name: called, place: stands, copies: most } }
}
