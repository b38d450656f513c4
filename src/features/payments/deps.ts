import type { Pay } from '../../integrations/pay/index.ts'
import type { Wecom } from '../../integrations/wecom/index.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Database } from '../../platform/db.ts'
import type { Callbacks } from '../callbacks/index.ts'
import type { Identity } from '../identity/index.ts'
import type { Messages } from '../messages/index.ts'

export type Deps = {
  database: Pick<Database, 'db' | 'write'>
  clock: Clock
  /** null where the school has no merchant's account: nothing can be paid then */
  pay: Pay | null
  wecom: Pick<Wecom, 'corpId' | 'openidOf'>
  callbacks: Pick<Callbacks, 'textOf'>
  identity: Pick<Identity, 'admins' | 'holdersOf' | 'peopleByIds' | 'personByNumber' | 'wecomUseridOf'>
  messages: Pick<Messages, 'tell' | 'tellAll'>
  publicUrl: string
}

/** What it takes to tell people of something. */
export type Telling = Pick<Deps, 'identity' | 'messages'>
