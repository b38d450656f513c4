import type { T } from '../../../platform/text.ts'

/** What is done beside decisions, as the timeline and the trail tell it. */
export const ACTS = {
  comment: '留言', transfer: '转交', delegate: '委派', consult: '征求意见', 'add-before': '前加签', 'add-beside': '并加签', 'add-after': '后加签', remove: '减签', claim: '认领',
  'give-back': '退回任务池', 'take-back': '拿回自己的意见', copy: '抄送', revoke: '撤销申请', 'send-back': '退回到环节', reassign: '管理员改派', jump: '管理员跳转', end: '管理员终止审批',
  suspend: '管理员暂停审批', move: '管理员迁移到其他版本', cancel: '管理员撤销已通过的申请', resume: '管理员恢复审批', remind: '已到办理时限，已提醒办理人', 'overdue-approve': '超过办理时限，自动通过', 'overdue-reject': '超过办理时限，自动驳回',
  'overdue-transfer': '超过办理时限，转交办理', called: '系统调用成功', 'call-failed': '系统调用失败',
} as const

export type Act = keyof typeof ACTS

/** With to whom or what it was done. Labels of steps are phrases too; names are what they are. */
export function actText(t: T, { act, whom }: { act: Act; whom: string }): string {
  const [, from, to] = act === 'move' ? /^v(\d+) → v(\d+)$/.exec(whom) ?? [] : []
  const named = from && to ? t('第 {from} 版 → 第 {to} 版', { from, to }) : act === 'jump' || act === 'send-back' ? t(whom) : whom
  return named ? t('{act}：{whom}', { act: t(ACTS[act]), whom: named }) : t(ACTS[act])
}

/** For the trail, which keeps no names. */
export function actPhrase(act: unknown): string {
  return Object.entries(ACTS).find(([name]) => name === act)?.[1] ?? ''
}
