const DAY = 24 * 60 * 60_000

/** Whether more than the initial password is asked for at the first use: a code to the phone on file (who has none sees an operator), the code alone, or nothing. */
export type FirstUseProof = 'on' | 'sms' | 'off'

/** What lets in whoever knows the initial password: nothing more, a code to the phone on file, a person who checks; nobody, once it has expired. */
export type FirstUse = 'password' | 'sms' | 'operator' | 'expired'

/** An operator has just checked the person, who is expected to sign in soon. */
const RESET_HOLDS = 3 * DAY

type Account = {
  /** when the account appeared in the roster, or an operator put the initial password back */
  since: number
  /** an operator put it back, and checked the person before */
  checked: boolean
  hasPhone: boolean
}

/**
 * The end of an ID number is known to many: families, hostels, whoever has seen a list. So the initial password alone opens an account only
 * where the school says so, and not for ever. `days` 0: it never expires.
 */
export function firstUseOf({ since, checked, hasPhone }: Account, { proof, days, now }: { proof: FirstUseProof; days: number; now: number }): FirstUse {
  const holds = checked ? RESET_HOLDS : days === 0 ? Infinity : days * DAY
  if (now - since >= holds) return 'expired'
  if (proof === 'off' || checked) return 'password'
  if (hasPhone) return 'sms'
  return proof === 'sms' ? 'password' : 'operator'
}
