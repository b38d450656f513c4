/** The text of a payment as SVG, black on white with its quiet zone. */
export async function qrSvg(text: string): Promise<string> {
  const { default: QRCode } = await import('qrcode')
  return (await QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: 4 })).trim()
}
