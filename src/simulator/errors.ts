/** Texts that the platform is known to answer; other codes get a plain one. Texts may change there: never match on them. */
const texts: Record<number, string> = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40003: 'invalid userid',
  40004: 'invalid media type',
  40005: 'invalid type param',
  40006: 'invalid media size',
  40007: 'invalid media_id',
  40008: 'invalid message type',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  40016: 'invalid button size',
  40017: 'invalid button type',
  40018: 'invalid button name size',
  40019: 'invalid button key size',
  40020: 'invalid button url size',
  40022: 'invalid sub button level',
  40023: 'invalid sub button size',
  40024: 'invalid sub button type',
  40025: 'invalid sub button name size',
  40026: 'invalid sub button key size',
  40027: 'invalid sub button url size',
  40029: 'invalid code',
  40031: 'invalid userid list',
  40032: 'invalid userid list size',
  40035: 'invalid parameter',
  40039: 'invalid url size',
  40056: 'invalid agentid',
  40058: 'invalid Request Parameter',
  40063: 'some parameters are empty',
  40073: 'invalid openid',
  40074: 'news msg not support safe',
  40123: 'invalid image format',
  40146: 'invalid range',
  41001: 'access_token missing',
  41002: 'corpid missing',
  41004: 'corpsecret missing',
  41006: 'media_id missing',
  41008: 'code missing',
  41009: 'userid missing',
  41010: 'url missing',
  41011: 'agentid missing',
  41016: 'title missing',
  41033: 'description missing',
  41102: 'menu name missing',
  42001: 'access_token expired',
  42003: 'code expired',
  42012: 'jsapi_ticket unusable',
  42014: 'invalid task_id',
  42015: 'agentid not match the sender of the card',
  42016: 'task_id not exist',
  42022: 'code been used',
  42052: 'msgid expired',
  43012: 'no callback url configured',
  44001: 'empty media data',
  44004: 'text content is empty',
  45001: 'media size out of limit',
  45002: 'content size out of limit',
  45004: 'agent description size out of limit',
  45008: 'article count out of limit',
  45009: 'api freq out of limit',
  45022: 'agent name size out of limit',
  45033: 'api concurrent out of limit',
  45034: 'url must have a scheme',
  46003: 'menu not set',
  46004: 'no such user',
  48002: 'api forbidden',
  48009: 'contacts sync assistant of a new ip may not read details',
  60003: 'department not found',
  60005: 'department contains user',
  60006: 'department contains sub-department',
  60008: 'department existed',
  60011: 'no privilege to access/modify contact/party/agent',
  60020: 'not allow to access from your ip',
  60102: 'userid existed',
  60103: 'invalid mobile',
  60104: 'mobile existed',
  60111: 'userid not found',
  60112: 'invalid name',
  60129: 'mobile and email both empty',
  60140: 'invalid response_code',
  81013: 'user & party & tag all invalid',
  82001: 'touser & toparty & totag all empty',
  84014: 'user_ticket expired',
  84015: 'invalid user_ticket',
  84090: 'user_ticket missing',
  91040: 'invalid ticket type',
  301002: 'not allow operate another agent with this accesstoken',
}

/** A business refusal: HTTP 200 with this errcode. `extra` are result fields that an error body still carries. */
export class WecomError extends Error {
  readonly errcode: number
  readonly extra: Record<string, unknown>

  constructor(errcode: number, detail = '', extra: Record<string, unknown> = {}) {
    const text = texts[errcode] ?? 'request refused'
    super(detail === '' ? text : `${detail}. ${text}`)
    this.errcode = errcode
    this.extra = extra
  }
}

let calls = 0

/** The text around every error: hint, address of the caller, link to the help page (§1.2). */
export function errorText(error: WecomError, ip: string, now: number): string {
  calls += 1
  const mark = (now + calls).toString(16).padStart(32, '0').slice(-32)
  const hint = `[${Math.floor(now / 1000)}_${calls % 100}_${mark}]`
  return `${error.message}, hint: ${hint}, from ip: ${ip}, more info at https://open.work.weixin.qq.com/devtool/query?e=${error.errcode}`
}
