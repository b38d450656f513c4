/** What is said by SMS; providers send only texts that they have approved before, as templates. */
export type SmsText = 'code' | 'phone-changed'

export type Sms = {
  /** 11 digits of a mainland mobile, else `+` and the number with its country */
  to: string
  text: SmsText
  /** the values that the text asks for, by name (texts.ts) */
  params: Readonly<Record<string, string>>
}

/** The provider took it; `id` is its own number for the SMS. */
export type SmsReceipt = { id: string }

/**
 * Outgoing SMS. Throws AppError: `invalid` with `sms:number`, `sms:template` or `sms:refused` where sending again is of no use;
 * `upstream` with `sms:limited` where the provider wants a pause (`retryAfter`), with `sms:away` where it was not reached or failed,
 * with `sms:unknown` where it did not answer, with `sms:settings` where it does not accept our keys or has no money left, with `sms:unconfigured` where there is no provider.
 * No provider takes a key of ours against sending twice: after `sms:unknown` the SMS may have gone out. `params.answer` holds what was said.
 */
export type SmsSender = { send(sms: Sms): Promise<SmsReceipt> }
