import type { T } from '../../../platform/text.ts'

type Login = { t: T; to: string; account: string; errors: Record<string, string>; userid: string | null }

export function loginPage({ t, to, account, errors, userid }: Login) {
  return {
    title: t('登录'), errors, to,
    scan: `/auth/wecom/scan?to=${encodeURIComponent(to)}`,
    account: { name: 'account', label: t('学号或工号'), value: account, error: errors['account'], required: true, autocomplete: 'username', inputmode: 'text', maxlength: 64 },
    password: { name: 'password', type: 'password', label: t('密码'), error: errors['password'], required: true, autocomplete: 'current-password', help: t('第一次登录的密码是证件号码的最后几位，X 用大写') },
    bind: userid === null ? null : { name: 'bind', type: 'checkbox', value: true, label: t('同时绑定企业微信账号 {userid}', { userid }) },
  }
}
