import { existsSync } from 'node:fs'
import { loadEnvFile } from 'node:process'
import { type App, createApp } from './app.ts'
import { serve } from './main/serve.ts'
import { loadConfig } from './platform/config.ts'
import { ConfigError, type Environment } from './platform/environment.ts'
import { migrate, pendingMigrations } from './platform/migrate.ts'
import { reseal } from './platform/reseal.ts'

// What only one command needs is loaded by it: the others are up earlier.
const commands: Record<string, (args: readonly string[]) => Promise<number>> = {
  demo: async args => (await import('./main/demo.ts')).demo(args),
  start: () => withApp(async app => {
    const missing = await pendingMigrations(app.database)
    if (missing.length > 0) throw new Error(`the database is ${missing.length} migrations behind; run: npm run migrate`)
    return serve(app)
  }),
  migrate: () => withApp(async ({ database }) => {
    const ran = await migrate(database)
    console.log(ran.length === 0 ? 'the database is up to date' : `ran ${ran.length} migrations:\n  ${ran.join('\n  ')}`)
    return 0
  }),
  wecom: args => withApp(async ({ wecom, config: { publicUrl } }) => (await import('./integrations/wecom/command.ts')).wecomCommand(args, { wecom, publicUrl, print: console.log })),
  campus: () => withApp(async app => (await import('./main/campus.ts')).campusCommand(app)),
  'rotate-keys': () => withApp(rotateKeys),
  import: args => withApp(async app => (await import('./main/import.ts')).importCommand(app, args)),
}

/** `npm run rotate-keys`, after a new secret was put in front of HALL_SECRET: everything sealed is sealed with it. */
async function rotateKeys({ database, keyring, features }: App): Promise<number> {
  const columns = features.flatMap(feature => feature.sealed ?? [])
  const rows = await reseal({ database, keyring, columns, onSlice: slice => console.log(`${slice.table}.${slice.column}: ${slice.rows} rows`) })
  console.log(rows === 0 ? 'everything rests under the first secret already' : `${rows} rows rest under the first secret now; the others may be taken out of HALL_SECRET`)
  return 0
}

async function withApp(work: (app: App) => Promise<number>): Promise<number> {
  const app = await createApp(loadConfig(readEnvironment()))
  try {
    return await work(app)
  } finally {
    await app.close()
  }
}

/** The environment of the process, and what `.env` in its folder adds to it. */
function readEnvironment(): Environment {
  if (existsSync('.env')) loadEnvFile('.env')
  return process.env
}

const [name = '', ...args] = process.argv.slice(2)
const command = commands[name]
if (!command) {
  console.error(`usage: npm run ${Object.keys(commands).join(' | ')}`)
  process.exit(2)
}
try {
  process.exit(await command(args))
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exit(error instanceof ConfigError ? 2 : 1)
}
