import { Type } from 'typebox'
import { defineEvent } from '../../platform/events.ts'
import type { EventLabel } from '../../platform/feature.ts'
import { factorLabels } from './events-factor.ts'
import { groupLabels } from './events-groups.ts'
import { roleEventLabels } from './events-roles.ts'
import { rosterLabels } from './events-roster.ts'

// The subject of each is the person's id.
const Seen = { device: Type.Optional(Type.String()), place: Type.Optional(Type.String()) }
export const signedIn = defineEvent('identity.signed-in', Type.Object({ number: Type.String(), way: Type.String(), ...Seen }))
/** a wrong password for a number that there is */
export const signInFailed = defineEvent('identity.sign-in-failed', Type.Object({ number: Type.String(), way: Type.String(), ...Seen }))
export const endedBySchool = defineEvent('identity.ended-by-school', Type.Object({ number: Type.String() }))
export const passwordReset = defineEvent('identity.password-reset', Type.Object({ number: Type.String(), reason: Type.String() }))
export const signedOut = defineEvent('identity.signed-out', Type.Object({ number: Type.String() }))
export const passwordChanged = defineEvent('identity.password-changed', Type.Object({ number: Type.String() }))
export const accountLocked = defineEvent('identity.account-locked', Type.Object({ number: Type.String() }))
export const sessionsEnded = defineEvent('identity.sessions-ended', Type.Object({ number: Type.String() }))
export const wecomBound = defineEvent('identity.wecom-bound', Type.Object({ binding_id: Type.String(), number: Type.String() }))
export const wecomUnbound = defineEvent('identity.wecom-unbound', Type.Object({ binding_id: Type.String(), number: Type.String() }))
/** Somebody of the staff gave the member that `from` had to `to`; told of to each person whose number it is. */
export const wecomMoved = defineEvent('identity.wecom-moved', Type.Object({ from: Type.String(), to: Type.String(), reason: Type.String() }))
/** `proven`: 1 where an SMS code came back from it; `replaced`: 1 where there was another phone before */
export const phoneChanged = defineEvent('identity.phone-changed', Type.Object({ proven: Type.String(), replaced: Type.String() }))
/** another person proved this person's phone to be theirs */
export const phoneMoved = defineEvent('identity.phone-moved', Type.Object({ number: Type.String() }))
export const emailChanged = defineEvent('identity.email-changed', Type.Object({ number: Type.String() }))

/** How these read in a trail. */
export const labels: Readonly<Record<string, EventLabel>> = {
  [signedIn.name]: { text: '登录（{number}）', tone: 'quiet' },
  [signInFailed.name]: { text: '密码不对，没有登录（{number}）', tone: 'wait' },
  [signedOut.name]: { text: '退出登录（{number}）', tone: 'quiet' },
  [endedBySchool.name]: { text: '在统一身份认证退出，登录已结束（{number}）', tone: 'quiet' },
  [passwordReset.name]: { text: '恢复了初始密码（{number}）：{reason}', tone: 'wait' },
  [passwordChanged.name]: { text: '修改了密码（{number}）', tone: 'quiet' },
  [accountLocked.name]: { text: '密码错误次数太多，账号锁定（{number}）', tone: 'bad' },
  [sessionsEnded.name]: { text: '结束了其他设备上的登录（{number}）', tone: 'quiet' },
  [wecomBound.name]: { text: '绑定企业微信（{number}）', tone: 'good' },
  [wecomUnbound.name]: { text: '解除企业微信绑定（{number}）', tone: 'wait' },
  [wecomMoved.name]: { text: '企业微信绑定由工作人员从{from}转移到{to}：{reason}', tone: 'wait' },
  [phoneChanged.name]: { text: '更换了手机号', tone: 'quiet' },
  [emailChanged.name]: { text: '设置了电子邮箱（{number}）', tone: 'quiet' },
  [phoneMoved.name]: { text: '手机号由另一个人验证，不再是{number}的', tone: 'wait' },
  ...roleEventLabels,
  ...factorLabels,
  ...groupLabels,
  ...rosterLabels,
}
