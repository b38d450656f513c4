import type { EventRow } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'
import { can } from '../../platform/rights.ts'
import type { T } from '../../platform/text.ts'
import type { SignedIn } from '../../platform/web.ts'
import { maskEmail, maskPhone, type Person } from '../identity/index.ts'
import { type Asked, type Contact, LONGEST } from './rules.ts'
import type { Entry, Ticket } from './store.ts'
import type { TicketStatus } from './tables.ts'

export const PAGE = 30
export const STATUSES: readonly TicketStatus[] = ['open', 'answered', 'closed']
const TAGS: Record<TicketStatus, { text: string; meaning: 'amber' | 'green' | 'grey' }> = {
  open: { text: '待答复', meaning: 'amber' }, answered: { text: '已答复', meaning: 'green' }, closed: { text: '已关闭', meaning: 'grey' },
}
const TOLD = { wecom: '已发到企业微信', email: '已发到邮箱', phone: '由客服打电话告知' } as const

type Desk = { hours: string; phone: string | undefined }
type Ask = { typed: Partial<Asked>; visitor: SignedIn | null; id: string; page: string | null; errors: Record<string, string>; desk: Desk }

const translated = (t: T, errors: Record<string, string>) => Object.fromEntries(Object.entries(errors).map(([key, sentence]) => [key, t(sentence)]))

/** The form; who is signed in need not say who they are. */
export function askPage(t: T, { typed, visitor, id, page, errors, desk }: Ask) {
  const said = translated(t, errors)
  const field = (name: keyof Asked, label: string, more: object = {}) => ({ name, label, value: typed[name] ?? '', error: said[name], maxlength: LONGEST[name], ...more })
  return {
    title: t('联系客服'), id, from: page ?? '', errors: said, hours: t(desk.hours), phone: desk.phone,
    who: visitor && `${visitor.name} ${visitor.number}`,
    fields: [
      ...visitor ? [] : [field('name', t('姓名'), { required: true, autocomplete: 'name' }), field('number', t('学号或工号'), { help: t('不记得可以不填'), autocomplete: 'username' })],
      field('school', t('学院或部门'), { required: true, value: typed.school ?? visitor?.unit_name ?? '' }),
      field('contact', t('联系方式'), { required: true, help: visitor ? t('手机号或邮箱。答复会发到你的企业微信，这里是备用的') : t('手机号或邮箱，只用来答复这次求助'), inputmode: 'email' }),
      field('problem', t('遇到的问题'), { required: true, type: 'textarea', rows: 6, help: t('写下你做了什么、页面上说了什么。请不要写密码和验证码') }),
    ],
  }
}

export function receivedPage(t: T, { asked, signedIn, desk }: { asked: { code: string; contact_kind: 'phone' | 'email' } | null; signedIn: boolean; desk: Desk }) {
  const way = signedIn ? t('答复会发到你的企业微信') : asked?.contact_kind === 'phone' ? t('客服会打电话答复你') : t('答复会发到你填的邮箱')
  return { title: t('联系客服'), code: asked?.code, way, hours: t(desk.hours), phone: desk.phone, home: signedIn }
}

export function listPage(t: T, rows: readonly Ticket[], { status, q }: { status: TicketStatus | undefined; q: string }) {
  const shown = rows.slice(0, PAGE)
  const next = rows.length > PAGE ? `?${new URLSearchParams({ status: status ?? '', q, before: shown.at(-1)?.id ?? '' })}` : undefined
  return {
    title: t('求助'), next, searched: q !== '', waiting: status === 'open',
    filters: {
      action: '/admin/tickets', target: 'tickets', search: { value: q, label: t('编号、姓名或学工号') }, ...((q || status !== 'open') && { clear: '/admin/tickets' }),
      fields: [{ name: 'status', label: t('状态'), type: 'select', value: status, options: STATUSES.map(value => ({ value, text: t(TAGS[value].text) })) }],
    },
    rows: shown.map(ticket => ({ id: ticket.id, href: `/admin/tickets/${ticket.id}`, cells: {
      problem: { text: firstLine(ticket.problem), href: `/admin/tickets/${ticket.id}`, note: ticket.code },
      name: { text: ticket.name, note: ticket.number }, school: ticket.school, status: tagCell(t, ticket.status), created_at: { time: ticket.created_at, text: '' },
    } })),
  }
}

type One = {
  ticket: Ticket; contact: Contact | string; entries: readonly Entry[]; events: readonly EventRow[]; labels: Readonly<Record<string, EventLabel>>
  /** who has the number that was typed */
  found: Person | null
  reader: SignedIn
  text?: string; errors?: Record<string, string>
}

export function ticketPage(t: T, { ticket, contact, entries, events, labels, found, reader, text = '', errors = {} }: One) {
  const whole = typeof contact === 'string'
  const said = translated(t, errors)
  const href = found && can(reader, 'people.read') ? `/admin/people/${found.id}` : undefined
  return {
    title: t('求助 {code}', { code: ticket.code }), back: { label: t('求助'), href: '/admin/tickets' }, id: ticket.id, problem: ticket.problem, closed: ticket.status === 'closed', errors: said,
    tag: { ...TAGS[ticket.status], text: t(TAGS[ticket.status].text) }, whole, byPhone: ticket.person_id === null && ticket.contact_kind === 'phone',
    proven: ticket.person_id !== null,
    facts: [
      { label: t('姓名'), value: ticket.name }, { label: t('学工号'), value: ticket.number || t('没有填') , ...(href && { href }) },
      { label: t('学院或部门'), value: ticket.school },
      { label: ticket.contact_kind === 'phone' ? t('手机号') : t('电子邮箱'), value: whole ? contact : contact.kind === 'phone' ? maskPhone(contact.value) : maskEmail(contact.value) },
      ...ticket.page ? [{ label: t('所在页面'), value: ticket.page }] : [], { label: t('时间'), time: ticket.created_at },
    ],
    // What was typed proves nothing: names side by side, to be compared by a person.
    match: ticket.person_id !== null ? null : found === null ? t('名单里没有这个学工号') : found.name === ticket.name ? t('名单里这个学工号是 {name}（{unit}）', { name: found.name, unit: found.unit_name }) : t('名单里这个学工号是另一个名字，请仔细核实'),
    entries: entries.map(entry => ({
      name: entry.author_name, at: entry.created_at, comment: entry.text, icon: entry.kind === 'answer' ? 'chat' : 'edit',
      role: entry.kind === 'note' ? t('内部备注') : t(TOLD[entry.told ?? 'phone']),
    })),
    field: { name: 'text', type: 'textarea', rows: 5, label: t('答复'), value: text, error: said['text'], maxlength: LONGEST.answer, help: t('不要写密码。恢复密码、解除绑定请在本人的人员页面办理，并先核实本人') },
    events: events.toReversed().map(({ name, data, at }) => ({ title: t(labels[name]?.text ?? name, { code: String(data['code'] ?? '') }), at, tone: labels[name]?.tone })),
  }
}

function tagCell(t: T, status: TicketStatus) {
  const { text, meaning } = TAGS[status]
  return { tag: { text: t(text), meaning }, text: '' }
}

function firstLine(problem: string): string {
  const [line = ''] = problem.split('\n', 1)
  return [...line].length > 40 ? `${[...line].slice(0, 40).join('')}…` : line
}
