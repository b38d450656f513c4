import assert from 'node:assert/strict'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { createSms, type Sms, type SmsSettings } from '../../src/integrations/sms/index.ts'
import { loadConfig } from '../../src/platform/config.ts'
import { AppError } from '../../src/platform/errors.ts'
import { world } from '../simulator/support.ts'

type Answer = { status?: number; body?: object | string; silent?: boolean }
type Asked = { url: URL; headers: IncomingMessage['headers']; body: string }

const CODE: Sms = { to: '13800000001', text: 'code', params: { code: '012345', minutes: '5' } }

/** Stands in for a provider: gives the answers in turn and keeps what was asked. */
async function standIn(t: TestContext, ...answers: Answer[]): Promise<{ endpoint: string; asked: Asked[] }> {
  const asked: Asked[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      asked.push({ url: new URL(request.url ?? '/', 'http://stand.in'), headers: request.headers, body: Buffer.concat(chunks).toString() })
      const { status = 200, body = {}, silent = false } = answers.shift() ?? {}
      if (silent) return
      response.writeHead(status, { 'content-type': 'application/json' }).end(typeof body === 'string' ? body : JSON.stringify(body))
    })
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.after(() => { server.closeAllConnections(); server.close() })
  const address = server.address()
  return { endpoint: `http://127.0.0.1:${isInfo(address) ? address.port : 0}`, asked }
}

function isInfo(address: string | AddressInfo | null): address is AddressInfo {
  return typeof address === 'object' && address !== null
}

function settings(provider: SmsSettings['provider'], endpoint: string, more: Partial<SmsSettings> = {}): SmsSettings {
  return { provider, keyId: 'key-id', keySecret: 'key-secret', appId: '1400006666', region: '', sign: '明湖大学', templates: { code: 'T-1' }, endpoint, ...more }
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error: unknown = await work.then(() => null, (thrown: unknown) => thrown)
  if (error instanceof AppError) return error
  throw new Error('it did not fail with an AppError', { cause: error })
}

/** https://cloud.tencent.com/document/product/382/55981, 示例 */
function tencentStatus(Code: string, Message = 'as documented', SerialNo = ''): Answer {
  return { body: { Response: { SendStatusSet: [{ SerialNo, PhoneNumber: '+8613800000001', Fee: SerialNo ? 1 : 0, SessionContext: '', Code, Message, IsoCode: 'CN' }], RequestId: 'a0aabda6' } } }
}
const tencentError = (Code: string): Answer => ({ body: { Response: { Error: { Code, Message: 'as documented' }, RequestId: 'a0aabda6' } } })
const aliyun = (Code: string, more: object = {}, status = 200): Answer => ({ status, body: { Code, Message: 'as documented', RequestId: 'F655A8D5', ...more } })

test('Tencent Cloud is asked as its documents say, and its serial number comes back', async t => {
  const { endpoint, asked } = await standIn(t, tencentStatus('Ok', 'send success', '5000:1045710669157053657849499619'), tencentStatus('Ok', 'send success', '2'))
  const sms = createSms(settings('tencent', endpoint))
  assert.deepEqual(await sms.send(CODE), { id: '5000:1045710669157053657849499619' })
  await sms.send({ ...CODE, to: '+85251234567' })
  const [first, second] = asked
  const headers = first?.headers ?? {}
  assert.deepEqual([headers['x-tc-action'], headers['x-tc-version'], headers['x-tc-region']], ['SendSms', '2021-01-11', 'ap-guangzhou'])
  assert.match(String(headers.authorization), /^TC3-HMAC-SHA256 Credential=key-id\/.+Signature=[0-9a-f]{64}$/)
  assert.deepEqual(JSON.parse(first?.body ?? '{}'), { PhoneNumberSet: ['+8613800000001'], SmsSdkAppId: '1400006666', SignName: '明湖大学', TemplateId: 'T-1', TemplateParamSet: ['012345', '5'] })
  assert.deepEqual(JSON.parse(second?.body ?? '{}').PhoneNumberSet, ['+85251234567'])
})

test('Aliyun is asked as its documents say, and its BizId comes back', async t => {
  const { endpoint, asked } = await standIn(t, aliyun('OK', { BizId: '9006197469364984' }))
  assert.deepEqual(await createSms(settings('aliyun', endpoint)).send(CODE), { id: '9006197469364984' })
  const [first] = asked
  const headers = first?.headers ?? {}
  const sent = Object.fromEntries([...first?.url.searchParams ?? [], ...new URLSearchParams(first?.body)])
  assert.deepEqual([sent['PhoneNumbers'], sent['SignName'], sent['TemplateCode'], JSON.parse(sent['TemplateParam'] ?? '')], ['13800000001', '明湖大学', 'T-1', { code: '012345', minutes: '5' }])
  assert.equal(headers['x-acs-action'] ?? sent['Action'], 'SendSms')
  assert.match(String(headers.authorization ?? sent['Signature']), /\S/)
})

