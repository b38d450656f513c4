import { createHash, randomBytes } from 'node:crypto'
import type { ApiTable } from './api.ts'
import { WecomError } from './errors.ts'
import type { Limiter } from './limits.ts'
import type { Json } from './shape.ts'

type Kind = 'corp' | 'agent_config'
export type Tickets = {
  apis: ApiTable
  /** Whether a page's JS-SDK signature is right for one of the tickets that are valid now. */
  signed(kind: Kind, signature: string, page: { noncestr: string; timestamp: string; url: string }): boolean
  clear(): void
}

const LIFE = 7200_000

/** §8.1: sha1 over ticket, nonce, time and address in this order; the address without its #part. */
export function ticketSignature(ticket: string, page: { noncestr: string; timestamp: string; url: string }): string {
  const url = page.url.split('#')[0]
  return createHash('sha1').update(`jsapi_ticket=${ticket}&noncestr=${page.noncestr}&timestamp=${page.timestamp}&url=${url}`).digest('hex')
}

/** jsapi tickets of the corporation and of the app: 2 hours, 100 an hour per app. */
export function createTickets(now: () => number, limiter: Limiter): Tickets {
  const tickets = new Map<Kind, { value: string; expires_at: number }>()

  function give(kind: Kind): Json {
    if (!limiter.take(`ticket ${kind}`, 100, 3600_000)) throw new WecomError(45009)
    const known = tickets.get(kind)
    const ticket = known && known.expires_at > now() ? known : { value: randomBytes(64).toString('base64url'), expires_at: now() + LIFE }
    tickets.set(kind, ticket)
    return { ticket: ticket.value, expires_in: Math.floor((ticket.expires_at - now()) / 1000) }
  }

  const refuses = { contacts: 48002 }
  return {
    apis: {
      get_jsapi_ticket: { method: 'GET', refuses, run: () => give('corp') },
      'ticket/get': {
        method: 'GET', refuses,
        run({ query }) {
          if (query['type'] !== 'agent_config') throw new WecomError(91040)
          return give('agent_config')
        },
      },
      get_api_domain_ip: { method: 'GET', run: () => ({ ip_list: ['127.0.0.1'] }) },
      getcallbackip: { method: 'GET', run: () => ({ ip_list: ['127.0.0.1'] }) },
    },
    signed(kind, signature, page) {
      const ticket = tickets.get(kind)
      return ticket !== undefined && ticket.expires_at > now() && ticketSignature(ticket.value, page) === signature
    },
    clear: () => tickets.clear(),
  }
}
