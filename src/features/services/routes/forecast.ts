import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../platform/errors.ts'
import { splitChosen } from '../choices.ts'
import type { Context } from '../deps.ts'
import { forecastPage } from '../pages/forecast.ts'
import { unmasked } from '../prefill.ts'
import { canEdit } from '../rules/application.ts'
import { getApplication } from '../store/applications.ts'
import { fileIds } from '../verbs/draft.ts'
import type { ById } from './requests.ts'
import { readTyped, typingOf } from './typing.ts'

/** 谁来审批: before it is sent, whom it would go to and why. Reads the draft as it is kept; writes nothing. */
export async function forecastRoutes(app: FastifyInstance, { context }: { context: Context }): Promise<void> {
  const { approvals, database: { db } } = context

  app.get<ById>('/applications/:id/approvers', async (request, reply) => {
    const { person, t } = request
    const application = await getApplication(db, request.params.id)
    if (application.person_id !== person.person_id) throw new AppError('forbidden', '只有申请人可以在提交前查看谁来审批')
    if (!canEdit(application, person)) return reply.redirect(`/applications/${application.id}`, 303)
    const isDraft = application.status === 'draft'
    const { input, part, prefilled, version: { definition } } = await typingOf(context, db, person, application)
    const typed = { ...unmasked(input, prefilled), ...await fileIds(db, application.id, part) }
    const { values, faults } = await readTyped(context, db, { part, input: typed, given: application.form ?? {} })
    const { form, chosen } = splitChosen(values, part.fields)
    const forecast = await approvals.foresee(db, t, { flow: definition.flow, applicant: person, form: { ...form }, chosen })
    return reply.page('services/approvers', {
      ...forecastPage(t, forecast), title: t('谁来审批'), lead: t(definition.title), unfinished: Object.keys(faults).length > 0,
      back: isDraft ? `/services/${application.service_key}/apply` : `/applications/${application.id}/correction`,
    })
  })
}
