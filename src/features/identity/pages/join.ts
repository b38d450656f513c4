import { dateWords } from '../../../platform/dates.ts'
import type { Language, T } from '../../../platform/text.ts'
import type { JoinState } from '../rules/joining.ts'
import { maskPhone } from '../rules/mask.ts'
import type { CodeView } from '../verbs/codes.ts'
import type { Joining } from '../verbs/joining.ts'
import { codeField, fareOf } from './codes.ts'
import { type Notice, wecomPhone } from './consent.ts'

type Errors = Record<string, string>

const STEPS = ['选择身份', '手机号', '关注', '完成']
const stepsOf = (t: T, current: number) => ({ items: STEPS.map(step => t(step)), current })

export function identityPage(t: T) {
  return { title: t('用户注册'), steps: stepsOf(t, 0) }
}

const SAID: Record<JoinState, { sentence: string; note: string; meaning: 'green' | 'blue' | 'amber' }> = {
  done: { sentence: '已经完成认证', note: '可以直接进入办事大厅，不用再注册', meaning: 'green' },
  straight: { sentence: '手机号已经验证过', note: '下一步扫码关注，就完成了', meaning: 'green' },
  verify: { sentence: '学校登记了手机号，还没有验证', note: '如果它就是这个微信绑定的手机号，直接下一步；如果换了号码，填写新的', meaning: 'blue' },
  missing: { sentence: '学校没有登记手机号', note: '填写和这个微信绑定的手机号', meaning: 'amber' },
}

type Phone = { joining: Joining; state: JoinState; person: { name: string; number: string }; typed: string; errors: Errors; elsewhere: string | undefined; /** to be agreed to before the phone goes to WeCom */ notice: Notice | null }

/** The four ways in which somebody who has just signed in can stand, each with its one next step. */
export function phonePage(t: T, { joining, state, person, typed, errors, elsewhere, notice }: Phone) {
  const { sentence, note, meaning } = SAID[state]
  const kept = joining.phone && maskPhone(joining.phone.phone)
  return {
    title: t('绑定手机号'), steps: stepsOf(t, state === 'done' ? 3 : 1), errors, done: state === 'done', who: t('{name}，{number}', person),
    state: { sentence: t(sentence), note: t(note), meaning }, kept: kept && { label: t('登记的手机号'), value: kept },
    field: state === 'done' || state === 'straight' ? null : {
      name: 'phone', type: 'tel', label: kept ? t('换一个号码') : t('手机号码'), value: typed, error: errors['phone'], required: !kept, autocomplete: 'tel', inputmode: 'tel', maxlength: 30,
      help: kept ? t('还用登记的号码就不用填') : t('务必和微信绑定的手机号一致'),
    },
    elsewhere: state === 'missing' && elsewhere ? elsewhere : undefined,
    consent: notice && { ...wecomPhone(t, notice), required: true, error: errors['consent'] },
  }
}

type Follow = { joining: Joining; until: number | null; writes: boolean; language: Language }

/** The member is being made, then the code to follow; it notices when somebody has. */
export function followPage(t: T, { joining: { bound, followed, member, phone }, until, writes }: Follow) {
  const done = bound && followed
  const { when } = dateWords(t, Date.now)
  return {
    title: done ? t('完成') : t('关注学校的企业微信'), steps: stepsOf(t, done ? 3 : 2), done, running: !done && writes && member.status !== 'refused',
    state: done ? { sentence: t('注册完成'), note: t('以后从企业微信打开办事大厅，不用再输入密码'), meaning: 'green' }
      : member.status === 'refused' ? { sentence: t('没有加入成功'), note: t(member.sentence), meaning: 'red' }
      : phone?.proven ? { sentence: t('手机号已验证'), note: t('用手机微信扫码关注后就能收到通知'), meaning: 'green' }
      : { sentence: t(member.sentence), note: t('页面会自己更新'), meaning: 'blue' },
    refused: member.status === 'refused',
    code: !done && until !== null ? { src: '/join/code.png', alt: t('学校企业微信的二维码'), until: t('{date}前有效，过期会自动更新', { date: when(until) }), note: t('长按识别二维码并关注') } : null,
    unavailable: !writes,
    verify: !done && member.status === 'pushed' && phone !== null && !phone.proven,
  }
}

/** 关注身份验证: the same number, a code by SMS. */
export function verifyPage(t: T, { phone, view, errors }: { phone: string; view: CodeView | null; errors: Errors }) {
  return {
    title: t('关注身份验证'), errors, masked: maskPhone(phone), fare: view && fareOf(t, view), code: view && codeField(t, errors['code']), problem: view ? undefined : errors['code'],
    again: view && view.wait_seconds > 0 ? t('{seconds} 秒后可以重新获取', { seconds: view.wait_seconds }) : null,
  }
}
