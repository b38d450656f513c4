import { diffArrays } from 'diff'

/** A line of two texts laid over each other: `+` only in the later, `-` only in the earlier, with its number in each. */
export type DifferenceLine = { sign: '+' | '-' | ' '; text: string; before: number | null; after: number | null }
/** Lines that stand together; `skipped`: how many equal ones are left out before them. */
export type Hunk = { skipped: number; lines: DifferenceLine[] }

/** More lines than any template has; beyond, what differs is shown as taken out and put in whole. */
const MOST_CHANGES = 1000

/** What changed from one text to the other, line by line, with as many lines kept as can be. */
export function difference(before: string, after: string): DifferenceLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  const changes = diffArrays(old, fresh, { maxEditLength: MOST_CHANGES }) ?? [{ removed: true, added: false, value: old }, { removed: false, added: true, value: fresh }]
  return numbered(changes.flatMap(({ added, removed, value }) => value.map((text): Signed => ({ sign: added ? '+' : removed ? '-' : ' ', text }))))
}

type Signed = Pick<DifferenceLine, 'sign' | 'text'>

function numbered(lines: readonly Signed[]): DifferenceLine[] {
  let [before, after] = [0, 0]
  return lines.map(({ sign, text }) => ({ sign, text, before: sign === '+' ? null : ++before, after: sign === '-' ? null : ++after }))
}

/** What changed with some lines around it. */
export function hunksOf(lines: readonly DifferenceLine[], around = 3): Hunk[] {
  const hunks: Hunk[] = []
  let skipped = 0
  for (const [index, line] of lines.entries()) {
    const near = lines.slice(Math.max(0, index - around), index + around + 1).some(({ sign }) => sign !== ' ')
    const open = skipped === 0 ? hunks.at(-1) : undefined
    if (!near) skipped++
    else if (open) open.lines.push(line)
    else {
      hunks.push({ skipped, lines: [line] })
      skipped = 0
    }
  }
  return hunks
}
