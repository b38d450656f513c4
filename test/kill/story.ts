import type { Client, Page } from '../support/client.ts'
import { applyForCertificate, idIn } from '../support/certificate.ts'
import type { Someone } from '../support/people.ts'
import type { Hall } from './hall.ts'
import { found, patiently, until } from './until.ts'

/** How the tutor decides, how a registrar does, and where it ends. */
export const FATES = [
  { tutor: 'card', registrar: 'page', end: 'approved' },
  { tutor: 'page', registrar: 'card', end: 'approved' },
  { tutor: 'return', registrar: 'card', end: 'approved' },
  { tutor: 'card', registrar: 'two', end: 'approved' },
  { tutor: 'reject', registrar: 'page', end: 'rejected' },
  { tutor: 'page', registrar: 'two', end: 'approved' },
  { tutor: 'card', registrar: 'withdrawn', end: 'withdrawn' },
  { tutor: 'card', registrar: 'card', end: 'approved' },
] as const

export type Fate = typeof FATES[number]
export type Cast = { student: Someone; tutor: Someone; registrars: Someone[] }
/** One application and what it must have become. */
export type Story = { id: string; end: Fate['end']; document: boolean }

type Task = { id: string; person_id: string; step: string }

// After so long without a card an approver opens the list instead.
const CARD_PATIENCE = 12_000

/** Lives one application from the empty form to its end, repeating whatever got no answer. */
export async function live(hall: Hall, cast: Cast, fate: Fate, mailbox: string): Promise<Story> {
  const phones = phonesOf(hall)
  const id = await apply(await phones(cast.student.userid), hall, mailbox)
  let returned = false
  for (;;) {
    const status = await statusOf(hall, id)
    if (status === fate.end) return { id, end: fate.end, document: fate.end === 'approved' }
    if (status === 'returned') await correct(await phones(cast.student.userid), hall, id, mailbox)
    else if (status === 'running') {
      const tasks = await openTasks(hall, id)
      const [first] = tasks
      if (!first) continue // it went on between two looks
      const tutor = first.step === 'tutor'
      if (!tutor && fate.registrar === 'withdrawn') await withdraw(await phones(cast.student.userid), hall, id)
      else if (tutor) {
        const how = fate.tutor === 'return' && returned ? 'card' : fate.tutor
        returned ||= fate.tutor === 'return'
        await decide(hall, phones, [cast.tutor], tasks, how)
      } else await decide(hall, phones, cast.registrars, tasks, fate.registrar)
    } else throw new Error(`application ${id} is ${status} and was to be ${fate.end}`)
  }
}

type Phones = (userid: string) => Promise<Client>

/** Everybody signs in once; sessions outlive the process. */
function phonesOf(hall: Hall): Phones {
  const known = new Map<string, Client>()
  return async userid => {
    const phone = known.get(userid) ?? await signIn(hall, userid)
    known.set(userid, phone)
    return phone
  }
}

async function signIn(hall: Hall, userid: string): Promise<Client> {
  return (await patiently(async () => ({ status: 200, client: await hall.phone(userid) }))).client
}

async function apply(phone: Client, hall: Hall, mailbox: string): Promise<string> {
  let draft = ''
  const answered = await patiently(async () => {
    // The same draft is sent again, not another one begun.
    const form = await phone.get('/services/enrolment-certificate/apply')
    if (form.status >= 500) return form
    const shown = form.value('draft')
    if (draft !== '' && shown !== draft) return phone.get(`/applications/${draft}`)
    draft = shown
    await hall.moments.pass('post apply')
    return applyForCertificate(phone, { mailbox })
  })
  if (idIn(answered.path) !== draft) throw new Error(`the draft ${draft} led to ${answered.path} (${answered.status}): ${answered.text.slice(0, 300)}`)
  return draft
}

async function correct(phone: Client, hall: Hall, id: string, mailbox: string): Promise<void> {
  const action = `/applications/${id}/correction`
  await patiently(async () => {
    const page = await phone.get(action)
    if (page.status >= 500 || page.path !== action) return page
    await hall.moments.pass('post correction')
    return phone.submit(page, action, { purpose: 'exchange', language: 'zh', mailbox, intent: 'submit' })
  })
}

async function withdraw(phone: Client, hall: Hall, id: string): Promise<void> {
  const action = `/applications/${id}/withdrawal`
  await patiently(async () => {
    const page = await phone.get(action)
    if (page.status >= 500) return page
    await hall.moments.pass('post withdrawal')
    return phone.submit(page, action)
  })
}

type How = Fate['tutor'] | Fate['registrar']

/** Those who hold the tasks act, until one of the tasks is over. */
async function decide(hall: Hall, phones: Phones, people: readonly Someone[], tasks: readonly Task[], how: How): Promise<void> {
  const holders = tasks.flatMap(task => people.filter(person => person.person_id === task.person_id).map(person => ({ ...person, task: task.id })))
  const [one, other = one] = holders
  if (!one || !other) throw new Error(`nobody of the cast holds ${JSON.stringify(tasks)}`)
  const over = async () => await found(() => hall.database.db.selectFrom('approvals_tasks').select('id').where('id', '=', one.task).where('status', '!=', 'open').executeTakeFirst()) !== undefined
  if (how === 'card') return await byCard(hall, phones, one, over)
  if (how === 'two') return void await Promise.all([onPage(hall, phones, one, 'approve'), onPage(hall, phones, other, 'approve')])
  return await onPage(hall, phones, one, how === 'page' ? 'approve' : how === 'withdrawn' ? 'approve' : how)
}

/** Clicks, and clicks again where nothing came of it. */
async function byCard(hall: Hall, phones: Phones, { userid, task }: Someone & { task: string }, over: () => Promise<boolean>): Promise<void> {
  const card = () => hall.simulator.state.messagesTo(userid).find(message => message.task_id?.startsWith(`task-${task}`) && message.card && message.replaceText === null)
  const shown = await until('a card', card, CARD_PATIENCE).catch(() => undefined)
  if (!shown?.task_id) return await over() ? undefined : await onPage(hall, phones, { userid, task }, 'approve')
  await hall.moments.pass('click')
  const { state } = await hall.simulator.click(userid, shown.task_id, 'approve').catch(() => ({ state: 'failed' as const }))
  if (state === 'delivered') await until('the click to count', over, CARD_PATIENCE).catch(() => undefined)
}

async function onPage(hall: Hall, phones: Phones, { userid, task }: { userid: string; task: string }, decision: 'approve' | 'reject' | 'return'): Promise<void> {
  const phone = await phones(userid)
  const action = `/tasks/${task}/decision`
  await patiently(async (): Promise<Page> => {
    const page = await phone.get(`/tasks/${task}`)
    if (page.status >= 500 || !page.root.querySelector(`form[action="${action}"]`)) return page // decided already
    await hall.moments.pass('post decision')
    return phone.submit(page, action, { decision, comment: decision === 'approve' ? '情况属实' : '请写明用途' })
  })
}

async function statusOf({ database: { db } }: Hall, id: string): Promise<string> {
  return (await found(() => db.selectFrom('services_applications').select('status').where('id', '=', id).executeTakeFirstOrThrow())).status
}

async function openTasks({ database: { db } }: Hall, application: string): Promise<Task[]> {
  return await found(() => db.selectFrom('approvals_tasks as task').innerJoin('approvals_instances as instance', 'instance.id', 'task.instance_id')
    .innerJoin('approvals_nodes as node', 'node.id', 'task.node_id').select(['task.id', 'task.person_id', 'node.step'])
    .where('instance.subject', '=', application).where('task.status', '=', 'open').orderBy('task.id').execute())
}
