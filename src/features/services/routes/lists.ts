import type { FastifyInstance } from 'fastify'
import type { T } from '../../../platform/text.ts'
import type { TaskView } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { copyCell, countText, taskCell } from '../pages/lists.ts'
import { applicationCell } from '../pages/service.ts'
import { ENDED } from '../rules/application.ts'
import { countSent, draftsOf, listApplications } from '../store/applications.ts'
import { cursorText, PAGE, readCursor } from './requests.ts'

type Listing = { Querystring: { state?: string; before?: string } }

/** 我发出的 and 我收到的. */
export async function listRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, database: { db } } = context

  app.get<Listing>('/sent', async (request, reply) => {
    const { t, person: { person_id }, query } = request
    const state = query.state === 'running' || query.state === 'done' ? query.state : 'all'
    const status = { all: undefined, running: ['running', 'returned'] as const, done: ENDED }[state]
    const { before } = query
    const lines = await listApplications(db, { person_id, status, before, limit: PAGE + 1 })
    const { running, done } = await countSent(db, person_id)
    const last = lines.length > PAGE ? lines[PAGE - 1] : undefined
    return reply.page('services/list', {
      title: t('我发出的'), lead: t('发出的事项'), items: lines.slice(0, PAGE).map(line => applicationCell(t, line)),
      segments: [
        { label: t('全部'), href: '/sent', current: state === 'all', count: running + done },
        { label: t('进行中'), href: '/sent?state=running', current: state === 'running', count: running },
        { label: t('已办结'), href: '/sent?state=done', current: state === 'done', count: done },
      ],
      drafts: before ? [] : (await draftsOf(db, person_id)).map(line => ({ title: t(line.title), href: `/services/${line.service_key}/apply`, time: line.saved_at, icon: 'edit' })),
      next: last && `/sent?state=${state}&before=${last.id}`,
      empty: { icon: 'send', title: t('这里还没有申请'), note: t('提交申请后，可以在这里看进度、撤回和催办'), action: { label: t('去办事'), href: '/services' } },
    })
  })

  app.get<Listing>('/received', async (request, reply) => {
    const { t, person: { person_id }, query } = request
    const state = query.state === 'done' || query.state === 'copied' ? query.state : 'open'
    const [{ items, next }, counts] = await Promise.all([LISTS[state](context, t, person_id, query.before), approvals.countsOf(db, person_id)])
    return reply.page('services/list', {
      counts: { todo: counts.open }, title: t('我收到的'), lead: t('收到的事项'), items,
      segments: [
        { label: t('待办'), href: '/received', current: state === 'open', count: countText(counts.open) },
        { label: t('已办'), href: '/received?state=done', current: state === 'done', count: countText(counts.done) },
        { label: t('抄送我的'), href: '/received?state=copied', current: state === 'copied' },
      ],
      next: next && `/received?state=${state}&before=${next}`,
      actions: state === 'open' && counts.open > 1 ? [{ label: t('批量办理'), href: '/received/batch', small: true }] : [],
      // Who has never had a task needs no stand-in.
      below: state !== 'copied' && counts.open + counts.done > 0 ? { label: t('设置代理人'), href: '/received/absences' } : undefined,
      empty: { icon: 'inbox', ...emptyWords(t, state) },
    })
  })
}

type State = 'open' | 'done' | 'copied'
type Listed = { items: ReturnType<typeof taskCell>[]; next: string | undefined }

const LISTS: Record<State, (context: Context, t: T, person_id: string, before: string | undefined) => Promise<Listed>> = {
  async open({ approvals, database: { db } }, t, person_id, before) {
    const tasks = await approvals.openTasksOf(db, person_id, { limit: PAGE + 1, before: readCursor(before)?.id })
    return tasksPage(t, tasks)
  },
  async done({ approvals, database: { db } }, t, person_id, before) {
    const cursor = readCursor(before)
    return tasksPage(t, await approvals.doneTasksOf(db, person_id, { limit: PAGE + 1, before: cursor && { ended_at: cursor.at, id: cursor.id } }))
  },
  async copied({ approvals, database: { db } }, t, person_id, before) {
    const copies = await approvals.copiesTo(db, person_id, { limit: PAGE + 1, before: readCursor(before)?.id })
    const last = copies.length > PAGE ? copies[PAGE - 1] : undefined
    return { items: copies.slice(0, PAGE).map(copy => copyCell(t, copy)), next: last && cursorText(last.created_at, last.id) }
  },
}

function tasksPage(t: T, tasks: readonly TaskView[]): Listed {
  const last = tasks.length > PAGE ? tasks[PAGE - 1] : undefined
  return { items: tasks.slice(0, PAGE).map(task => taskCell(t, task)), next: last && cursorText(last.ended_at, last.id) }
}

function emptyWords(t: T, state: State): { title: string; note: string } {
  if (state === 'copied') return { title: t('没有抄送给你的事项'), note: t('别人抄送给你的申请会出现在这里') }
  return state === 'done'
    ? { title: t('还没有办理过'), note: t('同意、驳回或退回过的事项会出现在这里') }
    : { title: t('没有待办'), note: t('有事项要审批时会出现在这里，企业微信里也会收到卡片') }
}
