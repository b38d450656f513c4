import { type App, createApp } from '../../src/app.ts'
import type { Flow } from '../../src/features/approvals/index.ts'
import { startTestApp } from '../support/app.ts'
import { quietLog } from '../support/database.ts'
import { compare } from './support/compare.ts'
import { copyDatabase } from './support/copy-database.ts'
import { type Figure, rowOf } from './support/figure.ts'

const APPROVERS = 50

type Someone = { id: string; number: string }
type Task = { id: string; person: Someone }

/**
 * 同意 by fifty people in the same moment, from the verb to the commit, against the same one after the other: each on an instance of their own, and all
 * on the one instance of a 会签, where they stand in line.
 */
export const atOnce: Figure = {
  stores: ['sqlite', 'mariadb'],
  async measure(t, { rounds }) {
    const hall = await startTestApp(t)
    // Without its dispatcher: what follows a decision is not part of it.
    const app = await createApp({ ...hall.app.config, databaseUrl: await copyDatabase(t, hall.app) }, { clock: hall.clock, log: quietLog })
    t.after(() => app.close())
    const people = await app.database.db.selectFrom('identity_numbers').select(['person_id as id', 'number']).where('kind', '=', 'staff').where('standing', '=', 'employed').orderBy('number').limit(APPROVERS).execute()
    if (people.length < APPROVERS) throw new Error(`the sample has ${people.length} staff only`)
    const own = () => Promise.all(people.map(person => tasksOf(app, [person]))).then(tasks => tasks.flat())
    const one = () => tasksOf(app, people)
    const rows = [{ name: 'an instance each', tasks: own }, { name: 'one 会签', tasks: one }]
    const measured = []
    for (const { name, tasks } of rows) {
      const comparison = await compare(rounds, { ours: async () => perSecond(app, await tasks(), together), limit: async () => perSecond(app, await tasks(), inTurn) })
      measured.push(rowOf(comparison, { name: `${APPROVERS} approvers at once, ${name} (limit: in turn)`, unit: 'decisions/s' }))
    }
    return measured
  },
}

/** The open tasks of a new instance on which each of them must agree. */
async function tasksOf({ approvals, database: { db, write } }: App, people: readonly Someone[]): Promise<Task[]> {
  const flow: Flow = { nodes: [{ id: 'all', kind: 'approval', label: '会签', mode: 'all', approver: { rule: 'person', params: { numbers: people.map(person => person.number) } } }] }
  const [applicant] = people
  if (!applicant) return []
  const { instance_id } = await write(tx => approvals.start(tx, { person_id: applicant.id, number: applicant.number }, { kind: 'bench', subject: crypto.randomUUID().slice(0, 26), title: '会签', url: '/', summary: [], form: {}, flow }))
  const tasks = await db.selectFrom('approvals_tasks').select(['id', 'person_id']).where('instance_id', '=', instance_id).execute()
  return people.map(person => ({ id: tasks.find(task => task.person_id === person.id)?.id ?? '', person }))
}

type Way = (tasks: readonly Task[], decide: (task: Task) => Promise<unknown>) => Promise<unknown>

const together: Way = (tasks, decide) => Promise.all(tasks.map(decide))
const inTurn: Way = async (tasks, decide) => { for (const task of tasks) await decide(task) }

async function perSecond({ approvals, database: { write } }: App, tasks: readonly Task[], way: Way): Promise<number> {
  const began = performance.now()
  await way(tasks, ({ id, person }) => write(tx => approvals.decide(tx, { person_id: person.id, number: person.number }, { task_id: id, decision: 'approve' })))
  return tasks.length / (performance.now() - began) * 1000
}
