const MOST = 100

/**
 * A name that can be shown and saved anywhere, made from what the browser says, which may be anything: no path, no
 * control or direction-changing characters (they make `exe.jpg` read as something else), nothing Windows refuses.
 * The extension is the content's, not the sender's.
 */
export function cleanFileName(sent: string, extension: string): string {
  const last = sent.normalize('NFC').split(/[/\\]/).at(-1) ?? ''
  const plain = last
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[<>:"|?*;%]/g, '_')
    .replace(/\s+/g, ' ')
  const stem = plain.replace(/\.[A-Za-z0-9]{1,8}$/, '').replace(/^[. ]+|[. ]+$/g, '')
  const kept = [...stem].slice(0, MOST).join('').trim()
  // A name that Windows keeps for devices cannot be opened there.
  const named = kept === '' ? '附件' : /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(kept) ? `_${kept}` : kept
  return `${named}.${extension}`
}
