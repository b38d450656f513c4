import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Decision } from '../../approvals/index.ts'
import type { Context } from '../deps.ts'
import { receive, receiveSaid } from '../attachments.ts'
import type { Asked } from '../pages/asked.ts'
import { readAct } from '../rules/acts.ts'
import { readBody } from '../rules/body.ts'
import { SAID } from '../rules/said.ts'
import { askedPart } from '../verbs/decide.ts'
import type { Verbs } from '../verbs/index.ts'
import { KIND } from '../verbs/submit.ts'
import { showApplication } from './applications.ts'
import { type ById, fieldIn, namedIn } from './requests.ts'
import { getTask } from './sight.ts'

const DecisionWord = Type.Enum(['approve', 'reject', 'return', 'reply'])
const DONE: Record<Decision, string> = { approve: '已同意', reject: '已驳回', return: '已退回申请人', reply: '已回复' }

/** 待办: to its page, and the decision on it. */
export async function taskRoutes(app: FastifyInstance, { context, verbs }: { context: Context; verbs: Verbs }): Promise<void> {
  const { approvals, database: { db, write } } = context

  app.get<ById>('/tasks/:id', async (request, reply) => reply.redirect((await getTask(context, request.params.id, request.person)).url, 303))

  app.post<ById>('/tasks/:id/decision', async (request, reply) => {
    const { body, actor, params: { id } } = request
    const comment = fieldIn(body, 'comment')
    if (hasMore(body)) return await decideWithMore(request, reply, comment)
    // Most answers are an opinion alone, and most steps ask for no more: what they may ask is looked up where approvals miss it.
    return await act(request, reply, comment, async () => {
      const decision = decisionIn(body)
      try {
        const { url } = await write(tx => approvals.decide(tx, actor, { task_id: id, decision, comment, via: 'page' }))
        return { done: DONE[decision], url }
      } catch (error) {
        if (!missesMore(error)) throw error
        return await decideAsked(request, await askedOf(request), comment)
      }
    })
  })

  /** 认领, 退回任务池 and 拿回 ask nothing. */
  app.post<ById>('/tasks/:id/claim', async (request, reply) =>
    act(request, reply, '', async () => { await write(tx => approvals.claim(tx, request.actor, { task_id: request.params.id })); return { done: '已认领，请办理' } }))

  app.post<ById>('/tasks/:id/release', async (request, reply) =>
    act(request, reply, '', async () => { await write(tx => approvals.giveBack(tx, request.actor, { task_id: request.params.id })); return { done: '已退回任务池' } }))

  app.post<ById>('/tasks/:id/recall', async (request, reply) =>
    act(request, reply, '', async () => { await write(tx => approvals.takeBack(tx, request.actor, { task_id: request.params.id })); return { done: '已拿回，请重新办理' } }))

  app.post<ById>('/tasks/:id/draft', async (request, reply) => {
    const text = fieldIn(request.body, 'comment')
    return await act(request, reply, text, async () => { await write(tx => approvals.saveDraft(tx, request.actor, { task_id: request.params.id, text })); return { done: '意见已暂存，还没有提交' } })
  })

  async function decideWithMore(request: FastifyRequest<ById>, reply: FastifyReply, comment: string): Promise<FastifyReply> {
    const asked = await askedOf(request)
    const { task, part, input, kept, remove, faults } = asked
    // A button inside a field: somebody is looked for, a signature is drawn or taken off.
    if (part.fields.length > 0 && (readAct(fieldIn(request.body, 'act')) || remove.length > 0)) {
      await write(tx => verbs.keepSignature(tx, request.person, { task, uploads: kept, remove }))
      return showApplication(context, request, reply, task.subject, { comment, asked: { input, faults } })
    }
    return await act(request, reply, comment, () => decideAsked(request, asked, comment))
  }

  /** What the step asks of the approver besides an opinion, and what was sent of it. */
  async function askedOf({ body: sent, person, params: { id } }: FastifyRequest<ById>) {
    const { files, ...body } = namedIn(sent)
    const task = await getTask(context, id, person)
    const part = await askedPart(context, db, task, person)
    const { input, uploads, remove, faults: { _form, ...wrong } } = readBody(part, body)
    const { kept, faults } = await receive(context.files, part, uploads)
    return { task, part, input, kept, remove, faults: { ...wrong, ...faults }, said: await receiveSaid(context.files, files) }
  }

  async function decideAsked({ body, person }: FastifyRequest<ById>, { task, input, kept, remove, faults, said }: Awaited<ReturnType<typeof askedOf>>, comment: string): Promise<Done | Asked> {
    const decision = decisionIn(body)
    if (said.fault) throw new AppError('invalid', said.fault.sentence, { params: said.fault.params ?? {}, fields: { files: said.fault.sentence } })
    const result = await write(tx => verbs.decide(tx, person, { task, decision, comment, input, uploads: kept, remove, faults, said: said.kept }))
    return Object.keys(result.faults).length > 0 ? { input, faults: result.faults } : { done: DONE[decision], url: task.url }
  }

  /** Who comes too late, or leaves something out, reads on the application's page what it is; what was typed is there. */
  async function act(request: FastifyRequest<ById>, reply: FastifyReply, comment: string, work: () => Promise<Done | Asked>): Promise<FastifyReply> {
    const { t, person, params: { id } } = request
    try {
      const result = await work()
      if (!('done' in result)) return await showApplication(context, request, reply.code(422), (await getTask(context, id, person)).subject, { comment, asked: result })
      request.session.flash = { meaning: 'done', text: t(result.done) }
      return await reply.redirect(result.url ?? (await getTask(context, id, person)).url, 303)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      // Who may not know of the task learns nothing else.
      const task = await getTask(context, id, person)
      if (task.kind !== KIND) throw error
      const sentence = t(error.message, error.params)
      if (error.kind === 'conflict') return showApplication(context, request, reply.code(409), task.subject, { problem: sentence })
      if (error.kind === 'invalid' && error.fields) return showApplication(context, request, reply.code(422), task.subject, { comment, ...(error.fields.files ? { filesError: sentence } : { commentError: sentence }) })
      throw error
    }
  }
}

type Done = { done: string; /** where it stands; looked up where it is not given */ url?: string }

const OPINION = new Set(['_csrf', 'decision', 'comment'])

// Where no file was chosen, a browser sends one without a name.
function hasMore(sent: unknown): boolean {
  const { files, ...body } = namedIn(sent)
  return Object.keys(body).some(key => !OPINION.has(key)) || (readBody(SAID, { files }).uploads.get('files') ?? []).length > 0
}

/** Is it a choice or a signature that is missing? */
export function missesMore(error: unknown): boolean {
  return error instanceof AppError && Object.keys(error.fields ?? {}).some(field => field === 'signature' || field.startsWith('chosen.'))
}

function decisionIn(body: unknown): Decision {
  const decision: unknown = fieldIn(body, 'decision')
  if (!fits<Decision>(DecisionWord, decision)) throw new AppError('invalid', '请选择同意、驳回或退回')
  return decision
}
