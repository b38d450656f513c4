import type { T } from '../../../platform/text.ts'

export type Notice = { html: string; hash: string }

/** The question whether WeCom may be told the phone. */
export function wecomPhone(t: T, notice: Notice) {
  return { ...notice, title: t('向企业微信提供手机号'), label: t('我同意学校把我的手机号提供给企业微信，用来加入和登录') }
}
