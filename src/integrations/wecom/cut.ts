const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/**
 * At most `max` characters (UTF-16 units, the strictest way to count 字), cut between what a reader sees as characters,
 * with … where something is missing. WeCom's soft limits are display limits (90236): longer text would be cut on the phone anyway, anywhere.
 */
export function cutChars(text: string, max: number): string {
  return cut(text, max, piece => piece.length)
}

/** At most `max` bytes of UTF-8, cut between characters, with … where something is missing. */
export function cutBytes(text: string, max: number): string {
  return cut(text, max, piece => Buffer.byteLength(piece))
}

function cut(text: string, max: number, size: (piece: string) => number): string {
  if (size(text) <= max) return text
  const room = max - size('…')
  let kept = ''
  let used = 0
  for (const { segment } of graphemes.segment(text)) {
    used += size(segment)
    if (used > room) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

/** Text from people inside WeCom's little HTML (textcard, text): angle brackets become full-width, since entities are not decoded everywhere. */
export function plain(text: string): string {
  return text.replaceAll('<', '＜').replaceAll('>', '＞')
}
