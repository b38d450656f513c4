import type { Reading } from './field.ts'

/** Digits as people write them: full width, grouped by commas or blanks. Null for what is no plain decimal number. */
function readNumeral(text: string): { text: string; decimals: number } | null {
  const plain = text.normalize('NFKC').replace(/[\s,_]/g, '').replace(/^\+/, '').replace(/^[−–—]/, '-')
  const found = /^-?\d{1,13}(?:\.(\d{1,10}))?$/.exec(plain)
  return found ? { text: plain, decimals: found[1]?.replace(/0+$/, '').length ?? 0 } : null
}

type Bounds = { decimals: number; min?: number | undefined; max?: number | undefined }

/** A number within its bounds; at most 13 digits before the point, so that every one is kept as it was typed. */
export function readNumber(text: string, { decimals, min, max }: Bounds): Reading {
  const numeral = readNumeral(text)
  if (!numeral) return { fault: { sentence: '“{label}”应填写数字' } }
  if (numeral.decimals > decimals) return { fault: decimals === 0 ? { sentence: '“{label}”应填写整数' } : { sentence: '“{label}”最多 {n} 位小数', params: { n: decimals } } }
  const value = Number(numeral.text) || 0
  if (min !== undefined && value < min) return { fault: { sentence: '“{label}”不能小于 {n}', params: { n: min } } }
  if (max !== undefined && value > max) return { fault: { sentence: '“{label}”不能大于 {n}', params: { n: max } } }
  return { value }
}

/** Yuan and fen as typed, in fen. Null for what is no amount of money. */
export function readFen(text: string): number | null {
  const numeral = readNumeral(text.normalize('NFKC').replace(/^\s*(?:¥|￥|CNY|RMB)/i, '').replace(/元\s*$/, ''))
  if (!numeral || numeral.decimals > 2) return null
  // By its digits: 1.15 × 100 is not 115.
  const [, sign = '', yuan = '0', cents = ''] = /^(-?)(\d+)(?:\.(\d{1,2}))?/.exec(numeral.text) ?? []
  const fen = Number(yuan) * 100 + Number(cents.padEnd(2, '0'))
  return sign && fen !== 0 ? -fen : fen
}

/** 123456 fen as 1234.56 */
export function yuanOf(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0')
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** 123456 fen as ¥1,234.56 */
export function moneyText(fen: number): string {
  const [yuan = '', cents = ''] = yuanOf(Math.abs(fen)).split('.')
  return `${fen < 0 ? '-' : ''}¥${yuan.replace(/\B(?=(\d{3})+$)/g, ',')}.${cents}`
}
