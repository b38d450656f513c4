import { schoolTime } from '../../../../platform/dates.ts'
import type { T } from '../../../../platform/text.ts'
import { STATUS_TAGS } from '../../rules/standing.ts'
import type { KeptRow } from '../../store/keeping.ts'

/** What will be deleted when, or what is held back from it. `next`: address of the next page. */
export function keepingPage(t: T, { rows, held, next }: { rows: readonly KeptRow[]; held: boolean; next: string | undefined }) {
  return {
    title: t('保存期限'), lead: t('办结的申请到期后删除内容，只留编号、事项、时间和结果。每天夜里更新'), held, next,
    segments: [{ label: t('将要删除'), href: '/admin/keeping', current: !held }, { label: t('暂缓删除'), href: '/admin/keeping?held=1', current: held }],
    rows: rows.map(row => ({
      id: row.id, href: `/admin/keeping/${row.id}`, cells: {
        title: { text: t(row.title), note: row.hold_reason ?? row.number ?? '' }, status: { text: '', tag: { text: t(STATUS_TAGS[row.status].text), meaning: STATUS_TAGS[row.status].meaning } },
        ended: { text: '', time: row.ended_at }, warned: row.warned_at === null ? t('还没有') : { text: '', time: row.warned_at }, expires: schoolTime(row.expires_at ?? 0).date,
      },
    })),
  }
}

/** The question before one is held back, or let go. */
export function holdPage(t: T, { id, title, number, hold_reason }: Pick<KeptRow, 'id' | 'title' | 'number' | 'hold_reason'>, reason: { value?: string; error?: string; maxlength: number }) {
  const what = { title: t(title), number: number ?? '' }
  const base = { back: `/admin/keeping${hold_reason === null ? '' : '?held=1'}` }
  const confirm = hold_reason === null
    ? {
      ...base, title: t('暂缓删除'), label: t('暂缓删除'), action: `/admin/keeping/${id}/hold`, sentence: t('暂缓删除“{title}”（{number}）的内容？', what),
      effects: [t('取消暂缓以前，到期也不删除'), t('申请人仍能查看')], reason: { ...reason, required: true, help: t('例如正在处理投诉或诉讼。其他管理员能看到') },
    }
    : {
      ...base, title: t('取消暂缓删除'), label: t('取消暂缓'), action: `/admin/keeping/${id}/release`, danger: true, sentence: t('取消暂缓删除“{title}”（{number}）的内容？', what),
      effects: [t('暂缓的原因：{reason}', { reason: hold_reason }), t('已经到期的，会再通知申请人，两周以后删除')],
    }
  return { title: confirm.title, heading: false, confirm }
}
