import type { T } from '../../../platform/text.ts'

/** What the platform said, as staff can act on it. Its codes are those of integrations/pay. */
const FAULTS: Readonly<Record<string, string>> = {
  'pay:NOT_ENOUGH': '商户账户的余额不够退款。充值以后会自动再试，每小时一次',
  'pay:USER_ACCOUNT_ABNORMAL': '付款人的账户异常，退不回去。请联系付款人，线下处理',
  'pay:INVALID_REQUEST': '微信支付不允许退这一笔，请在商户平台核对',
  'pay:PARAM_ERROR': '微信支付不接受其中一项内容，请联系系统管理员',
  'pay:RESOURCE_NOT_EXISTS': '微信支付没有这笔付款，请在商户平台核对',
  'pay:SIGN_ERROR': '微信支付不接受学校的签名，请系统管理员核对 WECHAT_PAY_* 的设置',
  'pay:NO_AUTH': '这个商户号没有开通需要的支付产品，请在商户平台开通',
  'pay:not-bound': '付款人没有绑定企业微信',
  ABNORMAL: '款项没有到付款人的账户。请在商户平台处理这笔异常退款，再点“重新退款”',
  CLOSED: '微信支付关闭了这笔退款。点“重新退款”会用新的单号再退一次',
}

export function faultText(t: T, fault: string | null): string {
  return fault && fault in FAULTS ? t(FAULTS[fault] ?? '') : t('微信支付没有接受（{code}）', { code: fault ?? '' })
}
