import type { T } from '../../../platform/text.ts'
import { maskPhone } from '../rules/mask.ts'
import type { CodeView } from '../verbs/codes.ts'
import { codeField, fareOf } from './codes.ts'
import type { Asks } from './phone.ts'

type Unbinding = {
  person: { name: string; number: string }
  bound: boolean
  asks: Asks
  /** proven, so that a code may go there */
  phone: string | null
  view: CodeView | null
  /** the member is deleted from WeCom's address book as well */
  deletes: boolean
  errors: Record<string, string>
}

/** Says what will happen, and asks for the password or a code. */
export function unbindingPage(t: T, { person, bound, asks, phone, view, deletes, errors }: Unbinding) {
  return {
    title: t('解除绑定'), errors, bound, asks,
    sentence: t('解除{name}（{number}）和企业微信的绑定？', person),
    effects: [
      t('这个学工号在所有设备上的登录立即结束'), t('企业微信不再收到它的通知和待办，已有的卡片不能再点'), t('申请和待办不会丢，重新绑定后会收到没送到的通知'),
      ...deletes ? [t('这个企业微信账号会从学校的通讯录里删除')] : [],
    ],
    password: asks.kind === 'password' ? { name: 'password', type: 'password', label: t('登录密码'), error: errors['password'], autocomplete: 'current-password' } : null,
    sms: phone === null ? null : {
      masked: maskPhone(phone), fare: view && fareOf(t, view), code: view && codeField(t, errors['code']), problem: view ? undefined : errors['code'],
      wait: view && view.wait_seconds > 0 ? t('{seconds} 秒后可以重新获取', { seconds: view.wait_seconds }) : null,
    },
  }
}
