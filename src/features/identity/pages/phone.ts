import type { T } from '../../../platform/text.ts'
import { maskPhone } from '../rules/mask.ts'
import type { CodeView } from '../verbs/codes.ts'
import { codeField, fareOf } from './codes.ts'
import { type Notice, wecomPhone } from './consent.ts'

type Errors = Record<string, string>
/** how the page makes sure of the person: by a password in the form, by the school's sign-in (`address`), or it just has */
export type Asks = { kind: 'password' } | { kind: 'school'; address: string } | { kind: 'confirmed' }

type Form = { t: T; asks: Asks; now: { phone: string; proven: boolean } | null; typed: string; abroad: boolean; errors: Errors; /** may be agreed to, so that WeCom is told the new number */ notice: Notice | null }

/** 设置手机: 登录密码 and 手机号码, 确认 and 重置. */
export function phonePage({ t, asks, now, typed, abroad, errors, notice }: Form) {
  return {
    consent: notice && { ...wecomPhone(t, notice), help: t('可以不选：手机照样设置，只是企业微信里的号码不更新') },
    title: t('设置手机'), errors, asks,
    now: now === null ? null : { label: t('现在的手机'), value: `${maskPhone(now.phone)} · ${now.proven ? t('已验证') : t('未验证')}` },
    password: asks.kind === 'password' ? { name: 'password', type: 'password', label: t('登录密码'), error: errors['password'], required: true, autocomplete: 'current-password' } : null,
    phone: {
      name: 'phone', type: 'tel', label: t('手机号码'), value: typed, error: errors['phone'], required: true, autocomplete: 'tel', inputmode: 'tel', maxlength: 30,
      help: abroad ? t('大陆手机号 11 位；其他地区以 + 和国家代码开头，例如 +852 5123 4567') : t('大陆手机号 11 位。验证码会发到这个手机'),
    },
  }
}

export function phoneCodePage({ t, view, errors }: { t: T; view: CodeView; errors: Errors }) {
  return {
    title: t('设置手机'), path: '/account/phone', confirm: t('确认'), errors, fare: fareOf(t, view), masked: view.masked, code: codeField(t, errors['code']),
    again: view.wait_seconds > 0 ? t('{seconds} 秒后可以重新获取', { seconds: view.wait_seconds }) : null,
  }
}
