import type { T } from '../../../platform/text.ts'
import type { Forecast, ForeseenStep } from '../../approvals/index.ts'

/** How several people decide together. */
const MODES: Record<ForeseenStep['mode'], string> = { any: '任一人同意', all: '全部同意', vote: '按票数', 'in-turn': '依次同意', random: '随机一人', pool: '一人认领' }

/** Why nobody is asked. */
const PASSED = { self: '办理人就是申请人，不需要审批', again: '办理人此前已同意，不再重复审批', nobody: '没有找到办理人，这一环节会跳过' }

/** More names than these are counted. */
const NAMED = 3

/** 谁来审批: a line for each step, with whom it would fall to and why. */
export function forecastPage(t: T, { steps, complete }: Forecast) {
  return {
    steps: steps.map(step => stepLine(t, step)),
    end: complete ? t(steps.some(step => step.outcome === 'acts') ? '都同意后办结。' : '不需要审批，提交后即办结。') : null,
  }
}

/** `people`: those whom the same reason chose stand together. */
function stepLine(t: T, step: ForeseenStep) {
  const label = t(step.label)
  if (step.outcome === 'acts') return { label, people: peopleLines(t, step.people), ...tagOf(t, step) }
  if (step.outcome === 'nobody') return { label, people: [], note: t('没有找到办理人，也没有管理员可以代办，请联系咨询部门'), tag: { text: t('没有办理人'), meaning: 'red' } }
  if (step.outcome === 'rejected') return { label, people: [], note: t('没有找到办理人，提交后会被驳回，请联系咨询部门'), tag: { text: t('会被驳回'), meaning: 'red' } }
  return { label, people: [], note: t(PASSED[step.note === 'self' || step.note === 'again' ? step.note : 'nobody']), tag: { text: t('跳过'), meaning: 'grey' } }
}

function tagOf(t: T, { people, mode }: ForeseenStep) {
  if (people.some(person => person.instead)) return { tag: { text: t('管理员代办'), meaning: 'amber' } }
  return people.length < 2 ? {} : { tag: { text: t(MODES[mode]), meaning: 'blue' } }
}

function peopleLines(t: T, people: ForeseenStep['people']) {
  return [...Map.groupBy(people, person => person.why)].map(([why, members]) => ({ names: namesText(t, members.map(person => person.name)), why }))
}

function namesText(t: T, names: readonly string[]): string {
  const shown = names.slice(0, NAMED).join(t('、'))
  return names.length > NAMED ? t('{names}等 {n} 人', { names: shown, n: names.length }) : shown
}
