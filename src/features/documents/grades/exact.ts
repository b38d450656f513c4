/** An exact fraction; `bottom` is above zero. Grades are counted in these: 0.1 + 0.2 is 0.3, and 89.995 rounds as on paper. */
export type Exact = { readonly top: bigint; readonly bottom: bigint }

export const ZERO: Exact = { top: 0n, bottom: 1n }

/** A decimal as written (`3.7`, `-14.75`) or a number that JavaScript writes so; anything else is a TypeError. */
export function exact(written: string | number): Exact {
  const [, sign = '', whole = '', part = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(written)) ?? []
  if (whole === '') throw new TypeError(`no decimal: ${written}`)
  return { top: BigInt(`${sign}${whole}${part}`), bottom: 10n ** BigInt(part.length) }
}

export function plus(a: Exact, b: Exact): Exact {
  return a.bottom === b.bottom ? { top: a.top + b.top, bottom: a.bottom } : { top: a.top * b.bottom + b.top * a.bottom, bottom: a.bottom * b.bottom }
}

export function times(a: Exact, b: Exact): Exact {
  return { top: a.top * b.top, bottom: a.bottom * b.bottom }
}

/** `b` must be above zero. */
export function over(a: Exact, b: Exact): Exact {
  return { top: a.top * b.bottom, bottom: a.bottom * b.top }
}

/** Below zero, zero or above zero, as `a` is below, at or above `b`. */
export function compare(a: Exact, b: Exact): number {
  const difference = a.top * b.bottom - b.top * a.bottom
  return difference < 0n ? -1 : difference > 0n ? 1 : 0
}

export function sum(all: readonly Exact[]): Exact {
  return all.reduce(plus, ZERO)
}

/** With so many places after the point; a five goes away from zero (四舍五入). */
export function rounded({ top, bottom }: Exact, places: number): string {
  const scaled = (top < 0n ? -top : top) * 10n ** BigInt(places)
  const digits = ((2n * scaled + bottom) / (2n * bottom)).toString().padStart(places + 1, '0')
  const sign = top < 0n && /[1-9]/.test(digits) ? '-' : ''
  return sign + (places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`)
}

/** As short as it can be written: `3`, `0.5`. Only for decimals. */
export function plain(value: Exact, places = 6): string {
  return rounded(value, places).replace(/\.?0+$/, '')
}
