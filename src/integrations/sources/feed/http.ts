import { Type } from 'typebox'
import { AppError } from '../../../platform/errors.ts'
import { fits } from '../../../platform/schema.ts'
import type { Cell } from '../cells.ts'
import type { RawRow } from '../rows.ts'
import { type Feed, SILENCE } from './port.ts'

/** Asks an address; `longest`: bytes of an answer. A redirect is an answer like any other. */
export type Get = (request: { origin: string; path: string; headers: Readonly<Record<string, string>>; longest: number; timeLimit: number }, signal: AbortSignal) => Promise<{ status: number; body: string }>

const LONGEST_PAGE = 8 * 1024 * 1024
const MOST_PAGES = 10_000

type Page = { as_of?: string | null; rows: Record<string, unknown>[]; next?: string | null }
const Page = Type.Object({
  as_of: Type.Optional(Type.Union([Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), Type.Null()])),
  rows: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  next: Type.Optional(Type.Union([Type.String({ pattern: '^/(?!/)', maxLength: 2000 }), Type.Null()])),
})

/** Pages of JSON, `{ "as_of", "rows": [{ head: value }], "next": path of the next page or null }`, in the order of what is to stay together. */
export function httpFeed(url: URL, token: string | undefined, get: Get): Feed {
  const headers = { accept: 'application/json', ...token !== undefined && { authorization: `Bearer ${token}` } }
  return {
    place: `${url.origin}${url.pathname}`,
    async *read({ signal }) {
      let [path, heads, row]: [string | null, string[] | null, number] = [`${url.pathname}${url.search}`, null, 1]
      for (let page = 0; path !== null; page++) {
        if (page === MOST_PAGES) throw new AppError('invalid', '对方的数据分了 {most} 页还没有完', { params: { most: MOST_PAGES } })
        const { rows, next = null, as_of = null } = pageIn(await get({ origin: url.origin, path, headers, longest: LONGEST_PAGE, timeLimit: SILENCE }, signal))
        const beginning: RawRow[] = heads ? [] : [{ row, cells: heads = [...new Set(rows.flatMap(each => Object.keys(each)))] }]
        const known: readonly string[] = heads ?? []
        yield { rows: [...beginning, ...rows.map(each => rowOf(each, known, ++row))], as_of }
        path = next
      }
    },
  }
}

function pageIn({ status, body }: { status: number; body: string }): Page {
  if (status === 401 || status === 403) throw new AppError('forbidden', '对方不认大厅的令牌（{status}），请核对 GRADES_SOURCE_TOKEN', { params: { status } })
  if (status === 408 || status === 429 || status >= 500) throw new AppError('upstream', '对方应答 {status}', { params: { status } })
  if (status !== 200) throw new AppError('invalid', '对方应答 {status}', { params: { status } })
  const page = parsed(body)
  if (!fits<Page>(Page, page)) throw new AppError('invalid', '对方的应答不是约定的格式')
  return page
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

function rowOf(values: Readonly<Record<string, unknown>>, heads: readonly string[], row: number): RawRow {
  return { row, cells: heads.map(head => cellOf(values[head], head, row)) }
}

function cellOf(value: unknown, head: string, row: number): Cell | null {
  if (value === null || value === undefined || value === '') return null
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number') return { number: String(value) }
  throw new AppError('invalid', '第 {row} 行的“{head}”不是文字也不是数字', { params: { row, head: head.slice(0, 50) } })
}
