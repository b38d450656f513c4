import type { T } from '../../../platform/text.ts'
import { standings } from '../rules/standing.ts'
import type { bindingsOf } from '../store/bindings.ts'
import type { numbersOf } from '../store/people.ts'

type Identities = { person: { number: string }; numbers: Awaited<ReturnType<typeof numbersOf>>; bindings: Awaited<ReturnType<typeof bindingsOf>>; problem: string | undefined }

/** The person's numbers, the one in force marked. */
export function identitiesPage(t: T, { person, numbers, bindings, problem }: Identities) {
  return {
    title: t('切换身份'), problem, alone: numbers.length < 2,
    numbers: numbers.map(each => {
      const bound = bindings.some(binding => binding.number === each.number && binding.ended_at === null)
      return {
        number: each.number, current: each.number === person.number, open: standings[each.standing].signsIn,
        note: [t(standings[each.standing].label), each.unit_name, each.level, each.entered_on.slice(0, 4), bound ? t('已绑定企业微信') : null].filter(Boolean).join(' · '),
      }
    }),
  }
}
