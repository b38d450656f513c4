import type { RequestRow } from './tables.ts'

/** How a request stands, as people say it. */
export const STATUS_WORDS: Record<RequestRow['status'], string> = {
  chosen: '还没有确认', 'awaiting-payment': '等待付款', issuing: '生成中', done: '已签章', impossible: '没有生成', cancelled: '已取消',
}
