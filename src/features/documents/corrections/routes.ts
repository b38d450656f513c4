import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify'
import { type Static, Type } from 'typebox'
import type { Database } from '../../../platform/db.ts'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import { contentOf } from '../content.ts'
import type { Schemes } from '../grades/schemes.ts'
import type { Identity } from '../index.ts'
import { PAGE_SIZE } from '../pages/list.ts'
import { isOwn } from '../requests/rules.ts'
import { getRequest } from '../requests/store.ts'
import type { Template } from '../templates.ts'
import { linesOf } from './lines.ts'
import { correctionPage, correctionsPage, ownCorrectionPage, readStatus, reportPage } from './pages.ts'
import { OUTCOMES, UNSAID } from './rules.ts'
import { getCorrection, listCorrections, openCorrections } from './store.ts'
import type { CorrectionVerbs } from './verbs.ts'

type Deps = { database: Database; identity: Pick<Identity, 'factsOf'>; templates: ReadonlyMap<string, Template>; schemes: Schemes; corrections: CorrectionVerbs }
type ById = { Params: { id: string } }

const text = Type.Optional(Type.String({ maxLength: 10_000 }))
const ReportForm = Type.Object({ line: text, said: text })
const AnswerForm = Type.Object({ outcome: text, answer: text })

/** 这里有错, from the preview, and what became of it. */
export function correctionRoutes(deps: Deps): FastifyPluginAsync {
  const { database: { db, write }, templates, corrections } = deps

  async function asked(request: FastifyRequest<ById>) {
    const row = await getRequest(db, request.params.id)
    const template = templates.get(row.kind)
    if (!template || !isOwn(request.person, row)) throw new AppError('not-found', '没有找到这次申请。可能是链接不完整')
    return { row, template, lines: linesOf(template, await contentOf(db, deps, template, row), request.t) }
  }

  async function show(request: FastifyRequest<ById>, reply: FastifyReply, typed: Parameters<typeof reportPage>[1]['typed'] = {}) {
    const { row, template, lines } = await asked(request)
    const open = new Set((await openCorrections(db, row.person_number)).filter(({ status }) => status === 'open').map(({ line }) => line))
    return reply.page('documents/report', reportPage(request.t, { id: row.id, template, lines, typed, open }))
  }

  async function own({ params: { id }, person }: FastifyRequest<ById>) {
    const row = await getCorrection(db, id)
    if (row.person_id !== person.person_id) throw new AppError('not-found', '没有找到这条报告')
    return row
  }

  return async app => {
    app.get<ById>('/documents/requests/:id/correction', async (request, reply) => show(request, reply))

    app.post<ById>('/documents/requests/:id/correction', async (request, reply) => {
      const { row, lines } = await asked(request)
      const typed = fits<Static<typeof ReportForm>>(ReportForm, request.body) ? request.body : {}
      const line = lines.find(({ key }) => key === typed.line)
      const said = (typed.said ?? '').replaceAll('\r\n', '\n')
      if (!line) return show(request, reply.code(422), { ...typed, errors: { line: request.t('请选择哪一处有错'), ...said.trim() === '' && { said: request.t(UNSAID) } } })
      try {
        await write(tx => corrections.report(tx, request.actor, row, { kind: row.kind, line, said }))
      } catch (error) {
        return show(request, reply.code(422), { ...typed, errors: sentences(request, error) })
      }
      request.session.flash = { meaning: 'done', text: request.t('已告诉教务，核对以后会发企业微信给你') }
      return reply.redirect(`/documents/requests/${row.id}`, 303)
    })

    app.get<ById>('/documents/corrections/:id', async (request, reply) => {
      const row = await own(request)
      return reply.page('documents/correction', ownCorrectionPage(request.t, row, templates.get(row.kind)))
    })

    app.post<ById>('/documents/corrections/:id/withdrawal', async (request, reply) => {
      const { id } = await own(request)
      await write(tx => corrections.withdraw(tx, request.actor, id))
      request.session.flash = { meaning: 'info', text: request.t('已撤回') }
      return reply.redirect(`/documents/corrections/${id}`, 303)
    })
  }
}

/** The registrar's side of it. */
export function correctionConsole({ database: { db, write }, templates, corrections }: Deps): FastifyPluginAsync {
  async function show(request: FastifyRequest<ById>, reply: FastifyReply, typed: Parameters<typeof correctionPage>[3] = {}) {
    const row = await getCorrection(db, request.params.id)
    return reply.console('documents/admin-correction', correctionPage(request.t, row, templates.get(row.kind), typed))
  }

  return async app => {
    app.get<{ Querystring: { status?: string; before?: string } }>('/corrections', async (request, reply) => {
      const { before } = request.query
      const status = readStatus(request.query.status)
      return reply.console('documents/admin-corrections', correctionsPage(request.t, await listCorrections(db, { status, before, limit: PAGE_SIZE + 1 }), status, templates))
    })

    app.get<ById>('/corrections/:id', async (request, reply) => show(request, reply))

    app.post<ById>('/corrections/:id/answer', async (request, reply) => {
      const typed = fits<Static<typeof AnswerForm>>(AnswerForm, request.body) ? request.body : {}
      const outcome = OUTCOMES.find(each => each === typed.outcome)
      try {
        await write(tx => corrections.answer(tx, request.actor, request.params.id, { outcome, answer: (typed.answer ?? '').replaceAll('\r\n', '\n') }))
      } catch (error) {
        return show(request, reply.code(422), { ...typed, errors: sentences(request, error) })
      }
      request.session.flash = { meaning: 'done', text: request.t('已答复，正在送达本人') }
      return reply.redirect('/admin/corrections', 303)
    })
  }
}

function sentences({ t }: FastifyRequest, error: unknown): Record<string, string> {
  if (!(error instanceof AppError) || error.kind !== 'invalid') throw error
  return Object.fromEntries(Object.entries(error.fields ?? {}).map(([field, sentence]) => [field, t(sentence)]))
}
