/**
 * `张伟` → `张*`, `欧阳娜娜` → `欧**`, `Maria Silva` → `M**** S****`: enough for the person to recognise themselves, not for a stranger to learn a name,
 * nor how long one is that is longer than most.
 */
export function maskName(name: string): string {
  if (/^[\p{Script=Latin}\s.'-]+$/u.test(name)) return name.split(/\s+/).map(word => maskAfter(word, 1, 4)).join(' ')
  return maskAfter(name, 1, 2)
}

/** 138****1234 */
export function maskPhone(phone: string): string {
  return phone.length < 8 ? maskAfter(phone, 1) : `${phone.slice(0, 3)}****${phone.slice(-4)}`
}

/** z***@minghu.example */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  return at < 1 ? maskAfter(email, 1) : `${email[0]}***${email.slice(at)}`
}

/** `1101**********1234` for ID numbers, `E1****78` for shorter documents. */
export function maskDocument(number: string): string {
  const kept = number.length >= 15 ? 4 : 2
  return number.slice(0, kept) + '*'.repeat(Math.max(number.length - 2 * kept, 4)) + number.slice(-kept)
}

/** `2023****03`: the year, and the end that tells classmates apart. */
export function maskNumber(number: string): string {
  return number.length < 6 ? maskAfter(number, 1) : `${number.slice(0, 4)}****${number.slice(-2)}`
}

/** `most`: stars, however much is hidden. */
function maskAfter(text: string, kept: number, most = Infinity): string {
  const letters = [...text]
  return letters.slice(0, kept).join('') + '*'.repeat(Math.min(Math.max(letters.length - kept, 1), most))
}
