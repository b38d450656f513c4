/** A password longer than this is not hashed: the time it takes would be the attacker's to choose. */
export const PASSWORD_MAX = 128

const MIN = 8
// What a school's directory is full of; the person's own data are checked apart.
const COMMON = /^(?:password|passw0rd|qwerty|qwertyuiop|asdfgh|admin|welcome|iloveyou|woaini|abc123|a1b2c3d4|1qaz2wsx)\d*[!@#.]*$/i

/** What of the person a password must not be made of. */
export type Known = { number: string; name_pinyin: string; document: string; phone: string | null }

/**
 * Why a password is too weak, as a phrase; null where it is strong enough.
 * Eight characters of three kinds are what assessors of GB/T 22239 look for; 14 characters of any kind pass too, so that a sentence may be used.
 */
export function weakness(password: string, known: Known): string | null {
  const length = [...password].length
  if (length < MIN) return '密码至少 8 位'
  if (password.length > PASSWORD_MAX) return '密码不能超过 128 位'
  if (new Set(password).size < 5) return '密码里不同的字符太少'
  if (COMMON.test(password) || isRun(password)) return '这个密码太常见，容易被猜到'
  if (containsKnown(password.toLowerCase(), known)) return '密码不能包含学工号、姓名拼音、手机号或证件号码'
  if (length < 14 && kindsIn(password) < 3) return '密码要有大写字母、小写字母、数字、符号中的三种，或者至少 14 位'
  return null
}

function kindsIn(password: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(kind => kind.test(password)).length
}

function containsKnown(password: string, { number, name_pinyin, document, phone }: Known): boolean {
  const parts = [number, name_pinyin, phone, document.slice(-6), document.slice(-8), document.slice(6, 14)]
  return parts.some(part => part !== null && part.length >= 5 && password.includes(part.toLowerCase()))
}

/** 12345678, abcdefgh, 87654321: every step the same, one up or one down. */
function isRun(password: string): boolean {
  const codes = Array.from(password, letter => letter.codePointAt(0) ?? 0)
  const steps = new Set(codes.slice(1).map((code, at) => code - (codes[at] ?? 0)))
  return steps.size === 1 && [-1, 0, 1].includes([...steps][0] ?? 9)
}

/** The first password of an account: the last characters of the document's number, X upper-case. */
export function initialPassword(document: string, digits: number): string {
  return document.toUpperCase().slice(-digits)
}
