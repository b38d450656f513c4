import { phoneWorks } from '../../src/features/identity/jobs/phones.ts'
import { createVault } from '../../src/features/identity/vault.ts'
import { type AskCode, createCodes } from '../../src/features/identity/verbs/codes.ts'
import { smsError } from '../../src/integrations/sms/errors.ts'
import type { Sms } from '../../src/integrations/sms/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { type Cleaner, openTestDatabase, quietLog } from '../support/database.ts'
import { type Killer, killer } from '../support/killer.ts'

export const PHONE = '13800000001'
export const OTHER = '13800000002'

type Settings = { perAddressPerHour?: number; phonesAbroad?: boolean; secrets?: readonly Buffer[]; /** strikes the jobs between two steps */ death?: Killer }

/** Codes on an empty database, with a provider that keeps what it is told to send. */
export async function openCodes(t: Cleaner, { perAddressPerHour = 1000, phonesAbroad = false, secrets = [Buffer.alloc(32, 7)], death = killer() }: Settings = {}) {
  const clock = testClock()
  const database = await openTestDatabase(t, { clock })
  const sent: Sms[] = []
  const provider: { failures: Parameters<typeof smsError>[0][] } = { failures: [] }
  const sms = {
    send: death.around(async (message: Sms) => {
      const failure = provider.failures.shift()
      if (failure) throw smsError(failure, 'said by the test')
      return { id: String(sent.push(message)) }
    }),
  }
  const withKeys = (keys: readonly Buffer[]) => {
    const keyring = createKeyring(keys)
    const vault = createVault(keyring)
    const codes = createCodes({ vault, keyring, clock, perAddressPerHour, phonesAbroad })
    return { vault, codes, runner: createRunner({ database, works: phoneWorks({ database: { ...database, write: work => death.around(() => database.write(work))() }, vault, clock, sms, codes }), clock, log: quietLog }) }
  }
  const { vault, codes, runner } = withKeys(secrets)

  async function drain(using = runner): Promise<void> {
    for (;;) {
      const due = (await Promise.all(using.queues.map(queue => using.due(queue.name, 20)))).flat()
      if (due.length === 0) return
      for (const { id } of due) await using.runJob(id)
    }
  }
  const ask = (more: Partial<AskCode> = {}) => database.write(tx => codes.askCode(tx, { purpose: 'phone', phone: PHONE, session: 's1', address: '10.0.0.1', ...more }))
  const check = (code: string, more: Partial<AskCode> = {}) => database.write(tx => codes.checkCode(tx, { purpose: 'phone', phone: PHONE, session: 's1', code, ...more }))
  return {
    clock, database, db: database.db, sent, provider, vault, codes, runner, withKeys, drain, ask, check,
    /** asks, lets it be sent, and reads the SMS */
    async codeFor(more: Partial<AskCode> = {}): Promise<string> {
      await ask(more)
      await drain()
      return sent.at(-1)?.params['code'] ?? ''
    },
  }
}

/** A code that is surely another one. */
export function wrong(code: string): string {
  return code === '000000' ? '111111' : '000000'
}

export async function refusal(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(() => null, (thrown: unknown) => thrown)
  if (error instanceof AppError) return error
  throw new Error('nothing was refused', { cause: error })
}
