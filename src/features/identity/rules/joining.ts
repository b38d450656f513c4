/** How things stand with somebody who has just proved a number (上海音乐学院, 离校管理服务平台手册 §3.2): each has one next step. */
export type JoinState = 'done' | 'straight' | 'verify' | 'missing'

/** The same four, for a member of WeCom who has just proved a phone: bound already; bound by it; the phone is on file, but it takes the campus account; on nobody's file. */
export type MemberOutcome = JoinState

/** `followed`: the member has entered the corporation; `proven`: a code came back from the phone. */
export function joinState({ bound, followed, phone }: { bound: boolean; followed: boolean; phone: { proven: boolean } | null }): JoinState {
  if (bound && followed) return 'done'
  if (phone === null) return 'missing'
  return phone.proven ? 'straight' : 'verify'
}
