/** A line of two texts laid over each other: `+` only in the later, `-` only in the earlier, with its number in each. */
export type DifferenceLine = { sign: '+' | '-' | ' '; text: string; before: number | null; after: number | null }
/** Lines that stand together; `skipped`: how many equal ones are left out before them. */
export type Hunk = { skipped: number; lines: DifferenceLine[] }

/** Longer texts than any template; beyond, what differs is shown as taken out and put in whole. */
const MOST_CELLS = 4_000_000

/** What changed from one text to the other, line by line, with as many lines kept as can be. */
export function difference(before: string, after: string): DifferenceLine[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  let head = 0
  while (head < old.length && head < fresh.length && old[head] === fresh[head]) head++
  let tail = 0
  while (tail < old.length - head && tail < fresh.length - head && old.at(-1 - tail) === fresh.at(-1 - tail)) tail++
  const middle = signs(old.slice(head, old.length - tail), fresh.slice(head, fresh.length - tail))
  return numbered([...equal(old.slice(0, head)), ...middle, ...equal(old.slice(old.length - tail))])
}

type Signed = Pick<DifferenceLine, 'sign' | 'text'>

const equal = (lines: readonly string[]): Signed[] => lines.map(text => ({ sign: ' ', text }))

/** By the longest common subsequence. */
function signs(old: readonly string[], fresh: readonly string[]): Signed[] {
  const [down, across] = [old.length, fresh.length]
  if (down * across > MOST_CELLS) return [...old.map((text): Signed => ({ sign: '-', text })), ...fresh.map((text): Signed => ({ sign: '+', text }))]
  const wide = across + 1
  const common = new Uint16Array((down + 1) * wide)
  const at = (i: number, j: number) => common[i * wide + j] ?? 0
  for (let i = down - 1; i >= 0; i--) for (let j = across - 1; j >= 0; j--) common[i * wide + j] = old[i] === fresh[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  const found: Signed[] = []
  for (let i = 0, j = 0; i < down || j < across;) {
    if (i < down && j < across && old[i] === fresh[j]) {
      found.push({ sign: ' ', text: old[i++] ?? '' })
      j++
    } else if (i < down && (j === across || at(i + 1, j) >= at(i, j + 1))) found.push({ sign: '-', text: old[i++] ?? '' })
    else found.push({ sign: '+', text: fresh[j++] ?? '' })
  }
  return found
}

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
