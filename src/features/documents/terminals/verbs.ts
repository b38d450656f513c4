import { hash } from 'node:crypto'
import { type Db, type Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { type Actor, emit } from '../../../platform/events.ts'
import { newCode, newId, readCode } from '../../../platform/ids.ts'
import type { Keyring } from '../../../platform/keys.ts'
import { move } from '../../../platform/machine.ts'
import type { Identity, Messages } from '../index.ts'
import { registrarsFor } from '../registrars.ts'
import { countTry, uncountTry } from '../shares/store.ts'
import { getDocument } from '../store.ts'
import type { DocumentRow } from '../tables.ts'
import { subjectOf } from '../verbs.ts'
import { paperHanded, terminalChanged, terminalMended, terminalRegistered, terminalRenewed } from './events.ts'
import { canComplain, CODE_TRIES, HANDED_FOR, isAway, isCode, printMachine, SEEN_EVERY, type Settings, terminalMachine, TRY_WINDOW, yearStart } from './rules.ts'
import { clear, copiesSince, findByToken, findOpen, getPrint, getTerminal, insertPrint, insertTerminal, listTerminals, setTerminal } from './store.ts'
import type { Print, Terminal } from './tables.ts'

type Deps = { keyring: Pick<Keyring, 'derive'>; identity: Pick<Identity, 'holdersOf' | 'reachOf' | 'admins'>; messages: Pick<Messages, 'tellAll'> }

/** What a terminal is told apart by; the one place that knows how a token rests. */
function hashOf(token: string): string {
  return hash('sha256', token)
}

/** 自助终端 and what is printed there. Each takes the open transaction first. */
export function terminalVerbs({ keyring, identity, messages }: Deps) {
  /** Its id, and its token, which is nowhere else. */
  async function register(tx: Tx, actor: Actor, settings: Settings): Promise<{ id: string; token: string }> {
    const [id, token] = [newId(), newCode()]
    await insertTerminal(tx, { id, ...settings, token_hash: hashOf(token), status: 'on', created_at: tx.bus.clock.now(), seen_at: null, trouble_at: null, ended_at: null })
    await emit(tx, terminalRegistered, { terminal_id: id }, { subject: id, actor })
    return { id, token }
  }

  async function change(tx: Tx, actor: Actor, id: string, settings: Settings): Promise<void> {
    await atWork(tx, id)
    await setTerminal(tx, id, settings)
    await emit(tx, terminalChanged, { terminal_id: id }, { subject: id, actor })
  }

  /** A new token; from now on the one before is worth nothing, and what it had is taken from it. */
  async function renew(tx: Tx, actor: Actor, id: string): Promise<string> {
    const terminal = await atWork(tx, id)
    const token = newCode()
    await giveBack(tx, terminal, 'cancel')
    await setTerminal(tx, id, { token_hash: hashOf(token), seen_at: null })
    await emit(tx, terminalRenewed, { terminal_id: id }, { subject: id, actor })
    return token
  }

  async function mend(tx: Tx, actor: Actor, id: string): Promise<void> {
    const { trouble_at } = await getTerminal(tx, id)
    if (trouble_at === null) return
    await setTerminal(tx, id, { trouble_at: null })
    await emit(tx, terminalMended, { terminal_id: id }, { subject: id, actor })
  }

  async function end(tx: Tx, actor: Actor, id: string): Promise<void> {
    const terminal = await getTerminal(tx, id)
    await giveBack(tx, terminal, 'cancel')
    await move(tx, terminalMachine, terminal, 'end', { actor, set: { ended_at: tx.bus.clock.now() }, data: { terminal_id: id } })
  }

  async function atWork(tx: Tx, id: string): Promise<Terminal> {
    const terminal = await getTerminal(tx, id)
    if (terminal.status !== 'on') throw new AppError('conflict', terminalMachine.sentences?.ended ?? '')
    return terminal
  }

  /** The terminal with this token; undefined for what nobody was given. */
  async function byToken(db: Db, typed: string): Promise<Terminal | undefined> {
    const token = readCode(typed)
    return token === null ? undefined : await findByToken(db, hashOf(token))
  }

  /** It asks: it is there, and what nobody touched in time is taken from it. */
  async function seen(tx: Tx, terminal: Terminal): Promise<void> {
    const now = tx.bus.clock.now()
    await settle(tx, terminal.id, now)
    if (terminal.seen_at === null || terminal.seen_at < now - SEEN_EVERY) await setTerminal(tx, terminal.id, { seen_at: now })
  }

  async function settle(tx: Tx, terminal_id: string, now: number): Promise<void> {
    const open = await findOpen(tx, terminal_id)
    if (!open || open.until > now) return
    if (open.status === 'handed') await over(tx, open, 'lapse', null)
    else await clear(tx, open.id)
  }

  /** Whose six digits these are; counted, so that guessing ends after ten. `terminal_id`: the one whose QR was scanned. */
  async function tryCode(tx: Tx, person_id: string, typed: string, terminal_id?: string): Promise<Terminal | 'wrong' | 'wait'> {
    const now = tx.bus.clock.now()
    const window = Math.floor(now / TRY_WINDOW)
    const slot = `terminal-${person_id}-${window}`
    if (await countTry(tx, slot, (window + 2) * TRY_WINDOW) > CODE_TRIES) return 'wait'
    const shown = (await listTerminals(tx)).filter(each => each.status === 'on' && (terminal_id === undefined || each.id === terminal_id) && isCode(keyring, each.id, typed, now))
    const [terminal, other] = shown
    // Two that show the same digits: the next ones differ.
    if (!terminal || other) return 'wrong'
    await uncountTry(tx, slot)
    return terminal
  }

  /** Its owner hands a paper to a terminal, for two minutes. */
  async function hand(tx: Tx, actor: Actor, { terminal_id, document_id }: { terminal_id: string; document_id: string }): Promise<string> {
    const now = tx.bus.clock.now()
    const terminal = await atWork(tx, terminal_id)
    if (isAway(terminal, now)) throw new AppError('conflict', '这台终端现在没有联网，请换一台，或者过一会儿再扫')
    const document = await getDocument(tx, document_id)
    if (document.person_id !== actor.person_id) throw new AppError('not-found', '没有找到这份文件')
    mustBePrintable(document)
    await mustHaveCopies(tx, terminal, actor.person_id)
    await settle(tx, terminal_id, now)
    const handed: Print = { id: newId(), terminal_id, document_id, person_id: actor.person_id, status: 'handed', open_key: terminal_id, until: now + HANDED_FOR, nth: null, handed_at: now, printed_at: null, ended_at: null }
    await insertPrint(tx, handed)
    await emit(tx, paperHanded, namesOf(handed), { subject: subjectOf(document), actor })
    return handed.id
  }

  /** Somebody has touched 打印 there: from now on it counts, and the terminal may have the file. Again, it is the same one. */
  async function print(tx: Tx, terminal: Terminal): Promise<void> {
    const now = tx.bus.clock.now()
    const open = await findOpen(tx, terminal.id)
    if (!open || open.until <= now) throw new AppError('conflict', printMachine.sentences?.lapsed ?? '')
    if (open.status === 'printed') return
    const document = await getDocument(tx, open.document_id)
    mustBePrintable(document)
    const nth = await mustHaveCopies(tx, terminal, open.person_id) + 1
    await move(tx, printMachine, open, 'print', { actor: null, set: { nth, printed_at: now, until: now + HANDED_FOR }, data: namesOf(open), subject: subjectOf(document) })
  }

  /** What the terminal shows goes from it: at a touch, or because nobody touches it any more. */
  async function giveBack(tx: Tx, { id }: Pick<Terminal, 'id'>, how: 'cancel' | 'lapse'): Promise<void> {
    const open = await findOpen(tx, id)
    if (open?.status === 'handed') await over(tx, open, how, null)
    else if (open) await clear(tx, open.id)
  }

  async function over(tx: Tx, open: Print, how: 'cancel' | 'lapse', actor: Actor | null): Promise<void> {
    await move(tx, printMachine, open, how, { actor, set: { open_key: null, ended_at: tx.bus.clock.now() }, data: namesOf(open), subject: subjectOf(await getDocument(tx, open.document_id)) })
  }

  async function cancel(tx: Tx, actor: Actor, id: string): Promise<void> {
    await over(tx, await getPrint(tx, id), 'cancel', actor)
  }

  /** No paper came out: it does not count, and the registrars hear of it. */
  async function fail(tx: Tx, actor: Actor, id: string): Promise<void> {
    const now = tx.bus.clock.now()
    const row = await getPrint(tx, id)
    if (row.status === 'printed' && !canComplain(row, now)) throw new AppError('conflict', '过了十分钟，不能再报告。请联系教务')
    await move(tx, printMachine, row, 'fail', { actor, set: { open_key: null, nth: null, ended_at: now }, data: namesOf(row), subject: subjectOf(await getDocument(tx, row.document_id)) })
    const { name, place } = await getTerminal(tx, row.terminal_id)
    await setTerminal(tx, row.terminal_id, { trouble_at: now })
    await messages.tellAll(tx, (await registrarsFor(tx, identity)).map(to => ({
      to, kind: 'documents.terminal-trouble', title: `自助终端没有打印出来：${name}`, subject: row.terminal_id, url: `/admin/terminals/${row.terminal_id}`,
      lines: [{ label: '地点', value: place }], text: '可能缺纸或卡纸。修好以后，在终端的页面上点“已修好”',
    })))
  }

  async function mustHaveCopies(tx: Tx, terminal: Terminal, person_id: string): Promise<number> {
    const printed = await copiesSince(tx, { terminal_id: terminal.id, person_id }, yearStart(tx.bus.clock.now()))
    if (terminal.copies !== null && printed >= terminal.copies) throw new AppError('conflict', '今年在这台终端已经打印了 {n} 份，达到上限。可以下载后自己打印', { params: { n: printed } })
    return printed
  }

  return { register, change, renew, mend, end, byToken, seen, tryCode, hand, print, giveBack, cancel, fail }
}

export type TerminalVerbs = ReturnType<typeof terminalVerbs>

function mustBePrintable({ status, sha256 }: DocumentRow): void {
  if (status === 'revoked') throw new AppError('conflict', '文件已经作废，不能再打印')
  if (status !== 'issued' || sha256 === null) throw new AppError('conflict', '文件还没有签章，不能打印')
}

function namesOf({ id, document_id, terminal_id }: Print): { document_id: string; print_id: string; terminal_id: string } {
  return { document_id, print_id: id, terminal_id }
}
