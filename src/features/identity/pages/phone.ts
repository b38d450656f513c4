import type { T } from '../../../platform/text.ts'
import { maskPhone } from '../rules/mask.ts'
import type { CodeView } from '../verbs/codes.ts'
import { codeField, fareOf } from './codes.ts'

type Errors = Record<string, string>
/** how the page makes sure of the person: by a password in the form, by the school's sign-in (`address`), or it just has */
export type Asks = { kind: 'password' } | { kind: 'school'; address: string } | { kind: 'confirmed' }

type Form = { t: T; asks: Asks; now: { phone: string; proven: boolean } | null; typed: string; abroad: boolean; errors: Errors }

/** 设置手机: 登录密码 and 手机号码, 确认 and 重置. */
export function phonePage({ t, asks, now, typed, abroad, errors }: Form) {
  return {
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
    title: t('设置手机'), errors, fare: fareOf(t, view), masked: view.masked, code: codeField(t, errors['code']),
    again: view.wait_seconds > 0 ? t('{seconds} 秒后可以重新获取', { seconds: view.wait_seconds }) : null,
  }
}
