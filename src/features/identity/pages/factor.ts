import type { T } from '../../../platform/text.ts'
import { groupedSecret } from '../rules/factor.ts'
import type { Person } from '../store/people.ts'

function codeField(t: T, error: string | undefined, help: string) {
  return { name: 'code', label: t('验证码'), error, required: true, autocomplete: 'one-time-code', inputmode: 'text', maxlength: 40, help: t(help) }
}

const errorsOf = (error: string | undefined): Record<string, string> => (error === undefined ? {} : { code: error })

/** What a wrong code is told. */
export function wrongFactor(t: T, { left, locked_minutes }: { left: number; locked_minutes: number }): string {
  if (locked_minutes > 0) return t('验证码错误次数太多，请 {minutes} 分钟后再试', { minutes: locked_minutes })
  return t('验证码不对，还可以试 {left} 次。请看验证器里现在的 6 位数字；如果一直不对，请检查手机的时间是不是自动设置的', { left })
}

type Enrol = { t: T; to: string; secret: string; address: string; svg: string; error?: string | undefined }

export function enrolPage({ t, to, secret, address, svg, error }: Enrol) {
  return {
    title: t('设置二次验证'), to, svg, address, secret: groupedSecret(secret), errors: errorsOf(error),
    why: t('管理后台能看到和改动别人的事情，只有密码不够安全。以后进入时，除了登录，再输入手机上一个每 30 秒变一次的 6 位数字。现在设置一次，约两分钟'),
    apps: t('微信小程序“腾讯身份验证器”，或者 Microsoft Authenticator、FreeOTP 等应用都可以；iPhone 自带的“密码”也可以'),
    code: codeField(t, error, '验证器里显示的 6 位数字'),
  }
}

export function checkPage({ t, to, error }: { t: T; to: string; error?: string | undefined }) {
  return {
    title: t('二次验证'), to, errors: errorsOf(error), code: codeField(t, error, '打开手机上的验证器，输入现在的 6 位数字。手机不在身边时，可以输入一个恢复码'),
    lost: t('手机丢了、换了，又没有恢复码？请带证件联系学校信息中心的安全管理员，核实后会重置'),
  }
}

export function codesPage({ t, codes, to, first }: { t: T; codes: readonly string[]; to: string; first: boolean }) {
  const grouped = codes.map(code => code.match(/.{4}/g)?.join('-') ?? code)
  return {
    title: first ? t('二次验证已启用') : t('新的恢复码'), to, codes: grouped, all: grouped.join('\n'),
    sentence: t('手机不在身边时，用一个恢复码代替验证码，每个只能用一次。请打印或抄下来，和证件放在一起。离开这一页就不再显示'),
    before: first ? undefined : t('以前的恢复码已经作废'),
  }
}

export function renewalQuestion(t: T, left: number) {
  return {
    title: t('换一批恢复码'),
    confirm: {
      title: t('换一批恢复码'), sentence: t('现在还有 {left} 个恢复码没有用。换一批以后，以前的全部作废', { left }),
      action: '/account/factor/codes', label: t('换一批恢复码'), back: '/account',
    },
  }
}

export function resetQuestion({ t, person, reason, error }: { t: T; person: Person; reason: string; error?: string | undefined }) {
  return {
    title: t('重置二次验证'), heading: false, errors: error === undefined ? {} : { reason: error },
    confirm: {
      title: t('重置二次验证'), danger: true, action: `/admin/people/${person.id}/factor-reset`, label: t('重置二次验证'), back: `/admin/people/${person.id}`,
      sentence: t('{name}（{number}）现在的验证器和恢复码都会作废，在所有设备上的登录立即结束，下次进入管理后台时重新设置。请先当面或用别的可靠方式核实本人', { name: person.name, number: person.number }),
      reason: { label: t('怎样核实的'), required: true, value: reason, maxlength: 200, error, help: t('例如“本人持校园卡到办公室，换了手机”') },
    },
  }
}
