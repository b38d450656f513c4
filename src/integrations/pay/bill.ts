import { AppError } from '../../platform/errors.ts'
import { schoolInstant } from '../../platform/dates.ts'
import type { BillLine } from './port.ts'

/** The mark (attach, 商户数据包) by which the hall knows its own orders in a bill that other systems of the merchant share. */
export const MARK = 'wecom-hall'

/**
 * The lines of a bill (bill_type ALL). Columns are found by their names, each value begins with a back-tick; after the lines stand the totals,
 * under heads of their own. Throws `upstream` for what is no bill.
 */
export function readBill(text: string): BillLine[] {
  const rows = text.replace(/^\ufeff/, '').split(/\r?\n/).map(line => line.split(',').map(cell => cell.trim().replace(/^`/, '')))
  const heads = rows.shift() ?? []
  const end = rows.findIndex(([first = '']) => first === '' || first.startsWith('总'))
  const at = (row: readonly string[], name: string): string => row[heads.indexOf(name)] ?? ''
  const missing = ['交易时间', '商户订单号', '交易状态', '商户退款单号', '商户数据包'].find(name => !heads.includes(name))
  if (missing) throw new AppError('upstream', '对账单的格式看不懂', { code: 'pay:odd-bill', params: { missing } })
  return rows.slice(0, end < 0 ? undefined : end).map(row => {
    const refund = at(row, '交易状态') === 'REFUND'
    const [out_trade_no, ours] = [at(row, '商户订单号'), at(row, '商户数据包') === MARK]
    // The amount before coupons; older bills have no column of it.
    const amount = refund ? at(row, '申请退款金额') || at(row, '退款金额') : at(row, '订单金额') || at(row, '应结订单金额')
    return { kind: refund ? 'refund' : 'payment', number: refund ? at(row, '商户退款单号') : out_trade_no, out_trade_no, amount: fenOf(amount), at: instantOf(at(row, '交易时间')), ours }
  })
}

/** 12.30 yuan is 1230 fen; never through a fraction. */
function fenOf(yuan: string): number {
  const [, whole = '', part = ''] = /^(\d+)(?:\.(\d{1,2}))?$/.exec(yuan) ?? []
  if (whole === '') throw new AppError('upstream', '对账单的格式看不懂', { code: 'pay:odd-bill', params: { amount: yuan.slice(0, 40) } })
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}

function instantOf(text: string): number {
  const [date = '', time = ''] = text.split(' ')
  return schoolInstant(date, time) ?? 0
}
