import { createPrivateKey } from 'node:crypto'
import { readCampusAuth } from './config-campus.ts'
import { readPay } from './config-pay.ts'
import { readSeal } from './config-seal.ts'
import { type Environment, EnvironmentReader } from './environment.ts'
import { faultOfHours, type WorkHours } from './working-time.ts'

const FILES = /^(file:.+|s3:\/\/([\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+:([\w.~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})+@([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d+)?\/[\w.-]+(\?(region=[\w-]+|style=(host|path)|tls=(on|off))(&(region=[\w-]+|style=(host|path)|tls=(on|off)))*)?)$/

export type Config = ReturnType<typeof loadConfig>

/**
 * The whole environment, checked at once; nobody else reads it.
 * Throws ConfigError with every wrong or missing variable and what it should be.
 */
export function loadConfig(env: Environment) {
  const read = new EnvironmentReader(env)
  const port = read.integer('PORT', { from: 0, to: 65535, or: 3000 })
  const config = {
    port,
    host: read.text('HOST', { is: 'an address to listen on', or: '127.0.0.1' }),
    publicUrl: read.origin('PUBLIC_URL', `http://localhost:${port}`),
    role: read.oneOf('HALL_ROLE', ['all', 'web', 'worker'], 'all'),
    secrets: read.secrets('HALL_SECRET'),
    logLevel: read.oneOf('LOG_LEVEL', ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'], 'info'),
    trustProxy: read.list('TRUST_PROXY', { is: 'addresses of proxies in front, by comma', or: 'loopback' }),
    school: {
      name: read.text('SCHOOL_NAME', { is: 'the name of the university in Chinese' }),
      nameEn: read.text('SCHOOL_NAME_EN', { is: 'the name of the university in English' }),
    },
    help: {
      hours: read.text('HELP_HOURS', { is: 'when the help desk answers, in words', or: '工作日 8:30–17:00 答复' }),
      phone: read.optional('HELP_PHONE', /\d/, 'the telephone number of the help desk'),
    },
    workHours: readHours(read),
    workCalendar: read.file('WORK_CALENDAR', "a JSON file with the school's own working days and holidays"),
    databaseUrl: read.matching('DATABASE_URL', /^(sqlite:.+|mysql:\/\/[^/]+\/[^/]+)$/, 'sqlite:PATH or mysql://USER:PASS@HOST:PORT/DB', 'sqlite:./data/hall.db'),
    redisUrl: read.optional('REDIS_URL', /^rediss?:\/\//, 'redis://HOST:PORT'),
    redisPrefix: read.text('REDIS_PREFIX', { is: 'a word that keeps installations sharing one Redis apart', or: 'hall' }),
    filesUrl: read.matching('FILES_URL', FILES, 'file:PATH or s3://KEY:SECRET@HOST/BUCKET, KEY and SECRET percent-encoded, then as needed ?region=REGION&style=host&tls=off', 'file:./data/files'),
    clamdUrl: read.optional('CLAMD_URL', /^(tcp:\/\/(\[[0-9a-f:]+\]|[^/:\s]+):\d+|unix:\/.+)$/, 'tcp://HOST:PORT or unix:/PATH'),
    wecom: {
      apiBase: read.origin('WECOM_API_BASE', 'https://qyapi.weixin.qq.com'),
      oauthBase: read.origin('WECOM_OAUTH_BASE', 'https://open.weixin.qq.com'),
      loginBase: read.origin('WECOM_LOGIN_BASE', 'https://login.work.weixin.qq.com'),
      corpId: read.matching('WECOM_CORP_ID', /^w[wx][0-9A-Za-z]+$/, 'the corp id (企业ID), ww…'),
      agentId: read.integer('WECOM_AGENT_ID', { from: 1, to: 2 ** 31 }),
      secret: read.text('WECOM_SECRET', { is: 'the secret of the self-built app' }),
      contactsSecret: read.optional('WECOM_CONTACTS_SECRET', /./, 'the secret of contact sync (通讯录同步)'),
      token: read.matching('WECOM_TOKEN', /^[0-9A-Za-z]{1,32}$/, 'the token of the callback, up to 32 letters and digits'),
      encodingAesKey: read.matching('WECOM_ENCODING_AES_KEY', /^[0-9A-Za-z]{43}$/, 'the EncodingAESKey of the callback, 43 letters and digits'),
      contactsToken: read.optional('WECOM_CONTACTS_TOKEN', /^[0-9A-Za-z]{1,32}$/, "the token of contact sync's callback, up to 32 letters and digits"),
      contactsEncodingAesKey: read.optional('WECOM_CONTACTS_ENCODING_AES_KEY', /^[0-9A-Za-z]{43}$/, "the EncodingAESKey of contact sync's callback, 43 letters and digits"),
    },
    contacts: {
      push: read.oneOf('WECOM_CONTACTS_PUSH', ['joined', 'everyone'], 'joined'),
      phones: read.oneOf('WECOM_CONTACTS_PHONES', ['agreed', 'all'], 'agreed'),
      leavers: read.oneOf('WECOM_CONTACTS_LEAVERS', ['keep', 'disable', 'delete'], 'disable'),
      invite: read.oneOf('WECOM_CONTACTS_INVITE', ['on', 'off'], 'off') === 'on',
      root: read.integer('WECOM_CONTACTS_ROOT', { from: 1, to: 2 ** 31 - 1, or: 1 }),
      perMinute: read.integer('WECOM_CONTACTS_PER_MINUTE', { from: 1, to: 10_000, or: 1000 }),
    },
    campusAuth: readCampusAuth(read),
    campusPasswordUrl: read.optional('CAMPUS_PASSWORD_URL', /^https?:\/\//, 'the address where the school has its passwords changed'),
    initialPasswordDigits: read.oneOf('INITIAL_PASSWORD_DIGITS', ['6', '8'], '6') === '8' ? 8 as const : 6 as const,
    initialPasswordDays: read.integer('INITIAL_PASSWORD_DAYS', { from: 0, to: 3650, or: 90 }),
    firstUseProof: read.oneOf('FIRST_USE_PROOF', ['on', 'sms', 'off'], 'on'),
    sms: readSms(read),
    smsPerAddressPerHour: read.integer('SMS_PER_ADDRESS_PER_HOUR', { from: 1, to: 1_000_000, or: 1000 }),
    campusNetworks: read.networks('CAMPUS_NETWORKS', '10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7'),
    connectionsPrivate: read.networks('CONNECTIONS_PRIVATE', ''),
    gradeSource: readGradeSource(read),
    phoneMaintenanceUrl: read.optional('PHONE_MAINTENANCE_URL', /^https?:\/\//, 'address of the page where the school has phone numbers looked after'),
    unbindDeletesMember: read.oneOf('UNBIND_DELETES_MEMBER', ['on', 'off'], 'off') === 'on',
    phonesAbroad: read.oneOf('PHONES_ABROAD', ['0', '1'], '0') === '1',
    /** nobody holds two of the three administrators' roles, nor gives a role to themselves */
    separateAdmins: read.oneOf('ADMIN_SEPARATION', ['on', 'off'], 'on') === 'on',
    secondFactor: {
      wanted: read.oneOf('SECOND_FACTOR', ['on', 'off'], 'on') === 'on',
      /** so long one proof opens the console in a session */
      hours: read.integer('SECOND_FACTOR_HOURS', { from: 1, to: 12, or: 8 }),
    },
    smtpUrl: read.optional('SMTP_URL', /^smtps?:\/\//, 'smtp://USER:PASS@HOST:PORT'),
    bounceImapUrl: read.optional('BOUNCE_IMAP_URL', /^imaps?:\/\/[^/:@]+:[^/@]+@[^/]+(\/.*)?$/, 'imaps://USER:PASSWORD@HOST/INBOX'),
    mailPerMinute: readPace(read),
    mailFrom: read.optional('MAIL_FROM', /@/, 'a mail address, as "明湖大学 <hall@minghu.example>"'),
    seal: readSeal(read),
    credentialKey: read.file('CREDENTIAL_KEY', 'a PEM file with the private key that signs digital credentials', bytes => void createPrivateKey(bytes)),
    pay: readPay(read),
    chromiumPath: read.optional('CHROMIUM_PATH', /./, 'path of a browser for PDFs'),
    /** Documents say 样张. Set by the demo alone. */
    specimen: read.oneOf('HALL_SPECIMEN', ['0', '1'], '0') === '1',
  }
  if (config.smtpUrl && !config.mailFrom) read.fault('MAIL_FROM', 'is missing: with SMTP_URL it says who the mails come from')
  if (config.role !== 'all' && !config.redisUrl) read.fault('REDIS_URL', `is missing: HALL_ROLE=${config.role} needs it, so that web and worker hear of each other`)
  read.throwFaults()
  return deepFreeze(config)
}

/** Mails a minute that go to one domain: the first number to each, the others to those they name. */
function readPace(read: EnvironmentReader): { usual: number; of: Record<string, number> } {
  const [usual = '', ...others] = read.list('MAIL_PER_MINUTE', { is: 'mails a minute to one domain', or: '60' })
  const named = others.map(each => /^([a-z0-9.-]+):(\d{1,4})$/i.exec(each))
  if (!/^\d{1,4}$/.test(usual) || Number(usual) < 1 || !named.every(each => each && Number(each[2]) > 0)) read.fault('MAIL_PER_MINUTE', 'should be a number of 1 or more, then by comma domains with their own, as 60,qq.com:20,163.com:20')
  return { usual: Number(usual) || 60, of: Object.fromEntries(named.flatMap(each => each ? [[(each[1] ?? '').toLowerCase(), Number(each[2])]] : [])) }
}

function readHours(read: EnvironmentReader): WorkHours {
  const hours = read.list('WORK_HOURS', { is: 'the hours of a working day', or: '08:30-12:00,14:00-17:30' }).map((span): [string, string] => {
    const [from = '', to = ''] = span.split('-')
    return [from, to]
  })
  const fault = faultOfHours(hours)
  if (fault) read.fault('WORK_HOURS', fault)
  return hours
}

/** Null where grades come as spreadsheets alone. */
function readGradeSource(read: EnvironmentReader) {
  const url = read.optional('GRADES_SOURCE', /^(file:.+\.(xlsx|csv)|https?:\/\/[^/]+\/.*|mysql:\/\/[^:@/]+:[^@/]*@[^/]+\/[^/?]+(\?tls=on)?)$/, 'file:PATH of an .xlsx or .csv, https://HOST/PATH or mysql://USER:PASS@HOST:PORT/DB')
  const token = read.optional('GRADES_SOURCE_TOKEN', /^[\x21-\x7e]{8,}$/, 'the token that an HTTP source knows the hall by')
  const view = read.matching('GRADES_SOURCE_VIEW', /^[^`.]{1,64}$/, 'the name of a view', 'hall_grades')
  const review = read.matching('GRADES_REVIEW', /^(on|off)$/, 'on or off', 'off') === 'on'
  return url === undefined ? null : { url, token, view, review }
}

/** Null without a provider. */
function readSms(read: EnvironmentReader) {
  const provider = read.oneOf('SMS_PROVIDER', ['none', 'tencent', 'aliyun', 'simulator'], 'none')
  const [anything, word] = [/\S/, 'as the provider shows it']
  const sms = {
    keyId: read.optional('SMS_KEY_ID', anything, word) ?? '', keySecret: read.optional('SMS_KEY_SECRET', anything, word) ?? '',
    appId: read.optional('SMS_APP_ID', /^\d+$/, 'the SdkAppId, digits') ?? '', region: read.optional('SMS_REGION', /^[a-z0-9-]+$/, 'a region, as ap-guangzhou') ?? '',
    sign: read.optional('SMS_SIGN', anything, 'the approved signature (短信签名)') ?? '', endpoint: read.optional('SMS_ENDPOINT', /^https?:\/\/[^/]+$/, 'an origin'),
  }
  const [code, changed] = [read.optional('SMS_TEMPLATE_CODE', anything, word), read.optional('SMS_TEMPLATE_PHONE_CHANGED', anything, word)]
  if (provider === 'none') return null
  const needed = provider === 'simulator' ? { SMS_ENDPOINT: sms.endpoint }
    : { SMS_KEY_ID: sms.keyId, SMS_KEY_SECRET: sms.keySecret, SMS_SIGN: sms.sign, SMS_TEMPLATE_CODE: code, ...(provider === 'tencent' && { SMS_APP_ID: sms.appId }) }
  for (const [name, value] of Object.entries(needed)) if (!value) read.fault(name, `is missing: SMS_PROVIDER=${provider} needs it`)
  return { ...sms, provider, templates: { ...(code && { code }), ...(changed && { 'phone-changed': changed }) } }
}

function deepFreeze<T extends object>(value: T): T {
  for (const part of Object.values(value)) if (typeof part === 'object' && part !== null && !Buffer.isBuffer(part)) deepFreeze(part)
  return Array.isArray(value) && value.some(Buffer.isBuffer) ? value : Object.freeze(value)
}
