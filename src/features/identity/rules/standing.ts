import type { Kind, SignInWay, Standing } from '../tables.ts'

type Meaning = {
  kind: Kind
  label: string
  /** stands in for the person today: appears in searches for people to act, keeps its WeCom binding */
  current: boolean
  /** a graduate still fetches transcripts; who has left the staff has no business here */
  signsIn: boolean
}

export const standings: Readonly<Record<Standing, Meaning>> = {
  enrolled: { kind: 'student', label: '在读', current: true, signsIn: true },
  suspended: { kind: 'student', label: '休学', current: true, signsIn: true },
  graduated: { kind: 'student', label: '毕业', current: false, signsIn: true },
  withdrawn: { kind: 'student', label: '退学', current: false, signsIn: false },
  employed: { kind: 'staff', label: '在职', current: true, signsIn: true },
  left: { kind: 'staff', label: '离职', current: false, signsIn: false },
}

export const knownStandings: readonly Standing[] = ['enrolled', 'suspended', 'graduated', 'withdrawn', 'employed', 'left']

/** The standings that count as being here, for a query's `in`. */
export const currentStandings: readonly Standing[] = knownStandings.filter(name => standings[name].current)

export const kindLabels: Readonly<Record<Kind, string>> = { student: '学生', staff: '教职工' }
export const wayLabels: Readonly<Record<SignInWay, string>> = { wecom: '企业微信', scan: '企业微信扫码', campus: '校园账号' }

/** Is it a way of signing in that this version knows? */
export function isWay(text: string): text is SignInWay {
  return Object.hasOwn(wayLabels, text)
}

type Number = { number: string; standing: Standing; entered_on: string }

/** Which of two numbers of one person leads: the one still current, then the later one. Positive when `a` does. */
export function leads(a: Number, b: Number): number {
  return Number(standings[a.standing].current) - Number(standings[b.standing].current)
    || compare(a.entered_on, b.entered_on) || compare(a.number, b.number)
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a > b ? 1 : -1
}
