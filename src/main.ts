import { createApp } from './app.ts'
import { demo } from './main/demo.ts'
import { wecomCommand } from './integrations/wecom/command.ts'
import { loadConfig } from './platform/config.ts'
import { ConfigError } from './platform/environment.ts'
import { migrate, pendingMigrations } from './platform/migrate.ts'
import { serve } from './main/serve.ts'

const commands: Record<string, (args: readonly string[]) => Promise<number>> = {
  demo,
  async start() {
    const app = await createApp(loadConfig(process.env))
    const missing = await pendingMigrations(app.database)
    if (missing.length > 0) throw new Error(`the database is ${missing.length} migrations behind; run: npm run migrate`)
    return await serve(app)
  },
  async migrate() {
    const app = await createApp(loadConfig(process.env))
    const ran = await migrate(app.database)
    console.log(ran.length === 0 ? 'the database is up to date' : `ran ${ran.length} migrations:\n  ${ran.join('\n  ')}`)
    await app.close()
    return 0
  },
  async wecom(args) {
    const { wecom, config: { publicUrl }, close } = await createApp(loadConfig(process.env))
    const code = await wecomCommand(args, { wecom, publicUrl, print: console.log })
    await close()
    return code
  },
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
