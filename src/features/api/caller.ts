import type { Client } from './rules.ts'

/** Who calls, as features see it. */
export type Caller = Pick<Client, 'id' | 'name' | 'unit_id' | 'ground' | 'scopes' | 'kinds' | 'units'>

declare module 'fastify' {
  interface FastifyRequest {
    /** of a call to /api/v1 that was let in */
    caller: Caller
  }
  interface FastifyContextConfig {
    /** what the caller's token must allow; `any`: every good token does. A call without it does not start */
    scope?: string
  }
}
