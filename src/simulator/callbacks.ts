import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { post, seal, verifyUrl, type Channel, type Envelope, type Verification } from './callback-wire.ts'
import { strikes, type Trouble } from './trouble.ts'
import type { Delivery } from './types.ts'
import { writeXml, type XmlFields } from './xml.ts'

export type ChannelName = 'app' | 'contacts'
type Raised = { channel?: ChannelName; userid: string; fields: XmlFields }

export type Callbacks = {
  /** Sends one message or event; resolves when it is delivered or has finally failed. */
  raise(what: Raised): Promise<Delivery>
  redeliver(id: string): Promise<Delivery | undefined>
  url(channel: ChannelName): string | null
  /** Checks the URL as the console does on saving, and keeps it only when the answer is right; null removes it. */
  configure(channel: ChannelName, url: string | null): Promise<Verification>
  readonly log: Delivery[]
  waitIdle(): Promise<void>
  clear(): void
  close(): void
}

type Deps = {
  corpId: string; agentId: number; app: Channel; contacts: Channel | null; urls: Record<ChannelName, string | null>
  trouble: Trouble; now: () => number; changed(): void
  /** What the receiver answered in the body of a 200. */
  onReply(delivery: Delivery, answer: string): string
}

const KEPT = 500
const ATTEMPTS = 3

function textField(fields: XmlFields, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

function newDelivery(deps: Deps, what: Raised): Delivery {
  const { userid, fields, channel = 'app' } = what
  const common: XmlFields = { ToUserName: deps.corpId, FromUserName: userid, CreateTime: Math.floor(deps.now() / 1000) }
  const xml = writeXml('xml', { ...common, ...fields, ...(channel === 'app' ? { AgentID: deps.agentId } : {}) })
  return {
    id: randomUUID(), channel, userid, event: textField(fields, 'Event') || textField(fields, 'MsgType'), key: textField(fields, 'EventKey'),
    at: deps.now(), xml, state: 'waiting', trouble: [], attempts: [], answer: '', reply: '',
  }
}

/** One try; true when nothing more is to be done. */
async function attempt(deps: Deps, delivery: Delivery, url: string, envelope: Envelope, close: AbortSignal): Promise<boolean> {
  const at = deps.now()
  const started = performance.now()
  try {
    const { status, text } = await post(url, envelope, deps.trouble.callbackTimeoutMs, close)
    delivery.attempts.push({ at, ms: Math.round(performance.now() - started), status, error: null })
    if (status !== 200) return !deps.trouble.retryNon200
    delivery.state = 'delivered'
    delivery.answer = text
    if (text.trim() !== '' && text.trim() !== 'success') delivery.reply = deps.onReply(delivery, text)
    return true
  } catch (error) {
    const timeout = error instanceof Error && error.name === 'TimeoutError'
    delivery.attempts.push({ at, ms: Math.round(performance.now() - started), status: null, error: timeout ? '超时' : '连接失败' })
    return close.aborted
  }
}

/** Up to three attempts with the same envelope; what fails is kept for a redelivery. */
async function deliver(deps: Deps, delivery: Delivery, close: AbortSignal): Promise<Delivery> {
  const { trouble } = deps
  const url = deps.urls[delivery.channel]
  const channel = delivery.channel === 'app' ? deps.app : deps.contacts
  const lost = strikes(trouble, 'loseCallback')
  if (!url || !channel || lost) return finish(deps, delivery, lost ? '丢失' : '没有配置回调')
  const wrongSignature = strikes(trouble, 'wrongSignature')
  const wrongReceiver = strikes(trouble, 'wrongReceiver')
  if (wrongSignature) delivery.trouble.push('签名错误')
  if (wrongReceiver) delivery.trouble.push('receiveid 错误')
  const agentId = delivery.channel === 'app' ? deps.agentId : null
  const envelope = seal(channel, delivery.xml, { corpId: deps.corpId, agentId, seconds: Math.floor(deps.now() / 1000), wrongSignature, wrongReceiver })
  for (let n = 1; n <= ATTEMPTS; n += 1) {
    if (await attempt(deps, delivery, url, envelope, close)) break
    deps.changed()
    if (n < ATTEMPTS && trouble.retryDelayMs > 0) await wait(trouble.retryDelayMs, undefined, { signal: close }).catch(() => undefined)
  }
  return finish(deps, delivery, '')
}

function finish(deps: Deps, delivery: Delivery, trouble: string): Delivery {
  if (trouble !== '') delivery.trouble.push(trouble)
  if (delivery.state === 'waiting') delivery.state = 'failed'
  deps.changed()
  return delivery
}

/** The callback sender. One member's events go one after the other, those of different members side by side. */
export function createCallbacks(deps: Deps): Callbacks {
  const log: Delivery[] = []
  const lines = new Map<string, Promise<unknown>>()
  const pending = new Set<Promise<Delivery>>()
  const stop = new AbortController()
  let held: (() => void) | null = null

  function inLine(delivery: Delivery): Promise<Delivery> {
    const before = lines.get(delivery.userid) ?? Promise.resolve()
    const sent = before.then(() => deliver(deps, delivery, stop.signal))
    lines.set(delivery.userid, sent)
    return track(sent)
  }

  function track(sent: Promise<Delivery>): Promise<Delivery> {
    pending.add(sent)
    void sent.finally(() => pending.delete(sent))
    return sent
  }

  function record(delivery: Delivery): void {
    log.push(delivery)
    if (log.length > KEPT) log.shift()
    deps.changed()
  }

  function release(): void {
    held?.()
    held = null
  }

  /** Out of order: the first waits until the second has gone, or a moment when none comes. */
  function holdBack(delivery: Delivery): Promise<Delivery> {
    delivery.trouble.push('乱序')
    return track(new Promise<Delivery>((resolve) => {
      held = () => resolve(inLine(delivery))
      setTimeout(release, 1500).unref()
    }))
  }

  async function raise(what: Raised): Promise<Delivery> {
    const delivery = newDelivery(deps, what)
    record(delivery)
    if (deps.trouble.outOfOrder && held === null) return holdBack(delivery)
    const sent = inLine(delivery)
    if (held !== null) void sent.then(release)
    if (strikes(deps.trouble, 'doubleCallback')) {
      delivery.trouble.push('重复')
      const twin: Delivery = { ...delivery, id: randomUUID(), trouble: ['重复'], attempts: [] }
      record(twin)
      void track(deliver(deps, twin, stop.signal))
    }
    return sent
  }

  return {
    raise, log,
    async redeliver(id) {
      const delivery = log.find((one) => one.id === id)
      if (!delivery) return undefined
      delivery.state = 'waiting'
      return inLine(delivery)
    },
    url: (channel) => deps.urls[channel],
    async configure(channel, url) {
      const keys = channel === 'app' ? deps.app : deps.contacts
      if (url !== null && keys === null) return { ok: false, reason: '没有配置 Token 和 EncodingAESKey' }
      const result = url === null || keys === null ? { ok: true, reason: '' } : await verifyUrl(url, keys, deps.corpId, Math.floor(deps.now() / 1000))
      if (result.ok) deps.urls[channel] = url
      deps.changed()
      return result
    },
    async waitIdle() {
      while (pending.size > 0) {
        release()
        await Promise.all(pending)
      }
    },
    clear: () => void log.splice(0),
    close: () => stop.abort(),
  }
}
