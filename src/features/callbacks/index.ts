import type { Clock } from '../../platform/clock.ts'
import type { Database, Db } from '../../platform/db.ts'
import { AppError } from '../../platform/errors.ts'
import type { Feature } from '../../platform/feature.ts'
import { type CallbackBody, readBody } from './body.ts'
import { labels } from './events.ts'
import { callbackRoutes, type Endpoint, type Notifier } from './routes.ts'
import { findReceived } from './store.ts'

export type { CallbackBody, CardClick } from './body.ts'
export { callbackReceived } from './events.ts'
export type { Endpoint, Notifier } from './routes.ts'

export type CallbacksDeps = {
  database: Pick<Database, 'write'>
  clock: Clock
  /** the app's callback, and contact sync's where it is configured */
  endpoints: readonly Endpoint[]
  /** of other platforms, as WeChat Pay */
  notifiers?: readonly Notifier[] | undefined
  /** how far a callback's time stamp may be from ours, ms; the platform names none */
  window?: number | undefined
}

export type Callbacks = Feature & {
  /** What a kept callback says; `not-found` for an unknown id. */
  bodyOf(db: Db, id: string): Promise<CallbackBody>
  /** The same as it was decrypted, for what is not WeCom's XML. */
  textOf(db: Db, id: string): Promise<string>
}

/** What WeCom and WeChat Pay sent us: verified, kept, announced as `callbacks.received`. */
export function createCallbacks({ window = 10 * 60_000, notifiers = [], ...deps }: CallbacksDeps): Callbacks {
  return {
    name: 'callbacks',
    labels,
    machineRoutes: callbackRoutes({ ...deps, notifiers, window }),
    async bodyOf(db, id) {
      const row = await findReceived(db, id)
      if (!row) throw new AppError('not-found', '没有找到这条回调')
      return readBody(row)
    },
    async textOf(db, id) {
      const row = await findReceived(db, id)
      if (!row) throw new AppError('not-found', '没有找到这条回调')
      return row.body
    },
  }
}
