import { AppError } from '../../platform/errors.ts'

const MINUTE = 60_000

/** What the platform's codes mean to whoever reads them here. The HTTP status tells less: some codes come with different ones. */
const SENTENCES: Readonly<Record<string, string>> = {
  SIGN_ERROR: '微信支付不接受学校的签名，请核对商户号、证书序列号和商户私钥',
  NO_AUTH: '这个商户号没有开通需要的支付产品',
  APPID_MCHID_NOT_MATCH: 'AppID 没有和商户号绑定',
  MCH_NOT_EXISTS: '商户号不存在',
  PARAM_ERROR: '微信支付不接受其中一项内容',
  INVALID_REQUEST: '微信支付不允许在现在的状态下这样做',
  OUT_TRADE_NO_USED: '这个订单号已经用过',
  RULE_LIMIT: '微信支付的风控规则不允许',
  TRADE_ERROR: '交易没有成功',
  ORDER_NOT_EXIST: '微信支付没有这个订单',
  RESOURCE_NOT_EXISTS: '微信支付没有这笔记录',
  NOT_ENOUGH: '商户账户的余额不够退款，请充值',
  USER_ACCOUNT_ABNORMAL: '付款人的账户异常，退不回去',
}

/** Whoever asks too often, or early, is told when to come back. */
const LATER: Readonly<Record<string, number>> = { FREQUENCY_LIMITED: MINUTE, RATELIMIT_EXCEEDED: MINUTE, STATEMENT_CREATING: 10 * MINUTE }

/** What a refusal means. 5xx and 429 leave open whether something was done: they are tried again with the same numbers. */
export function refusal(status: number, code: string, message: string): AppError {
  const params = { code, message: message.slice(0, 200) }
  if (status >= 500 || status === 429 || code in LATER) {
    return new AppError('upstream', '微信支付正忙，稍后再试', { code: `pay:${code}`, params, ...(LATER[code] && { retryAfter: LATER[code] }) })
  }
  return new AppError('invalid', SENTENCES[code] ?? '微信支付拒绝了（{code}）', { code: `pay:${code}`, params })
}

/** Did the platform refuse for this reason? */
export function isRefused(error: unknown, ...codes: readonly string[]): error is AppError {
  return error instanceof AppError && codes.some(code => error.code === `pay:${code}`)
}
