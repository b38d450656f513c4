import type { Sms, SmsText } from './port.ts'

type Text = {
  /** names of the values, in the order of the template's places */
  params: readonly string[]
  /** how the template to be approved should read */
  wording: string
}

export const smsTexts: Readonly<Record<SmsText, Text>> = {
  'code': { params: ['code', 'minutes'], wording: '验证码 {code}，{minutes} 分钟内有效。请只填在学校办事大厅的页面里，不要告诉任何人。' },
  'phone-changed': { params: [], wording: '你在学校办事大厅的手机号已改为另一个号码。如果不是本人操作，请马上联系学校信息中心。' },
}

/** The values in the template's order. */
export function valuesOf({ text, params }: Sms): string[] {
  return smsTexts[text].params.map(name => params[name] ?? '')
}

export function wordingOf({ text, params }: Sms): string {
  return smsTexts[text].wording.replace(/\{(\w+)\}/g, (whole, name: string) => params[name] ?? whole)
}
