import type { TestContext } from 'node:test'
import departmentHead from '../../src/catalogue/approvers/department-head.ts'
import expression from '../../src/catalogue/approvers/expression.ts'
import formPerson from '../../src/catalogue/approvers/form-person.ts'
import group from '../../src/catalogue/approvers/group.ts'
import person from '../../src/catalogue/approvers/person.ts'
import previousChoice from '../../src/catalogue/approvers/previous-choice.ts'
import role from '../../src/catalogue/approvers/role.ts'
import tutor from '../../src/catalogue/approvers/tutor.ts'
import type { CallbackBody } from '../../src/features/callbacks/index.ts'
import { type ApprovalsDeps, createApprovals, type Directory, type DirectoryPerson, type Flow } from '../../src/features/approvals/index.ts'
import type { Tell } from '../../src/features/messages/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/db.ts'
import type { Actor, Reaction } from '../../src/platform/events.ts'
import { AppError } from '../../src/platform/errors.ts'
import { textIn } from '../../src/platform/text.ts'
import { createWorkingTime } from '../../src/platform/working-time.ts'
import { openTestDatabase } from '../support/database.ts'

/** 周青 is a student of 李敏's at 计算机学院, which 陈刚 heads; 王伟 and 赵静 are registrars, 孙洁 administers. */
const PEOPLE: readonly DirectoryPerson[] = [
  { id: 'zhou', name: '周青', number: '20230001', unit_id: 'cs' },
  { id: 'limin', name: '李敏', number: 'T001', unit_id: 'cs' },
  { id: 'chen', name: '陈刚', number: 'T002', unit_id: 'cs' },
  { id: 'wang', name: '王伟', number: 'T003', unit_id: 'office' },
  { id: 'zhao', name: '赵静', number: 'T004', unit_id: 'office' },
  { id: 'sun', name: '孙洁', number: 'T005', unit_id: 'office' },
]

const UNITS = [{ id: 'cs', code: '0103', name: '计算机学院', parent_id: null }, { id: 'office', code: '0201', name: '教务处', parent_id: null }]

/** Answers as the people above are; each part can be changed to tell another story. */
export type World = { tutors: Record<string, string>; registrars: string[]; admins: string[]; heads: Record<string, string>; leaders: Record<string, string>; groups: Record<string, { name: string; people: string[] }>; samples: Awaited<ReturnType<Directory['samples']>> }

function directoryOf(world: World): Directory {
  return {
    person: async id => PEOPLE.find(one => one.id === id) ?? null,
    people: async ids => PEOPLE.filter(one => ids.includes(one.id)),
    personByNumber: async number => PEOPLE.find(one => one.number === number) ?? null,
    tutorOf: async id => world.tutors[id] ?? null,
    holdersOf: async (wanted, unit_id) => wanted === 'registrar' ? world.registrars.filter(id => !unit_id || PEOPLE.find(one => one.id === id)?.unit_id === unit_id) : [],
    deputiesOf: async () => [],
    leaderOf: async id => world.leaders[id] ?? null,
    holdersOfPost: async () => [],
    group: async word => world.groups[word] ?? null,
    unit: async id => UNITS.find(one => one.id === id) ?? null,
    unitByCode: async code => UNITS.find(one => one.code === code) ?? null,
    samples: async () => world.samples,
    roleName: name => name,
    headOf: async unit_id => world.heads[unit_id] ?? null,
    admins: async () => world.admins,
  }
}

