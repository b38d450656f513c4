import QRCode from 'qrcode'

/** Where anyone checks the document with this code. */
export function verifyUrl(publicUrl: string, code: string): string {
  return `${publicUrl.replace(/\/$/, '')}/verify/${code}`
}

/** The QR of an address as SVG, black on white, with the quiet zone that scanners need (4 modules). */
export async function qrSvg(address: string): Promise<string> {
  const svg = await QRCode.toString(address, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })
  return svg.trim()
}
