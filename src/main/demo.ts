import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createApp, type App } from '../app.ts'
import { outline } from '../integrations/browser/index.ts'
import { makeDemoSeal } from '../integrations/seal/index.ts'
import { wecomCommand } from '../integrations/wecom/command.ts'
import { type Config, loadConfig } from '../platform/config.ts'
import { migrate } from '../platform/migrate.ts'
import { importSample, printedCodes, sampleCorp, sampleSignIns } from './sample.ts'
import { drifted, forgottenIn } from './sample-drift.ts'
import { start, stopSignal } from './serve.ts'
import { demoMerchant } from './merchant.ts'
import { startSimulator } from '../simulator/index.ts'
import { toSimulator } from './to-simulator.ts'

const directory = join(import.meta.dirname, '../../data')
const school = { name: '明湖大学', nameEn: 'Minghu University' }

/** `npm run demo`: the whole product on its embedded default, with a sample university and the WeCom simulator. */
export async function demo(args: readonly string[]): Promise<number> {
  const steps = stepPrinter()
  if (args.includes('--fresh')) await rm(directory, { recursive: true, force: true })
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const corp = await demoCorp()
  const place = { port: Number(process.env.PORT ?? 3000), host: loopback(process.env.HOST) }
  const simulatorPort = place.port + 900
  const merchant = await demoMerchant(join(directory, 'pay'), corp.corpId)
  const config = await demoConfig(place, corp, `http://127.0.0.1:${simulatorPort}`, merchant.settings)
  const app = await createApp(config)
  await migrate(app.database)
  steps('database ready')
  if (await importSample(app)) steps('sample university imported')
  const simulator = await startSimulator({
    ...corp, port: simulatorPort, smtpPort: simulatorPort + 1, hallOrigin: config.publicUrl, hallAddress: `http://${config.host}:${config.port}`,
    appName: '办事大厅', codes: printedCodes(config.publicUrl), pay: merchant.simulator, ...drifted(await sampleCorp(app)),
  })
  const serving = await start(app, toSimulator(simulator))
  await simulator.setCallbackUrl(`${config.publicUrl}/wecom/callback`)
  await simulator.setCallbackUrl(`${config.publicUrl}/wecom/contacts/callback`, 'contacts')
  await wecomCommand(['apply'], { wecom: app.wecom, publicUrl: config.publicUrl, print: () => {} })
  await app.database.write(tx => app.identity.readAddressBook(tx))
  steps('hall and simulator answering')
  console.log(await welcome(app))
  await stopSignal()
  await serving.stop()
  await simulator.close()
  return 0
}

type Corp = {
  corpId: string; agentId: number; secret: string; contactsSecret: string; token: string; encodingAesKey: string; hallSecret: string
  contactsToken: string; contactsEncodingAesKey: string
}

/** Secrets of this demo's own, made once. */
async function demoCorp(): Promise<Corp> {
  const path = join(directory, 'secrets.json')
  const known = await readFile(path, 'utf8').catch(() => null)
  const letters = (length: number) => randomBytes(length * 2).toString('base64').replace(/[^0-9A-Za-z]/g, '').slice(0, length)
  const aesKey = () => randomBytes(32).toString('base64').slice(0, 43).replace(/[+/]/g, 'A')
  const made: Corp = {
    corpId: `ww${randomBytes(8).toString('hex')}`, agentId: 1000002, secret: letters(43), contactsSecret: letters(43), token: letters(24),
    encodingAesKey: aesKey(), hallSecret: randomBytes(32).toString('base64'), contactsToken: letters(24), contactsEncodingAesKey: aesKey(),
    // What an earlier demo made stays; what it did not know is added.
    ...(known !== null && JSON.parse(known)),
  }
  await writeFile(path, JSON.stringify(made), { mode: 0o600 })
  return made
}

async function demoConfig({ port, host }: { port: number; host: string }, corp: Corp, simulator: string, pay: Record<string, string>): Promise<Config> {
  const sealed = join(directory, 'seal')
  const seal = await makeDemoSeal(sealed, { school: school.name, letters: outline })
  const smtp = Number(new URL(simulator).port) + 1
  const { CHROMIUM_PATH, LOG_LEVEL = 'error' } = process.env
  return loadConfig({
    PORT: String(port), HOST: host, LOG_LEVEL, CHROMIUM_PATH, HALL_SECRET: corp.hallSecret, SCHOOL_NAME: school.name, SCHOOL_NAME_EN: school.nameEn,
    // Who tries it out signs in in one step, however old the data are.
    FIRST_USE_PROOF: 'off', INITIAL_PASSWORD_DAYS: '0',
    DATABASE_URL: `sqlite:${join(directory, 'hall.db')}`, FILES_URL: `file:${join(directory, 'files')}`, HALL_SPECIMEN: '1', SECOND_FACTOR: 'off',
    WECOM_API_BASE: simulator, WECOM_OAUTH_BASE: simulator, WECOM_LOGIN_BASE: simulator,
    WECOM_CORP_ID: corp.corpId, WECOM_AGENT_ID: String(corp.agentId), WECOM_SECRET: corp.secret, WECOM_CONTACTS_SECRET: corp.contactsSecret,
    WECOM_TOKEN: corp.token, WECOM_ENCODING_AES_KEY: corp.encodingAesKey,
    WECOM_CONTACTS_TOKEN: corp.contactsToken, WECOM_CONTACTS_ENCODING_AES_KEY: corp.contactsEncodingAesKey,
    ...pay, WECHAT_PAY_API_BASE: simulator,
    SMS_PROVIDER: 'simulator', SMS_ENDPOINT: simulator, SMTP_URL: `smtp://127.0.0.1:${smtp}`, MAIL_FROM: `${school.name}办事大厅 <hall@minghu.example>`,
    SEAL_P12: join(sealed, 'seal.p12'), SEAL_P12_PASSWORD: seal.password, SEAL_IMAGE: join(sealed, 'seal.svg'), SEAL_ROOTS: join(sealed, 'root.pem'),
  })
}

// The demo shows made-up people's mails to whoever asks: this machine only.
function loopback(host = '127.0.0.1'): string {
  if (['127.0.0.1', '::1', 'localhost'].includes(host)) return host
  console.error(`HOST=${host}: the demo listens on this machine only; using 127.0.0.1`)
  return '127.0.0.1'
}

function stepPrinter(): (step: string) => void {
  let since = performance.now()
  return step => {
    const now = performance.now()
    console.log(`✓ ${step.padEnd(34)} ${((now - since) / 1000).toFixed(2)} s`)
    since = now
  }
}

async function welcome(app: App): Promise<string> {
  const { publicUrl } = app.config
  const people = (await sampleSignIns(app, members => [{ label: '学生，还没有加入企业微信（/simulator → 选择人员 → 微信）', member: forgottenIn(members) }])).map(({ label, name, number, password }) => `    ${number.padEnd(14)}${password.padEnd(10)}${name} ${label}`)
  return `
  ${school.name} 一站式网上办事大厅

  ${publicUrl}/simulator   phones of students, tutors, the registrar; mails and SMS
  ${publicUrl}/login       the hall at a desk
  ${publicUrl}/verify      check a document
  ${publicUrl}/admin       the console

  At /login, with the first password, which the hall then asks to change:
${people.join('\n')}

  Ctrl-C ends it; npm run demo -- --fresh starts over.
`
}
