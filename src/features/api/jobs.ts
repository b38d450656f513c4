import { defineJob, defineQueue, type Work, work } from '../../platform/jobs.ts'
import { emit } from '../../platform/events.ts'
import type { Deps } from './deps.ts'
import { clientEnding } from './events.ts'
import { type Client, NOTICE } from './rules.ts'
import { clientsEnding, forgetUses, markWarned } from './store.ts'

const queue = defineQueue('api', { concurrency: 1 })
export const watchClients = defineJob({ name: 'api.watch-clients', queue, every: { minutes: 60 } })
export const forgetOldUses = defineJob({ name: 'api.forget-uses', queue, every: { minutes: 60 } })

export function createJobs({ database: { db, write }, clock, identity, messages }: Deps): Work[] {
  const warn = (client: Client) => write(async tx => {
    if (!await markWarned(tx, client.id)) return
    await emit(tx, clientEnding, { client_id: client.id }, { subject: client.id, actor: null })
    for (const to of await identity.holdersOf(tx, 'admin')) await messages.tell(tx, endingMessage(to, client))
  })
  return [
    work(watchClients, async (_input, { signal }) => {
      for (const client of await clientsEnding(db, clock.now(), clock.now() + NOTICE)) if (!signal.aborted) await warn(client)
    }),
    work(forgetOldUses, () => write(tx => forgetUses(tx, clock.now()))),
  ]
}

function endingMessage(to: string, { id, name, contact }: Client) {
  return {
    to, kind: 'api.client-ending', title: `接口“${name}”两周内到期`, subject: id, url: `/admin/api/${id}`,
    lines: [{ label: '联系人', value: contact }], text: '到期以后它的调用会被拒绝。还要用的话，请打开它的页面延长',
  }
}