const tencentCases: [Answer, string, AppError['kind']][] = [
  [tencentStatus('InvalidParameterValue.IncorrectPhoneNumber'), 'sms:number', 'invalid'],
  [tencentStatus('FailedOperation.PhoneNumberInBlacklist'), 'sms:number', 'invalid'],
  [tencentStatus('FailedOperation.TemplateIncorrectOrUnapproved'), 'sms:template', 'invalid'],
  [tencentStatus('FailedOperation.SignatureIncorrectOrUnapproved'), 'sms:template', 'invalid'],
  [tencentStatus('FailedOperation.ContainSensitiveWord'), 'sms:refused', 'invalid'],
  [tencentStatus('LimitExceeded.PhoneNumberThirtySecondLimit'), 'sms:limited', 'upstream'],
  [tencentStatus('LimitExceeded.PhoneNumberDailyLimit'), 'sms:limited', 'upstream'],
  [tencentStatus('FailedOperation.InsufficientBalanceInSmsPackage'), 'sms:settings', 'upstream'],
  [tencentError('RequestLimitExceeded'), 'sms:limited', 'upstream'],
  [tencentError('AuthFailure.SignatureFailure'), 'sms:settings', 'upstream'],
  [tencentError('InternalError.Timeout'), 'sms:away', 'upstream'],
  [{ body: { Response: { SendStatusSet: [], RequestId: 'x' } } }, 'sms:unknown', 'upstream'],
  [{ status: 502, body: '<html>bad gateway</html>' }, 'sms:unknown', 'upstream'],
  [{ body: 'not JSON' }, 'sms:unknown', 'upstream'],
]
const aliyunCases: [Answer, string, AppError['kind']][] = [
  [aliyun('isv.MOBILE_NUMBER_ILLEGAL'), 'sms:number', 'invalid'],
  [aliyun('isv.SMS_TEMPLATE_ILLEGAL'), 'sms:template', 'invalid'],
  [aliyun('isv.SMS_SIGNATURE_ILLEGAL'), 'sms:template', 'invalid'],
  [aliyun('isv.BLACK_KEY_CONTROL_LIMIT'), 'sms:refused', 'invalid'],
  [aliyun('isv.BUSINESS_LIMIT_CONTROL', { Message: '触发分钟级流控Permits:1' }), 'sms:limited', 'upstream'],
  [aliyun('isv.AMOUNT_NOT_ENOUGH'), 'sms:settings', 'upstream'],
  [aliyun('isp.RAM_PERMISSION_DENY'), 'sms:settings', 'upstream'],
  [aliyun('isp.SYSTEM_ERROR'), 'sms:away', 'upstream'],
  [aliyun('Throttling.User', {}, 400), 'sms:limited', 'upstream'],
  [aliyun('InvalidAccessKeyId.NotFound', {}, 404), 'sms:settings', 'upstream'],
  [aliyun('SignatureDoesNotMatch', {}, 400), 'sms:settings', 'upstream'],
  [aliyun('ServiceUnavailable', {}, 503), 'sms:away', 'upstream'],
  [{ status: 502, body: '<html>bad gateway</html>' }, 'sms:unknown', 'upstream'],
]
for (const [provider, cases] of [['tencent', tencentCases], ['aliyun', aliyunCases]] as const) {
  for (const [answer, code, kind] of cases) {
    test(`${provider}: ${JSON.stringify(answer).slice(0, 110)} is ${code}, and is asked once`, async t => {
      const { endpoint, asked } = await standIn(t, answer, answer, answer)
      const error = await failure(createSms(settings(provider, endpoint)).send(CODE))
      assert.deepEqual([error.code, error.kind, asked.length], [code, kind, 1])
      assert.ok(code !== 'sms:limited' || (error.retryAfter ?? 0) >= 1000)
      assert.ok(!JSON.stringify(error.params).includes('13800000001'), 'a phone number never goes to the log')
    })
  }

  test(`${provider} that never answers is given up, and may have sent it`, async t => {
    const { endpoint } = await standIn(t, { silent: true })
    assert.equal((await failure(createSms(settings(provider, endpoint, { timeout: 200 })).send(CODE))).code, 'sms:unknown')
  })

  test(`${provider} that is not there is away, and has surely sent nothing`, async () => {
    assert.equal((await failure(createSms(settings(provider, 'http://127.0.0.1:9')).send(CODE))).code, 'sms:away')
  })

  test(`${provider}: a text without a template is not sent`, async t => {
    const { endpoint, asked } = await standIn(t)
    assert.equal((await failure(createSms(settings(provider, endpoint)).send({ ...CODE, text: 'phone-changed', params: {} }))).code, 'sms:template')
    assert.equal(asked.length, 0)
  })
}

test('the simulator keeps what was sent, and plays limit and failure', async t => {
  const { sim: simulator } = await world(t)
  const sms = createSms(settings('simulator', simulator.origin))
  await sms.send(CODE)
  assert.deepEqual(simulator.state.sms.map(({ to, text }) => [to, text]), [['13800000001', '验证码 012345，5 分钟内有效。请只填在学校办事大厅的页面里，不要告诉任何人。']])
  simulator.trouble.smsLimit = 1
  assert.equal((await failure(sms.send(CODE))).code, 'sms:limited')
  simulator.trouble.smsFail = 1
  assert.equal((await failure(sms.send(CODE))).code, 'sms:away')
  assert.equal((await failure(sms.send({ ...CODE, to: '12' }))).code, 'sms:number')
})

test('without a provider every SMS waits', async () => {
  assert.equal((await failure(createSms(null).send(CODE))).code, 'sms:unconfigured')
})

test('a provider without its keys is told at start', () => {
  const base = {
    HALL_SECRET: Buffer.alloc(32, 7).toString('base64'), SCHOOL_NAME: '明湖大学', SCHOOL_NAME_EN: 'Minghu University', WECOM_CORP_ID: 'ww1', WECOM_AGENT_ID: '1', WECOM_SECRET: 's',
    WECOM_TOKEN: 't', WECOM_ENCODING_AES_KEY: 'a'.repeat(43), SMS_KEY_ID: 'id', SMS_KEY_SECRET: 'secret', SMS_SIGN: '明湖大学', SMS_TEMPLATE_CODE: '1',
  }
  assert.throws(() => loadConfig({ ...base, SMS_PROVIDER: 'tencent' }), /SMS_APP_ID is missing/)
  assert.deepEqual(loadConfig({ ...base, SMS_PROVIDER: 'aliyun' }).sms?.templates, { code: '1' })
  assert.equal(loadConfig(base).sms, null)
})
