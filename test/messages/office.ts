import type { TestContext } from 'node:test'
import { createMessages, type Messages, type MessagesDeps, type Tell } from '../../src/features/messages/index.ts'
import { type BounceBox, createMailer, type Mailer } from '../../src/integrations/mail/index.ts'
import { createWecom, type Wecom } from '../../src/integrations/wecom/index.ts'
import { testClock } from '../../src/platform/clock.ts'
import type { Database } from '../../src/platform/db.ts'
import { createEmbeddedDispatcher } from '../../src/platform/dispatch-embedded.ts'
import { AppError } from '../../src/platform/errors.ts'
import { createKeyring } from '../../src/platform/keys.ts'
import { createLeases } from '../../src/platform/lease.ts'
import { createRunner } from '../../src/platform/run-jobs.ts'
import { type Simulator, startSimulator } from '../../src/simulator/index.ts'
import { openTestDatabase, quietLog } from '../support/database.ts'

export const publicUrl = 'https://hall.example.edu'

export type Office = {
  clock: ReturnType<typeof testClock>
  database: Database
  simulator: Simulator
  messages: Messages
  wecom: Wecom
  /** person's id → userid; what is not in it is not bound */
  bound: Map<string, string>
  files: Map<string, Uint8Array>
  /** Runs what is due all at once, as many workers would. */
  rush(): Promise<void>
  /** Runs what is due until nothing is. */
  drain(): Promise<void>
  /** Lets time pass, second by second where something is due, and runs it. */
  pass(ms: number, steps?: number): Promise<void>
  tell(told?: Partial<Tell>): Promise<string>
  /** what the phone of a member shows */
  phone(userid: string): ReturnType<Simulator['state']['messagesTo']>
  states(subject?: string): Promise<string[]>
}

type Changes = { bounces?: BounceBox; wecom?: (real: Wecom) => Wecom; mailer?: (real: Mailer) => Mailer; database?: (real: Database) => Database }

/** The feature on a real database, with the simulator as WeCom and as mail server, and a clock of its own. */
export async function openOffice(t: TestContext, changes: Changes = {}): Promise<Office> {
  const clock = testClock()
  const database = await openTestDatabase(t, { clock })
  const simulator = await startSimulator({
    now: clock.now, corpId: 'ww0000000000000001', agentId: 1000002, secret: 'secret-of-the-app', token: 'tokenOfCallback',
    encodingAesKey: 'jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C', hallOrigin: publicUrl,
    departments: [{ id: 1, name: '示范大学', parentid: 0 }],
    members: [
      { userid: 'LiMin', name: '李敏', department: [1] }, { userid: 'ZhangSan', name: '张三', department: [1] },
      { userid: 'hidden', name: '无关', department: [1], visible: false }, { userid: 'nolicence', name: '未许可', department: [1], licensed: false },
    ],
  })
  t.after(() => simulator.close())
  const leases = createLeases({ database, keyring: createKeyring([Buffer.alloc(32, 7)]), clock })
  const wecom = createWecom({
    apiBase: simulator.origin, oauthBase: simulator.origin, loginBase: simulator.origin, corpId: 'ww0000000000000001', agentId: 1000002,
    secret: 'secret-of-the-app', leases, clock, log: quietLog, pause: async () => {},
  })
  const bound = new Map([['P1', 'LiMin'], ['P2', 'ZhangSan'], ['P3', 'hidden'], ['P4', 'nolicence']])
  const files = new Map<string, Uint8Array>()
  const deps: MessagesDeps = {
    database: changes.database?.(database) ?? database, clock, publicUrl, mailFrom: '教务处 <registrar@example.edu>',
    wecom: changes.wecom?.(wecom) ?? wecom,
    mailer: changes.mailer?.(createMailer(simulator.smtpUrl)) ?? createMailer(simulator.smtpUrl),
    files: { async get(sha256) { const found = files.get(sha256); if (!found) throw new AppError('not-found', '没有找到文件'); return found } },
    wecomUseridOf: async (_db, person_id) => bound.get(person_id) ?? null,
    contactOf: async () => ({ email: null }),
    peopleByIds: async () => [],
    keyring: createKeyring([Buffer.alloc(32, 7)]), bounces: changes.bounces ?? null, mailPerMinute: { usual: 60, of: { 'slow.example': 3 } },
    secretsOf: async () => ({}),
    wecomUseridsOf: async (_db, person_ids) => new Map([...bound].filter(([person_id]) => person_ids.includes(person_id))),
  }
  const messages = createMessages(deps)
  const runner = createRunner({ database, works: messages.jobs ?? [], clock, log: quietLog })
  const { drain } = createEmbeddedDispatcher({ database, runner, log: quietLog })
  return {
    clock, database, simulator, messages, wecom, bound, files, drain,
    async rush() { await Promise.all((await runner.due('wecom', 100)).map(({ id }) => runner.runJob(id))) },
    async pass(ms, steps = 10) {
      for (let i = 0; i < steps; i++) { clock.advance(ms / steps); await runner.tick(); await drain() }
    },
    tell: told => database.write(tx => messages.tell(tx, {
      to: 'P1', kind: 'test', title: '在读证明申请', lines: [{ label: '申请人', value: '张三' }], url: '/applications/1', subject: 'S1', ...told,
    })),
    phone: userid => simulator.state.messagesTo(userid),
    async states(subject = 'S1') {
      return (await messages.deliveriesOf(database.db, subject)).map(({ part, status }) => `${part} ${status}`)
    },
  }
}

/** Buttons of a task's card. */
export const card = (task_id: string) => ({ task_id, buttons: [{ key: 'approve', text: '同意', style: 1 as const }] })
