import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'

const number = { number: Type.Union([Type.String(), Type.Null()]) }

// The subject of each is the person's id.
export const factorEnrolled = defineEvent('identity.factor-enrolled', Type.Object(number))
export const factorReset = defineEvent('identity.factor-reset', Type.Object({ reason: Type.String() }))
export const recoveryUsed = defineEvent('identity.recovery-used', Type.Object({ ...number, left: Type.Integer() }))
export const recoveryRenewed = defineEvent('identity.recovery-renewed', Type.Object(number))
export const factorLocked = defineEvent('identity.factor-locked', Type.Object(number))

/** How these read in a trail. */
export const factorLabels: Readonly<Record<string, EventLabel>> = {
  [factorEnrolled.name]: { text: '启用了二次验证', tone: 'good' },
  [factorReset.name]: { text: '重置了二次验证：{reason}', tone: 'wait' },
  [recoveryUsed.name]: { text: '用恢复码通过了二次验证，还剩 {left} 个', tone: 'wait' },
  [recoveryRenewed.name]: { text: '换了一批恢复码', tone: 'quiet' },
  [factorLocked.name]: { text: '二次验证错误次数太多，暂时锁定', tone: 'bad' },
}
