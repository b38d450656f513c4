/**
 * A phone number as it is kept: 11 digits of a mainland mobile, else, where `abroad` allows it, `+` and 6 to 15 digits (E.164).
 * Any width of digits, spaces, dashes, brackets and the country in front are taken as people write them; null where it is no number.
 */
export function readPhone(typed: string, { abroad = false }: { abroad?: boolean } = {}): string | null {
  const plain = typed.normalize('NFKC').replace(/[\s()\p{Pd}.]/gu, '').replace(/^00(?=[1-9])/, '+')
  const mainland = plain.replace(/^(\+86|86(?=1\d{10}$))/, '')
  if (/^1[3-9]\d{9}$/.test(mainland)) return mainland
  return abroad && /^\+[1-9]\d{5,14}$/.test(plain) && !plain.startsWith('+86') ? plain : null
}
