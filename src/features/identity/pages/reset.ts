import type { T } from '../../../platform/text.ts'
import type { CodeView } from '../verbs/codes.ts'
import { codeField, fareOf } from './codes.ts'
import { newPassword } from './password.ts'

type Errors = Record<string, string>

const steps = (t: T, current: number) => ({ items: [t('学工号和手机号'), t('短信验证码'), t('新密码')], current })

/** Forgotten: who, and which phone. */
export function askPage(t: T, { number = '', phone = '' }: { number?: string; phone?: string }, errors: Errors) {
  return {
    title: t('忘记密码'), errors, steps: steps(t, 0),
    fields: [
      { name: 'number', label: t('学号或工号'), value: number, error: errors['number'], required: true, autocomplete: 'username', maxlength: 64 },
      { name: 'phone', type: 'tel', label: t('名单里登记的手机号'), value: phone, error: errors['phone'], required: true, autocomplete: 'tel', inputmode: 'tel', maxlength: 30 },
    ],
  }
}

/** The same for a number and phone that belong together and for any others. */
export function codePage(t: T, view: CodeView, errors: Errors) {
  const down = view.state === 'failed'
  const sentence = t('如果学工号和手机号一致，验证码会发到 {phone}，5 分钟内有效', { phone: view.masked })
  return { title: t('忘记密码'), errors, steps: steps(t, 1), fare: down ? fareOf(t, view) : { meaning: 'info', text: sentence, running: false }, code: codeField(t, errors['code']), again: againWords(t, view) }
}

export function choosePage(t: T, number: string, errors: Errors) {
  return { title: t('忘记密码'), errors, steps: steps(t, 2), choice: newPassword(t, number, errors) }
}

/** The first use, by a code to the phone on file; `view`: null before the first one was asked for. */
export function firstUsePage(t: T, { masked, view, errors }: { masked: string; view: CodeView | null; errors: Errors }) {
  return {
    title: t('核实本人'), errors, sent: view !== null, code: codeField(t, errors['code']), again: view && againWords(t, view),
    fare: view ? fareOf(t, view) : { meaning: 'info', text: t('第一次登录，要用短信核实本人。验证码会发到登记的手机 {phone}', { phone: masked }), running: false },
    note: t('手机号已经不用了？请带证件到学校信息中心，核实本人后更换'),
  }
}

function againWords(t: T, { wait_seconds }: CodeView): string | null {
  return wait_seconds > 0 ? t('{seconds} 秒后可以重新获取', { seconds: wait_seconds }) : null
}
