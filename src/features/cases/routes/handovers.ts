import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { choosingPage } from '../../services/index.ts'
import type { Deps } from '../deps.ts'
import { handoverCell, handoverPage, heldCell } from '../pages/handovers.ts'
import type { ById } from './reach.ts'
import { fieldIn, refusalIn } from './requests.ts'

type Typed = { from: string; to: string; q: string; reason: string }

const PAGE = 50
/** Who could be meant; who is not among them types more of the name. */
const FOUND = 20

/** 待办交接: all that somebody holds goes to another. First whose, then to whom with what would move, then the job and what became of each. */
export function handoverRoutes(deps: Deps): FastifyPluginAsync {
  const { approvals, database: { db, write }, identity } = deps

  return async app => {
    app.get('/handovers', async (request, reply) => {
      const { t } = request
      return reply.console('cases/handovers', {
        title: t('待办交接'), lead: t('有人离职、调岗或者长期不在时，把他的待办一起交给别人'), actions: [{ label: t('开始交接'), href: '/admin/handovers/new', kind: 'main' }],
        gone: await gone(t),
        items: (await approvals.handovers(db, PAGE)).map(each => handoverCell(t, each)),
      })
    })

    app.get('/handovers/new', async (request, reply) => {
      const typed = readTyped(request.query)
      return typed.from ? show(request, reply, typed) : showSearch(request, reply, typed.q)
    })

    app.post('/handovers', async (request, reply) => {
      const { body, actor } = request
      const typed = readTyped(body)
      if (fieldIn(body, 'intent') === 'search') return show(request, reply, typed)
      try {
        const id = await write(tx => approvals.handOver(tx, actor, typed))
        return await reply.redirect(`/admin/handovers/${id}`, 303)
      } catch (error) {
        return show(request, reply.code(422), typed, refusalIn(error))
      }
    })

    app.get<ById & { Querystring: { outcome?: string; after?: string } }>('/handovers/:id', async (request, reply) => {
      const { t, params: { id }, query: { outcome: wanted, after } } = request
      const handover = await approvals.handoverById(db, id)
      if (!handover) throw new AppError('not-found', '没有找到这次交接')
      const outcome = wanted === 'moved' || wanted === 'kept' ? wanted : undefined
      const items = await approvals.handoverItems(db, id, { outcome, after, limit: PAGE + 1 })
      return reply.console('cases/handover', handoverPage({ handover, left: await approvals.openCountOf(db, handover.from_id), items, outcome, page: PAGE, t }))
    })
  }

  /** Those who have left and still hold something: nobody else will see to that. */
  async function gone(t: FastifyRequest['t']) {
    const loads = await approvals.loads(db)
    const people = loads.size === 0 ? [] : await identity.peopleByIds(db, [...loads.keys()])
    return people.filter(({ standing }) => standing === 'left' || standing === 'withdrawn')
      .map(({ id, name, unit_name }) => ({ title: name, note: unit_name, href: `/admin/handovers/new?from=${id}`, end: t('{n} 项待办', { n: loads.get(id) ?? 0 }) }))
  }

  async function showSearch({ t }: FastifyRequest, reply: FastifyReply, q: string): Promise<FastifyReply> {
    const people = q.trim() === '' ? [] : (await identity.searchPeople(db, { q, kind: 'staff', limit: FOUND })).people
    const items = []
    for (const { id, name, unit_name } of people) items.push({ title: name, note: unit_name, href: `/admin/handovers/new?from=${id}`, end: t('{n} 项待办', { n: await approvals.openCountOf(db, id) }) })
    return reply.console('cases/handover-from', { title: t('交接谁的待办'), back: { label: t('待办交接'), href: '/admin/handovers' }, q, items, searched: q.trim() !== '' })
  }

  async function show(request: FastifyRequest, reply: FastifyReply, typed: Typed, error?: AppError): Promise<FastifyReply> {
    const { t } = request
    const [leaver] = await identity.peopleByIds(db, [typed.from])
    if (!leaver) throw new AppError('not-found', '没有找到这位人员')
    const tasks = await approvals.openTasksOf(db, typed.from, { limit: PAGE })
    const refusals = typed.to ? await approvals.foreseeHandOver(db, tasks.map(task => task.id), typed.to) : new Map<string, null>()
    const total = await approvals.openCountOf(db, typed.from)
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    return reply.console('cases/handover-to', {
      title: t('交接 {name} 的待办', { name: leaver.name }), heading: false, about: leaver.unit_name, from: typed.from, back: '/admin/handovers/new', total,
      lead: t('共 {n} 项待办会交给另一个人', { n: total }),
      effects: [t('接手的人会收到每一项待办和理由'), t('申请人自己的申请、对方已经在办的环节不能交接，会留在原处'), t('已经办过的意见仍然是原来的人给出的')],
      choosing: await choosingPage(deps, t, { q: typed.q, to: typed.to ? [typed.to] : [], many: false, without: typed.from }, said('to')),
      reason: { name: 'reason', type: 'textarea', rows: 3, required: true, label: t('理由'), help: t('会留在每份申请的办理过程里'), value: typed.reason, maxlength: 500, error: said('comment') },
      held: tasks.map(task => heldCell(t, task, refusals.get(task.id))),
      rest: total > tasks.length ? t('这里列出最近的 {shown} 项', { shown: tasks.length }) : undefined, styles: ['css/pages/services.css'],
    })
  }
}

function readTyped(sent: unknown): Typed {
  return { from: fieldIn(sent, 'from'), to: fieldIn(sent, 'to'), q: fieldIn(sent, 'q'), reason: fieldIn(sent, 'reason') }
}
