import type { QRCodeSegment } from 'qrcode'

/** Where anyone checks the document with this code. */
export function verifyUrl(publicUrl: string, code: string): string {
  return `${publicUrl.replace(/\/$/, '')}/verify/${code}`
}

/** The QR of an address as SVG, black on white, with the quiet zone that scanners need (4 modules). */
export async function qrSvg(address: string): Promise<string> {
  const { default: QRCode } = await import('qrcode')
  const svg = await QRCode.toString(segments(address), { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
  return svg.trim()
}

// The code at the end takes 5.5 bits a character, the rest 8. Said here, because searching for it takes as long as the drawing.
function segments(address: string): QRCodeSegment[] {
  const [, front = '', code = ''] = /^(.*?)([0-9A-Z]*)$/.exec(address) ?? []
  return [{ mode: 'byte' as const, data: Buffer.from(front) }, { mode: 'alphanumeric' as const, data: code }].filter(({ data }) => data.length > 0)
}
