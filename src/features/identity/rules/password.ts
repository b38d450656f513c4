/** A password longer than this is not hashed: the time it takes would be the attacker's to choose. */
export const PASSWORD_MAX = 128
/** How many passwords back a new one must differ from, the present one among them. */
export const PASSWORDS_KEPT = 3

const MIN = 8
/** From this length on any characters do: a sentence is better than eight signs. */
const LONG = 14
// What heads every list of stolen passwords, here as well as abroad, and what a school's people think of first.
const COMMON = new Set((
  'password passwd pass qwerty qwertyuiop qwert asdfgh asdfghjkl asdf zxcvbn zxcvbnm admin administrator root test guest master user login letmein welcome hello '
  + 'iloveyou woaini woaiwo woaini1314 wodemima mima nihao abc abcd abcdef abcabc aabbcc a1b2c3d4 a1b2c3 1qaz2wsx 1q2w3e4r q1w2e3r4 qazwsx qaz2wsx 1q2w3e asd qwe zxc '
  + 'dragon monkey sunshine princess football superman batman baby lovely student teacher university college school wechat weixin wecom taobao alibaba tencent'
).split(' '))
const LEET: Readonly<Record<string, string>> = { '@': 'a', '4': 'a', '0': 'o', '1': 'i', '!': 'i', '3': 'e', '$': 's', '5': 's', '7': 't' }

/** What of the person a password must not be made of. */
export type Known = { number: string; name_pinyin: string; document: string; phone: string | null }

/** The rules as they are told before anything is typed; `live` can be seen while typing, the others when it is sent. */
export const passwordRules = [
  { key: 'length', live: true, text: '至少 8 位' },
  { key: 'kinds', live: true, text: '有大写字母、小写字母、数字、符号中的三种；14 位以上的长句子不限' },
  { key: 'number', live: true, text: '不包含学工号' },
  { key: 'own', live: false, text: '不包含姓名拼音、手机号或证件号码' },
  { key: 'common', live: false, text: '不是常见的密码，也不是连续或重复的字符' },
  { key: 'last', live: false, text: '和最近用过的 3 个密码不同' },
] as const

/**
 * Why a password is too weak, as a phrase; null where it is strong enough.
 * Eight characters of three kinds are what assessors of GB/T 22239 look for; 14 characters of any kind pass too, so that a sentence may be used.
 */
export function weakness(password: string, known: Known): string | null {
  const length = [...password].length
  if (length < MIN) return '密码至少 8 位'
  if (password.length > PASSWORD_MAX) return '密码不能超过 128 位'
  if (new Set(password).size < 5) return '密码里不同的字符太少'
  if (isCommon(password) || isRun(password)) return '这个密码太常见，容易被猜到'
  if (containsKnown(password.toLowerCase(), known)) return '密码不能包含学工号、姓名拼音、手机号或证件号码'
  if (length < LONG && kindsIn(password) < 3) return '密码要有大写字母、小写字母、数字、符号中的三种，或者至少 14 位'
  return null
}

function kindsIn(password: string): number {
  return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter(kind => kind.test(password)).length
}

/** A common word with figures and signs around it, or written in figures (P@ssw0rd2026!). */
function isCommon(password: string): boolean {
  const bare = password.toLowerCase().replace(/^[^a-z]+/, '').replace(/[^a-z@$]+$/, '')
  const plain = password.toLowerCase().replace(/[\d\W_]+$/, '').replace(/^[\d_]+(?=\D)/, '')
  const spelled = Array.from(plain, letter => LEET[letter] ?? letter).join('')
  return [bare, plain, spelled, password.toLowerCase()].some(word => COMMON.has(word))
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
