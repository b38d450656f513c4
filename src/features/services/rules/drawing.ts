import type { Upload } from '../../../platform/web.ts'

const PNG = 'data:image/png;base64,'

/** What a canvas was drawn on, as the file that it is; null where nothing was drawn. What it really holds is looked at as with any other file. */
export function drawnPicture(sent: unknown): Upload | null {
  if (typeof sent !== 'string' || !sent.startsWith(PNG)) return null
  return { filename: 'signature.png', mimetype: 'image/png', data: Buffer.from(sent.slice(PNG.length), 'base64'), truncated: false }
}
