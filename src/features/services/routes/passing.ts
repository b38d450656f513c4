import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Tx } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { T } from '../../../platform/text.ts'
import { type Approvals, LONGEST_COMMENT, type Place, type SideMode } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { choosingPage } from '../pages/choosing.ts'
import { type ById, fieldIn, fieldsIn, refusalOf } from './requests.ts'
import { getTask } from './sight.ts'

type How = 'transfer' | 'delegate' | 'consult' | 'add'
const HowWord = Type.Enum(['transfer', 'delegate', 'consult', 'add'])
const PlaceWord = Type.Enum(['before', 'beside', 'after'])
const ModeWord = Type.Enum(['all', 'any', 'in-turn'])

/** What each says on its page, and when it is done. */
const MANNERS: Record<How, { title: string; lead: string; done: string; comment: string }> = {
  transfer: { title: '转交', lead: '转交后由对方办理，你不再办理这一环节', done: '已转交', comment: '给对方的说明' },
  delegate: { title: '委派', lead: '对方写明意见后交回，仍由你决定', done: '已委派，对方交回后会再通知你', comment: '请对方做什么' },
  consult: { title: '征求意见', lead: '待办仍在你这里，对方只回复意见', done: '已发出，对方会收到通知', comment: '要问什么' },
  add: { title: '加签', lead: '请其他人一起审批这一环节', done: '已加签', comment: '给加签人的说明' },
}

type Typed = { how: How; q: string; to: string[]; comment: string; place: Place; mode: SideMode }

/** Handing a task on, or calling others in: 转交, 委派, 加签, 征求意见. One page each, with people by search; works without script. */
export async function passingRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, database: { write } } = context

  app.get<ById & { Querystring: { how?: string } }>('/tasks/:id/passing', async (request, reply) => show(request, reply, readTyped({ how: request.query.how })))

  app.post<ById>('/tasks/:id/passing', async (request, reply) => {
    const { t, body, actor, params: { id } } = request
    const typed = readTyped(body)
    if (fieldIn(body, 'intent') === 'search') return show(request, reply, typed)
    const task = await getTask(context, id, request.person)
    const refused = await refusalOf(reply, write(tx => pass(approvals, tx, actor, id, typed)), 'conflict')
    if (refused) return show(request, reply, typed, refused)
    request.session.flash = { meaning: 'done', text: t(MANNERS[typed.how].done) }
    return reply.redirect(task.url, 303)
  })

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, typed: Typed, error?: AppError): Promise<FastifyReply> {
    const { t, person, params: { id } } = request
    const task = await getTask(context, id, person)
    if (task.person_id !== person.person_id) throw new AppError('not-found', '没有找到这项待办')
    const { title, lead, comment } = MANNERS[typed.how]
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    return reply.page('services/passing', {
      title: t(title), lead: t(lead), about: t('{name}的{title}', { name: task.applicant_name, title: t(task.title) }), action: `/tasks/${id}/passing`, back: task.url, how: typed.how,
      problem: error && !error.fields ? t(error.message, error.params) : undefined,
      choosing: await choosingPage(context, t, { q: typed.q, to: typed.to, many: typed.how === 'add' }, said('to')),
      fields: typed.how === 'add' ? addFields(t, typed) : [],
      comment: { name: 'comment', type: 'textarea', rows: 3, label: t(comment), value: typed.comment, maxlength: LONGEST_COMMENT, required: typed.how === 'consult', error: said('comment') },
      label: t(title), styles: ['css/pages/services.css'],
    })
  }
}

async function pass(approvals: Approvals, tx: Tx, actor: FastifyRequest['actor'], task_id: string, { how, to, comment, place, mode }: Typed): Promise<void> {
  const input = { task_id, to: how === 'add' ? to : to.slice(0, 1), comment }
  switch (how) {
    case 'transfer': return approvals.transfer(tx, actor, input)
    case 'delegate': return approvals.delegate(tx, actor, input)
    case 'consult': return approvals.consult(tx, actor, input)
    case 'add': return approvals.addSigners(tx, actor, { ...input, place, mode })
  }
}

function readTyped(body: unknown): Typed {
  const [how, place, mode] = [fieldIn(body, 'how'), fieldIn(body, 'place'), fieldIn(body, 'mode')]
  if (!fits<How>(HowWord, how)) throw new AppError('not-found', '没有这个页面')
  return {
    how, q: fieldIn(body, 'q'), to: fieldsIn(body, 'to'), comment: fieldIn(body, 'comment'),
    place: fits<Place>(PlaceWord, place) ? place : 'before', mode: fits<SideMode>(ModeWord, mode) ? mode : 'all',
  }
}

function addFields(t: T, { place, mode }: Typed) {
  return [
    { name: 'place', type: 'radio', label: t('什么时候办'), value: place, options: [
      { value: 'before', text: t('在我之前'), help: t('他们办完后再交给我') }, { value: 'beside', text: t('和我同时'), help: t('他们和我都同意才通过') },
      { value: 'after', text: t('在我之后'), help: t('我同意后再交给他们') },
    ] },
    { name: 'mode', type: 'radio', label: t('多人时怎样算通过'), value: mode, options: [
      { value: 'all', text: t('会签：都同意') }, { value: 'any', text: t('或签：一人同意') }, { value: 'in-turn', text: t('依次：一个接一个同意') },
    ] },
  ]
}
