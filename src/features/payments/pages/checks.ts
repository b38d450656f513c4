import type { T } from '../../../platform/text.ts'
import { yuan } from '../rules.ts'
import type { DayFigures } from '../store/checks.ts'
import type { ChecksTable, DifferenceKind, DifferencesTable } from '../tables.ts'

const KINDS: Readonly<Record<DifferenceKind, { text: string; advice: string }>> = {
  unknown: { text: '大厅没有这一笔', advice: '微信支付有这笔付款或退款，大厅没有记录。多半是在商户平台上直接办的退款，请核对后记下' },
  unpaid: { text: '大厅记为没有付款', advice: '账单里已经付款，大厅没有收到通知。大厅已经向微信支付查询，过几分钟再看订单的状态' },
  unbilled: { text: '账单里没有这一笔', advice: '大厅记为已付款或已退款，微信支付的账单里没有。请在商户平台按单号查询' },
  amount: { text: '金额不一致', advice: '两边记的金额不一样。请在商户平台按单号核对，再看下面的订单办到哪一步，需要时退款' },
}

type Checks = { checks: readonly ChecksTable[]; differences: readonly DifferencesTable[]; yesterday: string; on: boolean }

export function checksPage(t: T, { checks, differences, yesterday, on }: Checks) {
  return {
    title: t('对账'), lead: t('每天 10:30 下载微信支付前一天的账单，和大厅的记录逐笔核对'), off: !on, yesterday,
    differences: differences.map(row => ({ id: row.id, href: `/admin/payments/differences/${row.id}`, cells: {
      kind: { text: t(KINDS[row.kind].text), note: row.number }, date: row.date, ours: money(row.ours), theirs: money(row.theirs),
      status: { tag: row.settled_at === null ? { text: t('待处理'), meaning: 'amber' } : { text: t('已处理'), meaning: 'grey' }, text: '' },
    } })),
    checks: checks.map(row => ({ id: row.id, cells: {
      date: row.id, payments: t('{n} 笔', { n: row.payments }), paid: `¥${yuan(row.paid)}`, refunds: t('{n} 笔', { n: row.refunds }), refunded: `¥${yuan(row.refunded)}`,
      others: row.others === 0 ? '' : t('{n} 笔', { n: row.others }), checked_at: { time: Number(row.checked_at), text: '' },
    } })),
  }
}

const money = (fen: number | null): string => fen === null ? '—' : `¥${yuan(Number(fen))}`

export function differencePage(t: T, row: DifferencesTable, typed = '', error?: string) {
  const { text, advice } = KINDS[row.kind]
  return {
    title: t(text), back: { label: t('对账'), href: '/admin/payments/checks' }, id: row.id, advice: t(advice), settled: row.settled_at !== null, errors: error ? { note: t(error) } : {},
    rows: [
      { label: t('单号'), value: row.number }, { label: t('账单日期'), value: row.date }, { label: t('大厅的金额'), value: money(row.ours) }, { label: t('微信支付的金额'), value: money(row.theirs) }, { label: t('发现时间'), time: Number(row.found_at) },
      ...row.order_id ? [{ label: t('订单'), value: row.order_id, href: `/admin/payments/${row.order_id}` }] : [],
      ...row.settled_at === null ? [] : [{ label: t('处理结果'), value: row.note ?? '', whole: true }, { label: t('处理人'), value: row.settled_by ?? '' }, { label: t('处理时间'), time: Number(row.settled_at) }],
    ],
    note: { name: 'note', label: t('怎样处理的'), type: 'textarea', rows: 3, required: true, maxlength: 500, value: typed, ...error && { error: t(error) } },
  }
}

export function statisticsPage(t: T, { paid, refunded }: { paid: readonly DayFigures[]; refunded: readonly DayFigures[] }) {
  const days = [...new Set([...paid, ...refunded].map(({ day }) => day))].toSorted((a, b) => b - a)
  const on = (of: readonly DayFigures[], day: number) => of.find(each => each.day === day) ?? { count: 0, sum: 0 }
  const total = (of: readonly DayFigures[]) => of.reduce((sum, each) => sum + each.sum, 0)
  return {
    title: t('收费统计'), lead: t('最近 30 天'),
    figures: [
      { label: t('收款'), value: `¥${yuan(total(paid))}` }, { label: t('收款笔数'), value: paid.reduce((sum, each) => sum + each.count, 0) }, { label: t('退款'), value: `¥${yuan(total(refunded))}` }, { label: t('净收款'), value: `${total(paid) < total(refunded) ? '-' : ''}¥${yuan(Math.abs(total(paid) - total(refunded)))}` },
    ],
    rows: days.map(day => ({ id: String(day), cells: {
      date: new Date(day).toISOString().slice(0, 10), count: on(paid, day).count, sum: `¥${yuan(on(paid, day).sum)}`, back_count: on(refunded, day).count, back: `¥${yuan(on(refunded, day).sum)}`,
    } })),
  }
}
