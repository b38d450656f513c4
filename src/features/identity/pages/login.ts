import type { T } from '../../../platform/text.ts'
import { type Campus, keepsPasswords } from '../campus.ts'

type Login = {
  t: T
  campus: Campus
  /** of the initial password */
  digits: number
  /** where the school has its passwords changed, where that is not here */
  passwordUrl: string | undefined
  to: string
  account: string
  errors: Record<string, string>
  /** the member of WeCom who may be bound by this sign-in */
  userid: string | null
  /** the school's server does not answer right now */
  silent: boolean
  /** pages that are there to lead on to */
  has: { help: boolean; join: boolean }
}

export function loginPage({ t, campus, digits, passwordUrl, to, account, errors, userid, silent, has }: Login) {
  const [here, own] = [campus.way === 'password', keepsPasswords(campus)]
  const query = `to=${encodeURIComponent(to)}`
  return {
    title: t('登录'), wide: true, errors, to, silent,
    scan: `/auth/wecom/scan?${query}`,
    atSchool: here ? null : { bind: userid === null ? null : t('企业微信账号 {userid} 还没有绑定。登录后就会绑定，以后从企业微信打开不用再登录', { userid }), ...schoolButtons(t, query, userid) },
    account: { name: 'account', label: t('学号或工号'), value: account, error: errors['account'], required: true, autocomplete: 'username', inputmode: 'text', maxlength: 64 },
    password: { name: 'password', type: 'password', label: t('密码'), error: errors['password'], required: true, autocomplete: 'current-password', help: own ? t('第一次登录的密码是证件号码的最后 {digits} 位，X 也算一位', { digits }) : t('和学校统一身份认证的密码相同') },
    bind: userid === null ? null : { name: 'bind', type: 'checkbox', value: true, label: t('同时绑定企业微信账号 {userid}', { userid }) },
    forgotten: own ? { label: t('忘记密码'), href: '/login/reset' } : passwordUrl ? { label: t('忘记密码'), href: passwordUrl } : null,
    ways: [
      ...(has.join ? [{ title: t('第一次使用'), note: t('扫码或在这里加入学校的企业微信'), icon: 'user', href: '/join' }] : []),
      ...(has.help ? [{ title: t('联系客服'), note: t('登录不了，或者学工号不在名单里'), icon: 'chat', href: '/help' }] : []),
    ],
  }
}

function schoolButtons(t: T, query: string, userid: string | null) {
  const plain = { label: t('统一身份认证登录'), icon: 'key', kind: 'main', wide: true, href: `/auth/campus?${query}` }
  if (userid === null) return { main: plain, quiet: null }
  return { main: { ...plain, label: t('统一身份认证登录并绑定'), href: `/auth/campus?${query}&bind=1` }, quiet: { label: t('只登录，不绑定'), wide: true, href: plain.href } }
}
