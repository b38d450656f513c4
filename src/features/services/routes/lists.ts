import type { FastifyInstance } from 'fastify'
import type { T } from '../../../platform/text.ts'
import type { Narrowing, TaskView } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { copyCell, countText, filtersPage, sentCell, taskCell } from '../pages/lists.ts'
import { ENDED, type Sent, SENT } from '../rules/application.ts'
import { addressOf, isNarrowed, type Listing, periodOf, readListing, WHOLE } from '../rules/listing.ts'
import { countSent, draftsOf, type Filters, listApplications } from '../store/applications.ts'
import { cursorText, PAGE, readCursor } from './requests.ts'

const UNDER_WAY: readonly Sent[] = SENT.filter(status => !ENDED.includes(status))
/** The statuses that each tab of 我发出的 holds. */
const TABS: Record<string, readonly Sent[]> = { all: SENT, running: UNDER_WAY, done: SENT.filter(status => ENDED.includes(status)) }

/** 我发出的 and 我收到的. */
export async function listRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, catalogue, clock, database: { db } } = context

  app.get('/sent', async (request, reply) => {
    const { t, person: { person_id } } = request
    const listing = readListing(request.query, ['all', 'running', 'done'])
    const lines = await listApplications(db, { person_id, ...sentFilters(listing, clock.now()), limit: PAGE + 1 })
    const { running, done } = await countSent(db, person_id)
    const last = lines.length > PAGE ? lines[PAGE - 1] : undefined
    const tab = (state: string, label: string, count: number) => ({ label, href: addressOf('/sent', listing, { state, status: '' }), current: listing.state === state, count })
    return reply.page('services/list', {
      title: t('我发出的'), place: '/sent', lead: t('发出的事项'), items: lines.slice(0, PAGE).map(line => sentCell(t, line, clock.now())),
      segments: [tab('all', t('全部'), running + done), tab('running', t('进行中'), running), tab('done', t('已办结'), done)],
      filters: filtersPage(t, '/sent', listing, { services: catalogue.all, statuses: TABS[listing.state] ?? [], late: listing.state !== 'done' }),
      drafts: listing.before || isNarrowed(listing) ? [] : (await draftsOf(db, person_id)).map(line => ({ title: t(line.title), href: `/services/${line.service_key}/apply`, time: line.saved_at, icon: 'edit' })),
      next: last && addressOf('/sent', listing, { before: last.id }),
      empty: isNarrowed(listing) ? nothingFits(t, '/sent', listing)
        : { icon: 'send', title: t('这里还没有申请'), note: t('提交申请后，可以在这里看进度、撤回和催办'), action: { label: t('去办事'), href: '/services' } },
    })
  })

  app.get('/received', async (request, reply) => {
    const { t, person: { person_id } } = request
    const listing = readListing(request.query, ['open', 'done', 'copied'])
    const state = isState(listing.state) ? listing.state : 'open'
    const [{ items, next }, counts] = await Promise.all([LISTS[state](context, t, person_id, listing), approvals.countsOf(db, person_id)])
    const tab = (name: State, label: string, count?: string | number) => ({ label, href: addressOf('/received', listing, { state: name, status: '', late: false }), current: state === name, count })
    return reply.page('services/list', {
      counts: { todo: counts.open }, title: t('我收到的'), place: '/received', lead: t('收到的事项'), items,
      segments: [tab('open', t('待办'), countText(counts.open)), tab('done', t('已办'), countText(counts.done)), tab('copied', t('抄送我的'))],
      filters: filtersPage(t, '/received', listing, { services: catalogue.all, statuses: state === 'open' ? [] : SENT, late: state === 'open' }),
      next: next && addressOf('/received', listing, { before: next }),
      actions: state === 'open' && counts.open > 1 ? [{ label: t('批量办理'), href: '/received/batch', small: true }] : [],
      // Who has never had a task needs no stand-in.
      below: state !== 'copied' && counts.open + counts.done > 0 ? { label: t('设置代理人'), href: '/received/absences' } : undefined,
      empty: isNarrowed(listing) ? nothingFits(t, '/received', listing) : { icon: 'inbox', ...emptyWords(t, state) },
    })
  })
}

function sentFilters(listing: Listing, now: number): Omit<Filters, 'limit'> {
  const { state, service, status, q, late, before } = listing
  const tab = TABS[state] ?? SENT
  const asked = tab.filter(one => one === status)
  return {
    ...periodOf(listing), status: asked.length > 0 ? asked : tab, service_key: service || undefined, q: q || undefined,
    late_at: late ? now : undefined, before: before || undefined,
  }
}

type State = 'open' | 'done' | 'copied'
type Listed = { items: ReturnType<typeof taskCell>[]; next: string | undefined }

const isState = (word: string): word is State => word === 'open' || word === 'done' || word === 'copied'

const LISTS: Record<State, (context: Context, t: T, person_id: string, listing: Listing) => Promise<Listed>> = {
  async open({ approvals, clock, database: { db } }, t, person_id, listing) {
    const tasks = await approvals.openTasksOf(db, person_id, { ...narrowing(listing), late_at: listing.late ? clock.now() : undefined, limit: PAGE + 1, before: readCursor(listing.before)?.id })
    return tasksPage(t, tasks, clock.now())
  },
  async done({ approvals, clock, database: { db } }, t, person_id, listing) {
    const cursor = readCursor(listing.before)
    return tasksPage(t, await approvals.doneTasksOf(db, person_id, { ...narrowing(listing), limit: PAGE + 1, before: cursor && { ended_at: cursor.at, id: cursor.id } }), clock.now())
  },
  async copied({ approvals, database: { db } }, t, person_id, listing) {
    const copies = await approvals.copiesTo(db, person_id, { ...narrowing(listing), limit: PAGE + 1, before: readCursor(listing.before)?.id })
    const last = copies.length > PAGE ? copies[PAGE - 1] : undefined
    return { items: copies.slice(0, PAGE).map(copy => copyCell(t, copy)), next: last && cursorText(last.created_at, last.id) }
  },
}

function narrowing(listing: Listing): Narrowing {
  const { service, status, q } = listing
  return { ...periodOf(listing), topic: service || undefined, status: SENT.find(one => one === status), q: q || undefined }
}

function tasksPage(t: T, tasks: readonly TaskView[], now: number): Listed {
  const last = tasks.length > PAGE ? tasks[PAGE - 1] : undefined
  return { items: tasks.slice(0, PAGE).map(task => taskCell(t, task, now)), next: last && cursorText(last.ended_at, last.id) }
}

function nothingFits(t: T, path: string, listing: Listing) {
  return {
    icon: 'search', title: t('没有符合条件的事项'), note: t('可以换一个说法，或者放宽条件'),
    action: { label: t('清除筛选'), href: addressOf(path, listing, WHOLE) },
  }
}

function emptyWords(t: T, state: State): { title: string; note: string } {
  if (state === 'copied') return { title: t('没有抄送给你的事项'), note: t('别人抄送给你的申请会出现在这里') }
  return state === 'done'
    ? { title: t('还没有办理过'), note: t('同意、驳回或退回过的事项会出现在这里') }
    : { title: t('没有待办'), note: t('有事项要审批时会出现在这里，企业微信里也会收到卡片') }
}
