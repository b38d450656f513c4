/** On until switched off, or so many times. */
export type Switch = boolean | number

export type Trouble = {
  /** At the next call every token that was given out counts as expired (42001); then off by itself. */
  expireToken: boolean
  /** The same, but withdrawn by the platform (40014). */
  revokeToken: boolean
  /** 45009 */
  rateLimit: Switch
  /** 45033 */
  concurrent: Switch
  /** -1 */
  busy: Switch
  /** 60020 */
  untrustedIp: Switch
  /** The call takes effect, but the line drops before the answer. */
  dropAnswer: Switch
  /** Every API call waits so long. */
  latencyMs: number
  /** The above only for API paths that contain this, for example `message/send`; empty for all. */
  onlyApi: string
  doubleCallback: Switch
  outOfOrder: boolean
  wrongSignature: Switch
  wrongReceiver: Switch
  /** A callback is neither sent nor tried again: the platform does not promise delivery. */
  loseCallback: Switch
  /** [90930] and [90238] disagree whether an answer other than 200 is tried again. */
  retryNon200: boolean
  callbackTimeoutMs: number
  retryDelayMs: number
  /** A passive reply to template_card_event has no effect; the platform's pages disagree. */
  ignorePassiveReply: boolean
  /** 550 for every recipient. */
  mailRefused: Switch
  /** 554 instead of a greeting: it does not speak with us at all. */
  mailClosed: Switch
  /** 451: come back later. */
  mailBusy: Switch
  /** The mail is taken, but the line drops before the 250. */
  mailUnanswered: Switch
  smsLimit: Switch
  smsFail: Switch
  /** WeChat Pay: 429; 500 and nothing done; done, but the answer is 500. */
  payBusy: Switch
  payError: Switch
  payErrorAfter: Switch
  /** Its notifications: never sent, a minute late, sent twice. */
  payNoCallback: Switch
  payLateCallback: Switch
  payTwice: Switch
  /** Its signatures: wrong, a probe (SIGNTEST), an hour old, under an unknown serial, by the second key; sealed with a wrong APIv3 key. */
  payWrongSignature: Switch
  payProbe: Switch
  payStale: Switch
  payWrongSerial: Switch
  payOtherKey: boolean
  payWrongKey: Switch
  /** Its refunds: no balance, payer's account abnormal, ABNORMAL or CLOSED in the end. */
  payNotEnough: Switch
  payPayerAbnormal: Switch
  payRefundAbnormal: Switch
  payRefundClosed: Switch
  /** The bill's hash is another file's. */
  payBrokenBill: Switch
}

export function calmTrouble(): Trouble {
  return {
    expireToken: false, revokeToken: false, rateLimit: false, concurrent: false, busy: false, untrustedIp: false, dropAnswer: false,
    latencyMs: 0, onlyApi: '',
    doubleCallback: false, outOfOrder: false, wrongSignature: false, wrongReceiver: false, loseCallback: false,
    retryNon200: true, callbackTimeoutMs: 5000, retryDelayMs: 1000, ignorePassiveReply: true,
    mailRefused: false, mailClosed: false, mailBusy: false, mailUnanswered: false, smsLimit: false, smsFail: false,
    payBusy: false, payError: false, payErrorAfter: false, payNoCallback: false, payLateCallback: false, payTwice: false,
    payWrongSignature: false, payProbe: false, payStale: false, payWrongSerial: false, payOtherKey: false, payWrongKey: false,
    payNotEnough: false, payPayerAbnormal: false, payRefundAbnormal: false, payRefundClosed: false, payBrokenBill: false,
  }
}

export type SwitchName = { [K in keyof Trouble]: Trouble[K] extends Switch ? (Switch extends Trouble[K] ? K : never) : never }[keyof Trouble]

/** Whether the trouble strikes now; a counted switch goes down by one. */
export function strikes(trouble: Trouble, name: SwitchName): boolean {
  const value = trouble[name]
  if (typeof value === 'boolean') return value
  if (value <= 0) return false
  trouble[name] = value - 1
  return true
}

function isName(trouble: Trouble, name: string): name is keyof Trouble {
  return Object.hasOwn(trouble, name)
}

/** Sets one switch from outside; false when there is no such switch or the value has the wrong type. */
export function setTrouble(trouble: Trouble, name: string, value: unknown): boolean {
  if (!isName(trouble, name)) return false
  const usual = calmTrouble()[name]
  const counted = typeof usual === 'boolean' && typeof value === 'number'
  if (typeof value !== typeof usual && !counted) return false
  if (typeof value === 'number' && !(value >= 0 && value <= 600_000)) return false
  Object.assign(trouble, { [name]: value })
  return true
}
