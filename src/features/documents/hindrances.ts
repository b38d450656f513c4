import type { Browser } from '../../integrations/browser/index.ts'
import type { Seal } from '../../integrations/seal/index.ts'
import type { Clock } from '../../platform/clock.ts'

/** What keeps every document waiting on this installation, with what to do about it; a phrase for `t`. */
export type Hindrance = { text: string; params?: Record<string, string> }

type Deps = { browser: Pick<Browser, 'available'>; seal: Seal | null; clock: Clock }

/** Looked at anew each time, so that documents go on by themselves once it is mended. Empty: nothing is in the way. */
export function createHindrances({ browser, seal, clock }: Deps): () => Promise<Hindrance[]> {
  return async () => {
    const drawing = await browser.available()
    return [
      ...drawing.ok ? [] : [{ text: '服务器上没有浏览器，证明文件在等待，安装以后会自动继续。安装办法：{how}', params: { how: drawing.missing } }],
      ...sealFault(seal, clock.now()),
    ]
  }
}

// A signature made after the certificate's end is worth nothing, and nobody would notice until somebody verifies it.
function sealFault(seal: Seal | null, now: number): Hindrance[] {
  if (!seal) return [{ text: '没有配置电子签章（SEAL_P12），证明文件在等待，配置并重启以后会自动继续' }]
  return seal.certificate.notAfter > now ? [] : [{ text: '电子签章的证书已经过期，证明文件在等待。请更换 SEAL_P12 的证书并重启' }]
}
