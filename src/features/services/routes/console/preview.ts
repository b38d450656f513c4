import type { FastifyInstance } from 'fastify'
import { allSteps } from '../../../approvals/index.ts'
import type { Context } from '../../deps.ts'
import { knownIn } from '../../known.ts'
import { applicantPreview, stepPreview, viewpoints } from '../../pages/console/preview.ts'
import { unstarted } from '../../pages/console/edition.ts'
import { readForm } from '../../rules/form.ts'
import { type ByEdition, headOf } from './editions.ts'

/** 表单预览: the form in the width of a phone, as its applicant meets it and as each step does, beside the picture of the flow. */
export async function previewRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { database: { db } } = context

  app.get<ByEdition & { Querystring: { as?: string } }>('/services/:key/:edition/preview', async (request, reply) => {
    const { t } = request
    const { edition: { service }, head } = await headOf(context, request, 'preview')
    const { definition: { flow, sample, title }, form } = service
    const step = allSteps(flow.nodes).find(one => one.id === request.query.as)
    const known = await knownIn(context, db, form, sample)
    const shown = step?.kind === 'approval' ? stepPreview(t, service, step, { values: readForm(form, sample, { known }).values, known }) : applicantPreview(t, service, known)
    return reply.console('services/console/preview', {
      ...head, ...shown, form: t(title), viewpoints: { label: t('从谁的角度看'), items: viewpoints(t, service, `${head.path}/preview`, step?.kind === 'approval' ? step.id : '') },
      flow: unstarted(t, flow), scripts: ['js/show-when.js'],
    })
  })
}
