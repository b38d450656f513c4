import { AppError } from '../../platform/errors.ts'

/** milliseconds until the end of a call */
export const TIMEOUT = 10_000

export type Failure = 'number' | 'template' | 'refused' | 'limited' | 'away' | 'unknown' | 'settings' | 'unconfigured'

const MINUTE = 60_000

const MEANINGS: Readonly<Record<Failure, { kind: 'invalid' | 'upstream'; sentence: string; retryAfter?: number }>> = {
  number: { kind: 'invalid', sentence: '短信服务商不认这个手机号' },
  template: { kind: 'invalid', sentence: '短信的签名或模板没有通过服务商审核' },
  refused: { kind: 'invalid', sentence: '短信服务商拒发这条短信' },
  limited: { kind: 'upstream', sentence: '短信发得太频繁，服务商要求稍后再发', retryAfter: MINUTE },
  away: { kind: 'upstream', sentence: '没有连上短信服务商' },
  unknown: { kind: 'upstream', sentence: '没有等到短信服务商的回答，不知道短信有没有发出' },
  settings: { kind: 'upstream', sentence: '短信服务商不接受学校的账号，或者余额不足', retryAfter: MINUTE },
  unconfigured: { kind: 'upstream', sentence: '没有配置短信服务', retryAfter: 10 * MINUTE },
}

/** The approved template of a text. Without one the text cannot be sent. */
export function templateOf<Text extends string>(templates: Readonly<Partial<Record<Text, string>>>, text: Text): string {
  const template = templates[text]
  if (template === undefined) throw smsError('template', `no template for ${text}`)
  return template
}

/** Neither SDK has a limit for all of a call: each of its steps has its own. */
export async function within<R>(call: Promise<R>, ms: number): Promise<R> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error('time limit')), ms)
  try {
    return await Promise.race([call, late])
  } finally {
    clearTimeout(timer)
  }
}

/** `answer`: what the provider said, for the log; never the number or the text. */
export function smsError(failure: Failure, answer: string, cause?: unknown): AppError {
  const { kind, sentence, retryAfter } = MEANINGS[failure]
  return new AppError(kind, sentence, { code: `sms:${failure}`, params: { answer: answer.replace(/\d{7,}/g, '…').slice(0, 300) }, cause, ...(retryAfter !== undefined && { retryAfter }) })
}

const NEVER_REACHED = /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT/

/** What an error without a provider's answer means: only where no connection was made is it sure that nothing was sent. */
export function lostOf(error: unknown): Failure {
  for (let at = error; at instanceof Error; at = at.cause) if (NEVER_REACHED.test(`${'code' in at ? String(at.code) : ''} ${at.message}`)) return 'away'
  return 'unknown'
}
