import type { Db } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { OutboundAnswer } from '../../integrations/outbound/index.ts'
import type { Deps } from './deps.ts'
import { HEADERS } from './sealed.ts'
import { type Connection, connectionNamed } from './store.ts'

/** `key`: the other side knows a repeated call by it. `path`: one of the connection's, its first where none is named. */
export type CallRequest = { key: string; path?: string | undefined; values: Readonly<Record<string, unknown>> }

/** Throws `not-found` for no such connection, `forbidden` for a path or an address that is not to be called, `upstream` where no answer came. */
export async function call(deps: Deps, db: Db, name: string, request: CallRequest, signal: AbortSignal): Promise<OutboundAnswer> {
  const connection = await connectionNamed(db, name)
  if (!connection) throw new AppError('not-found', '没有叫“{name}”的外部连接', { params: { name } })
  return await callOver(deps, connection, request, signal)
}

export async function callOver({ keyring, outbound }: Pick<Deps, 'keyring' | 'outbound'>, { name, origin, paths, method, headers, time_limit }: Connection, { key, path = paths[0] ?? '/', values }: CallRequest, signal: AbortSignal): Promise<OutboundAnswer> {
  if (!paths.includes(path)) throw new AppError('forbidden', '外部连接“{name}”不允许访问 {path}', { params: { name, path } })
  if (method === 'GET' && Object.keys(values).length > 0) throw new AppError('forbidden', '外部连接“{name}”用 GET 查询，不能把表单的内容发过去', { params: { name } })
  const opened = headers === null ? '{}' : keyring.open(HEADERS, headers)
  if (opened === null) throw new AppError('conflict', '外部连接“{name}”的请求头打不开，请重新填写', { params: { name } })
  const secrets: Record<string, string> = JSON.parse(opened)
  return await outbound.call({ origin, path, method, headers: { accept: 'application/json', ...secrets, 'idempotency-key': key }, body: method === 'GET' ? null : JSON.stringify({ key, values }), timeLimit: time_limit * 1000 }, signal)
}
