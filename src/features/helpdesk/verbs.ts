import type { Keyring } from '../../platform/keys.ts'
import type { Tx } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import { type Actor, emit } from '../../platform/events.ts'
import { newId } from '../../platform/ids.ts'
import { move } from '../../platform/machine.ts'
import type { Identity as WholeIdentity } from '../identity/index.ts'
import type { Messages as AllMessages } from '../messages/index.ts'
import { contactShown, ticketOpened } from './events.ts'
import { type Asked, type Contact, faultsOf, LONGEST, newTicketCode, readContact, ticketMachine } from './rules.ts'
import { findTicket, getTicket, insertEntry, insertTicket } from './store.ts'
import type { Ticket } from './store.ts'

export type Identity = Pick<WholeIdentity, 'holdersOf' | 'personByNumber'>
export type Messages = Pick<AllMessages, 'tell' | 'tellAll' | 'mail'>
export type VerbDeps = { keyring: Pick<Keyring, 'seal' | 'open'>; identity: Identity; messages: Messages; school: { name: string } }

/** Who answers, as shown to colleagues. */
export type Agent = Actor & { name: string }

export type Verbs = ReturnType<typeof createVerbs>

/** What contacts are sealed for. */
export const CONTACT = 'helpdesk.contact'

export function createVerbs({ keyring, identity, messages, school }: VerbDeps) {
  /** Whoever answers requests hears of a new one; where nobody has that role, the administrators. */
  async function tellDesk(tx: Tx, { id, code, name, problem }: Ticket): Promise<void> {
    const agents = await identity.holdersOf(tx, 'help-desk')
    const desk = agents.length > 0 ? agents : await identity.holdersOf(tx, 'security')
    await messages.tellAll(tx, desk.map(to => ({
      to, kind: 'ticket', title: '新的求助', subject: id, url: `/admin/tickets/${id}`,
      lines: [{ label: '编号', value: code }, { label: '姓名', value: name }, { label: '问题', value: problem.slice(0, 60) }],
    })))
  }

  /** An answer goes to the person where they were signed in, else to the mailbox they gave; a telephone number is called by the desk. */
  async function sendAnswer(tx: Tx, ticket: Ticket, text: string): Promise<'wecom' | 'email' | 'phone'> {
    const { id, code, person_id, problem } = ticket
    if (person_id !== null) {
      await messages.tell(tx, { to: person_id, kind: 'ticket', title: '求助有了答复', subject: id, url: '/messages', lines: [{ label: '编号', value: code }], text })
      return 'wecom'
    }
    const { kind, value } = contactOf(ticket)
    if (kind === 'phone') return 'phone'
    await messages.mail(tx, {
      to_address: value, person_id: null, kind: 'ticket', subject: id, attachments: [], subject_line: `求助 ${code} 的答复（${school.name}）`,
      text: `你在办事大厅的求助（编号 ${code}）有了答复：\n\n${text}\n\n你写的是：\n${problem}\n\n${school.name}办事大厅不会向你索要密码或验证码。`,
    })
    return 'email'
  }

  function contactOf({ contact_kind: kind, contact_sealed }: Ticket): Contact {
    const value = keyring.open(CONTACT, contact_sealed)
    if (value === null) throw new Error('no key of HALL_SECRET opens a sealed contact')
    return { kind, value }
  }

  return {
    contactOf,

    /**
     * Keeps a request for help. `id` comes with the form, so that one sent twice is one. Throws `invalid` with the fields.
     * `person` is who is signed in: what they say of themselves is then known.
     */
    async open(tx: Tx, { id, asked, page, person }: { id: string; asked: Asked; page: string | null; person: { person_id: string; number: string; name: string } | null }): Promise<Ticket> {
      const fields = faultsOf(asked)
      const contact = readContact(asked.contact)
      if (Object.keys(fields).length > 0 || !contact) throw new AppError('invalid', '还有内容没有填好', { fields })
      const known = await findTicket(tx, id)
      if (known) return known
      const now = tx.bus.clock.now()
      const ticket: Ticket = {
        id, code: newTicketCode(), status: 'open', person_id: person?.person_id ?? null, page,
        name: person?.name ?? asked.name, number: person?.number ?? asked.number, school: asked.school, problem: asked.problem,
        contact_kind: contact.kind, contact_sealed: keyring.seal(CONTACT, contact.value), created_at: now, updated_at: now,
      }
      if (!await insertTicket(tx, ticket)) throw new AppError('conflict', '这条求助正在提交，请稍等再试')
      await emit(tx, ticketOpened, { code: ticket.code }, { subject: id, actor: person && { person_id: person.person_id, number: person.number } })
      await tellDesk(tx, ticket)
      return ticket
    },

    /** Tells the person, or leaves it to the desk to call. Throws `invalid` without words, `conflict` where it is closed. */
    async answer(tx: Tx, agent: Agent, id: string, typed: string): Promise<'wecom' | 'email' | 'phone'> {
      const ticket = await getTicket(tx, id)
      const text = wordsOf(typed)
      await move(tx, ticketMachine, ticket, 'answer', { actor: actorOf(agent), set: { updated_at: tx.bus.clock.now() }, data: { code: ticket.code } })
      const told = await sendAnswer(tx, ticket, text)
      await insertEntry(tx, { id: newId(), ticket_id: id, kind: 'answer', author_id: agent.person_id, author_name: agent.name, text, told, created_at: tx.bus.clock.now() })
      return told
    },

    /** For colleagues; the person does not see it. */
    async note(tx: Tx, agent: Agent, id: string, typed: string): Promise<null> {
      await getTicket(tx, id)
      await insertEntry(tx, { id: newId(), ticket_id: id, kind: 'note', author_id: agent.person_id, author_name: agent.name, text: wordsOf(typed), told: null, created_at: tx.bus.clock.now() })
      return null
    },

    async close(tx: Tx, agent: Agent, id: string): Promise<void> {
      const { code } = await getTicket(tx, id)
      await move(tx, ticketMachine, { id }, 'close', { actor: actorOf(agent), set: { updated_at: tx.bus.clock.now() }, data: { code } })
    },

    async reopen(tx: Tx, agent: Agent, id: string): Promise<void> {
      const { code } = await getTicket(tx, id)
      await move(tx, ticketMachine, { id }, 'reopen', { actor: actorOf(agent), set: { updated_at: tx.bus.clock.now() }, data: { code } })
    },

    /** The whole telephone number or mailbox, for this one answer; the look is recorded. */
    async showContact(tx: Tx, agent: Agent, id: string): Promise<string> {
      const ticket = await getTicket(tx, id)
      await emit(tx, contactShown, { code: ticket.code }, { subject: id, actor: actorOf(agent) })
      return contactOf(ticket).value
    },
  }
}

const actorOf = ({ person_id, number }: Agent): Actor => ({ person_id, number })

function wordsOf(typed: string): string {
  const text = typed.trim().slice(0, LONGEST.answer)
  if (text === '') throw new AppError('invalid', '请写下内容', { fields: { text: '请写下内容' } })
  return text
}
