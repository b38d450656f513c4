import { type Failure, lostOf, smsError, TIMEOUT } from './errors.ts'
import type { SmsSender } from './port.ts'
import { wordingOf } from './texts.ts'

const FAILURES: Readonly<Record<string, Failure>> = { number: 'number', text: 'template', limit: 'limited', fail: 'away' }

/** The SMS sink of the simulator: POST /sms {to, text}. `endpoint` is its origin. */
export function createSimulatorSms({ endpoint, timeout = TIMEOUT }: { endpoint: string; timeout?: number }): SmsSender {
  return {
    async send(sms) {
      const answer = await post(new URL('/sms', endpoint), { to: sms.to, text: wordingOf(sms) }, timeout)
      if (answer.ok === true) return { id: String(answer.id) }
      throw smsError(FAILURES[String(answer.error)] ?? 'unknown', `${String(answer.error)} ${String(answer.message)}`)
    },
  }
}

async function post(url: URL, body: object, timeout: number): Promise<Partial<Record<'ok' | 'id' | 'error' | 'message', unknown>>> {
  try {
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), signal: AbortSignal.timeout(timeout) })
    const answer: unknown = await response.json()
    return typeof answer === 'object' && answer !== null ? answer : {}
  } catch (error) {
    throw smsError(lostOf(error), error instanceof Error ? error.name : '', error)
  }
}
