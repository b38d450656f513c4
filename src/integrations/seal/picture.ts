/** The outline of a letter: an SVG path in font units, y downwards from the baseline; undefined where it has none. */
export type Letters = (character: string) => { path: string; advance: number; em: number } | undefined

const RED = '#d7191c'

/**
 * A round institution's seal as SVG: ring, star, the name along the upper arc, a label below the star. All letters are
 * paths, because a picture inside a page finds no fonts.
 */
export function sealPicture({ school, label, letters }: { school: string; label: string; letters: Letters }): string {
  const marks = [
    `<circle r="196" fill="none" stroke="${RED}" stroke-width="11"/>`,
    `<path d="${star(66)}" fill="${RED}"/>`,
    ...arc(school, letters),
    ...line('电子签章', letters, { y: 104, size: 34, gap: 6 }),
    ...line(label, letters, { y: 150, size: 34, gap: 14 }),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-206 -206 412 412">${marks.join('')}</svg>\n`
}

function star(radius: number): string {
  // The inner corners of a regular five-pointed star.
  const inner = radius * 0.381966
  const points = Array.from({ length: 10 }, (_, i) => {
    const angle = Math.PI * i / 5
    const reach = i % 2 === 0 ? radius : inner
    return `${round(reach * Math.sin(angle))} ${round(-reach * Math.cos(angle))}`
  })
  return `M${points.join('L')}Z`
}

// Few letters stand wide apart, many close and narrow; at most 264 degrees, so that the lower part stays free.
function arc(text: string, letters: Letters): string[] {
  const characters = [...text]
  const step = Math.min(37, 264 / Math.max(1, characters.length - 1))
  const width = Math.min(56, step * 2.3)
  return characters.map((character, i) => {
    const angle = (i - (characters.length - 1) / 2) * step
    return letter(character, letters, `rotate(${round(angle)}) translate(0 -149)`, width, 62)
  })
}

function line(text: string, letters: Letters, { y, size, gap }: { y: number; size: number; gap: number }): string[] {
  const characters = [...text]
  return characters.map((character, i) =>
    letter(character, letters, `translate(${round((i - (characters.length - 1) / 2) * (size + gap))} ${y})`, size, size))
}

// A Chinese letter fills its em square from 880 above the baseline to 120 below.
function letter(character: string, letters: Letters, place: string, width: number, height: number): string {
  const shape = letters(character)
  if (!shape) return ''
  const { path, advance, em } = shape
  return `<path fill="${RED}" transform="${place} scale(${round(width / em)} ${round(height / em)}) translate(${-advance / 2} ${0.38 * em})" d="${path}"/>`
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000
}
