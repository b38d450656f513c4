import type { Signer } from '@libpdf/core'
import type { Clock } from '../../platform/clock.ts'
import { AppError } from '../../platform/errors.ts'
import { rests } from './ask.ts'

/**
 * Why nothing can be sealed: the certificate has ended, has not begun (or the clock is wrong), was called back; the clock is not that of the time
 * stamp authority; the key's own server does not answer.
 */
export type Fault = 'ended' | 'not-begun' | 'revoked' | 'clock' | 'signer-away'

export type Guard = {
  /** the key, whose silence is remembered */
  signer: Signer
  fault(): Fault | null
  /** Throws `upstream` for a while after a fault was found: whoever stood in the way is left alone. */
  refuse(): void
  /** Keeps what was seen for a while. Throws it as `upstream`. */
  found(fault: Fault): never
}

/** milliseconds after which what stood in the way is looked at again */
const REST = 60_000

const SENTENCES: Record<Fault, string> = {
  ended: '电子签章的证书已经过期', 'not-begun': '电子签章的证书还没有生效', revoked: '电子签章的证书已被吊销', clock: '服务器的时钟与时间戳服务不一致', 'signer-away': '签名服务没有应答',
}

/** Watches over a key: nothing is sealed with it that would be worth nothing. */
export function guarded(signer: Signer, { notBefore, notAfter }: { notBefore: number; notAfter: number }, clock: Clock): Guard {
  let last: { fault: Fault; at: number } | undefined

  const lately = () => last && rests(last.at, REST, clock.now()) ? last.fault : null

  function fault(): Fault | null {
    const now = clock.now()
    if (now >= notAfter) return 'ended'
    return now < notBefore ? 'not-begun' : lately()
  }

  function found(seen: Fault, cause?: unknown): never {
    last = { fault: seen, at: clock.now() }
    throw refusal(seen, cause)
  }

  return {
    signer: {
      ...signer,
      // The same key is asked for thousands of signatures: once it is silent the next do not wait for it.
      sign: (data, algorithm) => signer.sign(data, algorithm).catch((error: unknown) => found('signer-away', error)),
    },
    fault, found,
    refuse() {
      const why = lately()
      if (why) throw refusal(why)
    },
  }
}

function refusal(fault: Fault, cause?: unknown): AppError {
  return new AppError('upstream', SENTENCES[fault], { code: `seal-${fault}`, retryAfter: REST, cause })
}
