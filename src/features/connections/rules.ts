import type { T } from '../../platform/text.ts'
import type { ConnectionsTable } from './tables.ts'

/** As the page sends it. `headers`: by their places; a value left empty stays what it was. */
export type Typed = { name: string; note: string; origin: string; paths: string; method: string; time_limit: string; headers: readonly { name: string; value: string }[] }

export type Method = ConnectionsTable['method']
export const METHODS: readonly Method[] = ['POST', 'PUT', 'PATCH', 'GET']
export const MOST_HEADERS = 5
const MOST_PATHS = 20
const LONGEST_SECONDS = 60

/** What was meant. `headers`: null stands for a value that stays. */
export type Settings = { name: string; note: string; origin: string; paths: string[]; method: Method; time_limit: number; headers: Map<string, string | null> }
export type Fault = { sentence: string; params?: Record<string, string | number> }
export type Faults = Record<string, Fault>

/** `kept`: names of the headers that have a value already. */
export function readSettings(typed: Typed, kept: readonly string[]): { settings: Settings; faults: Faults } {
  const paths = typed.paths.split(/\r?\n/).map(line => line.trim()).filter(Boolean)
  const method = METHODS.find(each => each === typed.method)
  const time_limit = Number(typed.time_limit.trim())
  const origin = originOf(typed.origin)
  const headers = new Map(typed.headers.filter(({ name }) => name.trim() !== '').map(({ name, value }) => [name.trim().toLowerCase(), value === '' ? null : value] as const))
  const faults: Faults = {
    ...!/^[a-z][a-z0-9-]{0,39}$/.test(typed.name.trim()) && { name: { sentence: '名称用小写字母开头，只用小写字母、数字和横线，最多 40 个' } },
    ...[...typed.note.trim()].length > 200 && { note: { sentence: '说明不能超过 200 个字' } },
    ...origin === null && { origin: { sentence: '请填写完整的地址，例如 https://erp.example.edu.cn，不要带路径' } },
    ...pathFault(paths),
    ...!method && { method: { sentence: '请选择方法' } },
    ...!(Number.isInteger(time_limit) && time_limit >= 1 && time_limit <= LONGEST_SECONDS) && { time_limit: { sentence: '时限是 1 到 {most} 秒的整数', params: { most: LONGEST_SECONDS } } },
    ...headerFault(headers, kept),
  }
  return { settings: { name: typed.name.trim(), note: typed.note.trim(), origin: origin ?? '', paths, method: method ?? 'POST', time_limit, headers }, faults }
}

/** Without a path, a name or a password in it; null for what is none. */
function originOf(text: string): string | null {
  const url = URL.parse(text.trim())
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return null
  return url.origin
}

function pathFault(paths: readonly string[]): Faults {
  if (paths.length === 0) return { paths: { sentence: '至少填写一个允许访问的路径' } }
  if (paths.length > MOST_PATHS) return { paths: { sentence: '最多 {most} 个路径', params: { most: MOST_PATHS } } }
  const wrong = paths.find(path => !isPath(path))
  return wrong === undefined ? {} : { paths: { sentence: '“{path}”不是路径。路径以 / 开头，不带问号、井号和 ..', params: { path: wrong.slice(0, 100) } } }
}

/** Taken as it stands: what a browser would fold (`..`, `\`, `//`) is none. */
function isPath(path: string): boolean {
  return path.length <= 200 && /^\/[\w\-.~/%:@!$&'()*+,;=]*$/.test(path) && !path.startsWith('//') && new URL(path, 'http://a').pathname === path
}

// They say how the call is carried, which is ours.
const OURS = ['host', 'connection', 'content-length', 'content-type', 'transfer-encoding', 'expect', 'upgrade', 'te', 'trailer', 'keep-alive', 'proxy-authorization', 'idempotency-key']

function headerFault(headers: ReadonlyMap<string, string | null>, kept: readonly string[]): Faults {
  for (const [name, value] of headers) {
    if (!/^[a-z0-9!#$%&'*+.^_`|~-]{1,60}$/.test(name) || OURS.includes(name)) return { headers: { sentence: '“{name}”不能作为请求头', params: { name } } }
    if (value === null && !kept.includes(name)) return { headers: { sentence: '请填写请求头“{name}”的内容', params: { name } } }
    if (value !== null && (value.length > 2000 || !/^[\x20-\x7e]+$/.test(value))) return { headers: { sentence: '请求头“{name}”的内容只能用英文字母、数字和符号', params: { name } } }
  }
  return {}
}

/** What a test or a call came to, in words. */
export type Heard = { status: number | null; error: { phrase: string; params: Record<string, string | number> } | null }

export function heardText(t: T, { status, error }: Heard): string {
  return error ? t(error.phrase, error.params) : status !== null && isGood(status) ? t('对方应答 {status}，连接正常', { status }) : t('对方应答 {status}', { status: status ?? 0 })
}

export function isGood(status: number): boolean {
  return status >= 200 && status < 300
}
