import type { T } from '../../../platform/text.ts'
import type { MemberOutcome } from '../rules/joining.ts'
import type { CodeView } from '../verbs/codes.ts'
import { codeField, fareOf } from './codes.ts'

type Form = { t: T; userid: string; typed: string; abroad: boolean; errors: Record<string, string> }

const STEPS = ['手机号', '验证码', '完成']
const stepsOf = (t: T, current: number) => ({ items: STEPS.map(step => t(step)), current })

/** 关注身份验证: a member of WeCom who is nobody here names a phone. */
export function memberPhonePage({ t, userid, typed, abroad, errors }: Form) {
  return {
    title: t('关注身份验证'), steps: stepsOf(t, 0), errors, lead: t('企业微信账号 {userid} 还没有绑定', { userid }),
    phone: {
      name: 'phone', type: 'tel', label: t('手机号码'), value: typed, error: errors['phone'], required: true, autocomplete: 'tel', inputmode: 'tel', maxlength: 30,
      help: abroad ? t('必须和用户注册时填写的一致；大陆以外的以 + 和国家代码开头') : t('必须和用户注册时填写的一致'),
    },
  }
}

export function memberCodePage(t: T, path: string, view: CodeView, errors: Record<string, string>) {
  return {
    title: t('关注身份验证'), path, confirm: t('完成'), steps: stepsOf(t, 1), errors, fare: fareOf(t, view), code: codeField(t, errors['code']),
    again: view.wait_seconds > 0 ? t('{seconds} 秒后可以重新获取', { seconds: view.wait_seconds }) : null,
  }
}

type Doors = { help: boolean; maintenance: string | undefined }

/** The four ends of 关注身份验证, each with its one next step. */
export function memberOutcomePage(t: T, outcome: MemberOutcome, { help, maintenance }: Doors) {
  const page = (title: string, meaning: 'done' | 'info' | 'warn', sentence: string, note: string | null, label: string, href: string) => ({
    title: t(title), meaning, sentence: t(sentence), note: note && t(note),
    actions: [{ label: t(label), href, kind: 'main' }, ...(help && meaning !== 'done' ? [{ label: t('联系客服'), href: '/help?from=/join/member' }] : [])],
  })
  switch (outcome) {
    case 'straight': return page('认证完成', 'done', '手机号已经验证，企业微信账号和学工号已经绑定', '以后从企业微信打开办事大厅，不用再输入密码', '进入办事大厅', '/')
    case 'done': return page('已经完成认证', 'done', '这个企业微信账号已经绑定，可以直接进入办事大厅，不用再验证', null, '进入办事大厅', '/')
    case 'verify': return page('还需要验证身份', 'info', '学校登记了这个手机号，但还没有用校园账号确认过是谁的。用校园账号登录一次，就会和这个企业微信账号绑定', null, '登录并绑定', '/login')
    case 'missing':
      return maintenance
        ? page('手机号不在学校的名单里', 'warn', '学校没有登记这个手机号，认不出是谁', '先到学校的统一身份认证平台维护手机号，再重新验证', '维护手机号', maintenance)
        : page('手机号不在学校的名单里', 'warn', '学校没有登记这个手机号，认不出是谁', '用校园账号登录一次就会绑定，再在“设置手机”里填写这个号码', '登录并绑定', '/login')
  }
}
