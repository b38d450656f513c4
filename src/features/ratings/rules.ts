import { defineMachine } from '../../platform/machine.ts'
import { followUpAnswered, followUpClosed, followUpReopened } from './events.ts'

export type Step = 1 | 2 | 3 | 4 | 5

/** 好差评 has these five (国办发〔2019〕51号), from the best. */
export const STEPS: readonly { step: Step; text: string; meaning: 'green' | 'blue' | 'amber' | 'red' }[] = [
  { step: 5, text: '非常满意', meaning: 'green' }, { step: 4, text: '满意', meaning: 'green' }, { step: 3, text: '基本满意', meaning: 'blue' },
  { step: 2, text: '不满意', meaning: 'amber' }, { step: 1, text: '非常不满意', meaning: 'red' },
]

/** What a rating may be about; the second level of online ratings, and the people. */
export const ASPECTS: readonly { key: string; text: string }[] = [
  { key: 'speed', text: '办理快慢' }, { key: 'guide', text: '指南说得清不清楚' }, { key: 'convenience', text: '要交的材料和要跑的次数' },
  { key: 'system', text: '系统好不好用' }, { key: 'manner', text: '工作人员的态度' },
]

export const LONGEST_WORDS = 500
export const LONGEST_ANSWER = 1000

const DAY = 86_400_000
/** A rating may be thought over for a week. */
export const CHANGED_WITHIN = 7 * DAY

/** Working days in which a department answers. Cities allow up to 15; a school is smaller. */
export const ANSWERED_IN = 5

/** What is over its time is said again so often. */
export const REMINDED_EVERY = 7 * DAY

/** Ended by the office; what the applicant withdrew was not served. */
const RATED: ReadonlySet<string> = new Set(['approved', 'rejected', 'ended', 'revoked'])

export function isBad(step: number): boolean {
  return step <= 2
}

export function readStep(typed: string): Step | undefined {
  return STEPS.find(({ step }) => String(step) === typed)?.step
}

export function stepText(step: number): string {
  return STEPS.find(each => each.step === step)?.text ?? ''
}

type Rateable = { status: string; person_id: string }

/** Why the person may not rate it now, as a phrase; null where they may. The same rule for prompt and route. */
export function whyNotRate({ status, person_id }: Rateable, rating: { created_at: number } | undefined, viewer: { person_id: string }, now: number): string | null {
  if (person_id !== viewer.person_id) return '只有申请人可以评价'
  if (!RATED.has(status)) return '办结以后才能评价'
  return rating && now >= rating.created_at + CHANGED_WITHIN ? '评价已经超过 7 天，不能再修改' : null
}

export type Asked = { step: string; aspects: readonly string[]; words: string }

/** What is wrong with a rating, by field; the sentences are phrases. */
export function faultsOf({ step: typed, aspects, words }: Asked): Record<string, string> {
  const step = readStep(typed)
  if (step === undefined) return { step: '请选择满意程度' }
  if ([...words].length > LONGEST_WORDS) return { words: '最多写 500 个字' }
  return isBad(step) && aspects.length === 0 && words === '' ? { words: '请选择方面，或者写几句哪里不好，部门才知道改什么' } : {}
}

export const followUpMachine = defineMachine({
  name: 'ratings.follow-up',
  table: 'ratings_follow_ups',
  edges: {
    answer: { from: ['open', 'answered'], to: 'answered', emits: followUpAnswered },
    close: { from: ['open', 'answered'], to: 'closed', emits: followUpClosed },
    reopen: { from: ['answered', 'closed'], to: 'open', emits: followUpReopened },
  },
  sentences: { open: '这条差评正在等待跟进', answered: '这条差评已经答复', closed: '这条差评的跟进已经办结' },
})

type Reach = { everything: boolean; units: readonly string[]; services: readonly string[] }

/** Does the right of who follows up reach this one? */
export function isInReach({ everything, units, services }: Reach, { service_key, unit_id }: { service_key: string; unit_id: string | null }): boolean {
  return everything || services.includes(service_key) || (unit_id !== null && units.includes(unit_id))
}
