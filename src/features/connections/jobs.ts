import { AppError } from '../../platform/errors.ts'
import { type Work, work } from '../../platform/jobs.ts'
import { callOver } from './call.ts'
import type { Deps } from './deps.ts'
import type { Heard } from './rules.ts'
import { type Connection, getConnection, keepTest } from './store.ts'
import { testConnection } from './work.ts'

export function testWork(deps: Deps): Work {
  const { database: { db, write }, clock } = deps
  return work(testConnection, async ({ connection_id }, running) => {
    const connection = await getConnection(db, connection_id)
    const heard = await hear(deps, connection, running)
    await write(async tx => {
      await running.hold(tx)
      await keepTest(tx, connection_id, { at: clock.now(), heard })
    })
  })
}

/** Without values: the other side is reached, and changes nothing that it knows of. */
async function hear(deps: Deps, connection: Connection, { id, signal }: { id: string; signal: AbortSignal }): Promise<Heard> {
  try {
    return { status: (await callOver(deps, connection, { key: `test-${id}`, values: {} }, signal)).status, error: null }
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { status: null, error: { phrase: error.message, params: error.params ?? {} } }
  }
}
