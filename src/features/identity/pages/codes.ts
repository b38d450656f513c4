import type { T } from '../../../platform/text.ts'
import type { CodeView } from '../verbs/codes.ts'

type Fare = { meaning: 'info' | 'warn' | 'error' | 'done'; text: string; running: boolean }

const PUT_OFF: Readonly<Record<string, string>> = { limited: '短信服务商要求稍等，正在重试', away: '短信服务暂时没有回应，正在重试', settings: '学校的短信服务暂时有问题，正在重试' }
const NOT_SENT: Readonly<Record<string, string>> = {
  number: '短信服务商不认这个手机号，验证码没有发出。请核对号码，换一个再试',
  limited: '短信服务商限制了这个手机号的发送次数，验证码没有发出。请过一会儿重新获取',
  away: '短信服务没有回应，验证码没有发出。请过一会儿重新获取',
  late: '短信服务没有回应，验证码没有发出。请过一会儿重新获取',
}

/** How the SMS fares, in words. */
export function fareOf(t: T, { state, reason, masked, left }: CodeView): Fare {
  if (state === 'sent' && left > 0) return { meaning: 'done', text: t('验证码已发到 {phone}，5 分钟内有效', { phone: masked }), running: false }
  if (state === 'unknown' && left > 0) return { meaning: 'warn', text: t('结果未知：发送时中断了，验证码可能已经发到 {phone}。收到了就填写，没有收到请重新获取', { phone: masked }), running: false }
  if (state === 'sent' || state === 'unknown') return { meaning: 'warn', text: t('发到 {phone} 的验证码已过期，或者错误次数已用完。请重新获取', { phone: masked }), running: false }
  if (state === 'failed') return { meaning: 'error', text: t(NOT_SENT[reason ?? ''] ?? '学校的短信服务有问题，验证码没有发出。请联系学校信息中心'), running: false }
  return reason === null ? { meaning: 'info', text: t('正在把验证码发到 {phone}', { phone: masked }), running: true } : { meaning: 'warn', text: t(PUT_OFF[reason] ?? '短信服务暂时没有回应，正在重试'), running: true }
}

/** What a wrong code is told. */
export function wrongCodeWords(t: T, left: number): string {
  return left > 0 ? t('验证码不对，还可以试 {left} 次', { left }) : t('这个验证码已经失效，请重新获取')
}

export function codeField(t: T, error: string | undefined) {
  return { name: 'code', label: t('短信验证码'), error, required: true, autocomplete: 'one-time-code', inputmode: 'numeric', maxlength: 12, help: t('6 位数字') }
}
