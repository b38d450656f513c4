// GB 11643-1999: weights of the first 17 digits; the remainder by 11 picks the check character (ISO 7064 MOD 11-2).
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECKS = '10X98765432'

/** The check character of the first 17 digits of a Chinese ID number. */
export function checkDigitOf(first17: string): string {
  const sum = WEIGHTS.reduce((total, weight, at) => total + weight * Number(first17[at]), 0)
  return CHECKS[sum % 11] ?? ''
}

/** Is this an 18-character Chinese ID number with a real birth date and the right check character (X upper-case)? */
export function isIdNumber(text: string): boolean {
  return /^[1-9]\d{16}[\dX]$/.test(text) && birthDateOf(text) !== null && checkDigitOf(text.slice(0, 17)) === text[17]
}

/** The birth date that an ID number carries, as YYYY-MM-DD; null where it is no date. */
export function birthDateOf(idNumber: string): string | null {
  const found = /^\d{6}(\d{4})(\d{2})(\d{2})/.exec(idNumber)
  return found ? dateOf(Number(found[1]), Number(found[2]), Number(found[3])) : null
}

/** YYYY-MM-DD where the calendar has this day between 1900 and 2199, else null. */
export function dateOf(year: number, month: number, day: number): string | null {
  const date = new Date(Date.UTC(year, month - 1, day))
  const real = year >= 1900 && year < 2200 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
  return real ? date.toISOString().slice(0, 10) : null
}
