import { StringDecoder } from 'node:string_decoder'
import { Transform } from 'node:stream'

/** The names under which the hall and the platform appear in answers, and the phone's own. */
export type Names = { hall: string[]; platform: string[]; phone: string }

function at(url: string, origin: string): boolean {
  return url === origin || ['/', '?', '#'].some((next) => url.startsWith(origin + next))
}

/** An absolute address of the hall or of the platform's OAuth page, as the phone must follow it. */
export function toPhone(url: string, names: Names): string {
  const origin = [...names.hall, ...names.platform].find((one) => at(url, one))
  return origin === undefined ? url : names.phone + (url.slice(origin.length) || '/')
}

/** Rewrites the attributes that a browser follows; what people read stays as it was written. */
function rewriteTags(html: string, names: Names): string {
  return html.replace(/(\s(?:href|action|formaction|src)=)(["'])(https?:\/\/[^"']*)\2/gi, (_all, name: string, quote: string, url: string) => {
    return `${name}${quote}${toPhone(url, names)}${quote}`
  })
}

/** Streams a page through; a tag that is not complete yet waits for its rest. */
export function pageRewriter(names: Names): Transform {
  const decoder = new StringDecoder('utf8')
  let rest = ''
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = rest + decoder.write(chunk)
      const cut = text.lastIndexOf('<')
      const whole = cut >= 0 && text.length - cut < 16_384 ? cut : text.length
      rest = text.slice(whole)
      done(null, rewriteTags(text.slice(0, whole), names))
    },
    flush(done) {
      done(null, rewriteTags(rest + decoder.end(), names))
    },
  })
}

/** The page's policy without what forbids a frame, and with the phone's name in place of the hall's. */
export function framePolicy(policy: string, names: Names): string {
  const kept = policy.split(';').map((part) => part.trim()).filter((part) => !/^(frame-ancestors|upgrade-insecure-requests|sandbox)\b/i.test(part))
  return kept.map((part) => part.split(/\s+/).map((word) => toPhone(word, names).replace(/(?<=:\d+)\/$/, '')).join(' ')).join('; ')
}
