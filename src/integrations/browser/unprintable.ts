import type { Page } from 'puppeteer'

/** Which of the characters the machine's own type cannot draw either: they come out blank or as the box of a character that nobody has. */
export function drawnAsBox(page: Page, characters: string[]): Promise<string[]> {
  // Runs inside the page and reaches nothing out here.
  return page.evaluate(candidates => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 48
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    const picture = (character: string): string => {
      if (!pen) return ''
      pen.clearRect(0, 0, 48, 48)
      pen.font = '32px serif'
      pen.fillText(character, 4, 38)
      return pen.getImageData(0, 0, 48, 48).data.join()
    }
    // The last private-use character stands for all that no font has.
    const nothing = [picture(' '), picture('\u{10fffd}')]
    return candidates.filter(character => nothing.includes(picture(character)))
  }, characters)
}
