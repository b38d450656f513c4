/** What a picture's bytes are, as the second half of a media type; null where they are neither PNG, JPEG nor SVG. */
export function pictureType(bytes: Buffer): 'png' | 'jpeg' | 'svg+xml' | null {
  const begins = bytes.toString('hex', 0, 4)
  if (begins === '89504e47') return 'png'
  if (begins.startsWith('ffd8')) return 'jpeg'
  return /<svg[\s>]/.test(bytes.toString('utf8', 0, 4096)) ? 'svg+xml' : null
}
