import type { T } from '../../../../platform/text.ts'
import { allSteps, type ApprovalStep } from '../../../approvals/index.ts'
import type { Service } from '../../catalogue.ts'
import type { Known } from '../../fields/known.ts'
import { answers, applicantsPart, type Form, typedForm, type Values } from '../../rules/form.ts'
import { type Right, rightsAt } from '../../rules/steps.ts'
import { formPage } from '../form.ts'

const NOTHING = { faults: {}, attachments: [], viewer_id: '', found: new Map() }

/** The form as it meets its applicant. */
export function applicantPreview(t: T, { form }: Service, known: Known) {
  return { ...formPage(t, applicantsPart(form), { ...NOTHING, input: {}, values: {}, known }), rows: [], hidden: '' }
}

/** What who acts at a step reads, fills in and does not see; the answers are those of the sample. */
export function stepPreview(t: T, { form }: Service, step: ApprovalStep, { values, known }: { values: Values; known: Known }) {
  const rights = rightsAt(step, form.fields.map(field => field.definition))
  const of = (wanted: Right): Form => ({ fields: form.fields.filter(field => rights.get(field.definition.key) === wanted) })
  const writable = of('write')
  return {
    ...formPage(t, writable, { ...NOTHING, input: typedForm(writable, values), values, known }),
    rows: answers({ fields: [...of('read').fields] }, values, t, known).map(({ label, text, lines }) => lines ? { label, grid: lines, value: text, whole: true } : { label, value: text }),
    hidden: of('hidden').fields.map(field => t(field.definition.label)).join(t('、')),
  }
}

/** From whose places a form is looked at. */
export function viewpoints(t: T, { definition: { flow } }: Service, path: string, here: string) {
  const steps = allSteps(flow.nodes).filter(step => step.kind === 'approval')
  return [{ label: t('申请人'), href: path, ...here === '' && { current: true } }, ...steps.map(step => ({ label: t(step.label), href: `${path}?as=${step.id}`, ...here === step.id && { current: true } }))]
}
