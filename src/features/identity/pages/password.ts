import type { T } from '../../../platform/text.ts'
import { passwordRules } from '../rules/password.ts'

type Errors = Record<string, string>

/** A password being chosen: its two fields, and the rules, which tick themselves off while typing. */
export function newPassword(t: T, number: string, errors: Errors) {
  return {
    rules: { for: 'f-password', number, items: passwordRules.map(({ key, live, text }) => ({ key, live, text: t(text) })) },
    fields: [
      { name: 'password', type: 'password', label: t('新密码'), error: errors['password'], required: true, autocomplete: 'new-password', maxlength: 128 },
      { name: 'again', type: 'password', label: t('再输入一次新密码'), error: errors['again'], required: true, autocomplete: 'new-password', maxlength: 128 },
    ],
  }
}

export function passwordPage({ t, number, first, errors }: { t: T; number: string; first: boolean; errors: Errors }) {
  return {
    title: t('修改密码'), first, errors, choice: newPassword(t, number, errors),
    current: { name: 'current', type: 'password', label: t(first ? '初始密码' : '现在的密码'), error: errors['current'], required: true, autocomplete: 'current-password', maxlength: 128 },
  }
}
