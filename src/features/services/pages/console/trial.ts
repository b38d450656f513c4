import type { T } from '../../../../platform/text.ts'
import { allSteps, branchesOf, type Flow, type Forecast, type Step } from '../../../approvals/index.ts'
import { branchName } from '../../rules/differences.ts'
import { forecastPage } from '../forecast.ts'

/** Who would get what, why, and by which branch. */
export function trialPage(t: T, flow: Flow, forecast: Forecast) {
  const { steps, end } = forecastPage(t, forecast)
  const ways = waysTo(t, flow.nodes, [])
  const labels = new Map(allSteps(flow.nodes).map(step => [step.id, step]))
  return {
    steps: steps.map((step, at) => ({ ...step, way: (ways.get(forecast.steps[at]?.id ?? '') ?? []).join(' / ') })), end,
    choices: [...forecast.choices].flatMap(([id, branches]) => {
      const step = labels.get(id)
      return step ? [{ label: t(step.label), value: chosen(t, step, branches) }] : []
    }),
    copies: forecast.copies.map(({ step, names }) => ({ label: t(labels.get(step)?.label ?? ''), value: names.join(t('、')) })),
  }
}

function chosen(t: T, step: Step, branches: readonly number[]): string {
  if (step.kind === 'route') return branches.length > 0 ? t('跳转') : t('不跳转')
  return branches.map(index => t(branchName(step, index))).join(t('、'))
}

/** Of each step the branches that lead to it, outermost first. */
function waysTo(t: T, steps: readonly Step[], way: readonly string[]): Map<string, readonly string[]> {
  return new Map(steps.flatMap(step => [
    [step.id, way] as const,
    ...branchesOf(step).flatMap((list, index) => [...waysTo(t, list, [...way, step.kind === 'sub-process' ? t(step.label) : t('{label}：{value}', { label: t(step.label), value: t(branchName(step, index)) })])]),
  ]))
}