export async function openOffice(t: TestContext, { reactions = [], connections }: { reactions?: Reaction[]; connections?: Pick<ApprovalsDeps['connections'], 'call'> | undefined } = {}) {
  const clock = testClock()
  const world: World = { tutors: { zhou: 'limin' }, registrars: ['wang', 'zhao'], admins: ['sun'], heads: { cs: 'chen' }, leaders: { limin: 'chen' }, groups: {}, samples: [] }
  const told: Tell[] = []
  const cards = new Map<string, string[]>()
  const clicks: Parameters<ApprovalsDeps['messages']['cardClicked']>[1][] = []
  const unbound: string[] = []
  const callbacks = new Map<string, CallbackBody>()
  let database: Database | undefined
  const deps: ApprovalsDeps = {
    clock, workingTime: createWorkingTime({ calendar: { days: new Map(), years: new Set() }, hours: [['08:30', '12:00'], ['14:00', '17:30']] }), approvers: [tutor, role, departmentHead, person, previousChoice, expression, formPerson, group], directory: () => directoryOf(world),
    database: { get db() { return opened().db }, write: work => opened().write(work) },
    messages: {
      async tell(_tx, message) { return String(told.push(message)) },
      async tellAll(_tx, messages) { return messages.map(message => String(told.push(message))) },
      async closeCard(_tx, { task_id, text }) { cards.set(task_id, [...cards.get(task_id) ?? [], text]) },
      async cardClicked(_tx, click) { clicks.push(click) },
      deliveryById: async () => null,
      async clickedUnbound(_tx, { userid }) { unbound.push(userid) },
    },
    connections: { names: async () => new Set(['erp']), ...connections ?? { call: async () => { throw new AppError('not-found', '没有这个连接') } } },
    callbacks: { bodyOf: async (_db, id) => callbacks.get(id) ?? missing(id) },
    identity: { personByWecomUserid: async (_db, userid) => byId(userid) },
  }
  function opened(): Database {
    return database ?? missing('database')
  }
  const approvals = createApprovals(deps)
  database = await openTestDatabase(t, { clock, reactions: [...approvals.reactions ?? [], ...reactions] })
  // What jobs close over, for stories in which time goes by.
  const verbs = { ...deps, approvers: new Map(deps.approvers.map(approver => [approver.name, approver])) }
  return { clock, world, told, cards, clicks, unbound, callbacks, approvals, database, verbs, ...acts(approvals, database) }
}

function byId(id: string) {
  const found = PEOPLE.find(one => one.id === id)
  return found ? { person_id: found.id, number: found.number ?? '', name: found.name } : null
}

function missing(what: string): never {
  throw new Error(`no ${what}`)
}

/** What people do, each in a transaction of its own as a route would. */
function acts(approvals: ReturnType<typeof createApprovals>, database: Database) {
  const { db, write } = database
  return {
    start: (flow: Flow, by = 'zhou', subject = 'application-1') => write(tx => approvals.start(tx, actor(by), {
      kind: 'services.application', subject, title: '在读证明', url: `/applications/${subject}`, flow,
      summary: [{ label: '用途', value: '签证' }], form: { purpose: '签证' },
    })),
    open: (person_id: string) => approvals.openTasksOf(db, person_id, { limit: 20 }),
    decide: (task_id: string, by: string, decision: 'approve' | 'reject' | 'return', comment = decision === 'approve' ? '' : '材料不齐') =>
      write(tx => approvals.decide(tx, actor(by), { task_id, decision, comment })),
    withdraw: (instance_id: string, by = 'zhou') => write(tx => approvals.withdraw(tx, actor(by), { instance_id })),
    resubmit: (instance_id: string, by = 'zhou') => write(tx => approvals.resubmit(tx, actor(by), {
      instance_id, title: '在读证明', summary: [{ label: '用途', value: '留学' }], form: { purpose: '留学' },
    })),
    urge: (instance_id: string, by = 'zhou') => write(tx => approvals.urge(tx, actor(by), { instance_id })),
  }
}

export function actor(person_id: string): Actor {
  return { person_id, number: PEOPLE.find(one => one.id === person_id)?.number ?? null }
}

/** What the reader is told when it does not work. */
export async function refusalOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(() => null, (reason: unknown) => reason)
  if (!(error instanceof AppError)) throw new Error(`expected an answer, got ${String(error)}`)
  return `${error.kind}: ${textIn('zh')(error.message, error.params)}`
}
