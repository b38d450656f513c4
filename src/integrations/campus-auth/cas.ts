import type { Clock } from '../../platform/clock.ts'
import type { CampusAuthConfig } from '../../platform/config-campus.ts'
import type { AppError } from '../../platform/errors.ts'
import type { Log } from '../../platform/log.ts'
import { readLogout, readValidation } from './cas-answer.ts'
import { numberless, refused, silent, within } from './errors.ts'
import type { RedirectProvider } from './port.ts'
import { createPulse } from './pulse.ts'

type Settings = Omit<Extract<CampusAuthConfig, { kind: 'cas' }>, 'kind'>
type Deps = { clock: Clock; log: Log; fetch?: typeof fetch | undefined; patience?: { look: number; validate: number } }

// Protocol 3.0, 3.7: tickets are letters, digits and hyphens; servers add a dot or an underscore for the node's name.
const TICKET = /^ST-[A-Za-z0-9._-]{1,253}$/
const LONGEST = 64 * 1024
const PATIENCE = { look: 3000, validate: 5000 }

/**
 * CAS 3.0 (Apereo's protocol specification): the browser goes to /login with our address and comes back with a ticket, which is
 * checked at /p3/serviceValidate. Our state is part of the address that the ticket is for, so a ticket that was made for any other
 * browser is refused by the CAS server itself.
 */
export function createCas({ url, numberAttribute }: Settings, { clock, log, fetch: request = fetch, patience = PATIENCE }: Deps): RedirectProvider {
  const pulse = createPulse({ clock, look: signal => look(`${url}/login`, request, signal), within: patience.look })
  return {
    way: 'redirect',
    async begin(callback, state, { again = false } = {}) {
      await pulse()
      return { address: addressOf(`${url}/login`, { service: serviceOf(callback, state), ...(again && { renew: 'true' }) }), keep: { state, ...(again && { again: '1' }) } }
    },
    async finish(callback, { ticket = '' }, { state = '', again }) {
      if (!TICKET.test(ticket)) throw refused()
      const address = addressOf(`${url}/p3/serviceValidate`, { service: serviceOf(callback, state), ticket, ...(again !== undefined && { renew: 'true' }) })
      const answer = readValidation(await ask(address, request, patience.validate, log))
      if ('failure' in answer) throw failed(answer.failure, log)
      const account = numberAttribute === undefined ? answer.user : answer.attributes[numberAttribute]
      if (!account) throw numberless()
      return { account, attributes: answer.attributes, handle: ticket, subject: null, hint: null }
    },
    leave: async back => addressOf(`${url}/logout`, { service: back }),
    async ended({ logoutRequest }) {
      const ticket = logoutRequest === undefined ? null : readLogout(logoutRequest)
      return ticket === null ? null : { handle: ticket, subject: null, word: null }
    },
  }
}

function serviceOf(callback: string, state: string): string {
  return addressOf(callback, { state })
}

function addressOf(base: string, query: Record<string, string>): string {
  const address = new URL(base)
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value)
  return address.href
}

/** Does anybody answer? What is said does not matter, as long as there is such a page and it is no fault of the server's own. */
async function look(address: string, request: typeof fetch, signal: AbortSignal): Promise<void> {
  const response = await request(address, { signal, redirect: 'manual' })
  await response.body?.cancel()
  if (response.status >= 500 || response.status === 404) throw new Error(`status ${response.status}`)
}

async function ask(address: string, request: typeof fetch, ms: number, log: Log): Promise<string> {
  try {
    return await within(ms, async signal => {
      const response = await request(address, { signal, redirect: 'error' })
      if (response.status !== 200) throw new Error(`status ${response.status}`)
      return await textOf(response)
    })
  } catch (error) {
    log.warn({ reason: reasonOf(error) }, 'the CAS server did not validate a ticket')
    throw silent(new Error(reasonOf(error)))
  }
}

async function textOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > LONGEST) throw new Error('an answer too long')
    parts.push(part)
  }
  return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(parts))
}

// An error of fetch may quote the address, which holds the ticket.
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return error.cause instanceof Error && 'code' in error.cause ? String(error.cause.code) : error.name === 'TypeError' ? 'no answer' : error.message.slice(0, 100)
}

// 2.5.3: the first two are about the ticket, the others about the server or our registration there.
function failed(code: string, log: Log): AppError {
  if (code === 'INVALID_TICKET' || code === 'INVALID_SERVICE' || code === 'INVALID_TICKET_SPEC') return refused(new Error(code))
  log.error({ code }, 'the CAS server refused the hall')
  return silent(new Error(code))
}
