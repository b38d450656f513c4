/** What came back from another system, as far as a flow can use it. */
export type Answered = { ok: boolean; values: Record<string, string | number | boolean>; error: { phrase: string; params: Record<string, string | number> } | null }

/** A good answer is one of success that holds all that the flow takes from it. `take`: field → JSON pointer. */
export function answered({ status, body }: { status: number; body: string }, take: Readonly<Record<string, string>> = {}): Answered {
  const none = (phrase: string, params: Record<string, string | number>): Answered => ({ ok: false, values: {}, error: { phrase, params } })
  if (status < 200 || status > 299) return none(status >= 300 && status < 400 ? '对方应答 {status}：要转到别的地址，没有跟去' : '对方应答 {status}', { status })
  const json = parsed(body)
  const values: Answered['values'] = {}
  for (const [field, pointer] of Object.entries(take)) {
    const value = at(json, pointer)
    if (!isPlain(value)) return none('应答里没有 {pointer}', { pointer })
    values[field] = value
  }
  return { ok: true, values, error: null }
}

/** Is the same call worth another try? An overloaded or broken system may mend; a refusal stays one. */
export function isWorthTrying(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

// As long as a value that a flow may set.
const LONGEST = 500

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === 'string' ? value.length <= LONGEST : (typeof value === 'number' && Number.isFinite(value)) || typeof value === 'boolean'
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** RFC 6901. Own properties alone: nothing is read that the other side did not write. */
function at(json: unknown, pointer: string): unknown {
  return pointer.split('/').slice(1).map(part => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((value, part) => typeof value === 'object' && value !== null && Object.hasOwn(value, part) ? new Map<string, unknown>(Object.entries(value)).get(part) : undefined, json)
}
