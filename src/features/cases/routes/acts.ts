import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { type ApplicationRow, choosingPage } from '../../services/index.ts'
import type { Deps } from '../deps.ts'
import { ACTS, type ActName, actOf, isActName, type Typed } from '../pages/acts.ts'
import { type ById, caseInReach } from './reach.ts'
import { fieldIn, refusalIn } from './requests.ts'

const LONGEST = 500

/** A page for each act, with a reason; those that ask for the right. */
export function actRoutes(deps: Deps, right: 'cases.manage' | 'cases.override'): FastifyPluginAsync {
  const { approvals, database: { db, write } } = deps

  return async app => {
    for (const name of Object.keys(ACTS).filter(isActName).filter(each => ACTS[each].right === right)) {
      app.get<ById>(`/applications/:id/${name}`, async (request, reply) => show(request, reply, name, await caseInReach(deps, request), readTyped(request.query)))

      app.post<ById>(`/applications/:id/${name}`, async (request, reply) => {
        const [row, typed] = [await caseInReach(deps, request), readTyped(request.body)]
        if (fieldIn(request.body, 'intent') === 'search') return show(request, reply, name, row, typed)
        try {
          if (actOf(name).wants === 'person') await demandOwnTask(row, typed)
          await write(tx => actOf(name).run(approvals, tx, request.actor, { ...typed, instance_id: row.instance_id ?? '' }))
        } catch (error) {
          const refusal = refusalIn(error)
          return show(request, reply.code(refusal.kind === 'invalid' ? 422 : 409), name, row, typed, refusal)
        }
        request.session.flash = { meaning: 'done', text: request.t(actOf(name).done) }
        return reply.redirect(`/admin/applications/${row.id}`, 303)
      })
    }
  }

  /** The reach was asked for this application; another's task is none of it. */
  async function demandOwnTask({ instance_id }: ApplicationRow, { task }: Typed) {
    const found = await approvals.taskById(db, task)
    if (!found || found.instance_id !== instance_id) throw new AppError('not-found', '没有找到这项待办')
    return found
  }

  async function show(request: FastifyRequest, reply: FastifyReply, name: ActName, row: ApplicationRow, typed: Typed, error?: AppError): Promise<FastifyReply> {
    const { t } = request
    const { title, sentence, effects, danger, rule, wants } = actOf(name)
    const interventions = row.instance_id === null ? null : await approvals.interventionsOf(db, row.instance_id)
    const refusal = interventions?.refusals[rule] ?? null
    const task = wants === 'person' ? await demandOwnTask(row, typed) : null
    const said = (field: string) => error?.fields?.[field] && t(error.fields[field], error.params)
    return reply.console('cases/act', {
      title: t(title), heading: false, action: `/admin/applications/${row.id}/${name}`, back: `/admin/applications/${row.id}`, danger: danger ?? false,
      about: t('{name}的{title}', { name: row.person_name, title: t(row.title) }), sentence: t(sentence), effects: effects.map(effect => t(effect)),
      refusal: refusal && !error ? t(refusal.sentence, refusal.params) : undefined,
      problem: error && !error.fields ? t(error.message, error.params) : undefined,
      task: task && { id: task.id, sentence: t('现在由 {name} 办理“{step}”', { name: task.person_name, step: t(task.label) }) },
      choosing: wants === 'person' ? await choosingPage(deps, t, { q: typed.q, to: typed.to ? [typed.to] : [], many: false }, said('to')) : null,
      steps: wants === 'step' ? { name: 'step', type: 'select', required: true, label: t('跳到哪个环节'), value: typed.step, error: said('to'), options: (interventions?.steps ?? []).map(({ id, label }) => ({ value: id, text: t(label) })) } : null,
      reason: { name: 'reason', type: 'textarea', rows: 3, required: true, label: t('理由'), help: t('会留在办理过程里，有关的人都能看到'), value: typed.reason, maxlength: LONGEST, error: said('comment') },
      styles: ['css/pages/services.css'],
    })
  }
}

function readTyped(sent: unknown): Typed {
  return { reason: fieldIn(sent, 'reason'), task: fieldIn(sent, 'task'), to: fieldIn(sent, 'to'), step: fieldIn(sent, 'step'), q: fieldIn(sent, 'q') }
}
